import Tensors

// The letters of the paper, used in this folder:
//   N examples · D features, bias included · K classes
//   Z  N x D features        Y  N x K targets        a  N weights >= 0       lambda > 0 ridge strength
//   C  D x D  (Z' diag(a) Z + lambda I)^-1           W  D x K  C Z' diag(a) Y
//   E  N x K  Y - Z W        s  N  z_i' C z_i        q  N  1 / (1 - a_i s_i)   U  N x K  leave-one-out predictions
//   S  N x N  Z C Z', formed in the dual form only

/// A weighted ridge regression before its strength is chosen: sum_i a_i |W' z_i - y_i|^2 + lambda |W|^2.
///
/// Holds the sums over the examples, so that each further lambda costs one factorisation. With D <= N (primal) those are
/// D x D; with D > N (dual) they are N x N.
package struct WeightedLeastSquares: Sendable {
    /// Which of the two equal formulations is factorised.
    package enum Form: Sendable { case primal, dual }
    private enum System: Sendable {
        case primal
        /// Z Z', which leave-one-out values need.
        case dual(kernel: Matrix)
    }

    package let features: Matrix
    package let targets: Matrix
    package let weights: [Double]
    private let system: System
    /// Primal: Z' diag(a) Z. Dual: diag(a)^1/2 Z Z' diag(a)^1/2.
    private let gram: Matrix
    /// Primal: Z' diag(a) Y. Dual: diag(a)^1/2 Y.
    private let moments: Matrix

    /// - Parameters:
    ///   - weights: a, one an example; nil for all ones.
    ///   - form: nil takes the smaller one.
    ///   - proceed: called between blocks of work; its error ends the work.
    /// - Throws: `DIVAError` for a negative or non-finite weight, for weights that are all zero and for lengths that differ.
    /// - Complexity: O(N D^2) primal, O(N^2 D) dual.
    package init(features: Matrix, targets: Matrix, weights: [Double]? = nil, form: Form? = nil,
                 proceed: () throws -> Void = {}) throws {
        let n = features.rows
        let a = weights ?? [Double](repeating: 1, count: n)
        guard targets.rows == n, a.count == n else {
            throw DIVAError("there are \(n) rows of features, \(targets.rows) targets and \(a.count) weights; give one of each an example")
        }
        if let bad = a.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw DIVAError("the weight of example \(bad) is \(a[bad]); weights must be finite and not negative")
        }
        guard a.contains(where: { $0 > 0 }) else {
            throw DIVAError("all weights have reached 0, nothing is left to train on; take a smaller eta or fewer steps")
        }
        self.features = features
        self.targets = targets
        self.weights = a
        switch form ?? (features.columns > n ? .dual : .primal) {
        case .primal:
            gram = try features.gram(weights: a, proceed: proceed)
            moments = features.multiplied(by: targets.scalingRows(by: a), transposeSelf: true)
            system = .primal
        case .dual:
            let root = a.map { $0.squareRoot() }
            let inner = features.outerGram()
            try proceed()
            gram = inner.scalingRows(by: root).scalingColumns(by: root)
            moments = targets.scalingRows(by: root)
            system = .dual(kernel: inner)
        }
        try proceed()
    }

    /// W alone for one ridge strength, D x K: what a refit needs, without leave-one-out values.
    /// - Throws: `DIVAError` as `solve`.
    package func coefficients(lambda: Double) throws -> Matrix {
        coefficients(try factor(lambda: lambda))
    }

    private func coefficients(_ factor: Cholesky) -> Matrix {
        switch system {
        case .primal: return factor.solve(moments)
        case .dual:
            let root = weights.map { $0.squareRoot() }
            return features.multiplied(by: factor.solve(moments).scalingRows(by: root), transposeSelf: true)
        }
    }

    private func factor(lambda: Double) throws -> Cholesky {
        guard lambda > 0, lambda.isFinite else {
            throw DIVAError("lambda is \(lambda); the ridge strength must be a positive number")
        }
        do {
            var normal = gram
            normal.addToDiagonal(lambda)
            return try Cholesky(normal)
        } catch {
            throw DIVAError("the normal matrix is not positive definite at lambda \(lambda); raise lambda")
        }
    }

    /// Solves for one ridge strength and predicts every example from all others.
    /// - Throws: `DIVAError` when lambda is not positive, the factorisation fails, or an example is interpolated.
    /// - Complexity: O(D^3 + N D^2) primal, O(N^3) dual.
    package func solve(lambda: Double, proceed: () throws -> Void = {}) throws -> WeightedRidge {
        let factor = try factor(lambda: lambda)
        try proceed()
        let leverage: [Double], inner: WeightedRidge.Inner
        switch system {
        case .primal:
            let inverse = factor.inverse()
            try proceed()
            leverage = try features.quadraticForms(inverse, proceed: proceed)
            inner = .primal(inverse: inverse)
        case .dual(let kernel):
            let root = weights.map { $0.squareRoot() }
            // S = (H - H r K^-1 r H) / lambda with r = diag(a)^1/2 and K = lambda I + r H r.
            // H is symmetric, so rows of H r are columns of r H, and a block of them can be solved at a time.
            let scaled = kernel.scalingRows(by: root)
            let explained = try Matrix.stacking(rows: kernel.rows, columns: kernel.rows, block: 200, proceed: proceed) { block in
                factor.solve(kernel.rows(block).scalingColumns(by: root).transposed()).multiplied(by: scaled, transposeSelf: true)
            }
            let similarity = (1 / lambda) * (kernel - explained)
            leverage = (0..<similarity.rows).map { similarity[$0, $0] }
            inner = .dual(similarity: similarity, factor: factor, root: root)
        }
        try proceed()
        return try WeightedRidge(problem: self, lambda: lambda, coefficients: coefficients(factor), leverage: leverage, inner: inner)
    }
}

/// The solution of a weighted ridge regression with everything that its derivatives need.
package struct WeightedRidge: Sendable {
    /// What stands for C.
    enum Inner: Sendable {
        case primal(inverse: Matrix)
        case dual(similarity: Matrix, factor: Cholesky, root: [Double])
    }

    package let problem: WeightedLeastSquares
    package let lambda: Double
    /// W, D x K.
    package let coefficients: Matrix
    /// E = Y - Z W, N x K.
    package let residuals: Matrix
    /// s_i = z_i' C z_i, which does not contain a_i; 0 <= a_i s_i < 1.
    package let leverage: [Double]
    /// q_i = 1 / (1 - a_i s_i).
    package let inflation: [Double]
    /// U: row i is what the model trained on all others says of example i; valid for a_i = 0 as well. N x K.
    package let leaveOneOut: Matrix
    let inner: Inner

    package var features: Matrix { problem.features }
    package var targets: Matrix { problem.targets }
    package var weights: [Double] { problem.weights }

    fileprivate init(problem: WeightedLeastSquares, lambda: Double, coefficients: Matrix, leverage: [Double], inner: Inner) throws {
        self.problem = problem
        self.lambda = lambda
        self.coefficients = coefficients
        self.leverage = leverage
        self.inner = inner
        residuals = problem.targets - problem.features.multiplied(by: coefficients)
        var inflation = [Double](repeating: 1, count: leverage.count)
        for (i, s) in leverage.enumerated() {
            let left = 1 - problem.weights[i] * s
            guard left > 1e-9 else {
                throw DIVAError("example \(i) is interpolated (leverage \(problem.weights[i] * s)) at lambda \(lambda); raise lambda")
            }
            inflation[i] = 1 / left
        }
        self.inflation = inflation
        leaveOneOut = problem.targets - residuals.scalingRows(by: inflation)
    }

    /// Z W for other features. M x K.
    package func predict(_ features: Matrix) -> Matrix { features.multiplied(by: coefficients) }

    /// C X for X of D rows.
    func applyingInverse(to x: Matrix) -> Matrix {
        switch inner {
        case .primal(let inverse): return inverse.multiplied(by: x)
        case .dual(_, let factor, let root):
            // C = (I - Z' r K^-1 r Z) / lambda
            let seen = problem.features.multiplied(by: x).scalingRows(by: root)
            let back = problem.features.multiplied(by: factor.solve(seen).scalingRows(by: root), transposeSelf: true)
            return (1 / lambda) * (x - back)
        }
    }

    /// The trace of C, used by the identity sum_i a_i s_i = D - lambda trace(C).
    package var inverseTrace: Double {
        switch inner {
        case .primal(let inverse): return inverse.trace
        case .dual:
            return (Double(problem.features.columns) - zip(weights, leverage).reduce(0) { $0 + $1.0 * $1.1 }) / lambda
        }
    }
}
