import Tensors

/// GraphMLP (section 2.6): an MLP that never reads an edge when it predicts, but whose hidden z is pulled towards the z of nodes a
/// few steps away while it trains.
///
///     z = Linear(dropout(GELU(LayerNorm(Linear(x)))))      logits = Linear(z)
package struct GraphMLP<Scalar: TensorScalar> {
    package let parameters: ParameterStore<Scalar>
    private let hidden: MultilayerPerceptron<Scalar>
    private let last, lastBias: Parameter<Scalar>

    package init(inputs: Int, width: Int, outputs: Int, random: inout RandomSource) {
        hidden = MultilayerPerceptron(inputs: (inputs, 0), hidden: [width], outputs: width, random: &random)
        parameters = hidden.parameters
        last = parameters.add("output.W", PyTorchLinear.weights([width, outputs], inputs: width, from: &random))
        lastBias = parameters.add("output.b", PyTorchLinear.weights([outputs], inputs: width, from: &random))
    }

    /// - Parameter random: draws dropout masks; nil for evaluation.
    package func callAsFunction(_ features: NodeInputs<Scalar>, dropout: Double = 0, random: RandomSource? = nil) throws -> (z: Tensor<Scalar>, logits: Tensor<Scalar>) {
        let z = try hidden(features, dropout: dropout, random: random)
        return (z, try z.linear(last.tensor, bias: lastBias.tensor))
    }
}

/// The neighbour contrast of GraphMLP.
package enum NeighbourContrast {
    /// -log( Σ_{j≠i} γ_ij e^{cos(z_i, z_j)/τ} / Σ_{j≠i} e^{cos(z_i, z_j)/τ} ) for each node i of the batch, and the mean over the nodes
    /// whose numerator is not zero (a node without a neighbour in the batch has nothing to be pulled to).
    /// - Parameters:
    ///   - z: nodes of the batch x columns.
    ///   - strengths: γ, batch x batch; its diagonal is not used.
    /// - Returns: the term of each counted node, and their mean; nil where no node counts.
    package static func terms<Scalar: TensorScalar>(_ z: Tensor<Scalar>, strengths: [Scalar], temperature: Double) throws -> (terms: Tensor<Scalar>, mean: Tensor<Scalar>)? {
        let count = z.shape[0]
        var outside = [Scalar](repeating: 1, count: count * count), strengths = strengths
        for node in 0..<count {
            outside[node * count + node] = 0
            strengths[node * count + node] = 0
        }
        let counted = (0..<count).filter { node in strengths[node * count..<(node + 1) * count].contains { $0 > 0 } }.map { Int32($0) }
        guard !counted.isEmpty else { return nil }
        let unit = try z.normalised()
        let likeness = try unit.matmul(unit, transposeOther: true).scaled(by: 1 / temperature).exp()
        let near = try (likeness * Tensor(shape: [count, count], strengths)).sum(axes: [1]).gathered(counted)
        let all = try (likeness * Tensor(shape: [count, count], outside)).sum(axes: [1]).gathered(counted)
        let terms = try all.log() - near.log()
        return (terms, try terms.mean())
    }
}

/// γ = Ã^r between the nodes of a batch.
///
/// Graphs of up to 6,000 nodes keep the whole power (at most 144 MB); of larger ones the rows of a batch are made when asked for.
package struct PropagationPower {
    private let propagation: SparseMatrix<Float>
    private let exponent: Int
    private let whole: [Float]?

    package init(_ propagation: SparseMatrix<Float>, exponent: Int, denseLimit: Int = 6000) throws {
        self.propagation = propagation
        self.exponent = exponent
        let count = propagation.rows
        guard count <= denseLimit else { whole = nil; return }
        var power = Tensor<Float>(shape: [count, count], Self.identity(count))
        for _ in 0..<exponent { power = try propagation.multiplied(by: power) }
        whole = power.withScalars { Array($0) }
    }

    private static func identity(_ count: Int) -> [Float] {
        var values = [Float](repeating: 0, count: count * count)
        for place in 0..<count { values[place * count + place] = 1 }
        return values
    }

    /// The rows and columns of `nodes`, row by row.
    package func block(_ nodes: [Int]) -> [Float] {
        let count = propagation.rows, size = nodes.count
        var block = [Float](repeating: 0, count: size * size)
        if let whole {
            for (row, node) in nodes.enumerated() {
                for (column, other) in nodes.enumerated() { block[row * size + column] = whole[node * count + other] }
            }
            return block
        }
        var place = [Int32](repeating: -1, count: count)
        for (column, node) in nodes.enumerated() { place[node] = Int32(column) }
        var values = [Float](repeating: 0, count: count), next = values
        for (row, node) in nodes.enumerated() {
            var reached = [node]
            values[node] = 1
            for _ in 0..<exponent {
                var wider: [Int] = []
                for from in reached {
                    for entry in Int(propagation.starts[from])..<Int(propagation.starts[from + 1]) {
                        let to = Int(propagation.indices[entry])
                        // Entries of Ã are positive, so zero means not yet reached.
                        if next[to] == 0 { wider.append(to) }
                        next[to] += values[from] * propagation.values[entry]
                    }
                    values[from] = 0
                }
                swap(&values, &next)
                reached = wider
            }
            for to in reached {
                if place[to] >= 0 { block[row * size + Int(place[to])] = values[to] }
                values[to] = 0
            }
        }
        return block
    }
}
