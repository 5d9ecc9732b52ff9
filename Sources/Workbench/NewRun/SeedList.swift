import Experiments

/// Seeds as a person writes them: "1 2 3", "1,2", "1-5 9".
enum SeedList {
    /// - Throws: `ParameterError` for what is no whole number from 0 on, and for more than `limit` seeds.
    static func parse(_ text: String, limit: Int) throws(ParameterError) -> [UInt64] {
        var seeds: [UInt64] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let ends = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt64($0) }
            guard let low = ends.first.flatMap(\.self), let high = ends.last.flatMap(\.self), low <= high else {
                throw ParameterError("seeds: “\(word)” is no seed; give whole numbers from 0 on, such as 1 2 3 or 1-5")
            }
            guard high - low < UInt64(limit), seeds.count + Int(high - low) < limit else {
                throw ParameterError("seeds: “\(text)” are more than \(limit)")
            }
            for seed in low...high where !seeds.contains(seed) { seeds.append(seed) }
        }
        guard !seeds.isEmpty else { throw ParameterError("seeds: give at least one, such as 1") }
        return seeds
    }

    /// "1 2 3"; more than six in a row as "1-9".
    static func text(_ seeds: [UInt64]) -> String {
        guard seeds.count > 6, let first = seeds.first, let last = seeds.last, last &- first == UInt64(seeds.count - 1),
            zip(seeds, seeds.dropFirst()).allSatisfy({ $0 < $1 })
        else { return seeds.map(String.init).joined(separator: " ") }
        return "\(first)-\(last)"
    }
}
