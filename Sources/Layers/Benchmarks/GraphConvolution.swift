import Tensors

/// Two-layer graph convolution 1433-64-7 with dropout 0.5 on a full graph of 2,708 nodes, Adam 0.01.
struct GraphConvolutionWorkload: Workload {
    let parameters = ParameterStore<Float>()
    let algorithm = OptimiserAlgorithm.adam()
    let rate = 0.01
    let adjacency: SparseMatrix<Float>
    let first, second: Linear<Float>
    let features: Tensor<Float>
    let labels: [Int32]

    init() throws {
        var random = RandomSource(seed: 0)
        let nodes = 2708
        var entries = (0..<nodes).map { (row: $0, column: $0, value: Float(0.2)) }
        for _ in 0..<5278 {
            let (a, b) = (random.integer(below: nodes), random.integer(below: nodes))
            entries += [(row: a, column: b, value: 0.2), (row: b, column: a, value: 0.2)]
        }
        adjacency = try SparseMatrix(rows: nodes, columns: nodes, entries: entries)
        first = Linear("first", inputs: 1433, outputs: 64, in: parameters, from: &random)
        second = Linear("second", inputs: 64, outputs: 7, in: parameters, from: &random)
        features = Tensor(shape: [nodes, 1433], generating: { _ in random.uniform() < 0.0127 ? 1 : 0 })
        labels = (0..<nodes).map { _ in Int32(random.integer(below: 7)) }
    }

    func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        let hidden = try adjacency.multiplied(by: first(features.dropout(rate: 0.5, seed: mode.seed(0)))).relu()
        return try adjacency.multiplied(by: second(hidden.dropout(rate: 0.5, seed: mode.seed(1)))).crossEntropy(labels)
    }
}
