/// How many letters differ between two short texts (Levenshtein).
enum EditDistance {
    static func between(_ first: String, _ second: String) -> Int {
        let left = Array(first.prefix(80)), right = Array(second.prefix(80))
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replace = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replace, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
