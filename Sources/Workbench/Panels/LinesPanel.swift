import Charts
import Experiments
import Terminal

/// Metric series over a common x axis.
struct LinesPanel: PanelView {
    let patterns: [String]
    let x: PanelSpec.Axis
    let y: PanelSpec.Axis
    /// A table of names and places that are marked on the x axis; "" without.
    let marks: String
    /// Series that stay behind the others.
    let dimmed: [String]
    let isStems: Bool
    var view: CurveView

    init(patterns: [String], x: PanelSpec.Axis, y: PanelSpec.Axis, marks: String = "", dimmed: [String] = [], isStems: Bool = false) {
        self.patterns = patterns
        self.x = x
        self.y = y
        self.marks = marks
        self.dimmed = dimmed
        self.isStems = isStems
        view = CurveView(xScale: x.logarithmic ? .logarithmic : .linear, yScale: y.logarithmic ? .logarithmic : .linear)
    }

    func hasContent(in model: RunModel) -> Bool { !model.matching(patterns).isEmpty }

    func status(of model: RunModel) -> String { view.status }

    func actions(for model: RunModel) -> [ActionID] { CurveView.actions }

    func disabledReason(_ action: ActionID, model: RunModel) -> String? {
        CurveView.actions.contains(action) && model.matching(patterns).isEmpty ? "no points yet" : nil
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        view.perform(action, curves: curves(model))
    }

    /// Where series have units of their own, each stands with its name and none at the axis.
    private func isMixed(_ found: [RunCurve]) -> Bool { y.unit.isEmpty && Set(found.map(\.unit)).count > 1 }

    private func names(_ found: [RunCurve]) -> [String] {
        let isMixed = isMixed(found)
        return zip(SeriesNames.short(found.map(\.path)), found).map { isMixed && !$1.unit.isEmpty ? "\($0) (\($1.unit))" : $0 }
    }

    private func curves(_ model: RunModel) -> [(name: String, data: SeriesData)] {
        let found = model.matching(patterns)
        return zip(names(found), found).map { ($0, $1.data) }
    }

    /// The marks: of each row the first text and the first number.
    private func references(_ model: RunModel) -> [LineChart.Reference] {
        guard let table = model.tables[marks] else { return [] }
        return table.rows.compactMap { row in
            var name: String?, place: Double?
            for cell in row {
                switch cell {
                case .text(let text): name = name ?? text
                case .number(let number): place = place ?? number
                case .empty: break
                }
            }
            return place.flatMap { $0.isFinite ? .init(.step($0), label: name ?? "") : nil }
        }
    }

    /// The points with those below the axis' floor lifted to it, and whether there are any.
    private func floored(_ data: SeriesData) -> (SeriesData, Bool) {
        guard let floor = y.floor, let range = data.valueRange, range.lowerBound < floor else { return (data, false) }
        var lifted = SeriesData()
        data.forEach { lifted.append(step: $0.step, value: $0.value < floor ? floor : $0.value) }
        return (lifted, true)
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let found = context.model.matching(patterns)
        guard found.contains(where: { !$0.data.isEmpty }) else {
            return drawWaiting("points of \(patterns.joined(separator: ", "))", into: &grid, area: area, context: context)
        }
        let slots = SeriesNames.distinct(found.map { context.model.slot(of: $0.path) }, markers: context.palette.markers.count)
        var series = zip(names(found), zip(found, slots)).map { name, own in
            let (data, isBelow) = floored(own.0.data)
            return LineChart.Series(isBelow ? "\(name) ↓" : name, data: data, slot: own.1)
        }
        for (place, curve) in found.enumerated() {
            series[place].isFaint = dimmed.contains { SeriesPattern.matches($0, curve.path) }
            series[place].isStems = isStems
        }
        var chart = LineChart(series, unit: isMixed(found) ? "" : y.unit.isEmpty ? found.first?.unit ?? "" : y.unit,
                              xTitle: x.unit.isEmpty ? x.title : "\(x.title) (\(x.unit))")
        chart.references = references(context.model)
        view.apply(to: &chart, isFocused: context.isFocused)
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}

/// What curves are called on a chart: their paths without the leading parts that all of them share.
enum SeriesNames {
    /// Slots with which no two series of a chart carry the same marker, as far as there are markers: a series whose marker is taken moves to the next free one.
    /// Two metrics of one arm have the arm's slot, and slots share markers beyond the sixth.
    static func distinct(_ slots: [Int], markers: Int) -> [Int] {
        var taken: Set<Int> = []
        return slots.map { slot in
            var own = max(0, slot)
            if markers > 0, taken.count < markers { while taken.contains(own % markers) { own += 1 } }
            if markers > 0 { taken.insert(own % markers) }
            return own
        }
    }

    static func short(_ paths: [String]) -> [String] {
        let parts = paths.map { $0.split(separator: "/").map(String.init) }
        guard paths.count > 1, let first = parts.first else { return parts.map { $0.last ?? "" } }
        var shared = 0
        while shared < first.count - 1, parts.allSatisfy({ $0.count > shared + 1 && $0[shared] == first[shared] }) { shared += 1 }
        return parts.map { $0.dropFirst(shared).joined(separator: "/") }
    }
}
