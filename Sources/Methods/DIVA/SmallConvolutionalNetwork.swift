import Augmentation
import Foundation
import Tensors

/// A small network of our own that makes features where no pretrained one fits: two convolutions with max pools, 128 units, and a
/// softmax classifier that is thrown away after training. Trained by stochastic gradients with momentum and a cosine schedule.
package struct SmallConvolutionalNetwork: FeatureExtractor {
    package static let featureCount = 128
    package var dimension: Int { Self.featureCount }
    package let batch = 64

    private let parameters = ParameterStore<Float>()
    private let convolutions: [(weight: Parameter<Float>, bias: Parameter<Float>)]
    private let hidden: (weight: Parameter<Float>, bias: Parameter<Float>)
    private let classifier: (weight: Parameter<Float>, bias: Parameter<Float>)

    /// Builds and trains the network.
    /// - Parameters:
    ///   - labels: one a picture, 0 ..< classes.
    ///   - augmentation: how a picture is changed each time it is seen.
    ///   - report: steps done, steps in all, loss of the batch; every tenth step.
    /// - Throws: what `proceed` throws, and `DIVAError` when the loss is no longer a number.
    package init(training: Pictures, labels: [Int], classes: Int, epochs: Int, augmentation: Augmentation? = nil, random: RandomSource,
                 report: (_ done: Double, _ total: Double, _ loss: Double) -> Void = { _, _, _ in }, proceed: () throws -> Void = {}) throws {
        let store = parameters
        var weights = random.stream("weights")
        // He et al. 2015: variance 2 / inputs, for ReLU.
        func layer(_ name: String, _ shape: Shape, inputs: Int) -> (weight: Parameter<Float>, bias: Parameter<Float>) {
            (store.add("\(name).weight", .normal(shape, deviation: (2 / Float(inputs)).squareRoot(), from: &weights)),
             store.add("\(name).bias", Tensor(shape: [shape[shape.rank - 1]])))
        }
        let channels = training.channels
        convolutions = [layer("convolution 1", [3, 3, channels, 16], inputs: 9 * channels), layer("convolution 2", [3, 3, 16, 32], inputs: 9 * 16)]
        let flat = (training.height / 2 / 2) * (training.width / 2 / 2) * 32
        guard flat > 0 else { throw DIVAError("pictures of \(training.width) x \(training.height) are too small for features=cnn; take pixels or fourier") }
        hidden = layer("hidden", [flat, Self.featureCount], inputs: flat)
        classifier = layer("classifier", [Self.featureCount, classes], inputs: Self.featureCount)

        let tape = Tape<Float>()
        let rate = 0.02
        let optimiser = Optimiser(store, .sgd(momentum: 0.9, weightDecay: 5e-4), rate: rate)
        var orders = random.stream("orders")
        let batches = (training.count + batch - 1) / batch, total = epochs * batches
        var step = 0
        var augmented = augmentation.map { AugmentedPictures(training, $0, random: random.stream("augmentation")) }
        for _ in 0..<epochs {
            let order = orders.permutation(training.count)
            for start in stride(from: 0, to: training.count, by: batch) {
                let rows = Array(order[start..<min(training.count, start + batch)])
                let images = try augmented?.tensor(rows) ?? Self.tensor(training, rows), targets = rows.map { Int32(labels[$0]) }
                optimiser.rate = rate * 0.5 * (1 + cos(.pi * Double(step) / Double(total)))
                let loss = try tape.differentiate(store) { try logits(units(images)).crossEntropy(targets) }
                guard loss.isFinite else { throw DIVAError("the network's loss is \(loss) at step \(step); its training diverged, take other features") }
                optimiser.update(clippingNorm: 5)
                step += 1
                if step % 10 == 0 || step == total { report(Double(step), Double(total), Double(loss)) }
                try proceed()
            }
        }
    }

    private static func tensor(_ pictures: Pictures, _ rows: [Int]) -> Tensor<Float> {
        let size = pictures.width * pictures.height * pictures.channels, scale = 1 / Float(pictures.maximum)
        var values: [Float] = []
        values.reserveCapacity(rows.count * size)
        for row in rows { for place in row * size..<(row + 1) * size { values.append(Float(pictures.pixels[place]) * scale) } }
        return Tensor(shape: [rows.count, pictures.height, pictures.width, pictures.channels], values)
    }

    /// [count, 128].
    private func units(_ images: Tensor<Float>) throws -> Tensor<Float> {
        var x = images
        for layer in convolutions {
            x = try x.conv2d(layer.weight.tensor, bias: layer.bias.tensor, ConvolutionOptions(padding: .same), activation: .relu).maxPool2d(size: 2)
        }
        let flat = try x.reshaped(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3])
        return try flat.linear(hidden.weight.tensor, bias: hidden.bias.tensor, activation: .relu)
    }

    private func logits(_ units: Tensor<Float>) throws -> Tensor<Float> {
        try units.linear(classifier.weight.tensor, bias: classifier.bias.tensor)
    }

    package func features(_ pictures: Pictures) throws -> [Float] {
        try units(Self.tensor(pictures, Array(0..<pictures.count))).scalars
    }

    /// The class that the network itself names for each picture.
    package func classes(_ pictures: Pictures) throws -> [Int] {
        try logits(units(Self.tensor(pictures, Array(0..<pictures.count)))).argmax()
    }
}
