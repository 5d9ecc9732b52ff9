import Tensors

extension BERTEncoder where Scalar == Float {
    /// Vectors of many token sequences in evaluation mode, in the order in which they were given: count x width numbers.
    ///
    /// Sequences of like length are encoded together, so that little is padded.
    /// - Parameters:
    ///   - tokensAtOnce: real and padded tokens of a batch; the default is some 50 ms of MiniLM's six layers on two cores.
    ///   - proceed: called before each batch with the number of sequences that are done.
    package func vectors(of sequences: [[Int32]], _ pooling: Pooling, padding: Int32, tokensAtOnce: Int = 2048, proceed: (Int) throws -> Void) throws -> [Float] {
        var values = [Float](repeating: 0, count: sequences.count * width)
        try Self.forEachBatch(of: sequences.map(\.count), tokensAtOnce: tokensAtOnce) { places, done in
            try proceed(done)
            let batch = TokenBatch(places.map { sequences[$0] }, padding: padding)
            try vectors(batch, pooling).withScalars { vectors in
                for (row, place) in places.enumerated() {
                    for column in 0..<width { values[place * width + column] = vectors[row * width + column] }
                }
            }
        }
        return values
    }

    /// Places of sequences in batches of like length, the shortest first; `body` is given the places and how many came before them.
    package static func forEachBatch(of lengths: [Int], tokensAtOnce: Int, _ body: (_ places: [Int], _ done: Int) throws -> Void) rethrows {
        let order = lengths.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] < lengths[$1] : $0 < $1 }
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, (end - start + 1) * lengths[order[end]] <= tokensAtOnce { end += 1 }
            try body(Array(order[start..<end]), start)
            start = end
        }
    }
}
