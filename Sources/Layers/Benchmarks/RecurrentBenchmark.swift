import Tensors

/// GRU, input 64, hidden 128, batch 64, 50 steps, then a softmax over 500 classes at each step, Adam 1e-3.
struct RecurrentWorkload: Workload {
    let parameters = ParameterStore<Float>()
    let algorithm = OptimiserAlgorithm.adam()
    let rate = 1e-3
    let recurrent: GRU<Float>
    let head: Linear<Float>
    let sequences: Tensor<Float>
    let labels: [Int32]

    init() throws {
        var random = RandomSource(seed: 0)
        recurrent = GRU("gru", inputs: 64, hidden: 128, in: parameters, from: &random)
        head = Linear("head", inputs: 128, outputs: 500, in: parameters, from: &random)
        sequences = .normal([64, 50, 64], from: &random)
        labels = (0..<64 * 50).map { _ in Int32(random.integer(below: 500)) }
    }

    func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        try head(recurrent(sequences)).crossEntropy(labels)
    }
}
