import Tensors

/// The graph discriminator's loss (section 2.5): how well reconstructed embeddings tell connected from unconnected domains.
///
/// With σ(logit of a pair) as the guess of an edge and ℓ_ij the mean binary cross-entropy over the pairs of samples of domains i and j,
///
///     L_D = N · ½ · (mean of ℓ over connected pairs + mean of ℓ over unconnected pairs).
///
/// A half without pairs counts 0; the other keeps its weight. A discriminator that knows nothing has N ln 2.
package struct GraphReconstruction: Sendable, Equatable {
    /// Which samples of two domains meet.
    package enum Pairing: String, Sendable, CaseIterable {
        /// Slot b of one domain meets slot b of the other, every domain shuffled by itself.
        case slot
        /// The same with one shuffle for all domains, as the published code does. On rows that lie sorted by label, every pair then
        /// shares its true class, in targets too: labels of targets leak into training.
        case slotShared = "slot-shared"
        /// Every sample of one domain meets every sample of the other.
        case all
    }

    package enum Head: String, Sendable, CaseIterable {
        /// logit = ẑ · ẑ', as published.
        case dot
        /// ẑ = (p, q), logit = p · p' - q · q': can represent any graph, also one whose nodes are not joined with themselves.
        case signed
    }

    package var pairing: Pairing
    package var head: Head
    /// Whether pairs (i, i) of different samples count as unconnected; what a complete graph needs.
    package var selfPairs: Bool

    package init(pairing: Pairing, head: Head = .dot, selfPairs: Bool = false) {
        self.pairing = pairing
        self.head = head
        self.selfPairs = selfPairs
    }

    /// - Parameters:
    ///   - z: ẑ of the group, [domains of the group, B, n_d]; n_d is even for the signed head.
    ///   - group: the domains' numbers.
    ///   - graph: the whole graph; its size is N.
    package func loss<Scalar>(_ z: Tensor<Scalar>, group: [Int], graph: DomainGraph) throws -> Tensor<Scalar> {
        let v = group.count, batch = z.shape[1], width = z.shape[2]
        var connected: [(Int, Int)] = [], unconnected: [(Int, Int)] = []
        for a in 0..<v {
            for b in (a + 1)..<max(a + 1, v) { if graph[group[a], group[b]] == 1 { connected.append((a, b)) } else { unconnected.append((a, b)) } }
        }
        let ownPairs = selfPairs && batch >= 2
        let half = Double(graph.count) / 2
        let connectedWeight = half / Double(max(1, connected.count))
        let unconnectedWeight = half / Double(max(1, unconnected.count + (ownPairs ? v : 0)))
        // Weights of the pairs i < j, and those of the edges alone: softplus(s) W - s (W ∘ A).
        var weights = [Double](repeating: 0, count: v * v), edges = weights
        for (a, b) in connected { weights[a * v + b] = connectedWeight; edges[a * v + b] = connectedWeight }
        for (a, b) in unconnected { weights[a * v + b] = unconnectedWeight }
        func tensor(_ values: [Double], _ shape: Shape, _ scale: Double) -> Tensor<Scalar> { Tensor(shape: shape, values.map { Scalar($0 * scale) }) }

        let other = try signed(z, width)
        switch pairing {
        case .slot, .slotShared:
            let gram = try z.permuted([1, 0, 2]).matmul(other.permuted([1, 0, 2]), transposeOther: true)
            let scale = 1 / Double(batch)
            var loss = try (gram.softplus() * tensor(weights, [v, v], scale)).sum() - (gram * tensor(edges, [v, v], scale)).sum()
            if ownPairs {
                // Slot b of a domain meets its own slot b + 1: always another sample.
                let logits = try (z * other.rolled(axis: 1, by: -1)).sum(axes: [2])
                loss = try loss + logits.softplus().sum().scaled(by: unconnectedWeight / Double(batch))
            }
            return loss
        case .all:
            let rows = v * batch
            let gram = try z.reshaped([rows, width]).matmul(other.reshaped([rows, width]), transposeOther: true).reshaped([v, batch, v, batch])
            let scale = 1 / Double(batch * batch)
            var loss = try (gram.softplus() * tensor(weights, [v, 1, v, 1], scale)).sum() - (gram * tensor(edges, [v, 1, v, 1], scale)).sum()
            if ownPairs {
                let own = try z.matmul(other, transposeOther: true)
                let different = Tensor<Scalar>(shape: [batch, batch], generating: { $0 / batch == $0 % batch ? 0 : 1 })
                loss = try loss + (own.softplus() * different).sum().scaled(by: unconnectedWeight / Double(batch * (batch - 1)))
            }
            return loss
        }
    }

    /// What the left factor of a logit is multiplied with: ẑ' itself, or (p', -q').
    private func signed<Scalar>(_ z: Tensor<Scalar>, _ width: Int) throws -> Tensor<Scalar> {
        guard head == .signed else { return z }
        return try z * Tensor(shape: [width], generating: { $0 < width / 2 ? 1 : -1 })
    }

    /// The logits of all pairs of domains from one ẑ a domain (rows of `width` numbers), [N x N] row by row.
    package func logits(_ z: [Double], width: Int) -> [Double] {
        let count = z.count / max(1, width)
        return (0..<count * count).map { place in
            let (a, b) = (place / count, place % count)
            return (0..<width).reduce(0) { sum, c in
                let product = z[a * width + c] * z[b * width + c]
                return sum + (head == .signed && c >= width / 2 ? -product : product)
            }
        }
    }

    /// The loss of a discriminator that knows nothing.
    package static func chance(_ domains: Int) -> Double { Double(domains) * 0.693147180559945309 }
}

/// The share of (edge, no edge) pairs of pairs that a score puts in the right order; ties count half. nil without either.
package func pairAUC(_ scores: [Double], _ graph: DomainGraph) -> Double? {
    var ranked = graph.pairs.map { (score: scores[$0.0 * graph.count + $0.1], isEdge: graph[$0.0, $0.1] == 1) }
    let positives = ranked.count { $0.isEdge }, negatives = ranked.count - positives
    guard positives > 0, negatives > 0, ranked.allSatisfy({ !$0.score.isNaN }) else { return nil }
    ranked.sort { $0.score < $1.score }
    // Mean ranks of ties, then the rank-sum formula.
    var sum = 0.0, first = 0
    while first < ranked.count {
        var next = first
        while next < ranked.count, ranked[next].score == ranked[first].score { next += 1 }
        let rank = Double(first + next + 1) / 2
        for place in first..<next where ranked[place].isEdge { sum += rank }
        first = next
    }
    return (sum - Double(positives * (positives + 1)) / 2) / Double(positives * negatives)
}
