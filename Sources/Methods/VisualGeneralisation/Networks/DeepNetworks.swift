import Foundation
import Layers
import Tensors

/// sin(2 pi t)
func sineOfTurns(_ t: Double) -> Double { sin(2 * .pi * t) }

/// A residual network of bottlenecks (He et al. 2016), small: a 3 x 3 convolution of stride 2, three stages of 32, 64 and 128 channels, the mean over the map.
struct ResidualNetwork<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let stem: Convolution2D<Scalar>, norm: BatchNormalisation<Scalar>, blocks: [Bottleneck<Scalar>], head: Linear<Scalar>

    /// - Parameter counts: blocks of each stage: 1, 2, 2 for the kind of ResNet-50, 2, 3, 4 for that of ResNet-101.
    init(counts: [Int], channels: Int, outputs: Int, random: inout RandomSource) {
        stem = Convolution2D("stem", inputs: channels, outputs: 16, kernel: 3, .init(stride: 2, padding: .symmetric(1)), bias: false, in: parameters, from: &random)
        norm = BatchNormalisation("stem.norm", channels: 16, in: parameters)
        var blocks: [Bottleneck<Scalar>] = [], width = 16
        for (stage, (count, next)) in zip(counts, [32, 64, 128]).enumerated() {
            for turn in 0..<count {
                blocks.append(Bottleneck("block\(blocks.count)", inputs: width, outputs: next, stride: stage > 0 && turn == 0 ? 2 : 1, in: parameters, random: &random))
                width = next
            }
        }
        self.blocks = blocks
        head = Linear("head", inputs: width, outputs: outputs, in: parameters, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        var x = try norm(stem(images), mode: mode, activation: .relu)
        for block in blocks { x = try block(x, mode: mode) }
        return try head(x.globalAveragePool())
    }
}

/// 1 x 1 to a quarter, 3 x 3, 1 x 1, each with batch normalisation, beside the identity or a 1 x 1 convolution where the shape changes.
private struct Bottleneck<Scalar: TensorScalar> {
    let layers: [(convolution: Convolution2D<Scalar>, norm: BatchNormalisation<Scalar>)]
    let shortcut: (convolution: Convolution2D<Scalar>, norm: BatchNormalisation<Scalar>)?

    init(_ name: String, inputs: Int, outputs: Int, stride: Int, in store: ParameterStore<Scalar>, random: inout RandomSource) {
        func pair(_ part: String, _ from: Int, _ to: Int, _ kernel: Int, _ stride: Int, _ random: inout RandomSource) -> (convolution: Convolution2D<Scalar>, norm: BatchNormalisation<Scalar>) {
            (Convolution2D("\(name).\(part)", inputs: from, outputs: to, kernel: kernel, .init(stride: stride, padding: .symmetric(kernel / 2)), bias: false, in: store, from: &random),
             BatchNormalisation("\(name).\(part).norm", channels: to, in: store))
        }
        let middle = outputs / 4
        layers = [pair("reduce", inputs, middle, 1, 1, &random), pair("spread", middle, middle, 3, stride, &random), pair("widen", middle, outputs, 1, 1, &random)]
        shortcut = inputs == outputs && stride == 1 ? nil : pair("shortcut", inputs, outputs, 1, stride, &random)
    }

    func callAsFunction(_ x: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        var y = x
        for (number, layer) in layers.enumerated() { y = try layer.norm(layer.convolution(y), mode: mode, activation: number < 2 ? .relu : .identity) }
        let beside = try shortcut.map { try $0.norm($0.convolution(x), mode: mode) } ?? x
        return try (y + beside).relu()
    }
}

/// A densely connected network (Huang et al. 2017), small: three blocks of three layers that each add eight channels, halved between the blocks.
struct DenselyConnectedNetwork<Scalar: TensorScalar>: FactorNetwork {
    private struct Unit {
        let norm: BatchNormalisation<Scalar>, convolution: Convolution2D<Scalar>
    }

    let parameters = ParameterStore<Scalar>()
    private let stem: Convolution2D<Scalar>, blocks: [[Unit]], transitions: [Unit], norm: BatchNormalisation<Scalar>, head: Linear<Scalar>

    init(channels: Int, outputs: Int, random: inout RandomSource) {
        stem = Convolution2D("stem", inputs: channels, outputs: 16, kernel: 3, .init(stride: 2, padding: .symmetric(1)), bias: false, in: parameters, from: &random)
        var blocks: [[Unit]] = [], transitions: [Unit] = [], width = 16
        for block in 0..<3 {
            var units: [Unit] = []
            for layer in 0..<3 {
                let name = "block\(block).layer\(layer)"
                units.append(Unit(norm: BatchNormalisation("\(name).norm", channels: width, in: parameters),
                                  convolution: Convolution2D(name, inputs: width, outputs: 8, kernel: 3, .init(padding: .symmetric(1)), bias: false, in: parameters, from: &random)))
                width += 8
            }
            blocks.append(units)
            if block < 2 {
                transitions.append(Unit(norm: BatchNormalisation("transition\(block).norm", channels: width, in: parameters),
                                        convolution: Convolution2D("transition\(block)", inputs: width, outputs: width / 2, kernel: 1, bias: false, in: parameters, from: &random)))
                width /= 2
            }
        }
        (self.blocks, self.transitions) = (blocks, transitions)
        norm = BatchNormalisation("norm", channels: width, in: parameters)
        head = Linear("head", inputs: width, outputs: outputs, in: parameters, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        var x = try stem(images)
        for (number, units) in blocks.enumerated() {
            for unit in units { x = try Tensor.concatenated([x, unit.convolution(unit.norm(x, mode: mode, activation: .relu))], axis: 3) }
            if number < transitions.count {
                let transition = transitions[number]
                x = try transition.convolution(transition.norm(x, mode: mode, activation: .relu)).averagePool2d(size: 2)
            }
        }
        return try head(norm(x, mode: mode, activation: .relu).globalAveragePool())
    }
}

/// A vision transformer (Dosovitskiy et al. 2021), small. It is not among the seventeen of the study.
struct VisionTransformer<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let patches: Convolution2D<Scalar>, token: Parameter<Scalar>, positions: Parameter<Scalar>
    private let blocks: [PreNormalisedEncoderLayer<Scalar>], norm: LayerNormalisation<Scalar>, head: Linear<Scalar>

    init(side: Int, channels: Int, outputs: Int, random: inout RandomSource) {
        let width = 48, patch = side / 8
        patches = Convolution2D("patches", inputs: channels, outputs: width, kernel: patch, .init(stride: patch), in: parameters, from: &random)
        token = parameters.add("token", .normal([1, 1, width], deviation: 0.02, from: &random))
        positions = parameters.add("positions", .normal([1, 65, width], deviation: 0.02, from: &random))
        let store = parameters
        blocks = (0..<3).map { PreNormalisedEncoderLayer("block\($0)", width: width, heads: 4, inner: 96, in: store, from: &random) }
        norm = LayerNormalisation("norm", width: width, in: parameters)
        head = Linear("head", inputs: width, outputs: outputs, in: parameters, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        let batch = images.shape[0], width = token.shape[2]
        let tokens = try token.tensor.broadcast(to: [batch, 1, width])
        var x = try Tensor.concatenated([tokens, patches(images).reshaped(batch, 64, width)], axis: 1) + positions.tensor
        for block in blocks { x = try block(x) }
        return try head(norm(x.selected(axis: 1, 0)))
    }
}
