import Datasets
import Foundation
import Testing

/// WordNet's database files.
@Suite struct WordNetTests {
    static let nouns = """
          1 This software and database is being provided to you, the LICENSEE
        00001740 03 n 01 entity 0 002 ~ 00001930 n 0000 + 00692347 v 0101 | that which is perceived\u{20}\u{20}
        00001930 03 n 02 physical_entity 0 thing 1a 001 @ 00001740 n 0000 | an entity; "it is"\u{20}\u{20}
        00002137 04 n 01 act 0 000 |\u{20}\u{20}

        """
    static let verbs = "00692347 29 v 01 breathe 0 001 + 00001740 n 0101 02 + 02 00 + 08 00 | draw air\n"

    func added(_ files: [String: String]) throws -> GraphDataset {
        try imported(files.mapValues { Array($0.utf8) }, name: "glosses", kind: .textGraph)
    }

    func failure(_ files: [String: String]) -> String { #expect(throws: DatasetError.self) { try added(files) }?.description ?? "" }

    @Test func `glosses are texts, pointers edges, lexicographer files classes`() throws {
        let nouns = try added(["data.noun": Self.nouns])
        #expect(nouns.count == 3 && nouns.edgeCount == 1 && nouns.classNames == ["noun.Tops", "noun.act"] && nouns.labels == [0, 0, 1])
        #expect(nouns.names == NodeTexts(["entity", "physical_entity", "act"]) && nouns.texts == NodeTexts(["that which is perceived", "an entity; \"it is\"", ""]))
        #expect(nouns.notes.contains("1 pointers to parts of speech that were not given were left out"))
        let both = try added(["data.noun": Self.nouns, "data.verb": Self.verbs, "index.noun": "entity n 1 1 ~ 1 1 00001740\nthing n 1 0 1 0 00001930\n"])
        #expect(both.count == 4 && both.edgeCount == 2 && both.notes.contains("2 lemmas of an index were checked"))
    }

    @Test(arguments: [
        ("0000174 03 n 01 entity 0 000 | x", "line 1: does not begin with an offset of eight digits"),
        ("00001740 45 n 01 entity 0 000 | x", "line 1: has no number of a lexicographer file from 00 to 44"),
        ("00001740 03 q 01 entity 0 000 | x", "line 1: has no type of a set"),
        ("00001740 03 n 00 000 | x", "line 1: has no number of words"),
        ("00001740 03 n 02 entity 0 000 | x", "line 1: ends or has no sense number within the 2 words"),
        ("00001740 03 n 01 entity 0 002 @ 00001740 n 0000 | x", "line 1: ends within the 2 pointers"),
        ("00001740 03 n 01 entity 0 000 x", "line 1: has no bar before its gloss"),
        ("00001740 03 n 01 entity 0 001 @ 00000009 n 0000 | x", "line 1: points to 9, where no set begins"),
        ("00001740 03 n 01 a 0 000 | x\n00001740 03 n 01 b 0 000 | y", "line 2: has the offset of an earlier set"),
        ("00001740 03 n 01 a 0 000 | x\n00001741 29 v 01 b 0 000 00 | y", "line 2: has no type of a set (n, v, a, s or r), or another"),
        ("  1 licence only", "holds no sets"),
    ]) func `a line that is not as the format says is named`(text: String, sentence: String) {
        let said = failure(["data.noun": text + "\n"])
        #expect(said.contains("data.noun") && said.contains(sentence), "\(said)")
    }

    @Test func `an index must fit its data`() {
        #expect(failure(["data.noun": Self.nouns, "index.noun": "entity n 1 1 ~ 1 1 00000001\n"]).contains("index.noun, line 1: names the set 1, which no data file has"))
        #expect(failure(["data.noun": Self.nouns, "index.noun": "entity n 2 1 ~ 1 1 00001740\n"]).contains("index.noun, line 1: ends within the 2 sets"))
        #expect(failure(["index.noun": "entity n 1 1 ~ 1 1 00001740\n"]).contains("is no data file"))
    }

    /// LATHE_TEST_WORDNET names a folder with WordNet 3.0's files (`/usr/share/wordnet` of Debian's wordnet-base).
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LATHE_TEST_WORDNET"] != nil, "LATHE_TEST_WORDNET is not set"))
    func `WordNet 3.0 has its published counts`() throws {
        let source = URL(fileURLWithPath: ProcessInfo.processInfo.environment["LATHE_TEST_WORDNET"] ?? "")
        let names = ["noun", "verb", "adj", "adv"]
        try withTemporaryFolder { folder in
            let library = DatasetLibrary(folders: [folder])
            let files = names.flatMap { [source.appendingPathComponent("data.\($0)"), source.appendingPathComponent("index.\($0)")] }
            let start = ContinuousClock.now
            _ = try DatasetImport(files: files).add(to: library)
            print("imported in \(start.duration(to: .now))")
            let all = try library.open("wordnet", as: GraphDataset.self)
            print(all.preview().facts.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
            #expect(all.count == 82_115 + 13_767 + 18_156 + 3621 && all.classNames.count == 45)
        }
    }
}
