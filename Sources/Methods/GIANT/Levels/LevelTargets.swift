import Datasets

/// What a training row has to predict: the clusters of its neighbours, at any level, from the leaf codes alone. Y C is never made.
package struct LevelTargets: Sendable {
    package let chain: ClusterChain
    private let graph: Adjacency
    /// Neighbours of so many edges or more are no labels; nil: every neighbour is one, as in the paper.
    private let droppedAbove: Int?

    package init(chain: ClusterChain, graph: Adjacency, droppingColumnsAbove limit: Int? = nil) {
        self.chain = chain
        self.graph = graph
        droppedAbove = limit
    }

    /// The positive labels of a row.
    package func labels(of row: Int32) -> [Int32] {
        let neighbours = graph.neighbours(of: Int(row))
        guard let droppedAbove else { return Array(neighbours) }
        return neighbours.filter { graph.degree(Int($0)) < droppedAbove }
    }

    /// The positive clusters of a row at a level, rising, with the number of labels in each.
    package func clusters(of row: Int32, at level: Int) -> [(cluster: Int32, count: Int32)] {
        let divisor = chain.divisor(level)
        var found = labels(of: row).map { chain.codes[Int($0)] / divisor }
        found.sort()
        var clusters: [(cluster: Int32, count: Int32)] = []
        for cluster in found {
            if let last = clusters.last, last.cluster == cluster { clusters[clusters.count - 1].count += 1 } else { clusters.append((cluster, 1)) }
        }
        return clusters
    }
}
