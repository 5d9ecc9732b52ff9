import Tensors

/// Token sequences side by side, padded to the longest of them.
package struct TokenBatch: Sendable {
    /// count x length, row by row.
    package private(set) var tokens: [Int32]
    /// 0 for the first part, 1 for the second; nil where all are 0.
    package private(set) var types: [Int32]?
    /// Real tokens of each sequence, at least 1.
    package let lengths: [Int]
    package let length: Int
    package var count: Int { lengths.count }
    /// Real tokens in all.
    package var tokenCount: Int { lengths.reduce(0, +) }

    /// - Parameters:
    ///   - sequences: none of them empty.
    ///   - firstLengths: for pairs how many tokens the first part has.
    package init(_ sequences: [[Int32]], firstLengths: [Int]? = nil, padding: Int32) {
        lengths = sequences.map { max(1, $0.count) }
        let length = lengths.max() ?? 1
        self.length = length
        var tokens: [Int32] = []
        tokens.reserveCapacity(sequences.count * length)
        for sequence in sequences {
            tokens += sequence
            tokens.append(contentsOf: repeatElement(padding, count: length - sequence.count))
        }
        self.tokens = tokens
        guard let firstLengths else { return }
        var types = [Int32](repeating: 0, count: sequences.count * length)
        for (row, sequence) in sequences.enumerated() where firstLengths[row] < sequence.count {
            for place in firstLengths[row]..<sequence.count { types[row * length + place] = 1 }
        }
        self.types = types
    }

    /// 1 for a real token, 0 for padding, [count, 1, length]; nil where nothing is padded.
    package func mask<Scalar: TensorScalar>() -> Tensor<Scalar>? {
        guard lengths.contains(where: { $0 < length }) else { return nil }
        return Tensor(shape: [count, 1, length], generating: { $0 % length < lengths[$0 / length] ? 1 : 0 })
    }

    /// 1 / length for a real token, 0 for padding, [count, length, 1]: a mean over the sequence is a sum with these.
    package func shares<Scalar: TensorScalar>() -> Tensor<Scalar> {
        Tensor(shape: [count, length, 1], generating: { $0 % length < lengths[$0 / length] ? 1 / Scalar(lengths[$0 / length]) : 0 })
    }

    /// Other tokens in the same places; as many as there are.
    package func replacing(_ tokens: [Int32]) -> TokenBatch {
        var batch = self
        if tokens.count == batch.tokens.count { batch.tokens = tokens }
        return batch
    }
}
