import Tensors

/// Factorisation of the table of seen pairs by alternating least squares (Hu, Koren, Volinsky 2008): each row solves
/// (VᵀV + ρI + (c - 1) Σ v vᵀ) x = c Σ v over the items that it has. The published code passes c = 1: a plain, unweighted factorisation of zeros and ones.
package enum AlternatingLeastSquares {
    /// One half step.
    /// - Parameters:
    ///   - factors: V, a row an item.
    ///   - seen: the items of each row.
    /// - Returns: a row for each entry of `seen`.
    /// - Throws: `LinearAlgebraError` when the matrix has no Cholesky factor.
    package static func halfStep(_ factors: Matrix, seen: [[Int32]], ridge: Double, confidence: Double, proceed: () throws -> Void = {}) throws -> Matrix {
        let width = factors.columns
        var shared = factors.gram()
        shared.addToDiagonal(ridge)
        let common = confidence == 1 ? try Cholesky(shared) : nil
        var values: [Double] = []
        values.reserveCapacity(seen.count * width)
        for (row, items) in seen.enumerated() {
            if row.isMultiple(of: 64) { try proceed() }
            var side = [Double](repeating: 0, count: width)
            for item in items { for (column, value) in factors.row(Int(item)).enumerated() { side[column] += confidence * value } }
            if let common {
                values += common.solve(side)
            } else {
                let own = factors.rows(at: items.map(Int.init)).gram()
                values += try Cholesky(shared + (confidence - 1) * own).solve(side)
            }
        }
        return Matrix(rows: seen.count, columns: width, values: values)
    }
}

extension Trainer {
    func fitALS(_ training: TrainingEvents, name: String) throws -> FactorModel {
        let pairs = seenPairs(training)
        var random = context.random.stream(name)
        let width = settings.alsFactors
        var items = Matrix(rows: material.m, columns: width, values: (0..<material.m * width).map { _ in 0.01 * random.uniform() }), users = Matrix(rows: 0, columns: width, values: [])
        for round in 1...settings.alsRounds {
            users = try AlternatingLeastSquares.halfStep(items, seen: pairs.byUser, ridge: settings.alsRidge, confidence: settings.alsConfidence, proceed: context.proceed)
            items = try AlternatingLeastSquares.halfStep(users, seen: pairs.byItem, ridge: settings.alsRidge, confidence: settings.alsConfidence, proceed: context.proceed)
            context.progress(Double(round), of: Double(settings.alsRounds), unit: "rounds of \(name)")
        }
        return factorModel(.softplus, width: width, users: users.values.map { Float($0) }, items: items.values.map { Float($0) }, itemBiases: [])
    }

    /// Pairs of user and candidate with a training event, each once.
    func seenPairs(_ training: TrainingEvents) -> (byUser: [[Int32]], byItem: [[Int32]]) {
        let byUser = training.counts.indices.map { user -> [Int32] in
            var seen: Set<Int32> = []
            return material.trainingItems(user, training.counts[user]).filter { seen.insert($0).inserted }
        }
        var byItem = [[Int32]](repeating: [], count: material.m)
        for (user, items) in byUser.enumerated() { for item in items { byItem[Int(item)].append(Int32(truncatingIfNeeded: user)) } }
        return (byUser, byItem)
    }

    /// A model of vectors of users: each request has its user's.
    func factorModel(_ link: FactorModel.Link, width: Int, users: [Float], items: [Float], itemBiases: [Float], userBiases: [Float] = []) -> FactorModel {
        func rows(_ requests: [Request]) -> [Float] { requests.flatMap { users[$0.user * width..<($0.user + 1) * width] } }
        func biases(_ requests: [Request]) -> [Float] { userBiases.isEmpty ? [] : requests.map { userBiases[$0.user] } }
        return FactorModel(link: link, width: width, test: rows(material.split.test), validation: rows(material.split.validation), items: items,
                           itemBiases: itemBiases.isEmpty ? [Float](repeating: 0, count: material.m) : itemBiases, testBiases: biases(material.split.test), validationBiases: biases(material.split.validation))
    }
}
