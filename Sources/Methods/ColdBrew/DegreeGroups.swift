import Datasets
import Tensors

/// The degree groups of section 2.2: isolation, tail and head.
package struct DegreeGroups: Sendable, Equatable {
    package enum Rule: String, Sendable, CaseIterable {
        /// Tenths of the nodes by degree, ties by a seeded permutation.
        case paper
        /// Repeated halving by medians of degree + 1.
        case code
    }

    package let isolation: [Int]
    package let tail: [Int]
    package let head: [Int]

    package init(degrees: [Int], rule: Rule, fraction: Double = 0.1, random: RandomSource) {
        var random = random
        let shuffled = random.permutation(degrees.count)
        let place = Dictionary(uniqueKeysWithValues: shuffled.enumerated().map { ($1, $0) })
        let order = shuffled.sorted { (degrees[$0], place[$0] ?? 0) < (degrees[$1], place[$1] ?? 0) }
        switch rule {
        case .paper:
            let tenth = min(Int((fraction * Double(degrees.count)).rounded()), degrees.count / 2)
            isolation = Array(order.prefix(tenth))
            tail = Array(order.dropFirst(tenth).prefix(tenth))
            head = Array(order.suffix(tenth))
        case .code:
            let plusOne = degrees.map { $0 + 1 }
            let low = Set(Self.halved(plusOne, times: 4, keepingLow: true).members)
            let chosen = order.filter(low.contains)
            isolation = Array(chosen.prefix(chosen.count / 2))
            tail = Array(chosen.dropFirst(chosen.count / 2))
            head = Self.halved(plusOne, times: 5, keepingLow: false).members
        }
    }

    /// `times` halvings by the median; after each, the set is all nodes on the right side of the new threshold.
    package static func halved(_ values: [Int], times: Int, keepingLow: Bool) -> (thresholds: [Double], members: [Int]) {
        var members = Array(values.indices), thresholds: [Double] = []
        for _ in 0..<times {
            let sorted = members.map { values[$0] }.sorted()
            guard !sorted.isEmpty else { break }
            let threshold = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            thresholds.append(threshold)
            members = values.indices.filter { keepingLow ? Double(values[$0]) <= threshold : Double(values[$0]) >= threshold }
        }
        return (thresholds, members)
    }
}
