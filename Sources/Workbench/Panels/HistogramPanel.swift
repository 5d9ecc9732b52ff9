import Charts
import Experiments
import Terminal

/// The newest distribution of a name, its groups laid over each other.
struct HistogramPanel: PanelView {
    let distribution: String
    /// Counts on a log axis, for rare tails.
    var isLogarithmic = false

    init(distribution: String) { self.distribution = distribution }

    func hasContent(in model: RunModel) -> Bool { model.distributions[distribution] != nil }

    func status(of model: RunModel) -> String { isLogarithmic ? "log counts" : "" }

    func actions(for model: RunModel) -> [ActionID] { ["chart.logY"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard action == "chart.logY" else { return false }
        isLogarithmic.toggle()
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let newest = context.model.distributions[distribution], newest.groups.contains(where: { !$0.values.isEmpty }) else {
            return drawWaiting(distribution, into: &grid, area: area, context: context)
        }
        let groups = newest.groups.enumerated().map { HistogramChart.Group($1.name, values: $1.values, slot: $0) }
        let markers = newest.marker.map { [HistogramChart.Marker($0, name: newest.markerName)] } ?? []
        var chart = HistogramChart(groups, markers: markers, unit: newest.unit)
        // A threshold at zero asks which sign there is more of: both signs get the same room.
        chart.isSymmetric = newest.marker == 0
        chart.countScale = isLogarithmic ? .logarithmic : .linear
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
