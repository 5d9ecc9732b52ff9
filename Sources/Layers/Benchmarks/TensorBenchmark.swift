import Tensors

/// One workload of `lathe bench`: a whole training step (gradients, update) on fixed random inputs, the same work as the
/// function of the same name in the PyTorch reference.
public struct TensorBenchmark: Sendable {
    public let name: String
    /// What is trained, in one line.
    public let summary: String
    /// Builds model and inputs, and returns the closure that takes one step and gives its loss.
    public let makeStep: @Sendable () throws -> () throws -> Float

    /// Builds model and inputs, and returns the closure that takes one step and gives its loss.
    public func step() throws -> () throws -> Float { try makeStep() }
}

/// The six workloads under the names of the PyTorch reference.
public enum TensorBenchmarks {
    public static let all: [TensorBenchmark] = [
        TensorBenchmark(name: "mlp", summary: "784-512-512-10 ReLU, batch 128, cross-entropy, SGD with momentum",
                        makeStep: { MultilayerPerceptronWorkload().step() }),
        TensorBenchmark(name: "wide_resnet", summary: "WideResNet-10-2 on 64 x 32 x 32 x 3, cross-entropy, SGD with momentum and weight decay",
                        makeStep: { WideResNetWorkload().step() }),
        TensorBenchmark(name: "gcn", summary: "two-layer GCN 1433-64-7 on 2,708 nodes, dropout 0.5, Adam",
                        makeStep: { try GraphConvolutionWorkload().step() }),
        TensorBenchmark(name: "gru", summary: "GRU 64-128 over 50 steps, batch 64, 500 classes at each step, Adam",
                        makeStep: { RecurrentWorkload().step() }),
        TensorBenchmark(name: "bert", summary: "six encoder layers of MiniLM's shape, batch 32 of 32 tokens, dropout 0.1, AdamW",
                        makeStep: { EncoderWorkload().step() }),
        TensorBenchmark(name: "psagan", summary: "three spectrally normalised convolution and self-attention blocks, batch 128 x 64 steps, Adam",
                        makeStep: { SelfAttentionGANWorkload().step() }),
    ]
}

/// A workload: parameters, an optimiser, and the loss of one step.
package protocol Workload {
    var parameters: ParameterStore<Float> { get }
    var algorithm: OptimiserAlgorithm { get }
    var rate: Double { get }
    func loss(_ mode: ForwardMode) throws -> Tensor<Float>
}

extension Workload {
    /// The closure that takes one step.
    package func step() -> () throws -> Float {
        let optimiser = Optimiser(parameters, algorithm, rate: rate)
        let tape = Tape<Float>()
        var count: UInt64 = 0
        return {
            count += 1
            let value = try tape.differentiate(parameters) { try loss(.training(seed: count)) }
            optimiser.update()
            return value
        }
    }
}
