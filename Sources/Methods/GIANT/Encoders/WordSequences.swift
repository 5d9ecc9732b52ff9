import Datasets
import Language

/// Texts as numbers of words for the transformer (section 2.7): 0 pads, 1 is unknown, then the most frequent words that occur twice or more.
package struct WordSequences: Sendable {
    package let vocabulary: Int
    package let length: Int
    /// nodes x length.
    package let words: [Int32]
    package var count: Int { words.count / length }

    package init(_ texts: NodeTexts, vocabulary limit: Int = 20_000, minimum: Int = 2, length: Int = 64) {
        var table = TokenTable(), counts: [Int] = [], rows: [[Int32]] = []
        rows.reserveCapacity(texts.count)
        for node in 0..<texts.count {
            var row: [Int32] = []
            Tokenisation.words.forEach(in: texts.bytes(of: node)) { token in
                let number = table.insert(token)
                if Int(number) == counts.count { counts.append(0) }
                counts[Int(number)] += 1
                if row.count < length { row.append(number) }
            } end: {}
            rows.append(row)
        }
        let kept = counts.indices.filter { counts[$0] >= minimum }
            .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : table[$0].lexicographicallyPrecedes(table[$1]) }.prefix(limit)
        var numbers = [Int32](repeating: 1, count: counts.count)
        for (place, token) in kept.enumerated() { numbers[token] = Int32(place + 2) }
        self.length = length
        vocabulary = kept.count + 2
        words = rows.flatMap { row in
            // An empty text is one unknown word.
            let known = row.isEmpty ? [Int32(1)] : row.map { numbers[Int($0)] }
            return known + [Int32](repeating: 0, count: length - known.count)
        }
    }
}
