import Layers
import Tensors

/// A small transformer from scratch (section 2.7): learnt positions, layers normalised before each half, the mean over real words, tanh(Linear).
package struct TransformerTextEncoder<Scalar: TensorScalar>: TextEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let width: Int
    package var blockRows: Int { 32 }
    private let sequences: WordSequences
    private let heads: Int
    private let words: Embedding<Scalar>, positions: Parameter<Scalar>
    private struct Layer {
        var attentionNorm: LayerNormalisation<Scalar>, projection: Linear<Scalar>, output: Linear<Scalar>
        var innerNorm: LayerNormalisation<Scalar>, expansion: Linear<Scalar>, contraction: Linear<Scalar>
    }
    private let layers: [Layer]
    private let norm: LayerNormalisation<Scalar>
    private let last: Linear<Scalar>
    private let dropout: Double

    package init(_ sequences: WordSequences, width: Int, layers count: Int = 2, heads: Int = 4, inner: Int? = nil, dropout: Double = 0.1, random: inout RandomSource) {
        self.sequences = sequences
        self.width = width
        self.heads = heads
        self.dropout = dropout
        words = Embedding("words", count: sequences.vocabulary, width: width, deviation: 0.05, update: .touchedRows, in: parameters, from: &random)
        positions = parameters.add("positions", .normal([sequences.length, width], deviation: 0.05, from: &random))
        var layers: [Layer] = []
        for l in 0..<count {
            layers.append(Layer(attentionNorm: LayerNormalisation("\(l).attention.norm", width: width, in: parameters),
                                projection: Linear("\(l).projection", inputs: width, outputs: 3 * width, in: parameters, from: &random),
                                output: Linear("\(l).output", inputs: width, outputs: width, in: parameters, from: &random),
                                innerNorm: LayerNormalisation("\(l).inner.norm", width: width, in: parameters),
                                expansion: Linear("\(l).expansion", inputs: width, outputs: inner ?? 4 * width, in: parameters, from: &random),
                                contraction: Linear("\(l).contraction", inputs: inner ?? 4 * width, outputs: width, in: parameters, from: &random)))
        }
        self.layers = layers
        norm = LayerNormalisation("norm", width: width, in: parameters)
        last = Linear("last", inputs: width, outputs: width, in: parameters, from: &random)
    }

    package func callAsFunction(_ rows: [Int32], training: RandomSource?) throws -> Tensor<Scalar> {
        guard rows.allSatisfy({ $0 >= 0 && Int($0) < sequences.count }) else { throw GIANTError("a row is outside the \(sequences.count) texts") }
        // No longer than the longest text of the batch.
        let full = sequences.length, tokens = rows.map { row in sequences.words[Int(row) * full..<(Int(row) + 1) * full] }
        let lengths = tokens.map { max(1, $0.count { $0 != 0 }) }, length = lengths.max() ?? 1
        let identifiers = tokens.flatMap { Array($0.prefix(length)) }
        var mask = [Scalar](repeating: 0, count: rows.count * length), shares = mask
        for (row, count) in lengths.enumerated() {
            for place in 0..<count {
                mask[row * length + place] = 1
                shares[row * length + place] = 1 / Scalar(count)
            }
        }
        let keys = Tensor<Scalar>(shape: [rows.count, 1, length], mask)
        func dropped(_ x: Tensor<Scalar>, _ place: Int) throws -> Tensor<Scalar> {
            guard var random = training?.stream("transformer", place), dropout > 0 else { return x }
            return try x.dropout(rate: dropout, seed: random.next())
        }
        let embedded = try words(identifiers).reshaped([rows.count, length, width])
        var x = try dropped(embedded + positions.tensor.sliced(0..<length), 0)
        for (l, layer) in layers.enumerated() {
            let attended = try layer.output(layer.projection(layer.attentionNorm(x)).selfAttention(heads: heads, mask: keys))
            x = try x + dropped(attended, 2 * l + 1)
            let inner = try layer.contraction(layer.expansion(layer.innerNorm(x), activation: .gelu))
            x = try x + dropped(inner, 2 * l + 2)
        }
        let weights = Tensor<Scalar>(shape: [rows.count, length, 1], shares)
        return try last((norm(x) * weights).sum(axes: [1]), activation: .tanh)
    }
}
