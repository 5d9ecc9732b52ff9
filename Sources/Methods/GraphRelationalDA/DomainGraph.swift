import Datasets
import Tensors

/// The domain graph as the losses read it: a symmetric matrix of zeros and ones with a zero diagonal.
package struct DomainGraph: Sendable, Equatable {
    package let count: Int
    /// Row by row.
    package let matrix: [Double]
    package let neighbours: [[Int]]

    package init(_ adjacency: Adjacency) {
        self.init(count: adjacency.count, edges: (0..<adjacency.count).flatMap { node in adjacency.neighbours(of: node).map { (node, Int($0)) } })
    }

    /// - Parameter edges: pairs of node numbers below `count`, in one or both directions; loops are left out.
    package init(count: Int, edges: [(Int, Int)]) {
        var matrix = [Double](repeating: 0, count: count * count)
        for (a, b) in edges where a != b {
            matrix[a * count + b] = 1
            matrix[b * count + a] = 1
        }
        self.count = count
        self.matrix = matrix
        neighbours = (0..<count).map { node in (0..<count).filter { matrix[node * count + $0] == 1 } }
    }

    package subscript(a: Int, b: Int) -> Double { matrix[a * count + b] }
    package var edgeCount: Int { neighbours.reduce(0) { $0 + $1.count } / 2 }
    package var isComplete: Bool { count >= 2 && edgeCount == count * (count - 1) / 2 }

    /// Pairs i < j.
    package var pairs: [(Int, Int)] { (0..<count).flatMap { a in (a + 1..<max(a + 1, count)).map { (a, $0) } } }
}

/// Draws the group of domains that one step's discriminator loss looks at (section 2.5): with probability ½ uniformly, else by
/// chains along the graph, so that connected pairs are not too rare.
package enum GroupSampling {
    package static func group(of size: Int, in graph: DomainGraph, random: inout RandomSource) -> [Int] {
        guard size < graph.count else { return Array(0..<graph.count) }
        if random.uniform() < 0.5 { return Array(random.permutation(graph.count).prefix(size)).sorted() }
        var chosen: [Int] = [], isFree = [Bool](repeating: true, count: graph.count)
        while chosen.count < size {
            let free = (0..<graph.count).filter { isFree[$0] }
            guard !free.isEmpty else { break }
            var node = free[random.integer(below: free.count)]
            chosen.append(node)
            isFree[node] = false
            while chosen.count < size {
                let next = graph.neighbours[node].filter { isFree[$0] }
                guard !next.isEmpty else { break }
                node = next[random.integer(below: next.count)]
                chosen.append(node)
                isFree[node] = false
            }
        }
        return chosen.sorted()
    }
}
