import Datasets
import Tensors

/// Rows of one domain, normalised: inputs, and a class (-1: not known) or numbers (NaN: not known).
struct DomainSamples: Sendable, Equatable {
    var inputs: [Float] = []
    var labels: [Int32] = []
    var outputs: [Float] = []
    var count = 0

    /// The rows in another order.
    func reordered(_ order: [Int], width: Int) -> DomainSamples {
        let columns = count > 0 ? outputs.count / count : 0
        return DomainSamples(inputs: order.flatMap { inputs[$0 * width..<($0 + 1) * width] }, labels: labels.isEmpty ? [] : order.map { labels[$0] },
                             outputs: order.flatMap { outputs[$0 * columns..<($0 + 1) * columns] }, count: count)
    }
}

/// A data set's rows as networks read them (section 4): what trains, what is evaluated, and the constants that take numbers back to their unit.
package struct PreparedSamples: Sendable {
    var training: [DomainSamples] = []
    var evaluation: [DomainSamples] = []
    var width = 0
    /// C: classes, or numbers a row.
    var outputs = 0
    var classNames: [String] = []
    /// Of the output: value = mean + deviation * normalised value.
    package var mean = 0.0, deviation = 1.0
    /// Slots of an epoch; smaller domains go round.
    var length = 0
    var unit = ""

    /// Of the metric and of L_f: errors are squares of normalised numbers.
    var metricUnit: String { isClassification ? "%" : "sd²" }
    var lossUnit: String { isClassification ? "nats" : "sd²" }
    /// Evaluated samples of the largest domain.
    var evaluationSlots: Int { evaluation.map(\.count).max() ?? 0 }
    package var isClassification: Bool { !classNames.isEmpty }

    init(_ dataset: DomainDataset, roles: [DomainDataset.Role], windows: Settings.Windows) throws {
        switch dataset.content {
        case .classified(let width, let inputs, let labels, let names):
            self.width = width
            outputs = names.count
            classNames = names
            let scaled = Self.normalised(inputs, width)
            training = zip(scaled, labels).map { DomainSamples(inputs: $0, labels: $1.map { Int32($0) }, count: $1.count) }
            evaluation = training
        case .measured(let width, let inputs, let values):
            self.width = width
            outputs = 1
            (mean, deviation) = Self.moments(roles.indices.filter { roles[$0] == .source }.flatMap { values[$0] }.filter { !$0.isNaN })
            let scaled = Self.normalised(inputs, width)
            training = zip(scaled, values).map { inputs, values in DomainSamples(inputs: inputs, outputs: values.map { Float(($0 - mean) / deviation) }, count: values.count) }
            evaluation = training
        case .series(let values, let series):
            width = series.inputs
            outputs = series.outputs
            unit = series.unit
            (mean, deviation) = Self.seriesMoments(values, series, roles)
            let length = values.first?.count ?? 0
            let aligned = Array(stride(from: 0, through: length - series.period, by: series.period))
            let every = Array(0...(length - series.inputs - series.outputs))
            evaluation = values.map { Self.cut($0, series, aligned, mean, deviation) }
            training = zip(values, roles).map { values, role in
                // Targets have whole cycles only: a start in between would carry months that are to be predicted.
                Self.cut(values, series, role == .source && windows == .all ? every : aligned, mean, deviation)
            }
        }
        length = training.map(\.count).max() ?? 0
    }

    /// Every column less its mean, over its population deviation, both over all rows of all domains.
    private static func normalised(_ inputs: [[Double]], _ width: Int) -> [[Float]] {
        let columns = (0..<width).map { column in moments(inputs.flatMap { rows in stride(from: column, to: rows.count, by: width).map { rows[$0] } }) }
        return inputs.map { rows in rows.indices.map { Float((rows[$0] - columns[$0 % width].mean) / columns[$0 % width].deviation) } }
    }

    private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
        return (mean, deviation > 0 ? deviation : 1)
    }

    /// One mean and deviation over all steps of sources and the given part of each cycle of targets: what is asked for never enters.
    package static func seriesMoments(_ values: [[Double]], _ series: DomainDataset.Series, _ roles: [DomainDataset.Role]) -> (mean: Double, deviation: Double) {
        var pool: [Double] = []
        for (values, role) in zip(values, roles) {
            if !series.removesLevel, role == .source { pool += values; continue }
            for start in stride(from: 0, through: values.count - series.period, by: series.period) {
                let given = values[start..<start + series.inputs]
                let level = series.removesLevel ? given.reduce(0, +) / Double(series.inputs) : 0
                pool += values[start..<start + (role == .source ? series.inputs + series.outputs : series.inputs)].map { $0 - level }
            }
        }
        let (mean, deviation) = moments(pool)
        return series.removesLevel ? (0, deviation) : (mean, deviation)
    }

    private static func cut(_ values: [Double], _ series: DomainDataset.Series, _ starts: [Int], _ mean: Double, _ deviation: Double) -> DomainSamples {
        var samples = DomainSamples(count: starts.count)
        for start in starts {
            let middle = start + series.inputs
            let level = series.removesLevel ? values[start..<middle].reduce(0, +) / Double(series.inputs) : mean
            samples.inputs += values[start..<middle].map { Float(($0 - level) / deviation) }
            samples.outputs += values[middle..<middle + series.outputs].map { Float(($0 - level) / deviation) }
        }
        return samples
    }
}
