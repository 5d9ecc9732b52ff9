/// How well letters typed in order fit a text.
enum FuzzyMatch {
    /// - Returns: nil where the letters are not all there in order; else higher is better: letters at word starts and in a
    ///   row count more, and a shorter text wins among equals.
    static func score(_ pattern: String, in text: String) -> Int? {
        let wanted = Array(pattern.lowercased().filter { $0 != " " }), letters = Array(text.lowercased())
        guard !wanted.isEmpty else { return 0 }
        var score = 0, next = 0, lastHit = -2
        for (index, letter) in letters.enumerated() where next < wanted.count && letter == wanted[next] {
            score += 1
            if index == lastHit + 1 { score += 4 }
            if index == 0 || !(letters[index - 1].isLetter || letters[index - 1].isNumber) { score += 6 }
            lastHit = index
            next += 1
        }
        return next == wanted.count ? score * 100 - min(99, letters.count) : nil
    }
}
