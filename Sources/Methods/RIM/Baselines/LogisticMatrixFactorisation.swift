import Foundation
import Tensors

/// Logistic matrix factorisation (Johnson 2014): rounds of full-gradient Adagrad, users and items in turn.
///
/// A user's vector is (factors, bias, 1), an item's (factors, 1, bias), so that the score is their product. The gradient of a user is
/// Σ_seen (1 - σ) v - Σ_drawn σ v - 0.6 u, negatives drawn from the items of random events.
package struct LogisticMatrixFactorisation {
    package private(set) var users: [Double], items: [Double]
    /// Numbers of a vector: factors and two more.
    package let width: Int
    private var userSquares: [Double], itemSquares: [Double]
    private static let ridge = 0.6, negativesPerPositive = 30

    package init(users userCount: Int, items itemCount: Int, factors: Int, random: inout RandomSource) {
        width = factors + 2
        func start(_ count: Int, one: Int, _ random: inout RandomSource) -> [Double] {
            (0..<count * (factors + 2)).map { let draw = random.normal(); return $0 % (factors + 2) == one ? 1 : draw }
        }
        users = start(userCount, one: factors + 1, &random)
        items = start(itemCount, one: factors, &random)
        userSquares = [Double](repeating: 0, count: users.count)
        itemSquares = [Double](repeating: 0, count: items.count)
    }

    /// One round over both sides.
    /// - Parameter caps: at most so many negatives a user, and an item.
    package mutating func round(_ byUser: [[Int32]], _ byItem: [[Int32]], caps: (users: Int, items: Int), random: RandomSource, proceed: () throws -> Void) throws {
        try Self.side(&users, &userSquares, against: items, byUser, width: width, fixed: width - 1, cap: caps.users, random: random.stream("users"), proceed)
        try Self.side(&items, &itemSquares, against: users, byItem, width: width, fixed: width - 2, cap: caps.items, random: random.stream("items"), proceed)
    }

    private static func side(_ vectors: inout [Double], _ squares: inout [Double], against others: [Double], _ seen: [[Int32]], width: Int, fixed: Int, cap: Int, random: RandomSource,
                             _ proceed: () throws -> Void) throws {
        let drawn = seen.flatMap { $0 }
        guard !drawn.isEmpty else { return }
        var random = random, gradient = [Double](repeating: 0, count: width)
        for (row, own) in seen.enumerated() where !own.isEmpty {
            if row.isMultiple(of: 16) { try proceed() }
            for column in 0..<width { gradient[column] = -ridge * vectors[row * width + column] }
            func add(_ other: Int, isSeen: Bool) {
                var score = 0.0
                for column in 0..<width { score += vectors[row * width + column] * others[other * width + column] }
                let chance = 1 / (1 + exp(-max(-700, min(700, score)))), factor = isSeen ? 1 - chance : -chance
                for column in 0..<width { gradient[column] += factor * others[other * width + column] }
            }
            for other in own { add(Int(other), isSeen: true) }
            for _ in 0..<min(cap, negativesPerPositive * own.count) { add(Int(drawn[random.integer(below: drawn.count)]), isSeen: false) }
            for column in 0..<width where column != fixed {
                squares[row * width + column] += gradient[column] * gradient[column]
                vectors[row * width + column] += gradient[column] / (1e-6 + squares[row * width + column]).squareRoot()
            }
        }
    }
}

extension Trainer {
    func fitLogistic(_ training: TrainingEvents, name: String) throws -> FactorModel {
        let pairs = seenPairs(training), random = context.random.stream(name)
        var start = random.stream("start")
        var model = LogisticMatrixFactorisation(users: pairs.byUser.count, items: material.m, factors: settings.logisticFactors, random: &start)
        // The published library caps the negatives at the number of columns of its vectors.
        let caps = settings.logisticNegatives == .items ? (material.m, pairs.byUser.count) : (model.width, model.width)
        for round in 1...settings.logisticRounds {
            try model.round(pairs.byUser, pairs.byItem, caps: caps, random: random.stream("round", round), proceed: context.proceed)
            context.progress(Double(round), of: Double(settings.logisticRounds), unit: "rounds of \(name)")
        }
        return factorModel(.sigmoid, width: model.width, users: model.users.map { Float($0) }, items: model.items.map { Float($0) }, itemBiases: [])
    }
}
