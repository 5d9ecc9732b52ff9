import Testing
import Tensors

@Suite struct OptimiserTests {
    /// Plain loops of the update rules on one weight, gradient of w^4 / 4.
    static func reference(_ algorithm: OptimiserAlgorithm, rate: Double, steps: Int) -> Double {
        var (w, m, v) = (1.5, 0.0, 0.0)
        for step in 1...steps {
            var g = w * w * w
            switch algorithm {
            case .sgd(let momentum, let nesterov, let decay):
                g += decay * w
                m = momentum * m + g
                w -= rate * (nesterov ? g + momentum * m : m)
            case .adamW(let b1, let b2, let eps, let decay, true):
                w -= rate * decay * w
                m = b1 * m + (1 - b1) * g
                v = b2 * v + (1 - b2) * g * g
                var (p1, p2) = (1.0, 1.0)
                for _ in 0..<step { p1 *= b1; p2 *= b2 }
                w -= rate * (1 - p2).squareRoot() / (1 - p1) * m / (v.squareRoot() + eps)
            case .adam(let b1, let b2, let eps, let decay), .adamW(let b1, let b2, let eps, let decay, _):
                if case .adam = algorithm { g += decay * w } else { w -= rate * decay * w }
                m = b1 * m + (1 - b1) * g
                v = b2 * v + (1 - b2) * g * g
                var (p1, p2) = (1.0, 1.0)
                for _ in 0..<step { p1 *= b1; p2 *= b2 }
                w -= rate * (m / (1 - p1)) / ((v / (1 - p2)).squareRoot() + eps)
            case .adagrad(let eps, let decay):
                g += decay * w
                v += g * g
                w -= rate * g / (v.squareRoot() + eps)
            case .rmsProp(let memory, let eps, let decay):
                g += decay * w
                v = memory * v + (1 - memory) * g * g
                w -= rate * g / (v.squareRoot() + eps)
            }
        }
        return w
    }

    @Test("each rule follows plain loops", arguments: [
        OptimiserAlgorithm.sgd(), .sgd(momentum: 0.9, weightDecay: 0.01), .sgd(momentum: 0.9, nesterov: true),
        .adam(), .adam(weightDecay: 0.1), .adamW(weightDecay: 0.1), .adamW(epsilon: 0.1, addsEpsilonFirst: true), .adagrad(), .adagrad(epsilon: 1e-3, weightDecay: 0.01),
        .rmsProp(), .rmsProp(memory: 0.9, epsilon: 1e-3, weightDecay: 0.01),
    ])
    func rules(_ algorithm: OptimiserAlgorithm) throws {
        let store = ParameterStore<Double>()
        // Enough weights that the pass is cut for two threads.
        let w = store.add("w", Tensor(shape: [40_000], repeating: 1.5))
        let optimiser = Optimiser(store, algorithm, rate: 0.05)
        let tape = Tape<Double>()
        for _ in 0..<7 {
            try tape.differentiate(store) { try (w.tensor.squared().squared() * 0.25).sum() }
            optimiser.update()
        }
        let expected = Self.reference(algorithm, rate: 0.05, steps: 7)
        #expect(w.value.scalars.allSatisfy { abs($0 - expected) < 1e-12 })
    }

    @Test("clipping by the norm scales all gradients alike")
    func clipping() throws {
        let store = ParameterStore<Double>()
        let (a, b) = (store.add("a", Tensor(shape: [1], [3])), store.add("b", Tensor(shape: [1], [4])))
        let tape = Tape<Double>()
        func run() throws { try tape.differentiate(store) { try (a.tensor.squared() + b.tensor.squared()).sum() } }
        try run()
        #expect(store.gradientNorm == 10)
        Optimiser(store, .sgd(), rate: 1).update(clippingNorm: 1)
        #expect(abs(a.value.scalar - 2.4) < 1e-15 && abs(b.value.scalar - 3.2) < 1e-15)
        try run()
        #expect(store.clipGradientNorm(to: 4) == 8)
        #expect(abs(store.gradientNorm - 4) < 1e-12)
        store.clipGradients(to: 0.5)
        #expect(a.gradient.scalar == 0.5)
    }

    @Test("training resumed from a snapshot takes the same path, bit for bit")
    func resume() throws {
        func make() -> (ParameterStore<Float>, Parameter<Float>, Optimiser<Float>) {
            let store = ParameterStore<Float>()
            let w = store.add("w", Tensor(shape: [33], generating: { Float($0) / 10 - 1 }))
            return (store, w, Optimiser(store, .adamW(), rate: 0.01))
        }
        func train(_ run: (ParameterStore<Float>, Parameter<Float>, Optimiser<Float>), _ steps: Int) throws {
            let tape = Tape<Float>()
            for _ in 0..<steps {
                try tape.differentiate(run.0) { try run.1.tensor.sine().sum() }
                run.2.update()
            }
        }
        let whole = make()
        try train(whole, 10)
        let first = make()
        try train(first, 6)
        let second = make()
        #expect(second.0.restore(first.0.snapshot) && second.2.restore(first.2.state))
        try train(second, 4)
        #expect(second.0.snapshot == whole.0.snapshot)
        #expect(!second.0.restore([1, 2]))
        #expect(!second.2.restore(.init(steps: [1], moments: [], rate: 1)))
        // Counts and rates of a damaged file.
        var damaged = first.2.state
        damaged.steps[0] = .max
        #expect(!second.2.restore(damaged))
        damaged = first.2.state
        damaged.rate = .infinity
        #expect(!second.2.restore(damaged))
    }

    @Test("weight averages move by 1 - decay")
    func averaging() {
        let (a, b) = (ParameterStore<Double>(), ParameterStore<Double>())
        a.add("w", Tensor(shape: [2], [1, 2]))
        b.add("w", Tensor(shape: [2], [3, 6]))
        a.average(with: b, decay: 0.75)
        #expect(a.snapshot == [1.5, 3])
        a.copyValues(from: b)
        #expect(a.snapshot == [3, 6])
    }

    @Test("weight decay leaves out the parameters that it is told to")
    func decays() throws {
        let store = ParameterStore<Double>()
        let weight = store.add("weight", Tensor(shape: [2, 2], repeating: 1)), bias = store.add("bias", Tensor(shape: [3], repeating: 1))
        let optimiser = Optimiser(store, .adamW(weightDecay: 0.5), rate: 0.1) { $0.shape.rank > 1 }
        try Tape<Double>().differentiate(store) { try weight.tensor.sum().scaled(by: 0) + bias.tensor.sum().scaled(by: 0) }
        optimiser.update()
        #expect(abs(weight.value[0, 0] - 0.95) < 1e-15)
        #expect(bias.value[0] == 1)
    }
}
