import Foundation
import Layers
import Tensors

/// Item numbers of several sequences side by side, padded with 0 behind their ends. Token 0 is start and padding; items are 1, 2, ….
package struct TokenBlock: Sendable {
    package let batch: Int
    package let time: Int
    /// Row by row, `batch * time` of them.
    package let tokens: [Int32]

    package init(batch: Int, time: Int, tokens: [Int32]) {
        (self.batch, self.time, self.tokens) = (batch, time, tokens)
    }
}

/// A network that reads a sequence of items and says what comes next: log softmax(h Eᵀ + b), E being the table that it reads with as well
/// (section 2.3).
package protocol SequenceEncoder<Scalar> {
    associatedtype Scalar: TensorScalar
    var parameters: ParameterStore<Scalar> { get }
    /// E, [vocabulary, width].
    var embedding: Parameter<Scalar> { get }
    /// b, [vocabulary].
    var outputBias: Parameter<Scalar> { get }
    /// Whether a sequence can be read in pieces, handing on a state.
    var isRecurrent: Bool { get }
    /// The states after each token, [batch, time, width], and what the next piece of the same sequences starts from.
    /// - Parameter carried: what the last piece handed on, one tensor [batch, width] a layer; empty at the start.
    func states(_ block: TokenBlock, carried: [Tensor<Scalar>]) throws(TensorError) -> (states: Tensor<Scalar>, carried: [Tensor<Scalar>])
}

extension SequenceEncoder {
    package var width: Int { embedding.shape[1] }
    package var vocabulary: Int { embedding.shape[0] }

    /// [rows, width] to [rows, vocabulary], not yet normalised.
    package func logits(_ states: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        try states.matmul(embedding.tensor, transposeOther: true) + outputBias.tensor
    }
}

/// Two gated recurrent layers of the width of the embedding, without dropout.
package struct RecurrentItemModel<Scalar: TensorScalar>: SequenceEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let embedding: Parameter<Scalar>
    package let outputBias: Parameter<Scalar>
    private let layers: [GRU<Scalar>]
    package let isRecurrent = true

    package init(vocabulary: Int, width: Int, layers count: Int, random: inout RandomSource) {
        embedding = parameters.add("embedding", .uniform([vocabulary, width], in: -0.1, 0.1, from: &random))
        let bound = Scalar(1 / Double(width).squareRoot()), store = parameters
        outputBias = store.add("output.bias", .uniform([vocabulary], in: -bound, bound, from: &random))
        layers = (0..<count).map { GRU("layer \($0)", inputs: width, hidden: width, in: store, from: &random) }
    }

    package func states(_ block: TokenBlock, carried: [Tensor<Scalar>]) throws(TensorError) -> (states: Tensor<Scalar>, carried: [Tensor<Scalar>]) {
        var x = try embedding.tensor.gathered(block.tokens).reshaped([block.batch, block.time, width]), last: [Tensor<Scalar>] = []
        for (place, layer) in layers.enumerated() {
            x = try layer(x, initial: carried.isEmpty ? nil : carried[place])
            last.append(try x.selected(axis: 1, block.time - 1).detached())
        }
        return (x, last)
    }
}

/// Two encoder blocks, each normalised after its halves, that look backwards only, over E[y] √width + sinusoids of the position.
package struct AttentiveItemModel<Scalar: TensorScalar>: SequenceEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let embedding: Parameter<Scalar>
    package let outputBias: Parameter<Scalar>
    private let layers: [TransformerEncoderLayer<Scalar>]
    package let isRecurrent = false

    package init(vocabulary: Int, width: Int, layers count: Int, heads: Int, random: inout RandomSource) {
        embedding = parameters.add("embedding", .uniform([vocabulary, width], in: -0.1, 0.1, from: &random))
        let bound = Scalar(1 / Double(width).squareRoot()), store = parameters
        outputBias = store.add("output.bias", .uniform([vocabulary], in: -bound, bound, from: &random))
        // The blocks start equal, as copies of one do.
        let start = random
        layers = (0..<count).map { place in
            var own = start
            return TransformerEncoderLayer("block \(place)", number: place, width: width, heads: heads, inner: width, dropoutRate: 0, activation: .relu, in: store, from: &own)
        }
        // Queries, keys and values: Xavier-uniform as one matrix; the biases of attention begin at zero.
        let xavier = Scalar((6 / Double(4 * width)).squareRoot())
        for layer in layers {
            var own = start.stream("attention")
            layer.projection.weight.assign(.uniform([width, 3 * width], in: -xavier, xavier, from: &own))
            layer.projection.bias?.assign(Tensor(shape: [3 * width], repeating: 0))
            layer.output.bias?.assign(Tensor(shape: [width], repeating: 0))
        }
    }

    package func states(_ block: TokenBlock, carried: [Tensor<Scalar>]) throws(TensorError) -> (states: Tensor<Scalar>, carried: [Tensor<Scalar>]) {
        let time = block.time, width = width
        let positions = Tensor<Scalar>(shape: [time, width], generating: { Self.sinusoid(position: $0 / width, column: $0 % width, width: width) })
        let backwards = Tensor<Scalar>(shape: [time, time], generating: { $0 % time <= $0 / time ? 1 : 0 })
        var x = try embedding.tensor.gathered(block.tokens).scaled(by: Double(width).squareRoot()).reshaped([block.batch, time, width]) + positions
        for layer in layers { x = try layer(x, mask: backwards, mode: .inference) }
        return (x, [])
    }

    /// sin(pos · 10000^(-2i/d)) in even columns 2i, cos in odd ones.
    package static func sinusoid(position: Int, column: Int, width: Int) -> Scalar {
        let angle = Double(position) * exp(-log(10_000) * Double(column / 2 * 2) / Double(width))
        return Scalar(column.isMultiple(of: 2) ? sin(angle) : cos(angle))
    }
}
