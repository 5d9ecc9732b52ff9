import Tensors

/// Two-layer graph convolution 1433-64-7 with dropout 0.5 on a full graph of 2,708 nodes, Adam 0.01.
package struct GraphConvolutionWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.adam()
    package let rate = 0.01
    package var adjacency: SparseMatrix<Float>
    let first, second: Linear<Float>
    package var features: Tensor<Float>
    package var labels: [Int32]

    package init(nodes: Int = 2708, edges: Int = 5278, widths: [Int] = [1433, 64, 7]) throws {
        var random = RandomSource(seed: 0)
        adjacency = try Self.graph(nodes: nodes, edges: edges, from: &random)
        first = Linear("first", inputs: widths[0], outputs: widths[1], in: parameters, from: &random)
        second = Linear("second", inputs: widths[1], outputs: widths[2], in: parameters, from: &random)
        features = Tensor(shape: [nodes, widths[0]], generating: { _ in random.uniform() < 0.0127 ? 1 : 0 })
        labels = (0..<nodes).map { _ in Int32(random.integer(below: widths[2])) }
    }

    /// A loop at every node and random edges in both directions, 0.2 each.
    static func graph(nodes: Int = 2708, edges: Int = 5278, from random: inout RandomSource) throws -> SparseMatrix<Float> {
        var entries = (0..<nodes).map { (row: $0, column: $0, value: Float(0.2)) }
        for _ in 0..<edges {
            let (a, b) = (random.integer(below: nodes), random.integer(below: nodes))
            entries += [(row: a, column: b, value: 0.2), (row: b, column: a, value: 0.2)]
        }
        return try SparseMatrix(rows: nodes, columns: nodes, entries: entries)
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        let hidden = try adjacency.multiplied(by: first(features.dropout(rate: 0.5, seed: mode.seed(0)))).relu()
        return try adjacency.multiplied(by: second(hidden.dropout(rate: 0.5, seed: mode.seed(1)))).crossEntropy(labels)
    }
}
