import Datasets
import Language
import Foundation

/// Term frequency times inverse document frequency over n-grams (section 2.2), in two passes over the texts: the first counts
/// documents, the second writes rows. Nothing but the table of n-grams is kept between them.
package struct TFIDF: Sendable {
    package struct Options: Sendable, Equatable, Codable {
        package var tokens: Tokenisation
        /// The lengths of n-grams: 1 ... 2 for words, 1 ... 3 for characters.
        package var lengths: ClosedRange<Int>
        /// Whether a term that occurs tf times counts 1 + ln tf instead of tf.
        package var isSublinear: Bool
        /// idf = ln((1 + N) / (1 + df)) + 1 where true, max(ln(N / (df + 1)), 0) (official code) where false.
        package var isSmoothed: Bool
        package var minimumDocuments: Int
        /// Kept are terms with df <= this share of the documents.
        package var maximumShare: Double
        package var maximumFeatures: Int

        package init(tokens: Tokenisation, lengths: ClosedRange<Int>, isSublinear: Bool = false, isSmoothed: Bool = false, minimumDocuments: Int = 1,
                     maximumShare: Double = 0.98, maximumFeatures: Int) {
            self.tokens = tokens
            self.lengths = lengths
            self.isSublinear = isSublinear
            self.isSmoothed = isSmoothed
            self.minimumDocuments = minimumDocuments
            self.maximumShare = maximumShare
            self.maximumFeatures = maximumFeatures
        }

        /// The official set-up: words, pairs of words and character 3-grams side by side.
        package static let official: [Options] = [
            Options(tokens: .spaces, lengths: 1...1, maximumFeatures: 1_000_000), Options(tokens: .spaces, lengths: 2...2, maximumFeatures: 3_000_000),
            Options(tokens: .characters, lengths: 3...3, maximumFeatures: 200_000),
        ]

        /// The standard plan's: small words and, where `pairs`, pairs of words.
        package static func standard(pairs: Bool, maximumFeatures: Int = 50_000) -> [Options] {
            [Options(tokens: .words, lengths: 1...(pairs ? 2 : 1), isSublinear: true, isSmoothed: true, minimumDocuments: 2, maximumShare: 0.5, maximumFeatures: maximumFeatures)]
        }
    }

    package let options: Options
    private let tokens: TokenTable
    /// The n-grams of the columns, in order.
    private let table: DocumentCounts
    /// For each column.
    package let inverseDocumentFrequencies: [Float]
    package let documentFrequencies: [Int32]
    /// Whether rare n-grams were thrown out while counting because the table was full.
    package let wasPruned: Bool
    /// What the tables of words and n-grams took in memory at most.
    package let vocabularyBytes: Int
    package var width: Int { documentFrequencies.count }

    /// Counts the documents of each n-gram and chooses the columns: in rising order of (document frequency, length, token numbers in byte
    /// order); above `maximumFeatures` the last ones stay.
    ///
    /// - Parameters:
    ///   - tableLimit: above so many n-grams those of a single document are thrown out, which may lose a count of 1 of a later one.
    ///   - proceed: called now and then; what it throws ends the work.
    package init(fitting texts: NodeTexts, options: Options, tableLimit: Int = 12_000_000, proceed: (Int) throws -> Void = { _ in }) throws {
        guard options.lengths.lowerBound >= 1, options.lengths.upperBound <= options.tokens.longest else {
            throw GIANTError("n-grams of \(options.lengths.upperBound) tokens are not counted; take at most \(options.tokens.longest)")
        }
        var tokens = TokenTable(), counts = DocumentCounts(), row: [Int32] = [], room = tableLimit
        for document in 0..<texts.count {
            if document % 512 == 0 { try proceed(document) }
            row.removeAll(keepingCapacity: true)
            options.tokens.forEach(in: texts.bytes(of: document)) { row.append(tokens.insert($0)) } end: { row.append(-1) }
            Self.forEachKey(row, options) { counts.note($0, in: Int32(document)) }
            if counts.keys.count > room {
                counts.prune()
                // Where most of them occur twice, the next look comes after as many new ones.
                room = max(tableLimit, 2 * counts.keys.count)
            }
        }
        let limit = options.maximumShare * Double(texts.count)
        func isKept(_ documents: Int32) -> Bool { Int(documents) >= options.minimumDocuments && Double(documents) <= limit }
        // Only terms that may be among the most frequent are put in order: of a large table a small part.
        var least = Int32(clamping: options.minimumDocuments)
        if counts.keys.count > options.maximumFeatures {
            var ofFrequency: [Int32: Int] = [:]
            for documents in counts.documents where isKept(documents) { ofFrequency[documents, default: 0] += 1 }
            var room = options.maximumFeatures
            for (documents, number) in ofFrequency.sorted(by: { $0.key > $1.key }) where room > 0 {
                least = documents
                room -= number
            }
        }
        // Token numbers in byte order.
        let sorted = (0..<tokens.count).sorted { tokens[$0].lexicographicallyPrecedes(tokens[$1]) }
        var rank = [Int](repeating: 0, count: tokens.count)
        for (place, token) in sorted.enumerated() { rank[token] = place }
        var kept = (0..<counts.keys.count).filter { counts.documents[$0] >= least && isKept(counts.documents[$0]) }
            .map { number in Ranked(number: Int32(number), documents: counts.documents[number], tokens: Self.tokens(of: counts.keys[number], options).map { rank[$0] }) }
        kept.sort()
        if kept.count > options.maximumFeatures { kept.removeFirst(kept.count - options.maximumFeatures) }
        var table = DocumentCounts()
        for term in kept { table.note(counts.keys[Int(term.number)], in: 0) }
        let total = Double(texts.count)
        self.options = options
        self.tokens = tokens
        self.table = table
        wasPruned = counts.prunings > 0
        vocabularyBytes = tokens.memoryBytes + counts.memoryBytes
        documentFrequencies = kept.map(\.documents)
        inverseDocumentFrequencies = kept.map { term in
            let documents = Double(term.documents)
            return Float(options.isSmoothed ? log((1 + total) / (1 + documents)) + 1 : max(log(total / (documents + 1)), 0))
        }
    }

    private struct Ranked: Comparable {
        var number: Int32, documents: Int32, tokens: [Int]
        static func < (left: Ranked, right: Ranked) -> Bool {
            if left.documents != right.documents { return left.documents < right.documents }
            if left.tokens.count != right.tokens.count { return left.tokens.count < right.tokens.count }
            return left.tokens.lexicographicallyPrecedes(right.tokens)
        }
    }

    /// Every n-gram of a row of token numbers, -1 where none runs across.
    private static func forEachKey(_ row: [Int32], _ options: Options, _ body: (UInt64) -> Void) {
        let bits = options.tokens.bits, shortest = options.lengths.lowerBound, longest = options.lengths.upperBound
        for first in row.indices {
            var key: UInt64 = 0
            for length in 1...longest {
                let place = first + length - 1
                guard place < row.count, row[place] >= 0 else { break }
                key = key << bits | UInt64(row[place] + 1)
                if length >= shortest { body(key) }
            }
        }
    }

    private static func tokens(of key: UInt64, _ options: Options) -> [Int] {
        let bits = options.tokens.bits, mask: UInt64 = 1 << bits - 1
        var rest = key, tokens: [Int] = []
        while rest != 0 {
            tokens.append(Int(rest & mask) - 1)
            rest >>= bits
        }
        return tokens.reversed()
    }

    /// The term of a column, for the screen.
    package func term(_ column: Int) -> String {
        let parts = Self.tokens(of: table.keys[column], options).map { String(decoding: tokens[$0], as: UTF8.self) }
        return parts.joined(separator: options.tokens == .characters ? "" : " ")
    }

    /// The rows of texts, each of Euclidean norm 1; a text without a known term gives a row of zeros.
    /// - Parameter folder: where the rows are kept; nil: in memory.
    package func rows(of texts: NodeTexts, in folder: URL? = nil, proceed: (Int) throws -> Void = { _ in }) throws -> FeatureRows {
        var builder = try FeatureRows.Builder(in: folder), row: [Int32] = [], found: [Int32] = [], entries: [(column: Int32, value: Float)] = []
        for document in 0..<texts.count {
            if document % 512 == 0 { try proceed(document) }
            row.removeAll(keepingCapacity: true)
            found.removeAll(keepingCapacity: true)
            entries.removeAll(keepingCapacity: true)
            options.tokens.forEach(in: texts.bytes(of: document)) { row.append(tokens.number(of: $0) ?? -1) } end: { row.append(-1) }
            Self.forEachKey(row, options) { key in
                if let column = table.number(of: key) { found.append(column) }
            }
            found.sort()
            var squares = 0.0, first = 0
            while first < found.count {
                var next = first + 1
                while next < found.count, found[next] == found[first] { next += 1 }
                let frequency = Double(next - first)
                let value = (options.isSublinear ? 1 + log(frequency) : frequency) * Double(inverseDocumentFrequencies[Int(found[first])])
                if value != 0 {
                    squares += value * value
                    entries.append((found[first], Float(value)))
                }
                first = next
            }
            if squares > 0 {
                let factor = Float(1 / squares.squareRoot())
                for place in entries.indices { entries[place].value *= factor }
            }
            try builder.append(entries)
        }
        return try builder.finish(width: width)
    }
}

/// Several TF-IDF vectorisers side by side.
package struct TextFeatures: Sendable {
    package let parts: [TFIDF]
    package let rows: FeatureRows

    /// - Parameter folder: where the rows are kept; nil: in memory.
    /// - Throws: `GIANTError` when no term survives.
    package init(_ texts: NodeTexts, options: [TFIDF.Options], in folder: URL? = nil, proceed: (Int) throws -> Void = { _ in }) throws {
        let parts = try options.map { try TFIDF(fitting: texts, options: $0, proceed: proceed) }
        let blocks = try parts.map { try $0.rows(of: texts, in: folder, proceed: proceed) }
        let rows = blocks.count == 1 ? blocks[0] : try Self.beside(blocks, in: folder, proceed: proceed)
        guard rows.entryCount > 0 else {
            let limits = options.map { "\($0.minimumDocuments) texts or more and at most \(Int($0.maximumShare * 100)) % of them" }.joined(separator: "; ")
            throw GIANTError("no term of the \(texts.count) texts survives the limits of document frequency (\(limits)); give longer texts or change the limits")
        }
        self.parts = parts
        self.rows = rows
    }

    /// The columns of all blocks side by side, each row of norm 1.
    private static func beside(_ blocks: [FeatureRows], in folder: URL?, proceed: (Int) throws -> Void) throws -> FeatureRows {
        var builder = try FeatureRows.Builder(in: folder)
        for row in 0..<(blocks.first?.count ?? 0) {
            if row % 4096 == 0 { try proceed(row) }
            var offset: Int32 = 0, entries: [(column: Int32, value: Float)] = [], squares = 0.0
            for block in blocks {
                for entry in block.row(row) {
                    entries.append((entry.column + offset, entry.value))
                    squares += Double(entry.value) * Double(entry.value)
                }
                offset += Int32(block.width)
            }
            let factor = squares > 0 ? Float(1 / squares.squareRoot()) : 0
            try builder.append(entries.map { ($0.column, $0.value * factor) })
        }
        return try builder.finish(width: blocks.reduce(0) { $0 + $1.width })
    }

    /// The term of a column, for the screen.
    package func term(_ column: Int) -> String {
        var rest = column
        for part in parts {
            if rest < part.width { return part.term(rest) }
            rest -= part.width
        }
        return ""
    }
}
