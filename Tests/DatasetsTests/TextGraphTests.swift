import Datasets
import Foundation
import Testing

/// Graphs whose nodes carry text: the embedded one, generated ones and a user's folder in the plain layout.
@Suite struct TextGraphTests {
    func graph(_ identifier: String, _ library: DatasetLibrary = DatasetLibrary(folders: [])) throws -> GraphDataset { try library.open(identifier, as: GraphDataset.self) }

    /// A folder `papers` with these files, opened.
    func opened(_ files: [String: [UInt8]]) throws -> GraphDataset {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("papers")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let all = ["nodes.tsv": Array("0\t0\n1\t1\n2\t0\n".utf8), "edges.tsv": Array("0\t1\n".utf8)].merging(files) { $1 }
            for (name, bytes) in all { try Data(bytes).write(to: place.appendingPathComponent(name)) }
            return try graph("papers", DatasetLibrary(folders: [folder]))
        }
    }

    func failure(_ files: [String: [UInt8]]) -> String { #expect(throws: DatasetError.self) { try opened(files) }?.description ?? "" }

    @Test func `the Debian graph ships with its texts, names, classes and published counts`() throws {
        let debian = try graph("debian-packages"), texts = try #require(debian.texts), names = try #require(debian.names)
        #expect(debian.count == 2745 && debian.edgeCount == 4469 && debian.classNames.count == 10 && texts.count == 2745)
        #expect(names[0] == "4ti2" && texts[0].hasPrefix("mathematical tool suite for problems on linear spaces") && debian.classNames[debian.labels[0]] == "math")
        #expect(debian.labels.allSatisfy { $0 >= 0 } && (0..<debian.count).allSatisfy { debian.degree($0) > 0 })
        #expect(abs((debian.homophily ?? 0) - 0.887) < 0.001)
        let preview = debian.preview()
        #expect(preview.rows.count == 10 && preview.rows[0].prefix(4) == ["0", "4ti2", "math", "2"])
        #expect(preview.facts.contains { $0.name == "texts" && $0.value.hasPrefix("mean 57.2 words") })
        #expect(abs((debian.edgeHomophily ?? 0) - 0.864) < 0.001)
    }

    @Test func `words of the texts serve as features where there are no others`() throws {
        let debian = try graph("debian-packages"), features = debian.withWordFeatures().features
        #expect(features.count == 2745 && features.width > 3000 && features.values.allSatisfy { $0 == 1 })
        let small = NodeTexts(["gcc c++ gcc", "GCC and a c++", "and numpy", "numpy, arrays"]).wordFeatures(minimum: 2)
        // and, c++, gcc, numpy: each in two of four texts; “a” is too short and “arrays” too rare.
        #expect(small.width == 4 && small.starts == [0, 2, 5, 7, 8] && small.indices == [1, 2, 0, 1, 2, 0, 3, 3])
        let cora = try graph("cora")
        #expect(cora.withWordFeatures().features == cora.features)
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `Cora with abstracts has its published counts, loops and repeats left out`() throws {
        let cora = try graph("cora-text", TestData.library)
        #expect(cora.count == 2277 && cora.edgeCount == 4771 && cora.classNames.count == 7 && cora.labels.count { $0 < 0 } == 66)
        #expect(cora.adjacency.loops == 230 && cora.adjacency.repeats == 5214 - 4771 - 230)
        #expect((0..<cora.count).count { cora.degree($0) == 0 } == 72)
        #expect(cora.preview().classes.map(\.count) == [645, 195, 351, 292, 321, 252, 155])
    }

    @Test func `a text graph of the user's own has names, groups and embeddings`() throws {
        var npy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n".utf8)
        npy += [UInt8(header.count), 0] + header + [Float](arrayLiteral: 1, 2, 3, 4, 5, 6).flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
        let papers = try opened(["text.txt": Array("first text\r\n\nfirst text".utf8), "nodes.tsv": Array("0\t0\talpha\tsource one\n1\t-1\t\tsource two\n2\t1\tb\tsource one\n".utf8),
                                 "embeddings.npy": npy])
        #expect(papers.texts == NodeTexts(["first text", "", "first text"]) && papers.names == NodeTexts(["alpha", "", "b"]))
        #expect(papers.groups == [0, 1, 0] && papers.embeddings?.width == 2 && papers.embeddings?.values == [1, 2, 3, 4, 5, 6])
        #expect(papers.notes == ["1 texts are empty", "1 texts repeat an earlier one"] && papers.publicSplit.isEmpty)
        var wrong = npy
        wrong[10 + (header.firstIndex(of: UInt8(ascii: "3")) ?? 0)] = UInt8(ascii: "6")
        wrong[10 + (header.lastIndex(of: UInt8(ascii: "2")) ?? 0)] = UInt8(ascii: "1")
        #expect(failure(["text.txt": Array("a\nb\nc\n".utf8), "embeddings.npy": wrong]).contains("embeddings.npy: holds an array of shape [6, 1] and type float32 where 3 x D"))
    }

    @Test func `bad text files are named with both numbers or the line`() {
        #expect(failure(["text.txt": Array("a\nb\n".utf8)]).contains("text.txt: has 2 lines for 3 nodes"))
        #expect(failure(["text.txt": Array("a\nb\nc\nd\n".utf8)]).contains("text.txt: has 4 lines for 3 nodes"))
        #expect(failure(["text.txt": Array("a\nb\n".utf8) + [0xC3, 0x28, 0x0A]]).contains("text.txt, line 3: is not UTF-8"))
        #expect(failure(["text.txt": Array("a\nb\nc\n".utf8), "classes.txt": [0x61, 0x0A, 0xFF, 0x0A]]).contains("classes.txt, line 2: is not UTF-8"))
        #expect(failure(["text.txt": Array("a\nb\nc\n".utf8), "nodes.tsv": Array("0\t0\ta\tx\n1\t0\tb\n2\t0\tc\ty\n".utf8)]).contains("nodes.tsv, line 2: has no group"))
        #expect(failure(["text.txt": Array("a\nb\nc\n".utf8), "embeddings.npy": Array("nothing".utf8)]).contains("embeddings.npy, byte 0"))
    }

    @Test func `texts reach a preview without control characters or marks of direction`() throws {
        let papers = try opened(["text.txt": Array("\u{1B}[2Jgone\u{202E}drawkcab\nb\u{9B}31m\nc\u{7}\n".utf8)])
        let shown = papers.preview().rows.joined().joined()
        #expect(shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
        #expect(shown.contains("gone") && shown.contains("drawkcab"))
    }

    @Test func `a folder in the plain layout is added whole, other files in it are not`() throws {
        try withTemporaryFolder { folder in
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")]), source = folder.appendingPathComponent("shop")
            try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
            let files = ["nodes.tsv": "0\t0\n1\t1\n", "edges.tsv": "0\t1\n", "text.txt": "one\ntwo\n", "classes.txt": "a\nb\n", "notes.md": "x"]
            for (name, text) in files { try Data(text.utf8).write(to: source.appendingPathComponent(name)) }
            let entry = try DatasetImport(files: [source]).add(to: library)
            #expect(entry.identifier == "shop" && entry.kind == .textGraph && entry.shape == "2 nodes with text, 1 edges, 2 classes" && entry.rows == 2)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("data/shop").path).sorted()
            #expect(names == ["classes.txt", "dataset.json", "edges.tsv", "nodes.tsv", "text.txt"])
            #expect(try library.open("shop", as: GraphDataset.self).texts?[1] == "two")
            try FileManager.default.removeItem(at: source.appendingPathComponent("edges.tsv"))
            #expect(#expect(throws: DatasetError.self) { try DatasetImport(files: [source], name: "b", layout: .graph).add(to: library) }?.description.contains("lacks nodes.tsv or edges.tsv") == true)
        }
    }

    @Test func `the generated text graphs are as the plans ask, the same each time`() throws {
        let small = try graph("small-texts"), texts = try #require(small.texts)
        #expect(small.count == 240 && small.classNames.count == 4 && (0..<240).allSatisfy { texts.wordCount(of: $0) == 20 })
        #expect((680...720).contains(small.edgeCount))
        let again = try TextBlockGraph.small.generate(identifier: "small-texts", seed: 1), other = try TextBlockGraph.small.generate(identifier: "small-texts", seed: 2)
        #expect(again.texts == small.texts && again.adjacency == small.adjacency && again.checksum == small.checksum && other.texts != small.texts)

        let large = try TextBlockGraph.scaling(nodes: 20_000).generate(identifier: "text-sbm", seed: 3), words = try #require(large.texts)
        #expect(large.count == 20_000 && large.classNames.count == 32 && (79_000...80_000).contains(large.edgeCount))
        let same = (0..<large.count).reduce(0) { sum, node in sum + large.adjacency.neighbours(of: node).count { large.labels[Int($0)] == large.labels[node] } }
        #expect(abs(Double(same) / Double(2 * large.edgeCount) - 0.8) < 0.01)
        // Half of the words come from the class's 200.
        var seen: [Set<Substring>] = Array(repeating: [], count: 32), total = 0
        var counts: [Substring: [Int: Int]] = [:]
        for node in 0..<large.count {
            for word in words[node].split(separator: " ") {
                seen[large.labels[node]].insert(word)
                counts[word, default: [:]][large.labels[node], default: 0] += 1
                total += 1
            }
        }
        let own = counts.values.filter { $0.count == 1 && ($0.values.first ?? 0) > 10 }.reduce(0) { $0 + ($1.values.first ?? 0) }
        #expect(abs(Double(own) / Double(total) - 0.5) < 0.02)
        #expect(throws: DatasetError.self) { try TextBlockGraph.scaling(nodes: 3).generate(identifier: "x", seed: 1) }
    }
}

/// Texts that are too long for memory.
@Suite struct LongTextsTests {
    @Test func `texts of more than 64 MiB are read from a file and stay the same`() throws {
        var long = NodeTexts.Builder(), short = NodeTexts.Builder()
        let piece = Array("lathe turns wood ".utf8), block = (0..<4096).flatMap { _ in piece }
        for node in 0..<1000 {
            long.append(block)
            if node == 7 { short.append(block) }
        }
        let texts = long.finish()
        #expect(texts.count == 1000 && texts.byteCount == 1000 * block.count && texts.byteCount > 64 << 20)
        #expect(texts[999] == String(decoding: block, as: UTF8.self) && texts.bytes(of: 7).elementsEqual(block))
        #expect(short.finish()[0] == texts[7] && texts == texts)
    }
}
