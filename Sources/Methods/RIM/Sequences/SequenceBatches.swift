import Tensors

/// How sequences of items are cut for training and for reading.
package enum SequenceBatches {
    /// The tokens of a history, at most `truncation + 1` of the last: the start token 0, then items from 1.
    package static func tokens(_ items: some Collection<Int32>, truncation: Int) -> [Int32] {
        Array(([0] + items.map { $0 + 1 }).suffix(truncation + 1))
    }

    /// A piece of a batch: inputs, and the places in it that have a target.
    package struct Piece: Sendable {
        package let block: TokenBlock
        /// Rows of the flattened block, and the token that follows each.
        package let places: [Int32]
        package let targets: [Int32]
        /// How many sequences of the piece before go on in this one: the first ones.
        package let active: Int
    }

    /// The pieces of a batch of sequences, `length` inputs at most each. Sequences that have ended are left out of later pieces, so no
    /// output is computed at padding beyond a piece.
    /// - Parameter sequences: tokens; input i has target i + 1.
    package static func pieces(_ sequences: [[Int32]], length: Int) -> [Piece] {
        let sorted = sequences.filter { $0.count > 1 }.sorted { $0.count > $1.count }
        guard let longest = sorted.first.map({ $0.count - 1 }) else { return [] }
        return stride(from: 0, to: longest, by: max(1, min(length, longest))).map { start in
            let active = sorted.prefix { $0.count - 1 > start }
            let time = min(length, longest - start)
            var tokens: [Int32] = [], places: [Int32] = [], targets: [Int32] = []
            for (row, sequence) in active.enumerated() {
                let inputs = min(time, sequence.count - 1 - start)
                tokens += sequence[start..<start + inputs]
                tokens += [Int32](repeating: 0, count: time - inputs)
                for step in 0..<inputs {
                    places.append(Int32(truncatingIfNeeded: row * time + step))
                    targets.append(sequence[start + step + 1])
                }
            }
            return Piece(block: TokenBlock(batch: active.count, time: time, tokens: tokens), places: places, targets: targets, active: active.count)
        }
    }
}

extension SequenceEncoder {
    /// The mean negative log-likelihood of the next items of a piece, in nats an event.
    package func loss(_ piece: SequenceBatches.Piece, carried: [Tensor<Scalar>]) throws(TensorError) -> (loss: Tensor<Scalar>, carried: [Tensor<Scalar>]) {
        let (states, next) = try states(piece.block, carried: carried)
        let real = try states.reshaped([piece.block.batch * piece.block.time, width]).gathered(piece.places)
        return (try logits(real).crossEntropy(piece.targets), next)
    }

    /// The first sequences of what was handed on.
    package func carried(_ states: [Tensor<Scalar>], first count: Int) throws(TensorError) -> [Tensor<Scalar>] {
        var result: [Tensor<Scalar>] = []
        for state in states { result.append(state.shape[0] == count ? state : try state.sliced(0..<count)) }
        return result
    }

    /// The mean negative log-likelihood over all events of these sequences.
    package func meanLoss(_ sequences: [[Int32]], batch: Int, length: Int, proceed: () throws -> Void) throws -> Double {
        var sum = 0.0, count = 0
        for start in stride(from: 0, to: sequences.count, by: batch) {
            var carried: [Tensor<Scalar>] = []
            for piece in SequenceBatches.pieces(Array(sequences[start..<min(sequences.count, start + batch)]), length: isRecurrent ? length : .max) {
                try proceed()
                let (loss, next) = try loss(piece, carried: self.carried(carried, first: piece.active))
                carried = next
                sum += Double(loss.scalar) * Double(piece.targets.count)
                count += piece.targets.count
            }
        }
        return count > 0 ? sum / Double(count) : 0
    }

    /// The state after the last token of each sequence, row by row.
    package func lastStates(_ sequences: [[Int32]], batch: Int, proceed: () throws -> Void) throws -> [Scalar] {
        var result = [Scalar](repeating: 0, count: sequences.count * width)
        // Sequences of one length stand together, so little is padded.
        let order = sequences.indices.sorted { (sequences[$0].count, $0) < (sequences[$1].count, $1) }
        for start in stride(from: 0, to: order.count, by: batch) {
            try proceed()
            let rows = order[start..<min(order.count, start + batch)], time = max(1, rows.map { sequences[$0].count }.max() ?? 1)
            let tokens = rows.flatMap { sequences[$0] + [Int32](repeating: 0, count: time - sequences[$0].count) }
            let states = try states(TokenBlock(batch: rows.count, time: time, tokens: tokens), carried: []).states
            let places = rows.enumerated().map { Int32(truncatingIfNeeded: $0.offset * time + max(1, sequences[$0.element].count) - 1) }
            let last = try states.reshaped([rows.count * time, width]).gathered(places).scalars
            for (place, row) in rows.enumerated() {
                for column in 0..<width { result[row * width + column] = last[place * width + column] }
            }
        }
        return result
    }
}
