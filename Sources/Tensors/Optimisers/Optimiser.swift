import CKernels

/// How weights follow from gradients.
public enum OptimiserAlgorithm: Sendable, Hashable, Codable {
    /// v = momentum v + g + weightDecay w;  w -= rate v  (Nesterov: rate (g + momentum v)).
    case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
    /// Adam (Kingma and Ba 2015) with bias correction; `weightDecay` is added to the gradient.
    case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
    /// AdamW (Loshchilov and Hutter 2019): the decay acts on the weights, not through the moments.
    ///
    /// With `addsEpsilonFirst` epsilon joins the square root before its correction, as in the transformers library: the step is
    /// rate sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon).
    case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01, addsEpsilonFirst: Bool = false)
    /// s += g^2;  w -= rate g / (sqrt(s) + epsilon)  (Duchi et al. 2011).
    case adagrad(epsilon: Double = 1e-10, weightDecay: Double = 0)
    /// s = memory s + (1 - memory) g^2;  w -= rate g / (sqrt(s) + epsilon)  (Tieleman and Hinton 2012).
    case rmsProp(memory: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0)

    /// How many numbers of state a weight has.
    var stateCount: Int {
        switch self {
        case .sgd(let momentum, _, _): momentum == 0 ? 0 : 1
        case .adam, .adamW: 2
        case .adagrad, .rmsProp: 1
        }
    }
}

/// Updates the parameters of a store in one pass over its flat buffers.
///
///     let optimiser = Optimiser(model.parameters, .adamW(), rate: 1e-3)
///     try tape.differentiate(model.parameters) { … }
///     optimiser.update()
///
/// A parameter that the last backward pass did not reach is left alone, its moments too, and its count of
/// steps begins when it is first reached. Of a table (`ParameterStore.addTable`) the same holds for each row by itself: Adam becomes
/// lazy Adam, whose correction of the moments counts the updates of the row; decay acts when the row is updated.
public final class Optimiser<Scalar: TensorScalar> {
    public let store: ParameterStore<Scalar>
    public let algorithm: OptimiserAlgorithm
    /// The learning rate of the next update.
    public var rate: Double
    /// Updates so far, for each entry of the store.
    private var steps: [Int]
    private var moments: [Buffer<Scalar>] = []
    /// For each table, by its entry, the updates of each row so far.
    private var rowSteps: [Int: [Int32]] = [:]
    /// For each entry of the store whether weight decay acts on it.
    private let decays: [Bool]

    /// - Parameter decays: the parameters that weight decay acts on; all of them unless said otherwise. BERT leaves out biases and layer norms.
    public init(_ store: ParameterStore<Scalar>, _ algorithm: OptimiserAlgorithm, rate: Double, decays: (Parameter<Scalar>) -> Bool = { _ in true }) {
        self.store = store
        self.algorithm = algorithm
        self.rate = rate
        self.steps = Array(repeating: 0, count: store.entries.count)
        self.decays = store.parameters.map(decays)
        _ = store.values
        for _ in 0..<algorithm.stateCount {
            let buffer = Buffer<Scalar>(store.learntCount)
            buffer.fill(0)
            moments.append(buffer)
        }
        for (index, table) in store.touched { rowSteps[index] = Array(repeating: 0, count: table.count) }
    }

    /// One step with the gradients that the last backward pass left in the store.
    ///
    /// - Parameter clippingNorm: gradients are scaled so that their common norm is at most this, without a pass of its own
    ///   over them.
    public func update(clippingNorm: Double? = nil) {
        var scale = 1.0
        if let clippingNorm {
            let norm = store.gradientNorm
            if norm > clippingNorm, norm.isFinite { scale = clippingNorm / norm }
        }
        // Neighbours that were reached and have the same count of steps are updated together.
        let entries = store.entries.indices.filter { store.entries[$0].isLearnt }
        for (index, table) in store.touched where store.hasGradient[index] { updateRows(index, table, scale) }
        var first = 0
        while first < entries.count {
            guard store.hasGradient[entries[first]], store.touched[entries[first]] == nil else { first += 1; continue }
            var next = first + 1
            while next < entries.count, store.hasGradient[entries[next]], steps[entries[next]] == steps[entries[first]],
                  decays[entries[next]] == decays[entries[first]], store.touched[entries[next]] == nil { next += 1 }
            let start = store.entries[entries[first]].offset
            let end = next < entries.count ? store.entries[entries[next]].offset : store.learntCount
            let step = steps[entries[first]] + 1
            for place in first..<next { steps[entries[place]] = step }
            let decays = decays[entries[first]]
            Parallel.elements(end - start, cost: 4) { low, high in
                self.apply(start + low, high - low, step, scale, decays: decays)
            }
            first = next
        }
    }

    /// Updates the rows of a table that were reached.
    private func updateRows(_ index: Int, _ table: TouchedRows, _ scale: Double) {
        guard var counts = rowSteps.removeValue(forKey: index) else { return }
        let offset = store.entries[index].offset, width = table.width, decays = decays[index]
        let rows = table.isWhole ? (0..<Int32(table.count)).map(\.self) : table.rows
        counts.withUnsafeMutableBufferPointer { counts in
            // The rows differ, so no two threads write to one place.
            nonisolated(unsafe) let counts = counts
            Parallel.split(rows.count, grain: max(1, 8192 / max(1, width))) { low, high in
                for place in low..<high {
                    let row = Int(rows[place])
                    counts[row] &+= 1
                    self.apply(offset + row * width, width, Int(counts[row]), scale, decays: decays)
                }
            }
        }
        rowSteps[index] = counts
    }

    private func apply(_ start: Int, _ count: Int, _ step: Int, _ scale: Double, decays: Bool) {
        let (w, g, type) = (store.values.pointer + start, store.gradients.pointer + start, Scalar.kernelType)
        let m = moments.first.map { $0.pointer + start }
        switch algorithm {
        case .sgd(let momentum, let nesterov, let weightDecay):
            let decay = decays ? weightDecay : 0
            // The first step starts from a velocity of zero, so it needs no case of its own.
            lathe_sgd(type, count, rate, momentum, decay, nesterov ? 1 : 0, scale, w, g, m)
        case .adam(let beta1, let beta2, let epsilon, let weightDecay):
            let decay = decays ? weightDecay : 0
            lathe_adam(type, count, rate, beta1, beta2, epsilon, 1 - power(beta1, step), 1 - power(beta2, step), 0, decay, scale,
                       w, g, m, moments[1].pointer + start)
        case .adamW(let beta1, let beta2, let epsilon, let decay, let addsEpsilonFirst):
            // m / c1 / (sqrt(v / c2) + e / sqrt(c2)) = sqrt(c2) / c1 m / (sqrt(v) + e)
            let epsilon = addsEpsilonFirst ? epsilon / (1 - power(beta2, step)).squareRoot() : epsilon, decay = decays ? decay : 0
            lathe_adam(type, count, rate, beta1, beta2, epsilon, 1 - power(beta1, step), 1 - power(beta2, step), rate * decay, 0, scale,
                       w, g, m, moments[1].pointer + start)
        case .adagrad(let epsilon, let decay):
            lathe_adagrad(type, count, rate, epsilon, decays ? decay : 0, scale, w, g, m)
        case .rmsProp(let memory, let epsilon, let decay):
            lathe_rmsprop(type, count, rate, memory, epsilon, decays ? decay : 0, scale, w, g, m)
        }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }

    /// What a checkpoint keeps, so that training goes on with the same bits.
    public struct State: Codable, Sendable, Equatable {
        public var steps: [Int]
        public var moments: [[Scalar]]
        public var rate: Double
        /// For each table in the order of the store the updates of each row; nil or empty without tables.
        public var rowSteps: [[Int32]]?

        public init(steps: [Int], moments: [[Scalar]], rate: Double, rowSteps: [[Int32]]? = nil) {
            self.steps = steps
            self.moments = moments
            self.rate = rate
            self.rowSteps = rowSteps
        }
    }

    public var state: State {
        State(steps: steps,
              moments: moments.map { Array(UnsafeBufferPointer(start: $0.pointer, count: store.learntCount)) }, rate: rate,
              rowSteps: rowSteps.isEmpty ? nil : rowSteps.keys.sorted().compactMap { rowSteps[$0] })
    }

    /// Takes back what `state` gave; false when it belongs to another model or algorithm.
    public func restore(_ state: State) -> Bool {
        // Counts of a damaged file must not reach the arithmetic of the next step.
        guard state.steps.count == steps.count, state.steps.allSatisfy({ 0...1 << 40 ~= $0 }), state.rate.isFinite,
              state.moments.count == moments.count, state.moments.allSatisfy({ $0.count == store.learntCount }) else { return false }
        let (tables, counts) = (rowSteps.keys.sorted(), state.rowSteps ?? [])
        guard tables.count == counts.count, zip(tables, counts).allSatisfy({ rowSteps[$0]?.count == $1.count && $1.allSatisfy { 0...1 << 30 ~= $0 } }) else {
            return false
        }
        for (table, count) in zip(tables, counts) { rowSteps[table] = count }
        steps = state.steps
        rate = state.rate
        for (buffer, values) in zip(moments, state.moments) {
            values.withUnsafeBufferPointer { if let base = $0.baseAddress { buffer.pointer.update(from: base, count: $0.count) } }
        }
        return true
    }
}
