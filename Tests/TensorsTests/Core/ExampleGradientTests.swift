import Foundation
import Testing
import Tensors

/// Directional derivatives of the losses of a batch, and gradients of its examples.
@Suite struct ExampleGradientTests {
    /// A small network of the operations that parameters enter: convolutions (plain, 1 x 1, strided), normalisation with kept
    /// statistics, addition, layer normalisation, linear layers, and a table of words.
    struct Network {
        let store = ParameterStore<Double>()
        let first, point, second, depth, gamma, beta, scale, shift, head, bias, offset, words: Parameter<Double>
        let mean, variance: Parameter<Double>
        let images: Tensor<Double>
        let labels: [Int32] = [2, 0, 1, 2, 2]
        let tokens: [Int32] = [1, 4, 4, 0, 3, 3, 2, 1, 0, 4]

        init() {
            var random = RandomSource(seed: 21)
            func normal(_ shape: Shape) -> Tensor<Double> { .normal(shape, deviation: 0.4, from: &random) }
            first = store.add("first", normal([3, 3, 2, 4]))
            point = store.add("point", normal([1, 1, 4, 6]))
            second = store.add("second", normal([3, 3, 6, 5]))
            depth = store.add("depth", normal([3, 3, 1, 5]))
            (gamma, beta) = (store.add("gamma", normal([4])), store.add("beta", normal([4])))
            (scale, shift) = (store.add("scale", normal([5])), store.add("shift", normal([5])))
            (head, bias) = (store.add("head", normal([5, 3])), store.add("bias", normal([3])))
            offset = store.add("offset", normal([3]))
            words = store.addTable("words", normal([5, 3]))
            mean = store.addState("mean", normal([4]))
            variance = store.addState("variance", Tensor(shape: [4], [0.5, 1, 2, 1.5]))
            images = normal([5, 7, 6, 2])
        }

        func losses(training: Bool = false) throws -> Tensor<Double> {
            var x = try images.conv2d(first.tensor, .init(padding: .symmetric(1)))
            x = try x.batchNormalised(gamma: gamma.tensor, beta: beta.tensor, runningMean: mean, runningVariance: variance, isTraining: training,
                                      activation: .relu)
            x = try x.conv2d(point.tensor).gelu().conv2d(second.tensor, .init(stride: 2), activation: .relu)
            x = try x.conv2d(depth.tensor, .init(padding: .same, groups: 5)).maxPool2d(size: 2)
            let pooled = try x.globalAveragePool().layerNormalised(gamma: scale.tensor, beta: shift.tensor)
            let said = try words.tensor.gathered(tokens).reshaped(5, 2, 3).sum(axes: [1])
            let logits = try pooled.linear(head.tensor, bias: bias.tensor, activation: .tanh) + said - offset.tensor
            return try logits.crossEntropyLosses(labels)
        }
    }

    @Test("gradients of the examples are those of one way back each, and their sum is the gradient")
    func examples() throws {
        let network = Network(), tape = Tape<Double>()
        tape.begin([network.store])
        let losses = try network.losses()
        let gradients = try tape.gradientsPerExample(of: losses)
        for example in 0..<5 {
            let seed = Tensor<Double>(shape: [5], generating: { $0 == example ? 1 : 0 })
            try tape.backward(from: losses, seed: seed, keepingRecords: true)
            for parameter in network.store.parameters where parameter.isLearnt {
                let (mine, single) = (try gradients[parameter].selected(example), parameter.gradient)
                let worst = zip(mine.scalars, single.scalars).map { abs($0 - $1) }.max() ?? 0
                #expect(worst < 1e-13, "\(parameter.name), example \(example): \(worst)")
                #expect(single.scalars.contains { $0 != 0 }, "\(parameter.name) has no gradient, so nothing is shown")
            }
        }
        try tape.backward(from: losses.sum())
        for parameter in network.store.parameters where parameter.isLearnt {
            let sum = try gradients[parameter].sum(axes: [0])
            #expect(zip(sum.scalars, parameter.gradient.scalars).allSatisfy { abs($0 - $1) < 1e-12 }, "\(parameter.name)")
        }
    }

    @Test("forward mode, gradients of the examples and central differences give the same directional derivatives")
    func threeWays() throws {
        let network = Network(), tape = Tape<Double>()
        tape.begin([network.store])
        try tape.backward(from: network.losses().sum())
        // A direction that is no gradient: half the gradient and a part of the weights themselves.
        let direction = network.store.gradientVector * 0.5 - network.store.valueVector * 0.2
        tape.begin([network.store])
        let losses = try network.losses()
        let forward = try tape.tangent(of: losses, along: [direction])
        let products = try tape.gradientsPerExample(of: losses).products(with: direction)
        tape.end()
        let step = 1e-6
        network.store.move(along: direction, by: step)
        let above = try network.losses().scalars
        network.store.move(along: direction, by: -2 * step)
        let below = try network.losses().scalars
        for example in 0..<5 {
            #expect(abs(forward[example] - products[example]) < 1e-12)
            #expect(abs(forward[example] - (above[example] - below[example]) / (2 * step)) < 1e-7)
        }
        #expect(forward.scalars.contains { abs($0) > 0.01 })
    }

    @Test("the fixture of a bias-free linear softmax: three inputs, one direction of the weights")
    func linearSoftmax() throws {
        let store = ParameterStore<Double>()
        let w = store.add("w", Tensor(shape: [2, 2], [0.5, -0.2, 0.1, 0.3]))
        let tape = Tape<Double>()
        tape.begin([store])
        try tape.backward(from: Tensor<Double>(shape: [2, 2], [1, 0.5, 1.5, -0.5]).linear(w.tensor).crossEntropyLosses([0, 0]).mean())
        let v = store.gradientVector
        tape.begin([store])
        let losses = try Tensor<Double>(shape: [3, 2], [1, 2, 2, 1, -1, 1]).linear(w.tensor).crossEntropyLosses([0, 0, 0])
        let products = try tape.tangent(of: losses, along: [v])
        // By hand: the gradient of an example is x (p - e_0)'.
        func gradient(_ x: [Double]) -> [Double] {
            let logits = [0.5 * x[0] + 0.1 * x[1], -0.2 * x[0] + 0.3 * x[1]]
            let difference = logits[1] - logits[0]
            let p1 = 1 / (1 + exp(-difference))
            return [-x[0] * p1, x[0] * p1, -x[1] * p1, x[1] * p1]
        }
        let mean = zip(gradient([1, 0.5]), gradient([1.5, -0.5])).map { ($0 + $1) / 2 }
        for (place, x) in [[1.0, 2.0], [2, 1], [-1, 1]].enumerated() {
            let expected = zip(gradient(x), mean).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(products[place] - expected) < 1e-12)
        }
    }

    @Test("what mixes examples is refused in words, and so is a record that was released")
    func refusals() throws {
        let network = Network(), tape = Tape<Double>()
        tape.begin([network.store])
        let mixed = try network.losses(training: true)
        #expect(throws: TensorError.self) { try tape.gradientsPerExample(of: mixed) }
        tape.begin([network.store])
        let turned = try network.images.reshaped(5, 84).linear(network.store["first"]!.tensor.reshaped(12, 6).transposed().reshaped(1, 72).broadcast(to: [84, 72]))
        #expect(throws: TensorError.self) { try tape.gradientsPerExample(of: turned.sum(axes: [1])) }
        tape.begin([network.store])
        let losses = try network.losses()
        #expect(throws: TensorError.self) { try tape.gradientsPerExample(of: losses.sum()) }
        try tape.backward(from: losses.sum())
        #expect(throws: TensorError.self) { try tape.tangent(of: losses, along: [network.store.valueVector]) }
    }
}
