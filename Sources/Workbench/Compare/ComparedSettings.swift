import Charts
import Experiments

/// One result of many runs, each value with everything that may have brought it about: what pivots, importance, a plot against one
/// setting and parallel axes are made from.
package struct ComparedSettings: Sendable {
    /// A value of the result.
    package struct Observation: Sendable, Equatable {
        /// The setting in each dimension, as it is shown.
        var settings: [String: String]
        /// The settings that are numbers.
        var numbers: [String: Double]
        var value: Double
    }

    /// What besides parameters may tell runs apart, in the order of mention.
    static let dimensionsOfRuns = ["arm"] + RunSettings.ofRuns

    let result: String
    private(set) var unit = ""
    private(set) var observations: [Observation] = []
    /// The dimensions in which observations differ; the seed is none.
    package private(set) var dimensions: [String] = []

    /// - Parameter runs: finished runs in the order of marking, with all parameters of each.
    package init(_ result: String, runs: [(run: StudySummary.Run, values: [String: ParameterValue])]) {
        self.result = result
        var order = Self.dimensionsOfRuns
        for (run, values) in runs where run.state == .finished {
            for found in run.results where found.name == result && found.value.isFinite {
                var settings = ["arm": found.arm, "method": run.request.method, "data": run.request.dataset, "plan": run.request.plan.rawValue, "condition": run.request.condition]
                var numbers: [String: Double] = [:]
                for (name, value) in values {
                    let key = RunSettings.name(ofParameter: name)
                    settings[key] = value.display
                    switch value {
                    case .integer(let number): numbers[key] = Double(number)
                    case .real(let number) where number.isFinite: numbers[key] = number
                    default: break
                    }
                }
                unit = found.unit
                observations.append(Observation(settings: settings, numbers: numbers, value: found.value))
            }
        }
        order += Set(observations.flatMap(\.settings.keys)).subtracting(order).sorted()
        dimensions = order.filter { name in Set(observations.map { $0.settings[name] ?? "–" }).count > 1 }
    }

    /// The settings of a dimension: rising where all are numbers, else in the order in which they first come.
    func settings(of dimension: String) -> [String] {
        var seen: Set<String> = []
        let found = observations.filter { seen.insert($0.settings[dimension] ?? "–").inserted }
        let isNumeric = found.allSatisfy { $0.numbers[dimension] != nil }
        return (isNumeric ? found.sorted { ($0.numbers[dimension] ?? 0) < ($1.numbers[dimension] ?? 0) } : found).map { $0.settings[dimension] ?? "–" }
    }

    /// The dimensions whose settings are numbers.
    var numericDimensions: [String] { dimensions.filter { name in observations.allSatisfy { $0.numbers[name] != nil } } }

    // MARK: - What matters

    /// η² of a dimension: the part of the variance of all values that lies between its settings and not within them (one-way analysis of
    /// variance; Fisher, Statistical Methods for Research Workers, 1925). Each dimension by itself: where two go together, both have the credit.
    package func importance() -> [(dimension: String, share: Double)] {
        let mean = observations.reduce(0) { $0 + $1.value } / Double(max(1, observations.count))
        let total = observations.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        guard total > 0 else { return [] }
        return dimensions.map { dimension in
            let groups = Dictionary(grouping: observations) { $0.settings[dimension] ?? "–" }.values
            let between = groups.reduce(0) { sum, group in
                let own = group.reduce(0) { $0 + $1.value } / Double(group.count)
                return sum + Double(group.count) * (own - mean) * (own - mean)
            }
            return (dimension, min(1, between / total))
        }.sorted { $0.share > $1.share }
    }

    // MARK: - Two dimensions

    package struct Pivot: Sendable {
        package var rows: [String]
        package var columns: [String]
        /// Row by row; nil where no run has both settings.
        package var cells: [Moments?]
    }

    package func pivot(rows: String, columns: String) -> Pivot {
        let down = settings(of: rows), across = settings(of: columns)
        let groups = Dictionary(grouping: observations) { [$0.settings[rows] ?? "–", $0.settings[columns] ?? "–"] }
        return Pivot(rows: down, columns: across, cells: down.flatMap { row in across.map { column in groups[[row, column]].flatMap { Moments($0.map(\.value).sorted()) } } })
    }

    // MARK: - Charts

    /// The result against one setting that is a number, a group an arm.
    func chart(against dimension: String) -> ScatterChart {
        let arms = settings(of: "arm")
        return ScatterChart(arms.enumerated().map { slot, arm in
            .init(arm, points: observations.compactMap { observation in
                guard observation.settings["arm"] == arm, let x = observation.numbers[dimension] else { return nil }
                return SeriesPoint(step: x, value: observation.value)
            }, slot: slot)
        }, xTitle: dimension, yTitle: unit.isEmpty ? result : "\(result) (\(unit))")
    }

    /// An axis a dimension and the result last; a line for all runs of equal settings, at their mean.
    func parallelChart() -> ParallelChart {
        let dimensions = self.dimensions
        var order: [[String]] = [], groups: [[String]: [Observation]] = [:]
        for observation in observations {
            let key = dimensions.map { observation.settings[$0] ?? "–" }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(observation)
        }
        let means = order.map { key in (groups[key] ?? []).reduce(0) { $0 + $1.value } / Double(max(1, groups[key]?.count ?? 1)) }
        var axes = dimensions.map { dimension -> ParallelChart.Axis in
            let numbers = observations.compactMap { $0.numbers[dimension] }
            if numbers.count == observations.count, let low = numbers.min(), let high = numbers.max(), low < high { return .init(dimension, range: low...high) }
            return .init(dimension, names: settings(of: dimension))
        }
        let low = means.min() ?? 0, high = means.max() ?? 1
        axes.append(.init(result, range: low < high ? low...high : (low - 1)...(high + 1)))
        let places = axes.map { axis in Dictionary(axis.names.enumerated().map { ($1, Double($0) / Double(max(1, axis.names.count - 1))) }, uniquingKeysWith: { first, _ in first }) }
        let lines = order.enumerated().map { index, key in
            let first = groups[key]?.first
            let positions = dimensions.indices.map { place -> Double? in
                if let range = axes[place].range { return first?.numbers[dimensions[place]].map { ($0 - range.lowerBound) / (range.upperBound - range.lowerBound) } }
                return places[place][key[place]]
            }
            let end = axes[dimensions.count].range.map { (means[index] - $0.lowerBound) / ($0.upperBound - $0.lowerBound) }
            return ParallelChart.Line(positions + [end], slot: index)
        }
        return ParallelChart(axes, lines: lines)
    }
}

/// What the first panel of a comparison draws.
enum ComparedDrawing: Sendable, Hashable {
    case curves
    /// A table's rows in the plane, with arrows from the baseline.
    case plane(ComparedPlane.Source)
    /// The result under the cursor against a setting.
    case setting(String)
    case importance
    case parallel
    case pivot(rows: String, columns: String)
}
