import Charts
import Experiments
import Terminal

/// Two numeric columns of a table against each other, coloured by its text column `group`; another text column divides the rows, and left
/// and right show one part alone. Two or three paths stand side by side, on the same axes, where there is room for it.
struct ScatterPanel: PanelView {
    let table: String
    let x: String
    let y: String
    /// A table whose first row is drawn as a cross-hair; "" without.
    let marks: String
    /// Whether the points of a group and part are joined in the order of their rows.
    let isPath: Bool
    var view = CurveView()
    /// Which part is shown, in the order in which parts first come; nil shows all.
    var part: Int?

    /// Up to so many points each has a marker, which tells its part, and its group's colour.
    private static let markedPoints = 80

    init(table: String, x: String, y: String, marks: String = "", isPath: Bool = false) {
        self.table = table
        self.x = x
        self.y = y
        self.marks = marks
        self.isPath = isPath
    }

    func hasContent(in model: RunModel) -> Bool { model.tables[table] != nil }

    func status(of model: RunModel) -> String {
        guard let parts = model.tables[table].flatMap(parts) else { return view.status }
        let shown = part.flatMap { parts.names.indices.contains($0) ? "\(parts.title) \(parts.names[$0])" : nil } ?? "all \(parts.names.count) \(parts.title)s"
        return view.status.isEmpty ? shown : "\(shown) · \(view.status)"
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.logX", "chart.logY", "chart.zoomIn", "chart.zoomOut", "chart.fit"] }

    private func parts(_ table: RunEvent.Table) -> TableParts? { TableParts(table) { $0 != "group" } }

    /// The points by group, groups in the order in which they first come in the whole table, so that colours stay.
    /// - Parameter part: which part alone; nil for all.
    private func groups(_ model: RunModel, part: Int?) -> [ScatterChart.Group]? {
        guard let newest = model.tables[table], let xColumn = newest.columns.firstIndex(where: { $0.name == x }),
              let yColumn = newest.columns.firstIndex(where: { $0.name == y }) else { return nil }
        let groupColumn = newest.columns.firstIndex { $0.name == "group" }, parts = parts(newest), markers = parts?.names ?? []
        let wanted = part.flatMap { markers.indices.contains($0) ? markers[$0] : nil }
        var order: [String] = [], points: [String: [SeriesPoint]] = [:], marked: [String: [Int]] = [:]
        for row in newest.rows {
            guard row.indices.contains(xColumn), row.indices.contains(yColumn), case .number(let a) = row[xColumn], case .number(let b) = row[yColumn] else { continue }
            let group = groupColumn.flatMap { TableParts.text(row, $0) } ?? ""
            if points[group] == nil {
                order.append(group)
                points[group] = []
            }
            if let wanted, let parts, TableParts.text(row, parts.column) != wanted { continue }
            points[group]?.append(SeriesPoint(step: a, value: b))
            if let parts, let own = TableParts.text(row, parts.column), let marker = markers.firstIndex(of: own) { marked[group, default: []].append(marker) }
        }
        let named = order.sorted()
        return order.map { name in
            var group = ScatterChart.Group(name, points: points[name] ?? [], slot: named.firstIndex(of: name) ?? 0)
            if let own = marked[name], own.count == group.points.count { group.markers = own }
            return group
        }
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let newest = model.tables[table], let groups = groups(model, part: part) else { return false }
        if let parts = parts(newest) {
            let last = parts.names.count - 1
            switch action {
            case "right":
                part = min(last, (part ?? -1) + 1)
                return true
            case "left":
                part = part.flatMap { $0 > 0 ? $0 - 1 : nil }
                return true
            case "chart.fit": part = nil
            default: break
            }
        }
        let points = groups.flatMap(\.points)
        let data = SeriesData(steps: points.map(\.step), values: points.map(\.value))
        return view.perform(action, curves: [(y, data)])
    }

    private func crossHair(_ model: RunModel) -> ScatterChart.CrossHair? {
        guard let row = model.tables[marks]?.rows.first else { return nil }
        let numbers = row.compactMap { cell -> Double? in if case .number(let number) = cell, number.isFinite { number } else { nil } }
        let name = row.compactMap { cell -> String? in if case .text(let text) = cell { text } else { nil } }.first
        return numbers.count < 2 ? nil : .init(x: numbers[0], y: numbers[1], label: name ?? "")
    }

    /// Columns that a part needs to stand beside others, and parts that may.
    private static let partWidth = 38, mostParts = 3

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let newest = context.model.tables[table], let all = groups(context.model, part: part), all.contains(where: { !$0.points.isEmpty }) else {
            return drawWaiting("\(table) with “\(x)” and “\(y)”", into: &grid, area: area, context: context)
        }
        let names = parts(newest)?.names ?? []
        guard isPath, part == nil, (2...Self.mostParts).contains(names.count), area.width >= names.count * Self.partWidth, area.height >= 8 else {
            return chart(all, newest, context).draw(into: &grid, area: area, palette: context.palette)
        }
        // The same axes for all: a part is compared with the others at a glance.
        let shared = chart(all, newest, context).fittingWindow
        for place in names.indices {
            let left = area.x + area.width * place / names.count, right = area.x + area.width * (place + 1) / names.count - (place + 1 < names.count ? 1 : 0)
            var chart = chart(groups(context.model, part: place) ?? [], newest, context)
            chart.title = names[place]
            if place > 0 { chart.yTitle = "" }
            chart.view = ViewWindow(x: view.xRange ?? shared.x, y: shared.y)
            chart.form = .markers
            chart.markerNames = []
            for index in chart.groups.indices { chart.groups[index].markers = [] }
            chart.draw(into: &grid, area: Rect(x: left, y: area.y, width: right - left, height: area.height), palette: context.palette)
        }
    }

    private func chart(_ groups: [ScatterChart.Group], _ newest: RunEvent.Table, _ context: PanelContext) -> ScatterChart {
        func title(_ column: String) -> String {
            let unit = newest.columns.first { $0.name == column }?.unit ?? ""
            return unit.isEmpty ? column : "\(column) (\(unit))"
        }
        var chart = ScatterChart(groups, xTitle: title(x), yTitle: title(y))
        chart.xScale = view.xScale
        chart.yScale = view.yScale
        chart.view = ViewWindow(x: view.xRange)
        if newest.rows.count <= Self.markedPoints, let names = parts(newest)?.names {
            if names.count < newest.rows.count {
                chart.form = .markers
                chart.markerNames = names.enumerated().map { ($1, $0) }
            }
        }
        if isPath { chart.arrows = groups.flatMap(Self.path) }
        chart.crossHair = crossHair(context.model)
        return chart
    }

    /// Joins the points of a group, of each part by itself.
    private static func path(_ group: ScatterChart.Group) -> [ScatterChart.Arrow] {
        var last: [Int: SeriesPoint] = [:], steps: [ScatterChart.Arrow] = []
        for (index, point) in group.points.enumerated() {
            let own = group.markers.indices.contains(index) ? group.markers[index] : 0
            if let before = last[own] { steps.append(.init(from: before, to: point, slot: group.slot, hasHead: false)) }
            last[own] = point
        }
        return steps
    }
}
