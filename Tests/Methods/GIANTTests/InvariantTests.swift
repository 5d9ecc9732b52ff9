import Datasets
import Experiments
import Foundation
import GIANT
import Tensors
import Testing

/// What must not change the vectors, on folders in the plain layout.
@Suite(.serialized) struct InvariantTests {
    /// A folder `toy` with 120 nodes: two topics, a ring inside each, a hub and a node without edges.
    func folder(labels: (Int) -> Int, edges withEdges: Bool = true) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("giant-invariants-\(UUID().uuidString)"), place = root.appendingPathComponent("toy")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let topics = [["gear", "wheel", "motor", "brake"], ["leaf", "root", "bark", "moss"]]
        var texts: [String] = []
        for node in 0..<120 {
            let topic = topics[node % 2]
            var words: [String] = []
            for place in 0..<6 { words.append(topic[(node / 2 + place * 3) % 4]) }
            words.append("word\(node / 3)")
            texts.append(node == 7 ? "" : words.joined(separator: " "))
        }
        try (texts.joined(separator: "\n") + "\n").write(to: place.appendingPathComponent("text.txt"), atomically: true, encoding: .utf8)
        try (0..<120).map { "\($0)\t\(labels($0))\n" }.joined().write(to: place.appendingPathComponent("nodes.tsv"), atomically: true, encoding: .utf8)
        var lines = "# src\tdst\n"
        if withEdges {
            for node in 0..<119 { lines += "\(node)\t\((node + 2) % 119)\n" }
            for node in stride(from: 1, to: 100, by: 2) { lines += "3\t\(node)\n" }
        }
        try lines.write(to: place.appendingPathComponent("edges.tsv"), atomically: true, encoding: .utf8)
        return root
    }

    func request(_ values: [String: ParameterValue] = [:]) -> RunRequest {
        RunRequest(method: "giant-xrt", dataset: "toy", plan: .smoke, seed: 3, threads: 1,
                   values: ["arms": .text("encode"), "max-leaf": .integer(8), "max-degree": .integer(40)].merging(values) { $1 })
    }

    @discardableResult func run(_ root: URL, cache: URL, _ request: RunRequest, state: Data? = nil, sink: RecordingSink = RecordingSink()) throws -> RecordingSink {
        let method = GIANTMethod()
        try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: [root]), cacheFolder: cache,
                                    restoredState: state, sink: sink))
        return sink
    }

    func vectors(_ cache: URL) throws -> Data {
        let files = FileManager.default.enumerator(at: cache, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }.filter { $0.pathExtension == "npy" } ?? []
        return try Data(contentsOf: #require(files.first))
    }

    @Test func `no label is read before the downstream models`() throws {
        var found: [Data] = []
        for label in [{ $0 % 2 }, { ($0 / 5) % 3 }] as [(Int) -> Int] {
            let root = try folder(labels: label), cache = root.appendingPathComponent("cache")
            defer { try? FileManager.default.removeItem(at: root) }
            try run(root, cache: cache, request())
            found.append(try vectors(cache))
        }
        #expect(found[0] == found[1])
        // A header of 128 bytes at most, then 120 rows of 32 half-precision numbers: hubs, empty texts and nodes without edges have one too.
        #expect(found[0].count > 120 * 32 * 2 && found[0].count <= 120 * 32 * 2 + 128)
    }

    @Test func `a run that stopped while encoding writes the same file`() throws {
        let root = try folder { $0 % 2 }
        defer { try? FileManager.default.removeItem(at: root) }
        let whole = try run(root, cache: root.appendingPathComponent("a"), request())
        let last = try #require(whole.checkpoints.last { $0.name.contains("level") })
        try run(root, cache: root.appendingPathComponent("b"), request(), state: last.state)
        #expect(try vectors(root.appendingPathComponent("a")) == vectors(root.appendingPathComponent("b")))
    }

    @Test func `stopping in any file of vectors and going on gives the same files`() throws {
        let texts = NodeTexts((0..<1200).map { "word\($0 % 7) word\($0 % 11)" }), words = try TextFeatures(texts, options: TFIDF.Options.standard(pairs: false))
        var random = RandomSource(seed: 1)
        let encoder = BagEncoder<Float>(try words.rows.matrix(), width: 4, random: &random)
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("giant-files-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        func file(_ name: String) -> VectorFile { VectorFile(folder: root.appendingPathComponent(name), checksum: "x", encoder: encoder, count: 1200, shardRows: 500) }
        func contents(_ file: VectorFile) throws -> [String: Data] {
            try FileManager.default.contentsOfDirectory(at: file.folder, includingPropertiesForKeys: nil).reduce(into: [:]) { $0[$1.lastPathComponent] = try Data(contentsOf: $1) }
        }
        _ = try file("whole").write { _ in }
        let whole = try contents(file("whole"))
        #expect(whole.keys.sorted() == ["vectors-0.npy", "vectors-1.npy", "vectors-2.npy"])
        for stop in [0, 500, 1000, 1200] {
            let stopped = file("stopped \(stop)")
            #expect(throws: RunCancelled.self) { try stopped.write { if $0 == stop { throw RunCancelled() } } }
            // Whole files only, nothing half written.
            #expect(try contents(stopped).count == (stop + 499) / 500)
            _ = try stopped.write { _ in }
            #expect(try contents(stopped) == whole)
        }
        // Another encoder's vectors stand elsewhere.
        encoder.parameters["output.bias"]?.assign(Tensor(shape: [4], repeating: 3))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("whole/giant-xrt").path).contains(file("whole").folder.lastPathComponent) == false)
    }

    @Test func `a graph without edges, and one where no row can train, give one sentence`() throws {
        let bare = try folder(labels: { $0 % 2 }, edges: false), whole = try folder { $0 % 2 }
        defer { for root in [bare, whole] { try? FileManager.default.removeItem(at: root) } }
        #expect(throws: GIANTError.self) { try run(bare, cache: bare, request()) }
        let error = #expect(throws: GIANTError.self) { try run(whole, cache: whole, request(["max-degree": .integer(2), "held-out": .real(0)])) }
        #expect(error?.description.contains("max-degree") == true)
    }
}
