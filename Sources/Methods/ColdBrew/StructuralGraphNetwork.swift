import Tensors

/// The teacher: graph convolution whose layers may carry a structural embedding E, one learnt row a node (section 2.3).
///
///     U = dropout(X) W      V = U + E      Z = Ã V + b      X' = ReLU(norm(Z)); the last layer's Z are the logits
///
/// With a residual kind an input layer to width h and an output layer to the classes wrap the convolutions, which then are all of
/// width h and all followed by norm and ReLU.
package struct StructuralGraphNetwork<Scalar: TensorScalar> {
    /// What R(E) is: the sum over layers of ‖E‖² (paper) or of ‖E‖ (code).
    package enum Penalty: String, Sendable, CaseIterable { case squared, norm }

    /// Which layers have an embedding.
    package typealias Switches = (first: Bool, middle: Bool, last: Bool)

    package struct Layer {
        package var weight: Parameter<Scalar>, bias: Parameter<Scalar>, embedding: Parameter<Scalar>?
        var normalisation: NodeNormalisation<Scalar>?, join: XavierLinear<Scalar>?
    }

    /// What one pass gives, each with a row a node.
    package struct Pass {
        /// V of each convolution.
        package var inputs: [Tensor<Scalar>] = []
        /// Z of each convolution, before norm and ReLU.
        package var outputs: [Tensor<Scalar>] = []
        package var logits: Tensor<Scalar>
    }

    package let layers: [Layer]
    package let parameters: ParameterStore<Scalar>
    package let backbone: GraphBackbone
    private let input, output, last: XavierLinear<Scalar>?

    /// - Parameters:
    ///   - widths: d_in, h, …, classes: one more than there are convolutions.
    ///   - switches: E on in the first, the middle and the last layers.
    package init(nodes: Int, widths: [Int], switches: Switches, embeddingDeviation: Double = 1, backbone: GraphBackbone = GraphBackbone(),
                 random: inout RandomSource, parameters: ParameterStore<Scalar> = ParameterStore()) {
        let count = widths.count - 1, hidden = widths[1]
        let isWrapped = backbone.residual != .none
        input = isWrapped ? XavierLinear("input", inputs: widths[0], outputs: hidden, in: parameters, from: &random) : nil
        layers = (0..<count).map { l in
            let (from, to) = isWrapped ? (hidden, hidden) : (widths[l], widths[l + 1])
            let isOn = l == 0 ? switches.first : l == count - 1 ? switches.last : switches.middle
            let linear = XavierLinear("\(l)", inputs: from, outputs: to, in: parameters, from: &random)
            let embedding = isOn ? parameters.add("\(l).E", .normal([nodes, to], deviation: Scalar(embeddingDeviation), from: &random)) : nil
            let isInner = isWrapped || l < count - 1
            return Layer(weight: linear.weight, bias: linear.bias, embedding: embedding,
                         normalisation: isInner ? NodeNormalisation("\(l).norm", width: to, backbone, in: parameters, from: &random) : nil,
                         join: backbone.residual == .dense ? XavierLinear("\(l).join", inputs: (l + 2) * hidden, outputs: hidden, in: parameters, from: &random) : nil)
        }
        last = backbone.residual == .jumping ? XavierLinear("join", inputs: count * hidden, outputs: hidden, in: parameters, from: &random) : nil
        output = isWrapped ? XavierLinear("output", inputs: hidden, outputs: widths[count], in: parameters, from: &random) : nil
        self.parameters = parameters
        self.backbone = backbone
    }

    /// - Parameter random: draws dropout masks; nil for evaluation.
    package func callAsFunction(_ features: SparseMatrix<Scalar>, _ propagation: SparseMatrix<Scalar>, dropout: Double = 0,
                                random: RandomSource? = nil) throws -> Pass {
        func dropped(_ x: Tensor<Scalar>, _ name: String, _ index: Int = 0) throws -> Tensor<Scalar> {
            guard var random = random?.stream(name, index), dropout > 0 else { return x }
            return try x.dropout(rate: dropout, seed: random.next())
        }
        let sparse = try random.map { try features.dropout(rate: dropout, random: $0.stream("features")) } ?? features
        let first = try input.map { try (sparse.multiplied(by: $0.weight.tensor) + $0.bias.tensor).relu() }
        var pass = Pass(logits: first ?? Tensor(Scalar(0)))
        var x = first, all = first.map { [$0] } ?? []
        for (l, layer) in layers.enumerated() {
            var v = if let x { try dropped(x, "layer", l).matmul(layer.weight.tensor) } else { try sparse.multiplied(by: layer.weight.tensor) }
            if let embedding = layer.embedding { v = try v + embedding.tensor }
            let z = try propagation.multiplied(by: v) + layer.bias.tensor
            pass.inputs.append(v)
            pass.outputs.append(z)
            guard let normalisation = layer.normalisation else { pass.logits = z; break }
            var next = try normalisation(z, isTraining: random != nil).relu()
            switch backbone.residual {
            case .none: break
            case .initial: if let first { next = try next.scaled(by: 1 - backbone.residualWeight) + first.scaled(by: backbone.residualWeight) }
            case .residual: if let x { next = try next.scaled(by: 1 - backbone.residualWeight) + x.scaled(by: backbone.residualWeight) }
            case .dense, .jumping: all.append(next)
            }
            if let join = layer.join { next = try Tensor.concatenated(all, axis: 1).linear(join.weight.tensor, bias: join.bias.tensor) }
            x = next
        }
        if let last { x = try Tensor.concatenated(Array(all.dropFirst()), axis: 1).linear(last.weight.tensor, bias: last.bias.tensor) }
        if let output, let x { pass.logits = try dropped(x, "output").linear(output.weight.tensor, bias: output.bias.tensor) }
        return pass
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
