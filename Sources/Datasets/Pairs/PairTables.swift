import Foundation

/// Reads sentence pairs as they are published. Quotes are ordinary characters in all of them: the files hold unbalanced ones.
enum PairTables {
    /// A line's columns; how many there are is the caller's to check.
    private static func rows(_ file: DatasetFiles.File, _ row: (_ columns: [String], _ failure: (String) -> DatasetError) throws -> Void) throws {
        var lines = TextLines(file)
        while lines.advance() {
            if lines.isBlank { continue }
            guard let text = lines.text(lines.start..<lines.end) else { throw lines.failure("is not UTF-8; save the file as UTF-8") }
            try row(text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init), lines.failure)
        }
    }

    private static func score(_ text: String, _ range: ClosedRange<Double>, _ failure: (String) -> DatasetError) throws -> Double {
        guard let score = Double(text), range.contains(score) else {
            throw failure("has the score “\(text.prefix(40))” where a number from \(shortNumber(range.lowerBound)) to \(shortNumber(range.upperBound)) is needed; mend the line")
        }
        return score
    }

    /// White space round a sentence is no part of it.
    static func stripped(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    // MARK: - STS benchmark

    static let benchmarkFiles: [(String, PairDataset.Part)] = [("sts-train.csv", .training), ("sts-dev.csv", .development), ("sts-test.csv", .test)]

    /// STS benchmark: genre, file, year, number, score, two sentences and perhaps two columns of licences, separated by tabs for all that the names say.
    static func benchmark(_ files: DatasetFiles, identifier: String) throws -> any Dataset {
        var pairs: [PairDataset.Pair] = [], read: [DatasetFiles.File] = []
        for (name, part) in benchmarkFiles {
            let file = try files.read(name)
            read.append(file)
            try rows(file) { columns, failure in
                guard columns.count == 7 || columns.count == 9 else { throw failure("has \(columns.count) columns where 7 or 9 are needed (genre, file, year, number, score, two sentences), separated by tabs; mend the line") }
                pairs.append(.init(stripped(columns[5]), stripped(columns[6]), score: try score(columns[4], 0...5, failure), part: part))
            }
        }
        return try PairDataset(identifier: identifier, checksum: DatasetFiles.checksum(of: read), pairs: pairs, tests: ["STS-B"])
    }

    // MARK: - SemEval

    /// The test files of a year; those of training are not used.
    static let semEvalFiles: [(year: Int, names: [String])] = [
        (2012, ["MSRpar", "MSRvid", "OnWN", "SMTeuroparl", "SMTnews"]), (2013, ["FNWN", "OnWN", "headlines"]),
        (2014, ["OnWN", "deft-forum", "deft-news", "headlines", "images", "tweet-news"]), (2015, ["answers-forums", "answers-students", "belief", "headlines", "images"]),
    ]
    static var semEvalNames: [String] { semEvalFiles.flatMap { year, names in names.map { "\(year)/\($0).test.tsv" } } }

    /// The yearly tasks: score, which is empty for a pair that nobody scored, and two sentences. All files of a year are one test set.
    static func semEval(_ files: DatasetFiles, identifier: String) throws -> any Dataset {
        var pairs: [PairDataset.Pair] = [], read: [(String, String)] = []
        for (test, year) in semEvalFiles.enumerated() {
            for name in year.names.map({ "\(year.year)/\($0).test.tsv" }) {
                let file = try files.read(name)
                read.append((name, file.checksum))
                try scored(file, test: test, into: &pairs)
            }
        }
        return try PairDataset(identifier: identifier, checksum: DatasetFiles.checksum(read), pairs: pairs, tests: semEvalFiles.map { "STS\($0.year % 100)" })
    }

    private static func scored(_ file: DatasetFiles.File, test: Int, into pairs: inout [PairDataset.Pair]) throws {
        try rows(file) { columns, failure in
            guard columns.count == 3 else { throw failure("has \(columns.count) columns where 3 are needed (score or nothing, two sentences), separated by tabs; mend the line") }
            let text = stripped(columns[0])
            pairs.append(.init(stripped(columns[1]), stripped(columns[2]), score: text.isEmpty ? nil : try score(text, 0...5, failure), part: .test, test: test))
        }
    }

    // MARK: - SICK

    static let sickFiles: [(String, PairDataset.Part)] = [("SICK_train.txt", .training), ("SICK_trial.txt", .development), ("SICK_test_annotated.txt", .test)]

    /// SICK: a header, then number, two sentences, relatedness 1 to 5 and a judgment of entailment.
    static func sick(_ files: DatasetFiles, identifier: String) throws -> any Dataset {
        var pairs: [PairDataset.Pair] = [], read: [DatasetFiles.File] = []
        for (name, part) in sickFiles {
            let file = try files.read(name)
            read.append(file)
            var isHeader = true
            try rows(file) { columns, failure in
                guard columns.count == 5 else { throw failure("has \(columns.count) columns where 5 are needed (pair_ID, sentence_A, sentence_B, relatedness_score, entailment_judgment), separated by tabs; mend the line") }
                defer { isHeader = false }
                if isHeader {
                    guard columns[0] == "pair_ID" else { throw failure("begins with “\(columns[0].prefix(40))” where SICK's header pair_ID … is needed; give the file as it is published") }
                    return
                }
                pairs.append(.init(stripped(columns[1]), stripped(columns[2]), score: try score(columns[3], 1...5, failure), part: part))
            }
        }
        return try PairDataset(identifier: identifier, checksum: DatasetFiles.checksum(of: read), pairs: pairs, tests: ["SICK-R"])
    }

    // MARK: - A user's own

    /// A user's files: `sentence||sentence` lines without scores, or tables of score, sentence and sentence. A file with `dev` in its name chooses
    /// checkpoints, one with `test` tests, the others train.
    static func own(_ files: DatasetFiles, _ names: [String], identifier: String) throws -> PairDataset {
        var pairs: [PairDataset.Pair] = [], read: [(String, String)] = [], skipped = 0
        for name in names {
            let file = try files.read(name), lower = name.lowercased()
            read.append((name, file.checksum))
            let part: PairDataset.Part = lower.contains("dev") ? .development : lower.contains("test") ? .test : .training
            let plain = lower.hasSuffix(".gz") ? String(lower.dropLast(3)) : lower
            if plain.hasSuffix(".tsv") {
                var own: [PairDataset.Pair] = []
                try scored(file, test: 0, into: &own)
                pairs += own.map { .init($0.first, $0.second, score: $0.score, part: part) }
            } else {
                try corpus(file, part: part, into: &pairs, skipped: &skipped)
            }
        }
        return try PairDataset(identifier: identifier, checksum: DatasetFiles.checksum(read), pairs: pairs, tests: [identifier], skippedLines: skipped, file: names.joined(separator: ", "))
    }

    private static func corpus(_ file: DatasetFiles.File, part: PairDataset.Part, into pairs: inout [PairDataset.Pair], skipped: inout Int) throws {
        var lines = TextLines(file)
        while lines.advance() {
            if lines.isBlank { continue }
            guard let text = lines.text(lines.start..<lines.end) else { throw lines.failure("is not UTF-8; save the file as UTF-8") }
            let parts = text.components(separatedBy: "||")
            guard parts.count == 2 else { skipped += 1; continue }
            pairs.append(.init(stripped(parts[0]), stripped(parts[1]), score: nil, part: part))
        }
    }
}
