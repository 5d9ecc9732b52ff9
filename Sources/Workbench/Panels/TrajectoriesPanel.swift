import Charts
import Experiments
import Terminal

/// How the weights of chosen examples came about: the three that ended lowest and the three that ended highest.
struct TrajectoriesPanel: PanelView {
    let weights: String
    var view = CurveView()
    static let count = 3

    init(weights: String) { self.weights = weights }

    func hasContent(in model: RunModel) -> Bool { model.weights[weights] != nil }

    func status(of model: RunModel) -> String {
        ["\(Self.count) lowest, \(Self.count) highest", view.status].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    func actions(for model: RunModel) -> [ActionID] { CurveView.actions }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        view.perform(action, curves: Self.curves(model.weights[weights]))
    }

    private static func curves(_ history: WeightHistory?) -> [(name: String, data: SeriesData)] {
        guard let history else { return [] }
        let ranking = history.ranking
        let chosen = ranking.count <= 2 * count ? ranking : Array(ranking.prefix(count) + ranking.suffix(count))
        return chosen.map { position in
            let identifier = history.newest.identifiers[position]
            let path = history.trajectory(of: identifier)
            return ("#\(identifier)", SeriesData(steps: path.steps, values: path.values))
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let history = context.model.weights[weights]
        let curves = Self.curves(history)
        guard !curves.isEmpty else { return drawWaiting(weights, into: &grid, area: area, context: context) }
        var chart = LineChart(curves.enumerated().map { .init($1.name, data: $1.data, slot: $0) }, unit: history?.newest.unit ?? "")
        view.apply(to: &chart, isFocused: context.isFocused)
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
