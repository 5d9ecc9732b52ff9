import Tensors

/// GraphSAGE with mean aggregation: x' = W_s x + W_n mean over neighbours + b; the mean of no neighbours is 0.
struct GraphSAGE {
    let parameters = ParameterStore<Float>()
    private let layers: [(own: Parameter<Float>, neighbour: Parameter<Float>, bias: Parameter<Float>)]

    init(widths: [Int], random: inout RandomSource) {
        var layers: [(own: Parameter<Float>, neighbour: Parameter<Float>, bias: Parameter<Float>)] = []
        for l in 0..<widths.count - 1 {
            let bound = Float((6 / Double(widths[l] + widths[l + 1])).squareRoot())
            layers.append((parameters.add("\(l).own", .uniform([widths[l], widths[l + 1]], in: -bound, bound, from: &random)),
                           parameters.add("\(l).neighbour", .uniform([widths[l], widths[l + 1]], in: -bound, bound, from: &random)),
                           parameters.add("\(l).bias", Tensor(shape: [widths[l + 1]], repeating: 0))))
        }
        self.layers = layers
    }

    func logits(_ features: SparseMatrix<Float>, _ mean: SparseMatrix<Float>, dropout: Double, random: RandomSource?) throws -> Tensor<Float> {
        let x = try random.map { try features.dropout(rate: dropout, random: $0.stream("features")) } ?? features
        var z = try x.multiplied(by: layers[0].own.tensor) + mean.multiplied(by: x.multiplied(by: layers[0].neighbour.tensor)) + layers[0].bias.tensor
        for (l, layer) in layers.enumerated().dropFirst() {
            var hidden = try z.relu()
            if var random = random?.stream("layer", l), dropout > 0 { hidden = try hidden.dropout(rate: dropout, seed: random.next()) }
            z = try hidden.matmul(layer.own.tensor) + mean.multiplied(by: hidden.matmul(layer.neighbour.tensor)) + layer.bias.tensor
        }
        return z
    }
}
