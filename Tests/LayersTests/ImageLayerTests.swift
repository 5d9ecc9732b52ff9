import Layers
import Tensors
import Testing

/// Layers for images beyond the plain convolution: finite differences in double precision, and what a quarter turn does.
@Suite struct ImageLayerTests {
    /// Central differences in some elements of every parameter and of the input.
    private func check(_ store: ParameterStore<Double>, _ input: Tensor<Double>, _ f: (Tensor<Double>) throws -> Tensor<Double>) throws {
        let tape = Tape<Double>()
        tape.begin([store])
        let x = tape.watch(input)
        try tape.backward(from: f(x))
        let own = tape.gradient(of: x).scalars, learnt = store.parameters.filter(\.isLearnt), gradients = learnt.map { $0.gradient.scalars }
        tape.end()
        let h = 1e-5
        func slope(_ value: (Double) throws -> Double) rethrows -> Double { (try value(h) - value(-h)) / (2 * h) }
        func agrees(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-6 * max(1, abs(b)) }
        for place in stride(from: 0, to: input.count, by: max(1, input.count / 12)) {
            let wanted = try slope { step in
                var numbers = input.scalars
                numbers[place] += step
                return try f(Tensor(shape: input.shape, numbers)).scalar
            }
            #expect(agrees(own[place], wanted), "input \(place): \(own[place]) instead of \(wanted)")
        }
        for (parameter, gradient) in zip(learnt, gradients) {
            let start = parameter.value
            for place in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 8)) {
                let wanted = try slope { step in
                    var numbers = start.scalars
                    numbers[place] += step
                    parameter.assign(Tensor(shape: start.shape, numbers))
                    defer { parameter.assign(start) }
                    return try f(input).scalar
                }
                #expect(agrees(gradient[place], wanted), "\(parameter.name) \(place): \(gradient[place]) instead of \(wanted)")
            }
        }
    }

    @Test func `gradients of turning convolutions are sums over the four turns`() throws {
        var random = RandomSource(seed: 1)
        let store = ParameterStore<Double>()
        let lifting = RotationConvolution("a", inputs: 2, outputs: 3, kernel: 4, isLifting: true, .init(stride: 2, padding: .symmetric(1)), in: store, from: &random)
        let group = RotationConvolution("b", inputs: 3, outputs: 2, kernel: 4, isLifting: false, .init(stride: 2, padding: .symmetric(1)), in: store, from: &random)
        try check(store, .normal([2, 8, 8, 2], from: &random)) { try group(lifting($0, activation: .tanh)).squared().sum() }
    }

    @Test func `gradients of a transposed convolution and of a layer that normalises first`() throws {
        var random = RandomSource(seed: 2)
        let images = ParameterStore<Double>()
        let layer = TransposedConvolution2D("t", inputs: 3, outputs: 2, kernel: 4, stride: 2, padding: 1, in: images, from: &random)
        let x = Tensor<Double>.normal([2, 4, 4, 3], from: &random)
        #expect(try layer(x).shape == [2, 8, 8, 2])
        try check(images, x) { try layer($0).squared().sum() }
        let words = ParameterStore<Double>()
        let encoder = PreNormalisedEncoderLayer("e", width: 8, heads: 2, inner: 12, in: words, from: &random)
        try check(words, .normal([2, 5, 8], from: &random)) { try encoder($0).squared().sum() }
    }

    @Test func `gradients of reading an image at the points of an affine map, off the grid lines`() throws {
        var random = RandomSource(seed: 3)
        let store = ParameterStore<Double>()
        let map = store.add("map", Tensor<Double>(shape: [2, 2, 3], [0.83, 0.11, 0.07, -0.13, 0.79, 0.04, 1.07, -0.09, -0.13, 0.06, 0.92, 0.11]))
        try check(store, .normal([2, 6, 6, 2], from: &random)) { try $0.sampled(at: Tensor.affineGrid(map.tensor, height: 5, width: 5)).squared().sum() }
    }

    @Test func `a quarter turn of the image turns the maps of a lifting layer and moves their orientations on`() throws {
        var random = RandomSource(seed: 4)
        let store = ParameterStore<Float>()
        let layer = RotationConvolution("a", inputs: 1, outputs: 5, kernel: 4, isLifting: true, .init(stride: 2, padding: .symmetric(1)), in: store, from: &random)
        let x = Tensor<Float>.normal([2, 12, 12, 1], from: &random)
        func turned(_ x: Tensor<Float>) throws -> Tensor<Float> { try x.permuted([0, 2, 1, 3]).flipped(axis: 1) }
        let plain = try turned(layer(x)).rolled(axis: 3, by: 5), other = try layer(turned(x))
        #expect(zip(plain.scalars, other.scalars).allSatisfy { abs($0 - $1) < 5e-6 })
    }
}
