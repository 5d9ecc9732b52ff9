import CKernels
import Testing
import Tensors

/// Kernels that the table of operations does not reach, in every build of them: optimisers, norms, inner products of vectors.
@Suite(.serialized) struct KernelBuildTests {
    /// Sizes that leave a rest in every vector width.
    static func train<Scalar: TensorScalar>(_ rule: OptimiserAlgorithm, _ type: Scalar.Type) throws -> [Double] {
        let store = ParameterStore<Scalar>()
        var random = RandomSource(seed: 3)
        let w = store.add("w", .normal([317], from: &random))
        let table = store.addTable("table", .normal([7, 37], from: &random))
        let (tape, optimiser) = (Tape<Scalar>(), Optimiser(store, rule, rate: 0.02))
        var figures: [Double] = []
        for step in 0..<5 {
            try tape.differentiate(store) {
                try w.tensor.squared().sum() + table.tensor.gathered([Int32(step), 2, 6]).sine().sum()
            }
            figures.append(store.gradientNorm)
            figures.append(store.gradientVector.dot(store.valueVector))
            store.clipGradients(to: 1.5)
            optimiser.update(clippingNorm: 3)
        }
        store.move(along: store.gradientVector, by: 0.1)
        return figures + store.snapshot.map { Double($0) }
    }

    @Test("optimisers, norms and vectors of parameters agree in every build of the kernels with the plain one in double", arguments: [
        OptimiserAlgorithm.sgd(), .sgd(momentum: 0.9, weightDecay: 0.01), .sgd(momentum: 0.9, nesterov: true), .adam(weightDecay: 0.1), .adamW(), .adagrad(), .rmsProp(),
    ])
    func builds(_ rule: OptimiserAlgorithm) throws {
        let before = lathe_variant_current()
        defer { _ = lathe_variant_select(before) }
        #expect(lathe_variant_select(0) == 0)
        let plain = try Self.train(rule, Double.self)
        for build in 0..<lathe_variant_count() {
            #expect(lathe_variant_select(build) == 0)
            let name = String(cString: lathe_variant_name(build))
            func worst(_ values: [Double]) -> Double { zip(values, plain).reduce(0) { max($0, abs($1.0 - $1.1) / max(1, abs($1.1))) } }
            let (double, single) = (try Self.train(rule, Double.self), try Self.train(rule, Float.self))
            #expect(double.count == plain.count && single.count == plain.count)
            #expect(worst(double) < 1e-12, "\(name)")
            #expect(worst(single) < 2e-5, "\(name)")
        }
    }
}
