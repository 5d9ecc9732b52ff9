import Layers
import Tensors

/// A convolutional classifier whose numbers lie in three stores, so that a gradient may leave out normalisation, or everything but the
/// last layer, and so that weight decay may spare normalisation.
package final class ClassifierNetwork<Scalar: TensorScalar> {
    /// How convolutions begin.
    package enum Start: Sendable {
        /// Normal with variance 2 / inputs (He et al. 2015): the search's.
        case he
        /// PyTorch's default: the evaluation's.
        case uniform
    }

    package let kind: NetworkKind
    package let weights = ParameterStore<Scalar>(), normalisation = ParameterStore<Scalar>(), head = ParameterStore<Scalar>()
    private let stages: [Stage]
    private let lastNorm: BatchNormalisation<Scalar>?
    private let classifier: Linear<Scalar>

    private enum Stage {
        case plain(Convolution2D<Scalar>, BatchNormalisation<Scalar>?)
        case block(PreActivationBlock<Scalar>)
    }

    /// - Parameter epsilon: of batch normalisation: 1e-3 in the search, 1e-5 in the evaluation.
    package init(_ kind: NetworkKind, classes: Int, start: Start, epsilon: Double, hasBiases: Bool = true, random: inout RandomSource) {
        self.kind = kind
        var stages: [Stage] = []
        var width = 64
        switch kind {
        case .tiny:
            var inputs = 3
            for (place, outputs) in [16, 32, 64].enumerated() {
                stages.append(.plain(Convolution2D("convolution\(place)", inputs: inputs, outputs: outputs, kernel: 3, .init(stride: 2, padding: .symmetric(1)), bias: false, in: weights, from: &random),
                                     BatchNormalisation("norm\(place)", channels: outputs, epsilon: epsilon, in: normalisation)))
                inputs = outputs
            }
            lastNorm = nil
        case .wide(let depth, let factor, let stemStride):
            stages.append(.plain(Convolution2D("stem", inputs: 3, outputs: 16, kernel: 3, .init(stride: stemStride, padding: .symmetric(1)), bias: hasBiases, in: weights, from: &random), nil))
            var inputs = 16
            for (group, base) in [16, 32, 64].enumerated() {
                for place in 0..<(depth - 4) / 6 {
                    stages.append(.block(PreActivationBlock("group\(group).block\(place)", inputs: inputs, outputs: base * factor, stride: group > 0 && place == 0 ? 2 : 1, hasBiases: hasBiases,
                                                            epsilon: epsilon, weights: weights, normalisation: normalisation, from: &random)))
                    inputs = base * factor
                }
            }
            width = inputs
            lastNorm = BatchNormalisation("norm", channels: width, epsilon: epsilon, in: normalisation)
        }
        self.stages = stages
        classifier = Linear("head", inputs: width, outputs: classes, in: head, from: &random)
        if start == .he {
            for parameter in weights.parameters {
                let dimensions = parameter.shape.dimensions
                if dimensions.count == 4 {
                    parameter.assign(.normal(parameter.shape, deviation: Scalar((2 / Double(dimensions[0] * dimensions[1] * dimensions[2])).squareRoot()), from: &random))
                } else { parameter.assign(Tensor(shape: parameter.shape, repeating: 0)) }
            }
        }
    }

    package var stores: [ParameterStore<Scalar>] { [weights, normalisation, head] }
    package var parameterCount: Int { stores.reduce(0) { $0 + $1.parameterCount } }

    /// [batch, height, width, 3] to [batch, classes].
    package func callAsFunction(_ pictures: Tensor<Scalar>, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        var x = pictures
        for stage in stages {
            switch stage {
            case .plain(let convolution, let norm):
                x = try convolution(x)
                if let norm { x = try norm(x, mode: mode, activation: .relu) }
            case .block(let block): x = try block(x, mode: mode)
            }
        }
        if let lastNorm { x = try lastNorm(x, mode: mode, activation: .relu) }
        return try classifier(x.globalAveragePool())
    }
}

/// BN, ReLU, convolution, BN, ReLU, convolution with the stride; the shortcut is x, or a 1 x 1 convolution of x itself where the shape
/// changes.
struct PreActivationBlock<Scalar: TensorScalar> {
    let firstNorm, secondNorm: BatchNormalisation<Scalar>
    let first, second: Convolution2D<Scalar>
    let shortcut: Convolution2D<Scalar>?

    init(_ name: String, inputs: Int, outputs: Int, stride: Int, hasBiases: Bool, epsilon: Double, weights: ParameterStore<Scalar>, normalisation: ParameterStore<Scalar>, from random: inout RandomSource) {
        firstNorm = BatchNormalisation("\(name).norm1", channels: inputs, epsilon: epsilon, in: normalisation)
        first = Convolution2D("\(name).conv1", inputs: inputs, outputs: outputs, kernel: 3, .init(padding: .symmetric(1)), bias: hasBiases, in: weights, from: &random)
        secondNorm = BatchNormalisation("\(name).norm2", channels: outputs, epsilon: epsilon, in: normalisation)
        second = Convolution2D("\(name).conv2", inputs: outputs, outputs: outputs, kernel: 3, .init(stride: stride, padding: .symmetric(1)), bias: hasBiases, in: weights, from: &random)
        shortcut = inputs == outputs && stride == 1 ? nil
            : Convolution2D("\(name).shortcut", inputs: inputs, outputs: outputs, kernel: 1, .init(stride: stride), bias: hasBiases, in: weights, from: &random)
    }

    func callAsFunction(_ x: Tensor<Scalar>, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        let h = try first(firstNorm(x, mode: mode, activation: .relu))
        return try second(secondNorm(h, mode: mode, activation: .relu)) + (shortcut?(x) ?? x)
    }
}
