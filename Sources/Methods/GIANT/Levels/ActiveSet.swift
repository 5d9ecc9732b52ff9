import Tensors

/// Which negatives a row sees below the top level (section 2.5).
package enum NegativeSampling: String, Sendable, CaseIterable, Codable {
    /// The other children of its true clusters (teacher forcing).
    case teacherForcing = "tfn"
    /// The children of the clusters that the model predicts (matcher-aware).
    case matcherAware = "man"
    case both = "tfn+man"

    var usesMatcher: Bool { self != .teacherForcing }
}

/// The clusters that take part in a row's loss at a level, with what they should be.
package struct ActiveSet: Sendable, Equatable {
    package var clusters: [Int32] = []
    /// 1 for a positive, -1 for a negative.
    package var signs: [Float] = []
    /// How many labels of the row a positive cluster holds; 1 for a negative.
    package var counts: [Float] = []
    /// How many negatives come from the model's predictions alone.
    package var matcherCount = 0

    /// - Parameters:
    ///   - predicted: the model's clusters of the level above; not used at the top.
    ///   - limit: when there are more clusters, all positives stay and the negatives are drawn at random.
    package init(of row: Int32, at level: Int, targets: LevelTargets, predicted: [Int32], sampling: NegativeSampling, limit: Int, random: RandomSource) {
        let positives = targets.clusters(of: row, at: level), chain = targets.chain
        var negatives: [Int32] = [], fromMatcher: [Int32] = []
        func addChildren(_ parent: Int32, to list: inout [Int32]) {
            for child in chain.children(of: parent, at: level - 1) where !Self.contains(child, positives) { list.append(child) }
        }
        if level == 0 {
            for cluster in 0..<Int32(chain.levels[0]) where !Self.contains(cluster, positives) { negatives.append(cluster) }
        } else {
            let parents = targets.clusters(of: row, at: level - 1)
            if sampling != .matcherAware { for parent in parents { addChildren(parent.cluster, to: &negatives) } }
            if sampling.usesMatcher {
                for parent in predicted where sampling == .matcherAware || !Self.contains(parent, parents) { addChildren(parent, to: &fromMatcher) }
            }
        }
        let room = level == 0 ? .max : max(0, limit - positives.count), total = negatives.count + fromMatcher.count
        if total > room {
            // Selection sampling over both lists.
            var random = random, seen = 0, taken = 0
            func kept(_ list: [Int32]) -> [Int32] {
                list.filter { _ in
                    let keeps = Double(total - seen) * random.uniform() < Double(room - taken)
                    seen += 1
                    if keeps { taken += 1 }
                    return keeps
                }
            }
            negatives = kept(negatives)
            fromMatcher = kept(fromMatcher)
        }
        clusters = positives.map(\.cluster) + negatives + fromMatcher
        signs = [Float](repeating: 1, count: positives.count) + [Float](repeating: -1, count: negatives.count + fromMatcher.count)
        counts = positives.map { Float($0.count) } + [Float](repeating: 1, count: negatives.count + fromMatcher.count)
        matcherCount = fromMatcher.count
    }

    private static func contains(_ cluster: Int32, _ sorted: [(cluster: Int32, count: Int32)]) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].cluster < cluster { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low].cluster == cluster
    }
}

/// The active sets of a batch as (example, cluster) pairs without padding.
package struct ActivePairs: Sendable {
    package var examples: [Int32] = [], clusters: [Int32] = [], signs: [Float] = [], counts: [Float] = []
    package var batch = 0
    package var matcherCount = 0

    package init() {}

    package mutating func append(_ set: ActiveSet) {
        examples += [Int32](repeating: Int32(batch), count: set.clusters.count)
        clusters += set.clusters
        signs += set.signs
        counts += set.counts
        matcherCount += set.matcherCount
        batch += 1
    }
}
