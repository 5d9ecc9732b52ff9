/// Pairs of sentences, some with a score of how alike they are.
public struct PairDataset: Dataset {
    public enum Part: String, Sendable, Codable, CaseIterable { case training, development, test }

    /// One pair; white space round its sentences is taken off.
    public struct Pair: Sendable, Equatable {
        public var first: String, second: String
        /// How alike the two are, on the scale of the set; nil where nobody said: such a pair trains and never tests.
        public var score: Double?
        public var part: Part
        /// Which test set it belongs to (`STS12`), a number of `tests`; pairs of one test set are ranked together.
        public var test: Int
        public init(_ first: String, _ second: String, score: Double?, part: Part, test: Int = 0) {
            self.first = first
            self.second = second
            self.score = score
            self.part = part
            self.test = test
        }
    }

    public let identifier: String
    public let checksum: String
    public let pairs: [Pair]
    /// The names of the test sets.
    public let tests: [String]
    /// Where the pairs' order in the files is that of a list without labels: how many lines were no pair.
    public let skippedLines: Int
    public let notes: [String]

    public var count: Int { pairs.count }
    public var memoryBytes: Int { pairs.reduce(0) { $0 + $1.first.utf8.count + $1.second.utf8.count + 64 } }

    /// - Throws: `DatasetError` for fewer than two pairs, or a score that is not finite.
    public init(identifier: String, checksum: String, pairs: [Pair], tests: [String], skippedLines: Int = 0, notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard pairs.count >= 2 else {
            throw DatasetError(file: file, "holds \(pairs.count) pair\(pairs.count == 1 ? "" : "s") of sentences, and two are the least" + (skippedLines > 0 ? " (\(grouped(skippedLines)) lines have no single ||)" : "") + "; add pairs")
        }
        guard pairs.allSatisfy({ ($0.score ?? 0).isFinite && tests.indices.contains($0.test) }) else { throw DatasetError(file: file, "holds a score that is not finite; mend it") }
        self.identifier = identifier
        self.checksum = checksum
        self.pairs = pairs
        self.tests = tests
        self.skippedLines = skippedLines
        self.notes = notes
    }

    /// How many sentences are empty.
    public var emptySentences: Int { pairs.reduce(0) { $0 + ($1.first.isEmpty ? 1 : 0) + ($1.second.isEmpty ? 1 : 0) } }

    /// The pairs without repeats of both sentences together, in the order of the files: what a method trains on that needs no score.
    public var distinct: [Pair] {
        var seen: Set<String> = []
        return pairs.filter { seen.insert($0.first + $0.second).inserted }
    }

    /// The scored pairs of a part and test set, in the order of the files.
    public func scored(_ part: Part, test: Int) -> [Pair] { pairs.filter { $0.part == part && $0.test == test && $0.score != nil } }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let scores = pairs.compactMap(\.score)
        preview.facts = [.init("pairs", "\(grouped(count)), \(grouped(scores.count)) of them scored, \(grouped(distinct.count)) distinct")]
        for part in Part.allCases {
            let size = pairs.count { $0.part == part }
            if size > 0 { preview.facts.append(.init(part.rawValue, "\(grouped(size)) pairs")) }
        }
        if skippedLines > 0 { preview.facts.append(.init("left out", "\(grouped(skippedLines)) lines without exactly one ||")) }
        if emptySentences > 0 { preview.facts.append(.init("empty sentences", grouped(emptySentences))) }
        preview.facts += notes.map { .init("note", $0) } + [.init("checksum", checksum)]
        var column = DatasetPreview.Column(name: "score"), lengths = DatasetPreview.Column(name: "words of a sentence")
        column.sketch(scores)
        column.missing = count - scores.count
        lengths.sketch((pairs.map(\.first) + pairs.map(\.second)).map { Double($0.split(separator: " ").count) })
        preview.columns = [column, .init(name: "first"), .init(name: "second"), lengths]
        preview.rows = pairs.prefix(50).map { pair in
            [pair.score.map(shortNumber) ?? "", String(pair.first.prefix(200)), String(pair.second.prefix(200)), "\(pair.first.split(separator: " ").count), \(pair.second.split(separator: " ").count)"]
        }
        preview.classes = tests.indices.map { test in .init(name: tests[test], count: pairs.count { $0.test == test }) }
        return preview
    }
}
