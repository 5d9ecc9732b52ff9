import Foundation
import Tensors

/// What the game can come to (section 2.9): the encoder's optimum is reached exactly where E[A | e, e'] = E[A] for all pairs of
/// encodings.
package enum Equilibrium {
    /// How many directions domains may differ in at the optimum. Write p(u | e) = 1/N + v(e); the condition holds exactly where all v lie
    /// in a subspace with 1ᵀv = 0, vᵀA1 = 0, vᵀAv' = 0, and the largest one has n0 + min(n+, n-) dimensions, the signature of A on the first two
    /// conditions. 0: the domains must become alike.
    package static func freedom(_ graph: DomainGraph) throws -> Int {
        let n = graph.count
        guard n >= 2 else { return 0 }
        // An orthonormal basis of what is orthogonal to 1 and A1.
        let ones = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
        var degrees = graph.neighbours.map { Double($0.count) }
        let mean = degrees.reduce(0, +) / Double(n)
        degrees = degrees.map { $0 - mean }
        let norm = degrees.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var projector = Matrix.identity(n)
        for a in 0..<n {
            for b in 0..<n {
                projector[a, b] -= ones[a] * ones[b]
                if norm > 1e-9 { projector[a, b] -= degrees[a] * degrees[b] / (norm * norm) }
            }
        }
        let eigen = try projector.symmetricEigen()
        let columns = (0..<n).filter { eigen.values[$0] > 0.5 }
        guard !columns.isEmpty else { return 0 }
        var basis = Matrix(rows: n, columns: columns.count)
        for (place, column) in columns.enumerated() { for row in 0..<n { basis[row, place] = eigen.vectors[row, column] } }
        let restricted = basis.multiplied(by: Matrix(rows: n, columns: n, values: graph.matrix).multiplied(by: basis), transposeSelf: true)
        let symmetric = restricted.combined(with: restricted.transposed()) { ($0 + $1) / 2 }
        let values = try symmetric.symmetricEigen().values
        let tolerance = 1e-9 * Double(n)
        let positive = values.count { $0 > tolerance }, negative = values.count { $0 < -tolerance }
        return values.count - positive - negative + min(positive, negative)
    }

    /// α_i(e) = p(u = i | e) of equally frequent domains, and αᵀAα' for each pair of encodings; `densities`: a row p_u(e) a domain.
    package static func edgeProbabilities(_ densities: [[Double]], _ graph: DomainGraph) -> [[Double]] {
        let codes = densities.first?.count ?? 0
        let alpha = (0..<codes).map { e -> [Double] in
            let sum = densities.reduce(0) { $0 + $1[e] }
            return densities.map { sum > 0 ? $0[e] / sum : 0 }
        }
        return (0..<codes).map { a in (0..<codes).map { b in
            (0..<graph.count).reduce(0) { sum, i in sum + (0..<graph.count).reduce(0) { $0 + alpha[a][i] * graph[i, $1] * alpha[b][$1] } }
        } }
    }

    /// L_d of the best discriminator: the mean entropy of E[A | e, e'] in nats.
    package static func optimalLoss(_ densities: [[Double]], _ graph: DomainGraph) -> Double {
        let codes = densities.first?.count ?? 0
        let weights = (0..<codes).map { e in densities.reduce(0) { $0 + $1[e] } / Double(densities.count) }
        let edges = edgeProbabilities(densities, graph)
        return (0..<codes).reduce(0) { sum, a in sum + (0..<codes).reduce(0) { $0 + weights[a] * weights[$1] * entropy(edges[a][$1]) } }
    }

    package static func entropy(_ p: Double) -> Double { p <= 0 || p >= 1 ? 0 : -p * log(p) - (1 - p) * log(1 - p) }
}
