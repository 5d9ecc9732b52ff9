import Foundation
import Language

/// A baseline without any model: cosines of TF-IDF vectors, tf = 1 + ln count, idf = ln((1 + N) / (1 + df)) + 1 over the sentences of P.
enum TermCosines {
    static func scores(_ material: Material, proceed: () throws -> Void) throws -> [Float] {
        var table = TokenTable(), counts: [[Int32: Int]] = []
        for (number, text) in material.sentences.enumerated() {
            if number % 512 == 0 { try proceed() }
            var words: [Int32: Int] = [:]
            BasicTokenisation.forEachWord(in: text) { word, _ in words[table.insert(word), default: 0] += 1 }
            counts.append(words)
        }
        var documents = [Int](repeating: 0, count: table.count), seen: Set<Int> = []
        for pair in material.training {
            for sentence in [material.pairs[pair].first, material.pairs[pair].second] where seen.insert(sentence).inserted { for word in counts[sentence].keys { documents[Int(word)] += 1 } }
        }
        let idf = documents.map { log(Double(1 + seen.count) / Double(1 + $0)) + 1 }
        // Sorted, so that the sums have one order.
        let vectors: [[(word: Int32, weight: Double)]] = counts.map { words in
            let raw = words.map { (word: $0.key, weight: (1 + log(Double($0.value))) * idf[Int($0.key)]) }.sorted { $0.word < $1.word }
            let norm = raw.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            return raw.map { ($0.word, $0.weight / max(norm, 1e-12)) }
        }
        return material.pairs.map { pair in
            let (a, b) = (vectors[pair.first], vectors[pair.second])
            var (i, j, sum) = (0, 0, 0.0)
            while i < a.count, j < b.count {
                if a[i].word == b[j].word {
                    sum += a[i].weight * b[j].weight
                    (i, j) = (i + 1, j + 1)
                } else if a[i].word < b[j].word { i += 1 } else { j += 1 }
            }
            return Float(sum)
        }
    }
}
