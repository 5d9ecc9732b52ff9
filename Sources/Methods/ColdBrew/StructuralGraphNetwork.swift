import Tensors

/// The teacher: graph convolution whose layers may carry a structural embedding E, one learnt row a node (section 2.3).
///
///     U = dropout(X) W      V = U + E      Z = Ã V + b      X' = ReLU(Z), no ReLU after the last layer
package struct StructuralGraphNetwork<Scalar: TensorScalar> {
    /// What R(E) is: the sum over layers of ‖E‖² (paper) or of ‖E‖ (code).
    package enum Penalty: String, Sendable, CaseIterable { case squared, norm }

    package struct Layer {
        package var weight: Parameter<Scalar>, bias: Parameter<Scalar>, embedding: Parameter<Scalar>?
    }

    package let layers: [Layer]
    package let parameters: ParameterStore<Scalar>

    /// - Parameters:
    ///   - widths: d_in, h, …, classes.
    ///   - switches: E on in the first, the middle and the last layers.
    package init(nodes: Int, widths: [Int], switches: (first: Bool, middle: Bool, last: Bool), embeddingDeviation: Double = 1,
                 random: inout RandomSource, parameters: ParameterStore<Scalar> = ParameterStore()) {
        let count = widths.count - 1
        layers = (0..<count).map { l in
            let isOn = l == 0 ? switches.first : l == count - 1 ? switches.last : switches.middle
            // Xavier (Glorot and Bengio 2010).
            let bound = Scalar((6 / Double(widths[l] + widths[l + 1])).squareRoot())
            let weight = parameters.add("\(l).W", .uniform([widths[l], widths[l + 1]], in: -bound, bound, from: &random))
            let bias = parameters.add("\(l).b", Tensor(shape: [widths[l + 1]], repeating: 0))
            let embedding = isOn ? parameters.add("\(l).E", .normal([nodes, widths[l + 1]], deviation: Scalar(embeddingDeviation), from: &random)) : nil
            return Layer(weight: weight, bias: bias, embedding: embedding)
        }
        self.parameters = parameters
    }

    /// The outputs Z of all layers, before ReLU; the last are the logits.
    /// - Parameter random: draws dropout masks; nil for evaluation.
    package func outputs(_ features: SparseMatrix<Scalar>, _ propagation: SparseMatrix<Scalar>, dropout: Double = 0,
                         random: RandomSource? = nil) throws -> [Tensor<Scalar>] {
        var outputs: [Tensor<Scalar>] = []
        for (l, layer) in layers.enumerated() {
            var product: Tensor<Scalar>
            if let previous = outputs.last {
                var x = try previous.relu()
                if var random = random?.stream("layer", l), dropout > 0 { x = try x.dropout(rate: dropout, seed: random.next()) }
                product = try x.matmul(layer.weight.tensor)
            } else {
                let x = try random.map { try features.dropout(rate: dropout, random: $0.stream("features")) } ?? features
                product = try x.multiplied(by: layer.weight.tensor)
            }
            if let embedding = layer.embedding { product = try product + embedding.tensor }
            outputs.append(try propagation.multiplied(by: product) + layer.bias.tensor)
        }
        return outputs
    }

    /// R(E).
    package func penalty(_ kind: Penalty) throws -> Tensor<Scalar>? {
        var sum: Tensor<Scalar>?
        for case let embedding? in layers.map(\.embedding) {
            let term = switch kind {
            case .squared: try embedding.tensor.squared().sum()
            case .norm: try Self.norm(embedding.tensor)
            }
            sum = try sum.map { try $0 + term } ?? term
        }
        return sum
    }

    /// ‖E‖_F, whose gradient at 0 is taken as 0.
    private static func norm(_ e: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let values = e.detached()
        let norm = try values.squared().sum().squareRoot().scalar
        return try Tensor.custom("Frobenius norm", inputs: [e], value: Tensor(norm)) { gradient in
            [norm > 0 ? try? values.scaled(by: Double(gradient.scalar) / Double(norm)) : nil]
        }
    }
}
