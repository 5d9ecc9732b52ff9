import Tensors

/// 784-512-512-10 ReLU network, batch 128, cross-entropy, SGD with momentum 0.9.
package struct MultilayerPerceptronWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.sgd(momentum: 0.9)
    package let rate = 0.01
    let layers: [Linear<Float>]
    package var images: Tensor<Float>
    package var labels: [Int32]

    package init(widths: [Int] = [784, 512, 512, 10], batch: Int = 128) {
        var random = RandomSource(seed: 0)
        let store = parameters
        layers = (0..<3).map { Linear("layer\($0)", inputs: widths[$0], outputs: widths[$0 + 1], in: store, from: &random) }
        images = .normal([batch, widths[0]], from: &random)
        labels = (0..<batch).map { _ in Int32(random.integer(below: widths[3])) }
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        try layers[2](layers[1](layers[0](images, activation: .relu), activation: .relu)).crossEntropy(labels)
    }
}
