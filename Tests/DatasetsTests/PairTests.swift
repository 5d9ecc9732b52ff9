import Datasets
import Foundation
import Testing

/// Sentence pairs: the published sets, a user's own, and what is wrong in them.
@Suite struct PairTests {
    static let hasSets = ["stsbenchmark", "sts-semeval", "sick"].allSatisfy { TestData.library.entry($0)?.state == .present }

    @Test("the counts of section 4.1 of the sheet", .enabled(if: PairTests.hasSets, "needs stsbenchmark, sts-semeval and sick in the test data"))
    func counts() throws {
        let library = TestData.library
        let benchmark = try library.open("stsbenchmark", as: PairDataset.self), yearly = try library.open("sts-semeval", as: PairDataset.self), sick = try library.open("sick", as: PairDataset.self)
        #expect(PairDataset.Part.allCases.map { part in benchmark.pairs.count { $0.part == part } } == [5749, 1500, 1379])
        #expect(PairDataset.Part.allCases.map { part in sick.pairs.count { $0.part == part } } == [4500, 500, 4927])
        #expect(yearly.tests == ["STS12", "STS13", "STS14", "STS15"])
        #expect(yearly.tests.indices.map { yearly.scored(.test, test: $0).count } == [3108, 1500, 3750, 3000])
        #expect(yearly.tests.indices.map { test in yearly.pairs.count { $0.test == test } } == [3108, 1500, 3750, 8500])
        #expect(sick.distinct.count == 9842)
        // All pairs of STS without repeats, then those with a score alone. The sheet counts 18,606, 23,038 and 2,917: four pairs of 2012 are others only by white space,
        // which is taken off here.
        func distinct(_ pairs: [PairDataset.Pair]) -> Int { Set(pairs.map { $0.first + $0.second }).count }
        #expect(distinct(yearly.pairs + benchmark.pairs) == 18_602)
        #expect(distinct((yearly.pairs + benchmark.pairs).filter { $0.score != nil }) + 9842 == 23_034)
        // The test file of SICK ends its lines with CR LF; nothing of it may be left.
        #expect(sick.pairs.allSatisfy { !$0.first.contains("\r") && !$0.second.contains("\r") && $0.score != nil })
        #expect(benchmark.pairs.contains { $0.first.contains("\"") })
        let known = Set(benchmark.pairs.map { $0.first + "\t" + $0.second })
        let overlap = yearly.tests.indices.map { test -> [Int] in
            let own = Set(yearly.scored(.test, test: test).map { $0.first + "\t" + $0.second })
            return [own.intersection(known).count, own.count]
        }
        #expect(overlap == [[1495, 2913], [750, 1500], [2221, 3683], [1875, 3000]])
    }

    @Test("generated pairs: the score is what both sentences name") func generated() throws {
        let pairs = try DatasetLibrary(folders: []).open("graded-pairs", as: PairDataset.self)
        #expect(PairDataset.Part.allCases.map { part in pairs.pairs.count { $0.part == part } } == [1200, 300, 500])
        #expect(Set(pairs.pairs.compactMap(\.score)) == [0, 1, 2, 3, 4, 5])
        // Words that stand in both say less than the score, for a thing has two words.
        func shared(_ pair: PairDataset.Pair) -> Int {
            let little: Set<Substring> = ["the", "a", "of", "and", "in", "near", "with", "some"]
            func words(_ text: String) -> Set<Substring> { Set(text.dropLast().split(separator: " ")).subtracting(little) }
            return words(pair.first).intersection(words(pair.second)).count
        }
        #expect(pairs.pairs.allSatisfy { Double(shared($0)) <= ($0.score ?? 0) })
        let whole = pairs.pairs.filter { $0.score == 5 }
        #expect(whole.reduce(0) { $0 + shared($1) } < 4 * whole.count)
        #expect(try DatasetLibrary(folders: []).open("graded-pairs", as: PairDataset.self).pairs == pairs.pairs)
    }

    @Test("a corpus of || lines: what is no pair is counted, white space is taken off, empty sentences stay") func corpus() throws {
        let text = "  A man plays. || A man is playing.\nno bar\na||b||c\n|| only one\n\n" + "x||y\r\n"
        let pairs: PairDataset = try imported(["corpus.txt": Array(text.utf8)], layout: .pairs, kind: .pairs)
        #expect(pairs.pairs.map(\.first) == ["A man plays.", "", "x"] && pairs.pairs.map(\.second) == ["A man is playing.", "only one", "y"])
        #expect(pairs.skippedLines == 2 && pairs.emptySentences == 1)
        #expect(pairs.pairs.allSatisfy { $0.score == nil && $0.part == .training })
    }

    @Test("tables of one's own: parts by the names of the files, an empty score is none and not 0") func own() throws {
        let pairs: PairDataset = try imported(["my-train.tsv": Array("\ta\tb\n2.5\t\"c\td\n".utf8), "my-dev.tsv": Array("5\te\tf\n".utf8), "my-test.tsv": Array("0\tg\th\n".utf8)], name: "mine", layout: .pairs, kind: .pairs)
        #expect(Set(pairs.pairs.map(\.part)) == [.training, .development, .test])
        #expect(pairs.pairs.first { $0.first == "a" }?.score == nil && pairs.pairs.first { $0.first == "g" }?.score == 0 && pairs.pairs.first { $0.second == "d" }?.first == "\"c")
    }

    @Test("what is wrong in a file is named with file and line", arguments: [
        ("a.tsv", "1\ta\tb\n2\tc\n", "a.tsv, line 2: has 2 columns where 3 are needed"), ("a.tsv", "1\ta\tb\n9\tc\td\n", "line 2: has the score “9” where a number from 0 to 5 is needed"),
        ("a.tsv", "x\ta\tb\n", "line 1: has the score “x”"), ("a.tsv", "nan\ta\tb\n", "line 1: has the score “nan”"), ("a.txt", "a||b\nc\n", "holds 1 pair of sentences, and two are the least (1 lines have no single ||)"),
        ("a.txt", "", "holds 0 pairs"),
    ])
    func damage(_ name: String, _ text: String, _ sentence: String) {
        let error = #expect(throws: DatasetError.self) { let _: PairDataset = try imported([name: Array(text.utf8)], layout: .pairs, kind: .pairs) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("bytes that are no UTF-8 are named with their line") func encoding() {
        let error = #expect(throws: DatasetError.self) { let _: PairDataset = try imported(["a.txt": Array("a||b\n".utf8) + [0xFF, 0x0A]], layout: .pairs, kind: .pairs) }
        #expect(error?.description.contains("a.txt, line 2: is not UTF-8") == true)
    }

    @Test("published layouts with a wrong number of columns or without their header") func published() throws {
        try withTemporaryFolder { folder in
            func write(_ set: String, _ files: [String: String]) throws -> DatasetLibrary {
                let own = folder.appendingPathComponent(UUID().uuidString), data = own.appendingPathComponent(set)
                for (name, text) in files {
                    let url = data.appendingPathComponent(name)
                    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: url)
                }
                return DatasetLibrary(folders: [own])
            }
            func sentence(_ set: String, _ files: [String: String]) -> String {
                let error = #expect(throws: DatasetError.self) { try write(set, files).open(set) }
                return error?.description ?? ""
            }
            let row = "main\tf\t2012\t1\t4.0\ta\tb\n"
            #expect(sentence("stsbenchmark", ["sts-train.csv": row, "sts-dev.csv": row + "main\tf\t2012\n", "sts-test.csv": row]).contains("sts-dev.csv, line 2: has 3 columns where 7 or 9 are needed"))
            let nine = try write("stsbenchmark", ["sts-train.csv": row, "sts-dev.csv": row, "sts-test.csv": String(row.dropLast()) + "\tx\ty\n"]).open("stsbenchmark")
            #expect(nine.count == 3)
            let header = "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
            #expect(sentence("sick", ["SICK_train.txt": "1\ta\tb\t4\tNEUTRAL\n", "SICK_trial.txt": header, "SICK_test_annotated.txt": header]).contains("SICK_train.txt, line 1: begins with “1” where SICK's header"))
            #expect(sentence("sick", ["SICK_train.txt": header + "1\ta\tb\t0.5\tNEUTRAL\n", "SICK_trial.txt": header, "SICK_test_annotated.txt": header]).contains("line 2: has the score “0.5” where a number from 1 to 5"))
        }
    }
}
