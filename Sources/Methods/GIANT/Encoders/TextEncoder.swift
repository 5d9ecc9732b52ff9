import Tensors

/// Texts to vectors: Φ of section 2. Rows are node numbers.
package protocol TextEncoder<Scalar> {
    associatedtype Scalar: TensorScalar
    var parameters: ParameterStore<Scalar> { get }
    /// d, the length of a vector.
    var width: Int { get }
    /// Rows that are encoded at once where all are: some 20 ms of work, so that a stop is answered.
    var blockRows: Int { get }
    /// - Parameter training: draws dropout masks; nil for evaluation.
    /// - Returns: [rows, width].
    func callAsFunction(_ rows: [Int32], training: RandomSource?) throws -> Tensor<Scalar>
}

extension TextEncoder {
    package var blockRows: Int { 512 }

    /// The vectors of all `count` nodes in evaluation mode, in blocks.
    package func encoded(count: Int, from first: Int = 0, proceed: (Int) throws -> Void = { _ in }) throws -> [Scalar] {
        var values: [Scalar] = []
        values.reserveCapacity((count - first) * width)
        var start = first
        while start < count {
            try proceed(start)
            let end = min(count, start + blockRows)
            try self((start..<end).map { Int32($0) }, training: nil).withScalars { values.append(contentsOf: $0) }
            start = end
        }
        return values
    }
}

/// What kind of encoder a run trains.
package enum EncoderKind: String, Sendable, CaseIterable, Codable { case bag, transformer, sentence, pretrained }
