import Tensors

/// One operation of `lathe bench`, forward and backward, on a shape that a method has.
public struct KernelBenchmark: Sendable {
    public let name: String
    /// The operation and its sizes, in one line.
    public let summary: String
    /// Multiplications with addition of one step, both ways; for GFLOP/s count each twice.
    public let multiplications: Double
    /// Builds the inputs, and returns the closure that goes there and back once.
    public let makeStep: @Sendable () throws -> () throws -> Void
}

/// Operations by themselves: sparse products, attention, convolutions.
public enum KernelBenchmarks {
    public static let all: [KernelBenchmark] = [spmm, attention(32, 32, 12, 32), attention(128, 64, 1, 32)] + convolutions.map(convolution)

    /// Goes there and back from the sum of an operation's result.
    private static func step(_ inputs: [Tensor<Float>], _ operation: @escaping ([Tensor<Float>]) throws -> Tensor<Float>) -> () throws -> Void {
        let tape = Tape<Float>()
        return {
            tape.begin()
            let result = try operation(inputs.map { tape.watch($0) })
            try tape.backward(from: result, seed: result.detached())
            tape.end()
        }
    }

    /// The graph of the `gcn` workload times 64 columns, and its transpose on the way back.
    private static let spmm = KernelBenchmark(
        name: "spmm", summary: "sparse product, 2,708 nodes, about 13,260 entries, 64 columns, and its way back", multiplications: 2 * 13_260 * 64,
        makeStep: {
            var random = RandomSource(seed: 0)
            let adjacency = try GraphConvolutionWorkload.graph(from: &random)
            return step([.normal([adjacency.columns, 64], from: &random)]) { try adjacency.multiplied(by: $0[0]) }
        })

    private static func attention(_ batch: Int, _ length: Int, _ heads: Int, _ width: Int) -> KernelBenchmark {
        KernelBenchmark(
            name: "attention-\(batch)x\(length)x\(heads)x\(width)",
            summary: "self-attention, batch \(batch), length \(length), \(heads) heads of \(width), and its way back",
            multiplications: Double(batch * heads * length * length * width) * 6,
            makeStep: {
                var random = RandomSource(seed: 0)
                return step([.normal([batch, length, 3 * heads * width], from: &random)]) { try $0[0].selfAttention(heads: heads) }
            })
    }

    private struct Layer {
        let size, inputs, outputs: Int
        var kernel = 3, stride = 1, groups = 1
    }

    /// The layers of WideResNet-10-2, and a depthwise one as in mobile networks.
    private static let convolutions = [
        Layer(size: 32, inputs: 3, outputs: 16), Layer(size: 32, inputs: 16, outputs: 32), Layer(size: 32, inputs: 32, outputs: 32),
        Layer(size: 32, inputs: 32, outputs: 64, stride: 2), Layer(size: 16, inputs: 64, outputs: 64),
        Layer(size: 16, inputs: 64, outputs: 128, stride: 2), Layer(size: 8, inputs: 128, outputs: 128),
        Layer(size: 32, inputs: 64, outputs: 64, groups: 64),
    ]

    private static func convolution(_ layer: Layer) -> KernelBenchmark {
        let out = layer.size / layer.stride, kind = layer.groups > 1 ? "-depthwise" : layer.stride > 1 ? "-s\(layer.stride)" : ""
        let (inputs, outputs, groups) = (layer.inputs, layer.outputs, layer.groups)
        return KernelBenchmark(
            name: "conv-\(layer.size)-\(inputs)-\(outputs)\(kind)",
            summary: "64 images of \(layer.size) x \(layer.size), \(inputs) to \(outputs) channels, 3 x 3, stride \(layer.stride), and the way back to input and weight",
            multiplications: Double(64 * out * out * outputs * (inputs / groups) * 9) * 3,
            makeStep: {
                var random = RandomSource(seed: 0)
                let options = ConvolutionOptions(stride: layer.stride, padding: .symmetric(1), groups: groups)
                return step([.normal([64, layer.size, layer.size, inputs], from: &random), .normal([3, 3, inputs / groups, outputs], deviation: 0.1, from: &random)]) {
                    try $0[0].conv2d($0[1], options)
                }
            })
    }
}
