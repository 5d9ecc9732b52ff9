extension Operation {
    /// What is recorded of the inputs, those without a place on the tape too.
    var inputs: [NodeReference] {
        switch self {
        case .released, .watched, .parameter: []
        case .unary(_, let input, _, _), .gradientScale(let input, _), .broadcast(let input), .sum(let input, _, _), .reshape(let input),
             .permute(let input, _), .slice(let input, _, _), .pad(let input, _), .flip(let input, _), .softmax(let input, _, _, _),
             .crossEntropy(let input, _, _, _), .dropout(let input, _, _), .gather(let input, _), .scatterAdd(let input, _),
             .maxPool(_, let input, _), .averagePool(_, let input, _), .spectral(let input, _, _, _, _), .sparseProduct(_, let input),
             .mixRows(_, let input, _, _, _):
            [input]
        case .add(let a, let b, _), .select(_, let a, let b): [a, b]
        case .multiply(let a, let b), .matmul(let a, let b, _, _), .transposedConvolution(_, let a, let b), .sample(let a, let b, _),
             .innerProducts(let a, _, let b, _):
            [a.savedReference, b.savedReference]
        case .divide(let a, let b, _): [a, b.savedReference]
        case .extremum(let input, _, _): [input.savedReference]
        case .concatenate(let inputs, _), .custom(let inputs, _): inputs
        case .linear(let input, let weight, let bias, _, _), .convolution(_, let input, let weight, let bias, _, _):
            [input.savedReference, weight.savedReference] + [bias].compactMap(\.self)
        case .batchNormalisation(let input, let gamma, let beta, _): [input.savedReference, gamma.savedReference, beta]
        case .layerNormalisation(let input, let branch, _, _, let gamma, let beta):
            [input] + [branch?.branch, gamma?.savedReference, beta].compactMap(\.self)
        case .recurrent(let record):
            [record.projection, record.recurrent.savedReference, record.initial] + [record.recurrentBias, record.initialCell].compactMap(\.self)
        case .attention(_, let q, let k, let v, _, _, let packed):
            packed.map { [$0] } ?? [q.tensor.savedReference, k.tensor.savedReference, v.tensor.savedReference]
        }
    }
}
