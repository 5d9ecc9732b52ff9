import Tensors

/// GRU, input 64, hidden 128, batch 64, 50 steps, then a softmax over 500 classes at each step, Adam 1e-3.
package struct RecurrentWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.adam()
    package let rate = 1e-3
    let recurrent: GRU<Float>
    let head: Linear<Float>
    package var sequences: Tensor<Float>
    package var labels: [Int32]

    package init(inputs: Int = 64, hidden: Int = 128, classes: Int = 500, batch: Int = 64, time: Int = 50) {
        var random = RandomSource(seed: 0)
        recurrent = GRU("gru", inputs: inputs, hidden: hidden, in: parameters, from: &random)
        head = Linear("head", inputs: hidden, outputs: classes, in: parameters, from: &random)
        sequences = .normal([batch, time, inputs], from: &random)
        labels = (0..<batch * time).map { _ in Int32(random.integer(below: classes)) }
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        try head(recurrent(sequences)).crossEntropy(labels)
    }
}
