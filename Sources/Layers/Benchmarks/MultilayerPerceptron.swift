import Tensors

/// 784-512-512-10 ReLU network, batch 128, cross-entropy, SGD with momentum 0.9.
struct MultilayerPerceptronWorkload: Workload {
    let parameters = ParameterStore<Float>()
    let algorithm = OptimiserAlgorithm.sgd(momentum: 0.9)
    let rate = 0.01
    let layers: [Linear<Float>]
    let images: Tensor<Float>
    let labels: [Int32]

    init() throws {
        var random = RandomSource(seed: 0)
        let widths = [784, 512, 512, 10]
        let store = parameters
        layers = (0..<3).map { Linear("layer\($0)", inputs: widths[$0], outputs: widths[$0 + 1], in: store, from: &random) }
        images = .normal([128, 784], from: &random)
        labels = (0..<128).map { _ in Int32(random.integer(below: 10)) }
    }

    func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        try layers[2](layers[1](layers[0](images, activation: .relu), activation: .relu)).crossEntropy(labels)
    }
}
