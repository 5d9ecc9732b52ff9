/// The names a person may have meant: those that contain or begin like the given one, or are within a third of its letters by
/// insertions, deletions, replacements and swaps; at most three, nearest first.
func nearNames(_ name: String, among names: [String]) -> [String] {
    let wanted = Array(name.lowercased().prefix(64))
    guard !wanted.isEmpty else { return [] }
    let ranked = names.compactMap { candidate -> (distance: Int, name: String)? in
        let letters = Array(candidate.lowercased().prefix(64))
        if wanted.count >= 3, candidate.lowercased().hasPrefix(name.lowercased()) { return (0, candidate) }
        if wanted.count >= 3, candidate.lowercased().contains(name.lowercased()) { return (1, candidate) }
        let distance = editDistance(wanted, letters)
        return distance <= max(1, max(wanted.count, letters.count) / 3) ? (distance, candidate) : nil
    }
    return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// Optimal string alignment distance.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous2 = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, previous2[j - 1] + 1) }
            row.append(best)
        }
        (previous2, previous) = (previous, row)
    }
    return previous[b.count]
}
