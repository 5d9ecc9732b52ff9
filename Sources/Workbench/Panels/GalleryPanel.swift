import Charts
import Experiments
import Terminal

/// The examples with the lowest or the highest weights, drawn as pictures with weight, label and prediction.
///
/// A cursor walks over them; Enter opens one large, with everything that is known of it and how its weight came about.
struct GalleryPanel: PanelView {
    let weights: String
    let images: String
    /// Lowest weight first; `o` turns it around.
    var lowestFirst = true
    /// The place in the order, 0 the first.
    var cursor = 0
    /// The example that is drawn large.
    var isOpen = false

    init(weights: String, images: String) {
        self.weights = weights
        self.images = images
    }

    func hasContent(in model: RunModel) -> Bool { model.weights[weights] != nil }

    func status(of model: RunModel) -> String {
        guard let history = model.weights[weights], history.exampleCount > 0 else { return "" }
        return "\(lowestFirst ? "lowest" : "highest") first · \(min(cursor, history.exampleCount - 1) + 1)/\(history.exampleCount)"
            + " · step \(NumberText.short(history.newest.step))"
    }

    func actions(for model: RunModel) -> [ActionID] {
        isOpen ? ["panel.open", "panel.order"] : ["panel.order", "panel.open"]
    }

    /// The position in the weights of the example at a place of the order.
    private func position(_ history: WeightHistory, at place: Int) -> Int? {
        let ranking = history.ranking
        guard ranking.indices.contains(place) else { return nil }
        return ranking[lowestFirst ? place : ranking.count - 1 - place]
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let history = model.weights[weights], history.exampleCount > 0 else { return false }
        let count = history.exampleCount
        let grid = layout(history, model.images[images], in: size)
        cursor = min(max(0, cursor), count - 1)
        switch action {
        case "panel.order":
            lowestFirst.toggle()
            cursor = 0
        case "panel.open": isOpen.toggle()
        case "panel.close", "back":
            guard isOpen else { return false }
            isOpen = false
        case "left", "chart.cursorBack": cursor -= 1
        case "right", "chart.cursorForward": cursor += 1
        case "up": cursor -= isOpen ? 1 : grid.columns
        case "down": cursor += isOpen ? 1 : grid.columns
        case "page.up", "half.up": cursor -= grid.capacity
        case "page.down", "half.down": cursor += grid.capacity
        case "first": cursor = 0
        case "last": cursor = count - 1
        default: return false
        }
        cursor = min(max(0, cursor), count - 1)
        return true
    }

    private func layout(_ history: WeightHistory, _ pictures: ExampleImages?, in size: Size) -> PictureGrid {
        let facts = position(history, at: 0).map { ExampleFacts(history, at: $0) }
        let sample = pictures?.order.first.flatMap { pictures?.items[$0]?.thumbnail }
        return PictureGrid(sample: sample, lineCount: facts?.card.count ?? 4, lineWidth: 11, in: size)
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let history = context.model.weights[weights], history.exampleCount > 0 else {
            return drawWaiting(weights, into: &grid, area: area, context: context)
        }
        let pictures = context.model.images[images]
        let cursor = min(max(0, self.cursor), history.exampleCount - 1)
        if isOpen, let position = position(history, at: cursor) {
            return ExampleDetail(history: history, position: position, pictures: pictures)
                .draw(into: &grid, area: area, context: context)
        }
        let layout = layout(history, pictures, in: area.size)
        let first = layout.firstShown(cursor: cursor, count: history.exampleCount)
        for slot in 0..<layout.capacity {
            guard let position = position(history, at: first + slot) else { break }
            let facts = ExampleFacts(history, at: position)
            let item = pictures?.items[facts.identifier]
            let card = PictureGrid.Card(thumbnail: item?.thumbnail, caption: item?.caption ?? "", lines: facts.card)
            layout.draw(card, at: slot, isCursor: context.isFocused && first + slot == cursor, into: &grid, area: area,
                        palette: context.palette)
        }
    }
}

/// One example large: its picture, everything that is known of it, and its weight over the steps.
struct ExampleDetail {
    let history: WeightHistory
    let position: Int
    let pictures: ExampleImages?

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let facts = ExampleFacts(history, at: position)
        let item = pictures?.items[facts.identifier]
        let (left, right) = area.split(left: min(area.width / 2, max(16, area.height * 2)))
        PictureGrid.draw(item?.thumbnail, caption: item?.caption ?? "", into: &grid,
                         area: Rect(x: left.x, y: left.y, width: left.width - 2, height: left.height), palette: context.palette)
        var lines = ["#\(facts.identifier)", facts.weight]
        if let caption = item?.caption, item?.thumbnail != nil, !caption.isEmpty, caption != facts.text("label") { lines.append(caption) }
        lines += facts.attributes.map { "\($0.name)  \(ExampleFacts.text($0.cell))" }
        if let label = facts.label, label.hasSuffix("✗") { lines.append("✗ the label is not what \(facts.text("truth") == nil ? "the model says" : "it should be")") }
        if let omitted = pictures?.omitted, omitted > 0, item?.thumbnail == nil { lines.append("\(omitted) pictures were left out for room") }
        let trajectory = history.trajectory(of: facts.identifier)
        let chartHeight = trajectory.steps.count > 1 && right.height >= lines.count + 6 ? right.height - lines.count - 1 : 0
        let (text, plot) = right.split(top: right.height - chartHeight)
        for (row, line) in lines.enumerated() where row < text.height {
            grid.write(line.middleTruncated(to: text.width), x: text.x, y: text.y + row,
                       style: row == 0 ? context.palette.emphasis : context.palette.label, within: text)
        }
        guard !plot.isEmpty else { return }
        let chart = LineChart([.init(history.newest.name, data: SeriesData(steps: trajectory.steps, values: trajectory.values))],
                              title: "\(history.newest.name) of #\(facts.identifier)", unit: history.newest.unit)
        chart.draw(into: &grid, area: plot, palette: context.palette)
    }
}
