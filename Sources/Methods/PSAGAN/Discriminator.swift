import Layers
import Tensors

/// The discriminator (section 2.4), the generator's mirror. Block B_k belongs to length 8 · 2^k; growing adds a block at the input's end.
package struct Discriminator<Scalar: TensorScalar> {
    package let shape: NetworkShape
    package let parameters: ParameterStore<Scalar>
    /// ψ, [N, E], its own.
    package let table: Embedding<Scalar>
    package let input: Convolution1D<Scalar>
    /// B_1 … B_{K-1}.
    package let blocks: [MainBlock<Scalar>]
    package let last: MainBlock<Scalar>
    private let narrowing: Convolution1D<Scalar>
    /// The linear layer of eight numbers, as a kernel as wide as its input.
    private let score: Convolution1D<Scalar>

    package init(_ shape: NetworkShape, random: inout RandomSource) {
        self.shape = shape
        let store = ParameterStore<Scalar>()
        parameters = store
        table = Embedding("discriminator.ids", count: shape.series, width: shape.embedding, in: store, from: &random)
        func pointwise(_ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 1) -> Convolution1D<Scalar> {
            Convolution1D("discriminator.\(name)", inputs: inputs, outputs: outputs, kernel: kernel, isSpectral: true, in: store, from: &random)
        }
        input = pointwise("input", shape.embedding + shape.features + 1, shape.channels)
        blocks = (1..<max(1, shape.resolutions)).map { MainBlock("discriminator.block\($0)", inputs: shape.channels, shape: shape, in: store, from: &random) }
        last = MainBlock("discriminator.last", inputs: shape.channels, shape: shape, in: store, from: &random)
        narrowing = pointwise("narrowing", shape.channels, 1)
        score = pointwise("score", 1, 1, kernel: 8)
    }

    /// How real each window looks, [batch]: 1 for real, 0 for synthetic.
    /// - Parameter v: windows [batch, 8 · 2^depth, 1].
    package func callAsFunction(_ v: Tensor<Scalar>, _ conditions: WindowConditions<Scalar>, depth: Int, alpha: Double = 1, mode: ForwardMode) throws -> Tensor<Scalar> {
        let activation = Activation.leakyReLU(slope: NetworkShape.slope), filter = try input.filter(mode), table = table.table.tensor
        var h = try input(conditions.joined(table, depth, with: v), filter: filter, activation: activation)
        for k in stride(from: depth, to: 0, by: -1) {
            h = try blocks[k - 1](h, mode: mode).pooled(to: shape.length(k - 1))
            if k == depth, alpha < 1 {
                let coarse = try input(conditions.joined(table, k - 1, with: v.pooled(to: shape.length(k - 1))), filter: filter, activation: activation)
                h = try h.scaled(by: alpha) + coarse.scaled(by: 1 - alpha)
            }
        }
        let narrow = try narrowing(last(h, mode: mode), mode: mode, activation: activation)
        return try score(narrow, mode: mode).reshaped([v.shape[0]])
    }
}
