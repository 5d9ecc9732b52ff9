import Layers
import Tensors

/// What a forecaster is trained on: values with whatever fills their gaps, and which of them are targets.
struct ForecastData: Sendable {
    /// Scaled values of each series, what is missing filled.
    var values: [[Float]]
    /// The steps that may be used, and in them the steps that are no targets.
    var training: [Range<Int>]
    var hidden: [Range<Int>?]
    var start: Double
    /// Lone windows of real or synthetic data besides, each of a series and a time.
    var synthetic: [SyntheticStretch] = []

    /// Made-up values of one series from a step on.
    struct SyntheticStretch: Sendable {
        var key: WindowKey
        var values: [Float]
    }
}

struct ForecasterSettings: Sendable {
    var width: Int, steps: Int, rate: Double, batch: Int, paths: Int, origins: Int, draws: Int
    static let context = 48, horizon = 24
    /// The longest lag.
    static let reach = 168
    static let lags = [1, 2, 24, 168]
}

/// DeepAR-small (section 2.11): a recurrent network that gives a Student distribution for each next step, in units of the context's mean.
final class Forecaster {
    private let settings: ForecasterSettings
    private let store = ParameterStore<Float>()
    private let table: Embedding<Float>
    private let recurrent: GRU<Float>
    private let head: Linear<Float>
    private let optimiser: Optimiser<Float>
    private let tape = Tape<Float>()
    private static let inputs = 4 + 4 + 1, identifiers = 6

    init(_ settings: ForecasterSettings, series: Int, random: RandomSource) {
        self.settings = settings
        var start = random.stream("weights")
        table = Embedding("ids", count: series, width: Self.identifiers, in: store, from: &start)
        recurrent = GRU("recurrent", inputs: Self.inputs + Self.identifiers, hidden: settings.width, in: store, from: &start)
        head = Linear("head", inputs: settings.width, outputs: 3, in: store, from: &start)
        optimiser = Optimiser(store, .adam(), rate: settings.rate)
    }

    /// s = 0.01 + mean |z| over the context.
    private static func scale(_ context: ArraySlice<Float>) -> Float { 0.01 + context.reduce(0) { $0 + abs($1) } / Float(max(1, context.count)) }

    /// What the network reads at one step: lags over s, harmonics of day and week, ln s.
    private static func append(_ row: inout [Float], lag: (Int) -> Float, scale: Float, start: Double, step: Int) {
        for back in ForecasterSettings.lags { row.append(lag(back) / scale) }
        for value in CalendarFeatures.harmonic.features(start: start, index: step) { row.append(Float(value)) }
        row.append(Float(logarithm(Double(scale))))
    }

    /// μ, σ and ν of each row of states.
    private func parameters(_ states: Tensor<Float>) throws -> [Tensor<Float>] {
        let parts = try head(states).split(into: 3, axis: -1)
        return [parts[0], try parts[1].softplus().scaled(by: 1, plus: 1e-3), try parts[2].softplus().scaled(by: 1, plus: 2)]
    }

    private func states(_ rows: [Float], _ identifiers: [Int32], length: Int, initial: Tensor<Float>? = nil) throws -> Tensor<Float> {
        let count = identifiers.count, vectors = try table(identifiers).expandingAxis(at: 1).broadcast(to: [count, length, Self.identifiers])
        return try recurrent(.concatenated([Tensor(shape: [count, length, Self.inputs], rows), vectors], axis: 2), initial: initial)
    }

    // MARK: - Training

    /// A place to learn from: a series' values and the step at which the context begins.
    private struct Place {
        var series: Int, first: Int
        /// Index into `ForecastData.synthetic`; nil for the series itself.
        var synthetic: Int?
    }

    /// - Returns: the mean loss of the last 50 steps; nil where no series has room for a window.
    func train(_ data: ForecastData, random: RandomSource, proceed: () throws -> Void) throws -> Double? {
        let length = ForecasterSettings.context + ForecasterSettings.horizon
        // With the longest lag before it where the series has that much, else from its first step: lags before it are the mean.
        let usable = data.values.indices.filter { data.training[$0].count >= length }
        guard !usable.isEmpty else { return nil }
        let means = data.values.indices.map { series -> Float in
            let steps = data.training[series].filter { step in data.hidden[series].map { !$0.contains(step) } ?? true }
            return steps.reduce(0) { $0 + data.values[series][$1] } / Float(max(1, steps.count))
        }
        var recent: [Double] = []
        for step in 0..<settings.steps {
            try proceed()
            var draw = random.stream("step", step), rows: [Float] = [], identifiers: [Int32] = [], targets: [Float] = [], weights: [Float] = []
            for _ in 0..<settings.batch {
                let isSynthetic = !data.synthetic.isEmpty && draw.integer(below: 2) == 1
                var series = usable[draw.integer(below: usable.count)], lookup: (Int) -> Float, isTarget: (Int) -> Bool, range: Range<Int>
                if isSynthetic {
                    let stretch = data.synthetic[draw.integer(below: data.synthetic.count)], base = stretch.key.start
                    series = stretch.key.series
                    range = base..<base + stretch.values.count
                    lookup = { step in range.contains(step) ? stretch.values[step - base] : means[series] }
                    isTarget = { _ in true }
                } else {
                    let values = data.values[series], hidden = data.hidden[series]
                    range = data.training[series]
                    lookup = { step in range.contains(step) ? values[step] : means[series] }
                    isTarget = { step in hidden.map { !$0.contains(step) } ?? true }
                }
                let early = range.lowerBound + (range.count >= length + ForecasterSettings.reach ? ForecasterSettings.reach : 0)
                let first = early + draw.integer(below: range.upperBound - length - early + 1)
                let scale = Self.scale((first..<first + ForecasterSettings.context).map(lookup)[...])
                for t in first..<first + length {
                    Self.append(&rows, lag: { lookup(t - $0) }, scale: scale, start: data.start, step: t)
                    targets.append(lookup(t) / scale)
                    weights.append(isTarget(t) ? 1 : 0)
                }
                identifiers.append(Int32(series))
            }
            let shape: Shape = [settings.batch, length, 1], total = max(1, weights.reduce(0, +))
            let loss = try tape.differentiate(store) {
                let p = try parameters(states(rows, identifiers, length: length))
                let losses = try StudentLikelihood.losses(Tensor(shape: shape, targets), place: p[0], scale: p[1], freedom: p[2])
                return try (losses * Tensor(shape: shape, weights)).sum().scaled(by: 1 / Double(total))
            }
            guard loss.isFinite else { throw PSAGANError("the loss of the forecaster is not finite at step \(step + 1); take a smaller forecaster-rate than \(settings.rate)") }
            optimiser.update(clippingNorm: 10)
            recent = recent.suffix(49) + [Double(loss)]
        }
        return recent.reduce(0, +) / Double(max(1, recent.count))
    }

    // MARK: - Forecasts

    /// What a forecast starts from: the values before it (at least the context's; the longest lag's where there are as many), oldest first.
    struct History: Sendable {
        var series: Int
        /// The step of the first forecast value.
        var origin: Int
        var values: [Float]
    }

    /// Sample paths of so many steps for each history, path by path.
    func paths(_ histories: [History], steps: Int, paths: Int, start: Double, random: RandomSource, proceed: () throws -> Void) throws -> [[[Float]]] {
        let context = ForecasterSettings.context
        guard !histories.isEmpty else { return [] }
        var rows: [Float] = [], scales: [Float] = []
        for history in histories {
            let values = history.values, mean = values.reduce(0, +) / Float(max(1, values.count)), scale = Self.scale(values.suffix(context))
            scales.append(scale)
            for place in 0..<context {
                let at = values.count - context + place
                Self.append(&rows, lag: { at - $0 >= 0 ? values[at - $0] : mean }, scale: scale, start: start, step: history.origin - context + place)
            }
        }
        try proceed()
        let last = try states(rows, histories.map { Int32($0.series) }, length: context).selected(axis: 1, context - 1)
        // A row for each path.
        var state = try last.gathered(histories.indices.flatMap { Array(repeating: Int32($0), count: paths) })
        let owners = histories.indices.flatMap { Array(repeating: $0, count: paths) }, identifiers = owners.map { Int32(histories[$0].series) }
        let means = histories.map { $0.values.reduce(0, +) / Float(max(1, $0.values.count)) }
        var made = [[Float]](repeating: [], count: owners.count), draw = random
        for step in 0..<steps {
            try proceed()
            var inputs: [Float] = []
            inputs.reserveCapacity(owners.count * Self.inputs)
            var features: [Int: [Float]] = [:]
            for (row, owner) in owners.enumerated() {
                let values = histories[owner].values, scale = scales[owner]
                for back in ForecasterSettings.lags {
                    let place = step - back
                    inputs.append((place >= 0 ? made[row][place] : values.count + place >= 0 ? values[values.count + place] : means[owner]) / scale)
                }
                let t = histories[owner].origin + step
                if features[t] == nil { features[t] = CalendarFeatures.harmonic.features(start: start, index: t).map { Float($0) } }
                inputs += features[t] ?? []
                inputs.append(Float(logarithm(Double(scale))))
            }
            let next = try states(inputs, identifiers, length: 1, initial: state).selected(axis: 1, 0), p = try parameters(next).map(\.scalars)
            state = next
            for row in made.indices {
                if row % 1024 == 0 { try proceed() }
                let value = Double(p[0][row]) + Double(p[1][row]) * StudentLikelihood.draw(freedom: Double(p[2][row]), &draw)
                made[row].append(Float(value) * scales[owners[row]])
            }
        }
        return histories.indices.map { Array(made[$0 * paths..<($0 + 1) * paths]) }
    }
}
