import Datasets
import Foundation

/// A rule that divides the grid of factor values into a training and a test part (Schott et al. 2022; the lists as in the public code that adapted theirs).
///
/// - extrapolation: each factor that is not kept has a list of its largest values; a test image shows ANY listed value.
/// - interpolation: the same with values between others; both ends are always trained.
/// - composition: inverted. Each list has the smallest values, possibly none, and a TRAINING image shows any listed value: every value is trained, but no image
///   in which all factors lie outside of their lists.
/// - random: the same share of the grid as extrapolation trains, chosen by a hash of the index.
package struct FactorSplit: Sendable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case random, composition, interpolation, extrapolation
        /// What a published pair of archives says.
        case given

        /// Whether test images show values that training images never do.
        package var hasUnseenValues: Bool { self == .interpolation || self == .extrapolation }
    }

    package let kind: Kind
    package let factors: [FactorDataset.Factor]
    /// For each factor its list, rising; empty for kept factors, and where there are no lists.
    package let lists: [[Int]]
    /// The share of the grid that trains, by the rule.
    package let trainingShare: Double
    /// The share of a factor's values that composition takes for its list.
    package let compositionShare: Double
    private let isListed: [[Bool]]
    private let given: [Bool]?

    /// - Parameters:
    ///   - heldOutShare: r, the share of each factor's values that is held out.
    ///   - compositionShare: q; nil takes 1 - (1 - (1 - r)^m)^(1/m) for m factors that are not kept.
    /// - Throws: `VisualGeneralisationError` for a share outside 0 … 1, a factor that would lose all its training values, and a rule that holds out nothing.
    package init(_ kind: Kind, of factors: [FactorDataset.Factor], heldOutShare r: Double, compositionShare q: Double? = nil, given: [Bool]? = nil) throws {
        guard r > 0, r < 1 else { throw VisualGeneralisationError("the held-out share is \(r); give a number above 0 and below 1") }
        let free = factors.filter { !$0.isKept }
        guard !free.isEmpty || kind == .random || kind == .given else { throw VisualGeneralisationError("every factor is kept on both sides, so \(kind.rawValue) holds out nothing; mark one as not kept, or choose random") }
        let m = Double(max(1, free.count)), share = q ?? 1 - pow(1 - pow(1 - r, m), 1 / m)
        self.kind = kind
        self.factors = factors
        compositionShare = share
        if kind == .given, given == nil { throw VisualGeneralisationError("the data set brings no division of its own; choose random, composition, interpolation or extrapolation") }
        self.given = kind == .given ? given : nil
        var lists: [[Int]] = []
        for factor in factors {
            guard !factor.isKept else {
                lists.append([])
                continue
            }
            let t = factor.size, pad = Int((Double(t) * r - 1e-9).rounded(.up))
            switch kind {
            case .extrapolation:
                guard pad < t else { throw Self.emptied(factor, pad) }
                lists.append(Array(t - pad..<t))
            case .interpolation:
                guard t - pad >= 2 else { throw Self.emptied(factor, pad) }
                let left = Set((0..<t - pad).map { Int((Double($0 * (t - 1)) / Double(t - pad - 1)).rounded(.toNearestOrEven)) })
                lists.append((0..<t).filter { !left.contains($0) })
            case .composition:
                let low = Int((Double(t) * share + 1e-9).rounded(.down))
                guard low < t else { throw Self.emptied(factor, low) }
                lists.append(Array(0..<low))
            case .random, .given: lists.append([])
            }
        }
        self.lists = lists
        isListed = zip(factors, lists).map { factor, list in (0..<factor.size).map(list.contains) }
        let outside = zip(factors, lists).reduce(1) { $0 * (1 - Double($1.1.count) / Double($1.0.size)) }
        switch kind {
        case .interpolation, .extrapolation: trainingShare = outside
        case .composition:
            trainingShare = 1 - outside
            guard lists.contains(where: { !$0.isEmpty }) else { throw VisualGeneralisationError("composition with the share \(share) lists no value of any factor, so nothing would train; give a larger composition-share") }
        case .random: trainingShare = try FactorSplit(.extrapolation, of: factors, heldOutShare: r).trainingShare
        case .given: trainingShare = given.map { Double($0.count { $0 }) / Double(max(1, $0.count)) } ?? 0
        }
    }

    private static func emptied(_ factor: FactorDataset.Factor, _ held: Int) -> VisualGeneralisationError {
        VisualGeneralisationError("factor \(factor.name) has \(factor.size) values, of which the division would hold out \(held) and leave too few to train on; take a smaller held-out share, or mark it as kept")
    }

    /// Whether an image trains.
    /// - Parameter index: its index in the grid, which random and published divisions go by.
    package func isTraining(_ values: [Int], index: Int) -> Bool {
        switch kind {
        case .random: FactorHash.uniform(UInt64(index)) < trainingShare
        case .given: given?[index] ?? false
        case .composition: values.indices.contains { isListed[$0][values[$0]] }
        case .interpolation, .extrapolation: !values.indices.contains { isListed[$0][values[$0]] }
        }
    }

    /// Whether training images show this value of a factor (published divisions apart, which are not looked through).
    package func isSeen(_ factor: Int, _ value: Int) -> Bool { !kind.hasUnseenValues || !isListed[factor][value] }

    /// The factors that show values which training never does.
    package func unseenFactors(_ values: [Int]) -> [Int] { kind.hasUnseenValues ? values.indices.filter { isListed[$0][values[$0]] } : [] }
}

/// The indices of the grid by part.
package struct FactorPartition: Sendable {
    package var training: [Int] = [], test: [Int] = []
    /// For each factor the images in which it, and no other, shows an unseen value; empty for kept factors and where all values are seen.
    package var oneFactor: [[Int]]

    /// Goes once over the grid.
    package init(_ split: FactorSplit, proceed: () throws -> Void = {}) throws {
        let factors = split.factors, count = factors.reduce(1) { $0 * $1.size }
        oneFactor = factors.map { _ in [] }
        var values = [Int](repeating: 0, count: factors.count)
        for index in 0..<count {
            if index % 65_536 == 0 { try proceed() }
            if split.isTraining(values, index: index) {
                training.append(index)
            } else {
                test.append(index)
                let unseen = split.unseenFactors(values)
                if unseen.count == 1 { oneFactor[unseen[0]].append(index) }
            }
            var place = factors.count - 1
            while place >= 0 {
                values[place] += 1
                if values[place] < factors[place].size { break }
                values[place] = 0
                place -= 1
            }
        }
        guard !training.isEmpty, !test.isEmpty else { throw VisualGeneralisationError("the division \(split.kind.rawValue) leaves \(training.count) images to train and \(test.count) to test; take another held-out share") }
    }
}
