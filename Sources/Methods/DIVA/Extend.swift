/// Extend: chooses from a pool the examples whose addition lowers the leave-one-out error of a core set.
///
/// Core and pool are concatenated, weights are 1 on the core and 0 on the pool, and the derivative is taken with the pool masked
/// out of the loss. The most negative derivatives are added, until none below 0 is left.
package struct Extension: Sendable, Codable, Equatable {
    package let coreCount: Int
    package let poolCount: Int
    /// Pool numbers (0 ..< poolCount) in the order in which they were chosen.
    package private(set) var chosen: [Int] = []
    /// How many were chosen after each round.
    package private(set) var rounds: [Int] = []
    package private(set) var isFinished = false

    /// - Throws: `DIVAError` when there is no core or no pool.
    package init(coreCount: Int, poolCount: Int) throws {
        guard coreCount >= 2 else { throw DIVAError("the core has \(coreCount) examples; Extend needs a core of at least two") }
        guard poolCount >= 1 else { throw DIVAError("there is no pool to extend the core from; set pool to at least 1") }
        self.coreCount = coreCount
        self.poolCount = poolCount
    }

    /// 1 on the core and on what was chosen, else 0.
    package var weights: [Double] {
        var weights = [Double](repeating: 0, count: coreCount + poolCount)
        for i in 0..<coreCount { weights[i] = 1 }
        for i in chosen { weights[coreCount + i] = 1 }
        return weights
    }

    /// 1 on the core, 0 on the pool.
    package var mask: [Double] {
        [Double](repeating: 1, count: coreCount) + [Double](repeating: 0, count: poolCount)
    }

    /// Adds the pool examples with the most negative derivative.
    /// - Parameters:
    ///   - gradient: one an example of core and pool, at `weights`.
    ///   - chunk: the most that a round may add; 0 for all below 0 at once.
    ///   - maximum: the most that may be chosen in all; 0 for no limit.
    package mutating func advance(along gradient: [Double], chunk: Int, maximum: Int) {
        precondition(gradient.count == coreCount + poolCount)
        let taken = Set(chosen)
        let room = maximum == 0 ? poolCount : max(0, maximum - chosen.count)
        let helpful = (0..<poolCount).filter { !taken.contains($0) && gradient[coreCount + $0] < 0 }
            .sorted { (gradient[coreCount + $0], $0) < (gradient[coreCount + $1], $1) }
        let added = helpful.prefix(min(room, chunk == 0 ? poolCount : chunk))
        chosen += added
        rounds.append(chosen.count)
        // One shot ranks everything at once; a further round would be a second shot.
        isFinished = added.isEmpty || chunk == 0 || chosen.count == poolCount || (maximum > 0 && chosen.count >= maximum)
    }
}
