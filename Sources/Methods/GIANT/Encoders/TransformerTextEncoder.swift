import Layers
import Tensors

/// A small transformer from scratch (section 2.7): learnt positions, layers normalised before each half, the mean over real words, tanh(Linear).
package struct TransformerTextEncoder<Scalar: TensorScalar>: TextEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let width: Int
    package var blockRows: Int { 32 }
    private let sequences: WordSequences
    private let words: Embedding<Scalar>, positions: Parameter<Scalar>
    private let layers: [PreNormalisedEncoderLayer<Scalar>]
    private let norm: LayerNormalisation<Scalar>
    private let last: Linear<Scalar>
    private let dropout: Double

    package init(_ sequences: WordSequences, width: Int, layers count: Int = 2, heads: Int = 4, inner: Int? = nil, dropout: Double = 0.1, random: inout RandomSource) {
        self.sequences = sequences
        self.width = width
        self.dropout = dropout
        words = Embedding("words", count: sequences.vocabulary, width: width, deviation: 0.05, update: .touchedRows, in: parameters, from: &random)
        positions = parameters.add("positions", .normal([sequences.length, width], deviation: 0.05, from: &random))
        var layers: [PreNormalisedEncoderLayer<Scalar>] = []
        for l in 0..<count { layers.append(PreNormalisedEncoderLayer("\(l)", width: width, heads: heads, inner: inner ?? 4 * width, in: parameters, from: &random)) }
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
        func dropped(_ x: Tensor<Scalar>, _ place: Int) throws(TensorError) -> Tensor<Scalar> {
            guard var random = training?.stream("transformer", place), dropout > 0 else { return x }
            return try x.dropout(rate: dropout, seed: random.next())
        }
        let embedded = try words(identifiers).reshaped([rows.count, length, width])
        var x = try dropped(embedded + positions.tensor.sliced(0..<length), 0)
        for (l, layer) in layers.enumerated() {
            x = try layer(x, mask: keys) { (added, half) throws(TensorError) in try dropped(added, 2 * l + 1 + half) }
        }
        let weights = Tensor<Scalar>(shape: [rows.count, length, 1], shares)
        return try last((norm(x) * weights).sum(axes: [1]), activation: .tanh)
    }
}
