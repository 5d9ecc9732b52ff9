import Tensors

/// The embedding z of each domain, N x n_t row by row: made before all else and never trained further (section 2.3).
package struct DomainEmbedding: Sendable, Equatable {
    package var width: Int
    package var values: [Double]

    package init(width: Int, values: [Double]) {
        self.width = width
        self.values = values
    }

    /// L_g: the mean over pairs i < j of the binary cross-entropy of σ(z_i · z_j) with A_ij (section 2.2).
    package static func loss<Scalar>(_ z: Tensor<Scalar>, _ graph: DomainGraph) throws -> Tensor<Scalar> {
        let n = graph.count, weight = 2 / Double(n * (n - 1))
        let upper = Tensor<Scalar>(shape: [n, n], generating: { $0 / n < $0 % n ? Scalar(weight) : 0 })
        let edges = Tensor<Scalar>(shape: [n, n], generating: { $0 / n < $0 % n ? Scalar(weight * graph.matrix[$0]) : 0 })
        let gram = try z.matmul(z, transposeOther: true)
        return try (gram.softplus() * upper).sum() - (gram * edges).sum()
    }

    /// Trains a free table by full-batch Adam from 0.5 N(0, 1).
    ///
    /// It must stop early: without a stop |z| grows for ever, and the gradient through large z ruins what follows.
    /// - Parameter report: called after each step with its number (from 1), L_g before the step and the area under the curve.
    /// - Throws: `GRDAError` when L_g is not finite.
    package static func learned(_ graph: DomainGraph, width: Int, steps: Int, rate: Double, random: RandomSource,
                                report: (Int, Double, Double?) throws -> Void = { _, _, _ in }) throws -> DomainEmbedding {
        var random = random
        let store = ParameterStore<Double>()
        let z = store.add("z", .normal([graph.count, width], deviation: 0.5, from: &random))
        let optimiser = Optimiser(store, .adam(), rate: rate), tape = Tape<Double>()
        for step in 0..<steps {
            let value = try tape.differentiate(store) { try loss(z.tensor, graph) }
            guard value.isFinite else { throw GRDAError("L_g is not finite at step \(step + 1) of the embedding; take fewer embed-steps or a smaller embed-rate") }
            optimiser.update()
            try report(step + 1, value, DomainEmbedding(width: width, values: z.value.scalars).areaUnderCurve(graph))
        }
        let embedding = DomainEmbedding(width: width, values: z.value.scalars)
        guard embedding.values.allSatisfy(\.isFinite) else { throw GRDAError("the embedding is not finite after \(steps) steps; take fewer embed-steps or a smaller embed-rate") }
        return embedding
    }

    /// Eigenvectors 2 … width + 1 of the normalised Laplacian, times √N; the largest entry of each is positive.
    package static func spectral(_ graph: DomainGraph, width: Int) throws -> DomainEmbedding {
        let n = graph.count
        guard width < n else { throw GRDAError("a spectral embedding of \(n) domains has at most \(n - 1) columns; take a smaller embed-size than \(width)") }
        var laplacian = Matrix(rows: n, columns: n)
        let scales = graph.neighbours.map { $0.isEmpty ? 0 : 1 / Double($0.count).squareRoot() }
        for a in 0..<n {
            for b in 0..<n { laplacian[a, b] = (a == b && scales[a] > 0 ? 1 : 0) - graph[a, b] * scales[a] * scales[b] }
        }
        let eigen: SymmetricEigenDecomposition
        do { eigen = try laplacian.symmetricEigen() } catch { throw GRDAError("the graph has no spectral embedding (\(error)); set embed to learned") }
        var values = [Double](repeating: 0, count: n * width)
        for column in 0..<width {
            let vector = eigen.vectors.column(column + 1)
            let largest = vector.max { abs($0) < abs($1) } ?? 1
            for node in 0..<n { values[node * width + column] = vector[node] * (largest < 0 ? -1 : 1) * Double(n).squareRoot() }
        }
        return DomainEmbedding(width: width, values: values)
    }

    package static func oneHot(_ count: Int) -> DomainEmbedding {
        DomainEmbedding(width: count, values: (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 })
    }

    /// How well z_i · z_j ranks edges before non-edges.
    package func areaUnderCurve(_ graph: DomainGraph) -> Double? {
        pairAUC(GraphReconstruction(pairing: .slot).logits(values, width: width), graph)
    }

    package func loss(_ graph: DomainGraph) throws -> Double {
        try Self.loss(Tensor<Double>(shape: [graph.count, width], values), graph).scalar
    }

    package func row(_ domain: Int) -> [Double] { Array(values[domain * width..<(domain + 1) * width]) }
}
