import Foundation
import Testing
import Layers
import Tensors

/// Values, gradients and losses that PyTorch gave (Fixtures/make_parity.py).
@Suite struct ParityTests {
    static func fixture(_ name: String) throws -> Safetensors {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "safetensors", subdirectory: "Fixtures"))
        return try Safetensors(contentsOf: url)
    }

    static func worst(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
        guard a.count == b.count else { return .infinity }
        let size = b.scalars.reduce(1) { max($0, abs($1)) }
        return zip(a.scalars, b.scalars).reduce(0) { max($0, abs($1.0 - $1.1) / size) }
    }

    static func evaluate(_ name: String, _ x: [Tensor<Double>]) throws -> Tensor<Double> {
        switch name {
        case "gelu": return try x[0].gelu()
        case "softplus": return try x[0].softplus()
        case "logSoftmax": return try x[0].logSoftmax()
        case "layerNorm": return try x[0].layerNormalised(gamma: x[1], beta: x[2])
        case "batchNorm":
            let state = ParameterStore<Double>()
            return try x[0].batchNormalised(gamma: x[1], beta: x[2], runningMean: state.addState("m", Tensor(shape: [5], repeating: 0)),
                                            runningVariance: state.addState("v", Tensor(shape: [5], repeating: 1)), isTraining: true)
        case "groupNorm": return try x[0].groupNormalised(groups: 3, gamma: x[1], beta: x[2])
        case "convStride": return try x[0].conv2d(x[1], bias: x[2], .init(stride: 2, padding: .symmetric(1)))
        case "convGroups": return try x[0].conv2d(x[1], .init(padding: .symmetric(2), dilation: 2, groups: 2))
        case "transposedConv": return try x[0].transposedConv2d(x[1], stride: 2, padding: 1, outputPadding: 1)
        case "maxPool": return try x[0].maxPool2d(size: 3, stride: 2, padding: .symmetric(1))
        case "averagePool": return try x[0].averagePool2d(size: 3, stride: 2, padding: .symmetric(1))
        case "bilinear": return try x[0].resized(height: 9, width: 7)
        case "affineSample": return try x[0].sampled(at: Tensor.affineGrid(x[1], height: 4, width: 3))
        case "attention": return try x[0].attention(keys: x[1], values: x[2], heads: 2)
        case "crossEntropy": return try x[0].crossEntropy([3, 0, 8, 5], smoothing: 0.1)
        case "cosine": return try x[0].cosineSimilarity(x[1])
        case "gru": return try x[0].gru(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]))
        case "maxPool1d": return try x[0].maxPool1d(size: 3, stride: 2, padding: .symmetric(1))
        case "averagePool1d": return try x[0].averagePool1d(size: 4, stride: 3, padding: .symmetric(2))
        case "transposedConv1d": return try x[0].transposedConv1d(x[1], bias: x[2], stride: 2, padding: 1, outputPadding: 1, groups: 2)
        case "innerProducts": return try x[0].innerProducts(at: [0, 3, 3, 1], with: x[1], at: [5, 0, 2, 2])
        case "bagsOfWords":
            let bags = try SparseMatrix<Double>(rows: 4, columns: 7, entries: [
                (0, 2, 0.5), (0, 0, -1), (2, 6, 2), (2, 6, 0.25), (2, 1, 1), (3, 4, 3),
            ])
            return try bags.entriesDropped(rate: 0, seed: 3).multiplied(by: x[0])
        default: return try x[0].lstm(.init(input: x[1], recurrent: x[2], inputBias: x[3], recurrentBias: x[4]))
        }
    }

    @Test("values and gradients agree with PyTorch's", arguments: [
        "gelu", "softplus", "logSoftmax", "layerNorm", "batchNorm", "groupNorm", "convStride", "convGroups", "transposedConv", "maxPool",
        "averagePool", "bilinear", "affineSample", "attention", "crossEntropy", "cosine", "gru", "lstm",
        "maxPool1d", "averagePool1d", "transposedConv1d", "innerProducts", "bagsOfWords",
    ])
    func operations(_ name: String) throws {
        let file = try Self.fixture("operations")
        let count = file.entries.count { $0.name.hasPrefix("\(name)/input") }
        #expect(count > 0)
        let inputs = try (0..<count).map { try file.tensor("\(name)/input\($0)", as: Double.self) }
        let tape = Tape<Double>()
        tape.begin()
        let watched = inputs.map { tape.watch($0) }
        let value = try Self.evaluate(name, watched)
        #expect(Self.worst(value, try file.tensor("\(name)/value")) < 2e-6)
        try tape.backward(from: value, seed: file.tensor("\(name)/seed").reshaped(value.shape.dimensions))
        for place in 0..<count {
            #expect(Self.worst(tape.gradient(of: watched[place]), try file.tensor("\(name)/gradient\(place)")) < 5e-6, "input \(place)")
        }
    }

    @Test("twenty steps give PyTorch's losses to 1e-4", arguments: ["mlp", "cnn", "gru", "encoder", "gcn"])
    func training(_ name: String) throws {
        let file = try Self.fixture("training")
        let store = ParameterStore<Float>()
        var random = RandomSource(seed: 1)
        let x: Tensor<Float> = try file.tensor("\(name)/input/x")
        let target: Tensor<Float> = try file.tensor("\(name)/input/y")
        let labels = target.scalars.map { Int32($0.rounded()) }
        let loss: () throws -> Tensor<Float>
        let algorithm: OptimiserAlgorithm, rate: Double
        switch name {
        case "mlp":
            let (first, second) = (Linear("first", inputs: 20, outputs: 16, in: store, from: &random), Linear("second", inputs: 16, outputs: 5, in: store, from: &random))
            loss = { try second(first(x, activation: .relu)).crossEntropy(labels) }
            (algorithm, rate) = (.sgd(momentum: 0.9), 0.1)
        case "cnn":
            let first = Convolution2D("conv1", inputs: 3, outputs: 8, kernel: 3, .init(padding: .symmetric(1)), bias: false, in: store, from: &random)
            let norm = BatchNormalisation("norm", channels: 8, in: store)
            let second = Convolution2D("conv2", inputs: 8, outputs: 12, kernel: 3, .init(stride: 2, padding: .symmetric(1)), bias: false, in: store, from: &random)
            let head = Linear("head", inputs: 12, outputs: 4, in: store, from: &random)
            loss = {
                try head(second(norm(first(x), mode: .training(seed: 0), activation: .relu), activation: .relu).globalAveragePool()).crossEntropy(labels)
            }
            (algorithm, rate) = (.sgd(momentum: 0.9, weightDecay: 5e-4), 0.05)
        case "gru":
            let (gru, head) = (GRU("gru", inputs: 6, hidden: 10, in: store, from: &random), Linear("head", inputs: 10, outputs: 7, in: store, from: &random))
            loss = { try head(gru(x)).crossEntropy(labels) }
            (algorithm, rate) = (.adam(), 1e-2)
        case "encoder":
            let layer = TransformerEncoderLayer("layer", number: 0, width: 16, heads: 4, inner: 32, dropoutRate: 0, in: store, from: &random)
            let head = Linear("head", inputs: 16, outputs: 1, in: store, from: &random)
            loss = { try head(layer(x, mode: .training(seed: 0)).mean(axes: [1])).meanSquaredError(target) }
            (algorithm, rate) = (.adamW(), 1e-3)
        default:
            let (first, second) = (Linear("first", inputs: 12, outputs: 8, in: store, from: &random), Linear("second", inputs: 8, outputs: 3, in: store, from: &random))
            let dense: Tensor<Float> = try file.tensor("gcn/input/adjacency")
            let adjacency = try SparseMatrix(rows: 10, columns: 10, entries: (0..<100).map { (row: $0 / 10, column: $0 % 10, value: dense[$0 / 10, $0 % 10]) })
            loss = { try adjacency.multiplied(by: second(adjacency.multiplied(by: first(x)).relu())).crossEntropy(labels) }
            (algorithm, rate) = (.adam(), 1e-2)
        }
        for parameter in store.parameters where parameter.isLearnt {
            parameter.assign(try file.tensor("\(name)/weight/\(parameter.name)"))
        }
        let (tape, optimiser) = (Tape<Float>(), Optimiser(store, algorithm, rate: rate))
        for (step, expected) in try file.tensor("\(name)/losses", as: Float.self).scalars.enumerated() {
            let value = try tape.differentiate(store) { try loss() }
            optimiser.update()
            #expect(abs(value - expected) <= 1e-4 * abs(expected), "step \(step): \(value), PyTorch \(expected)")
        }
    }
}
