/// Beam search down a chain of clusters (section 2.6): of each level only the children of the best clusters of the level above are scored.
package struct BeamSearch: Sendable {
    package var width: Int
    package var postProcessor: PostProcessor

    package init(width: Int, postProcessor: PostProcessor) {
        self.width = width
        self.postProcessor = postProcessor
    }

    package struct Kept: Sendable, Equatable, Codable {
        package var cluster: Int32
        package var value: Float
        package init(cluster: Int32, value: Float) {
            self.cluster = cluster
            self.value = value
        }
    }

    /// The best clusters of the top level.
    /// - Parameter scores: one a cluster.
    package func top(_ scores: some Collection<Float>, keeping count: Int? = nil) -> [Kept] {
        best(scores.enumerated().map { Kept(cluster: Int32($0.offset), value: postProcessor.value($0.element)) }, count ?? width)
    }

    /// The best children of `parents`, combined with these.
    /// - Parameter score: the score of a cluster at `level` + 1.
    package func next(_ parents: [Kept], below level: Int, of chain: ClusterChain, keeping count: Int? = nil, score: (Int32) -> Float) -> [Kept] {
        var candidates: [Kept] = []
        for parent in parents {
            for child in chain.children(of: parent.cluster, at: level) {
                candidates.append(Kept(cluster: child, value: postProcessor.combined(postProcessor.value(score(child)), parent: parent.value)))
            }
        }
        return best(candidates, count ?? width)
    }

    /// Highest first; of equal ones the lower cluster.
    package func best(_ candidates: [Kept], _ count: Int) -> [Kept] {
        Array(candidates.sorted { $0.value != $1.value ? $0.value > $1.value : $0.cluster < $1.cluster }.prefix(count))
    }
}
