import Tensors

/// A pre-activation block of a wide residual network (Zagoruyko and Komodakis 2016).
struct WideBlock {
    let firstNorm, secondNorm: BatchNormalisation<Float>
    let first, second: Convolution2D<Float>
    let shortcut: Convolution2D<Float>?

    init(_ name: String, inputs: Int, outputs: Int, stride: Int, in store: ParameterStore<Float>, from random: inout RandomSource) {
        firstNorm = BatchNormalisation("\(name).norm1", channels: inputs, in: store)
        first = Convolution2D("\(name).conv1", inputs: inputs, outputs: outputs, kernel: 3, .init(stride: stride, padding: .symmetric(1)),
                              bias: false, in: store, from: &random)
        secondNorm = BatchNormalisation("\(name).norm2", channels: outputs, in: store)
        second = Convolution2D("\(name).conv2", inputs: outputs, outputs: outputs, kernel: 3, .init(padding: .symmetric(1)), bias: false,
                               in: store, from: &random)
        shortcut = inputs == outputs && stride == 1 ? nil
            : Convolution2D("\(name).shortcut", inputs: inputs, outputs: outputs, kernel: 1, .init(stride: stride), bias: false, in: store, from: &random)
    }

    func callAsFunction(_ x: Tensor<Float>, mode: ForwardMode) throws -> Tensor<Float> {
        let h = try firstNorm(x, mode: mode, activation: .relu)
        let residual = try shortcut?(h) ?? x
        return try second(secondNorm(first(h), mode: mode, activation: .relu)) + residual
    }
}

/// WideResNet-10-2 on 64 images of 32 x 32 x 3, cross-entropy, SGD with momentum 0.9 and weight decay 5e-4.
package struct WideResNetWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.sgd(momentum: 0.9, weightDecay: 5e-4)
    package let rate = 0.1
    let stem: Convolution2D<Float>
    let blocks: [WideBlock]
    let norm: BatchNormalisation<Float>
    let head: Linear<Float>
    package var images: Tensor<Float>
    package var labels: [Int32]

    /// - Parameter widths: channels of the stem and of the three groups.
    package init(widths: [Int] = [16, 32, 64, 128], batch: Int = 64, size: Int = 32) {
        var random = RandomSource(seed: 0)
        stem = Convolution2D("stem", inputs: 3, outputs: widths[0], kernel: 3, .init(padding: .symmetric(1)), bias: false, in: parameters, from: &random)
        var (blocks, inputs): ([WideBlock], Int) = ([], widths[0])
        for (group, outputs) in widths.dropFirst().enumerated() {
            blocks.append(WideBlock("block\(group)", inputs: inputs, outputs: outputs, stride: group > 0 ? 2 : 1, in: parameters, from: &random))
            inputs = outputs
        }
        self.blocks = blocks
        norm = BatchNormalisation("norm", channels: inputs, in: parameters)
        head = Linear("head", inputs: inputs, outputs: 10, in: parameters, from: &random)
        images = .normal([batch, size, size, 3], from: &random)
        labels = (0..<batch).map { _ in Int32(random.integer(below: 10)) }
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        var x = try stem(images)
        for block in blocks { x = try block(x, mode: mode) }
        return try head(norm(x, mode: mode, activation: .relu).globalAveragePool()).crossEntropy(labels)
    }
}
