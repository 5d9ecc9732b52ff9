import Charts
import Experiments
import Terminal

/// Scenes to step through and to play: left and right move in time, up and down between scenes, `o` takes the next value for the thickness, Enter
/// shows the list of scenes.
struct ScenesPanel: PanelView {
    let scenes: String
    /// The scene, by its place in the newest set.
    private(set) var scene = 0
    /// The step that is shown; nil: the last observed one.
    private(set) var step: Int?
    /// Which column of values is drawn as thickness.
    private(set) var column = 0
    private(set) var isListed = false
    private(set) var isPlaying = false
    /// Tenths of a second since the last step.
    private var waited = 0

    init(scenes: String) { self.scenes = scenes }

    func hasContent(in model: RunModel) -> Bool { model.scenes[scenes].map { !$0.scenes.isEmpty } ?? false }

    private func current(_ model: RunModel) -> (set: RunEvent.SceneSet, scene: RunEvent.SceneSet.Scene, place: Int)? {
        guard let set = model.scenes[scenes], !set.scenes.isEmpty else { return nil }
        let place = min(max(0, scene), set.scenes.count - 1)
        return (set, set.scenes[place], place)
    }

    private static func end(_ scene: RunEvent.SceneSet.Scene) -> Int { max(0, (scene.tracks.map { $0.firstStep + $0.x.count }.max() ?? 1) - 1) }
    private static func start(_ scene: RunEvent.SceneSet.Scene) -> Int { scene.tracks.map(\.firstStep).min() ?? 0 }

    private func shownStep(_ scene: RunEvent.SceneSet.Scene) -> Int { min(max(Self.start(scene), step ?? scene.present), Self.end(scene)) }

    private func shownColumn(_ set: RunEvent.SceneSet) -> Int? { set.columns.isEmpty ? nil : column % set.columns.count }

    func status(of model: RunModel) -> String {
        guard let (set, scene, place) = current(model) else { return "" }
        let step = shownStep(scene), seconds = Double(step - scene.present) * set.step
        let time = step == scene.present ? "now" : "\(seconds > 0 ? "+" : "")\(NumberFormat.fixed(1).string(seconds)) s"
        let value = shownColumn(set).map { " · thickness \(set.columns[$0].name)" } ?? ""
        return "\(place + 1)/\(set.scenes.count) · \(time)\(value)\(isPlaying ? " · playing" : "")"
    }

    func actions(for model: RunModel) -> [ActionID] { hasContent(in: model) ? ["panel.play", "chart.cursorForward", "panel.open"] : [] }

    func disabledReason(_ action: ActionID, model: RunModel) -> String? {
        action == "panel.play" && !hasContent(in: model) ? "no scene yet" : nil
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let (set, scene, place) = current(model) else { return false }
        let count = set.scenes.count, page = max(1, size.height - 2)
        func choose(_ next: Int, _ panel: inout ScenesPanel) {
            panel.scene = min(max(0, next), count - 1)
            panel.step = panel.isPlaying ? Self.start(set.scenes[panel.scene]) : nil
        }
        switch action {
        case "left", "chart.cursorBack": step = max(Self.start(scene), shownStep(scene) - 1)
        case "right", "chart.cursorForward": step = min(Self.end(scene), shownStep(scene) + 1)
        case "chart.fit": step = nil
        case "down": choose(place + 1, &self)
        case "up": choose(place - 1, &self)
        case "page.down": choose(place + page, &self)
        case "page.up": choose(place - page, &self)
        case "first": choose(0, &self)
        case "last": choose(count - 1, &self)
        case "panel.order": column = set.columns.isEmpty ? 0 : (column + 1) % set.columns.count
        case "panel.open": isListed.toggle()
        case "panel.play":
            isPlaying.toggle()
            waited = 0
            if isPlaying, shownStep(scene) == Self.end(scene) { step = Self.start(scene) }
        case "back" where isPlaying: isPlaying = false
        default: return false
        }
        return true
    }

    /// Two tenths of a second a step: twice as fast as people walk where a step is 0.4 s. It stops at the end.
    mutating func advance(model: RunModel) {
        guard isPlaying, let (_, scene, _) = current(model) else { return }
        waited += 1
        guard waited >= 2 else { return }
        waited = 0
        let next = shownStep(scene) + 1
        if next > Self.end(scene) { isPlaying = false } else { step = next }
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let (set, scene, place) = current(context.model) else { return drawWaiting(scenes, into: &grid, area: area, context: context) }
        if isListed { return drawList(set, place, into: &grid, area: area, context: context) }
        let (head, body) = area.height >= 8 ? area.split(top: 1) : (Rect(x: area.x, y: area.y, width: area.width, height: 0), area)
        if head.height > 0 { grid.write(scene.caption.truncated(to: head.width), x: head.x, y: head.y, style: context.palette.label, within: head) }
        // The numbers beside the map where both have room, else below it.
        let others = scene.tracks.filter { $0.role != .prediction }
        let tableWidth = min(body.width / 2, 12 + 10 * set.columns.count), tableHeight = min(others.count + 1, body.height * 2 / 5)
        let isBeside = body.width >= 84 && !set.columns.isEmpty
        var map = body
        if isBeside {
            let (left, right) = body.split(left: body.width - tableWidth)
            map = Rect(x: left.x, y: left.y, width: left.width - 1, height: left.height)
            drawTable(set, others, into: &grid, area: right, context: context)
        } else if tableHeight >= 3, body.height - tableHeight >= 8, !set.columns.isEmpty {
            let (upper, lower) = body.split(top: body.height - tableHeight)
            map = upper
            drawTable(set, others, into: &grid, area: lower, context: context)
        }
        chart(set, scene).draw(into: &grid, area: map, palette: context.palette)
    }

    private func chart(_ set: RunEvent.SceneSet, _ scene: RunEvent.SceneSet.Scene) -> SceneChart {
        let shown = shownColumn(set)
        let tracks = scene.tracks.map { track -> SceneChart.Track in
            let role: SceneChart.Role = switch track.role {
            case .subject: .subject
            case .other: .other
            case .prediction: .prediction
            }
            let value = shown.flatMap { track.values.indices.contains($0) && track.values[$0].isFinite ? track.values[$0] : nil }
            return .init(track.name, role: role, firstStep: track.firstStep, points: zip(track.x, track.y).map { SIMD2($0, $1) }, probability: track.probability, value: track.role == .other ? value : nil)
        }
        return SceneChart(tracks, step: shownStep(scene), present: scene.present, unit: set.unit, valueUnit: shown.map { set.columns[$0].unit } ?? "")
    }

    private func drawTable(_ set: RunEvent.SceneSet, _ tracks: [RunEvent.SceneSet.Track], into grid: inout CellGrid, area: Rect, context: PanelContext) {
        var agent = 0
        let rows = tracks.map { track -> [RunEvent.Table.Cell] in
            var sign = "@"
            if track.role == .other {
                sign = String(SceneChart.sign(agent))
                agent += 1
            }
            return [.text("\(sign) \(track.name)")] + set.columns.indices.map { track.values.indices.contains($0) && track.values[$0].isFinite ? .number(track.values[$0]) : .empty }
        }
        TableView().draw(columns: [.init("agent")] + set.columns, rows: rows, into: &grid, area: area, palette: context.palette, isFocused: false)
    }

    private func drawList(_ set: RunEvent.SceneSet, _ place: Int, into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let first = min(max(0, place - area.height / 2), max(0, set.scenes.count - area.height))
        for (row, index) in (first..<min(set.scenes.count, first + area.height)).enumerated() {
            let text = "\(index == place ? "▸" : " ") \(index + 1)  \(set.scenes[index].caption)".truncated(to: area.width)
            grid.write(text, x: area.x, y: area.y + row, style: index == place ? context.palette.emphasis : context.palette.label, within: area)
        }
    }
}
