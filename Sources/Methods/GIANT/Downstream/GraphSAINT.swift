import Datasets
import Tensors

/// GraphSAINT with random walks (Zeng et al., ICLR 2020) in the form of the paper's ogbn-products baseline: GraphSAGE trains on the graph that the nodes of short
/// random walks induce, and is evaluated on the whole graph.
extension Downstream {
    /// The official number of roots; a graph of fewer than four times as many nodes takes a quarter of its nodes, so that a subgraph stays a part.
    package static func roots(nodes: Int) -> Int { min(20_000, max(1, nodes / 4)) }

    func sampledGraphNetwork(_ x: Tensor<Float>, _ random: RandomSource, _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        var start = random.stream("start")
        let network = Classifier(inputs: x.shape[1], hidden: options.hidden, outputs: classes, layers: 2, propagation: .sage, normalises: options.normalises, random: &start)
        let roots = Self.roots(nodes: graph.count), steps = max(1, graph.count / max(1, roots))
        var isTraining = [Bool](repeating: false, count: graph.count)
        for node in training { isTraining[node] = true }
        let held = validation.map { Int32($0) }
        return try fit(network.parameters, random, report, batches: steps) { epoch, batch in
            var draws = random.stream("epoch", epoch).stream("batch", batch)
            var (part, wanted) = ([Int32](), [Int32]())
            // A draw without a labelled node teaches nothing; there is at least one in the whole graph.
            repeat {
                part = graph.nodesOfWalks(roots: roots, length: 1, random: &draws)
                wanted = part.map { isTraining[Int($0)] ? Int32(labels[Int($0)]) : -1 }
            } while !wanted.contains { $0 >= 0 }
            return try network(x.gathered(part), graph.meanWithin(part), dropout: options.dropout, training: draws).crossEntropy(wanted)
        } validate: {
            try accuracy(network(x, mean).gathered(held), validation)
        } predict: {
            try network(x, mean)
        }
    }
}

extension Adjacency {
    /// The nodes of random walks from roots drawn with replacement, rising. A walk ends early at a node without edges.
    package func nodesOfWalks(roots: Int, length: Int, random: inout RandomSource) -> [Int32] {
        var isIn = [Bool](repeating: false, count: count)
        for _ in 0..<roots {
            var node = random.integer(below: count)
            isIn[node] = true
            for _ in 0..<length where degree(node) > 0 {
                node = Int(neighbours[starts[node] + random.integer(below: degree(node))])
                isIn[node] = true
            }
        }
        return isIn.indices.filter { isIn[$0] }.map { Int32($0) }
    }

    /// The mean over those neighbours that are in `part` themselves (rising, each node once): a matrix of part x part.
    package func meanWithin(_ part: [Int32]) throws -> SparseMatrix<Float> {
        var places = [Int32](repeating: -1, count: count)
        for (place, node) in part.enumerated() { places[Int(node)] = Int32(place) }
        var starts: [Int32] = [0], indices: [Int32] = [], values: [Float] = []
        for node in part {
            let first = indices.count
            for neighbour in neighbours(of: Int(node)) where places[Int(neighbour)] >= 0 { indices.append(places[Int(neighbour)]) }
            values += [Float](repeating: 1 / Float(max(1, indices.count - first)), count: indices.count - first)
            starts.append(Int32(indices.count))
        }
        return try SparseMatrix(rows: part.count, columns: part.count, starts: starts, indices: indices, values: values)
    }
}
