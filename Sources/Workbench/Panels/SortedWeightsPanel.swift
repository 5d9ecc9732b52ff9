import Charts
import Experiments
import Terminal

/// All example weights from the lowest to the highest, with a cursor that names the example.
struct SortedWeightsPanel: PanelView {
    let weights: String
    /// The example under the cursor, by identifier; nil without a cursor.
    var cursor: Int?

    init(weights: String) { self.weights = weights }

    func hasContent(in model: RunModel) -> Bool { model.weights[weights] != nil }

    func status(of model: RunModel) -> String {
        guard let history = model.weights[weights] else { return "" }
        return "\(history.exampleCount) examples · step \(NumberText.short(history.newest.step))"
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.cursorBack", "chart.cursorForward", "first", "last"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let history = model.weights[weights], !history.ranking.isEmpty else { return false }
        let count = history.ranking.count
        let rank = cursor.flatMap { identifier in history.ranking.firstIndex { history.newest.identifiers[$0] == identifier } }
        if action == "chart.fit" {
            cursor = nil
            return true
        }
        // Up and down are the screen's here: the bars lie along one row.
        guard action != "up", action != "down", let next = ReadingCursor.moved(rank, by: action, count: count, page: max(1, count / 20)) else { return false }
        cursor = history.newest.identifiers[history.ranking[next]]
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let history = context.model.weights[weights], history.exampleCount > 0 else {
            return drawWaiting(weights, into: &grid, area: area, context: context)
        }
        let count = history.exampleCount
        let flags = history.newest.attributes.first { ExampleFacts.flagNames.contains($0.name) }
        var chart = SortedWeightsChart(Array(history.newest.values.prefix(count)),
                                       flagged: flags.map { $0.values.map(ExampleFacts.isTrue) } ?? [],
                                       flagName: flags?.name ?? "flagged", unit: history.newest.unit)
        let position = context.isFocused ? cursor.flatMap(history.position) : nil
        chart.cursor = position
        let (plot, line) = area.split(top: position == nil || area.height < 4 ? area.height : area.height - 1)
        chart.draw(into: &grid, area: plot, palette: context.palette)
        guard let position, !line.isEmpty else { return }
        let words = ExampleFacts(history, at: position).line
        grid.write(words.middleTruncated(to: line.width), x: line.x, y: line.y, style: context.palette.emphasis, within: line)
    }
}
