import ColdBrew
import Datasets
import Experiments
import Foundation
import Testing

/// Section 9: what a user's files can be, and the one sentence for each.
@Suite(.serialized) struct BadInputTests {
    /// A ring of forty nodes in two classes, twenty of them labelled, as files.
    struct Files {
        var nodes = "# id\tlabel\tsplit\n" + (0..<40).map { "\($0)\t\($0 % 2)\t\($0 < 12 ? "t" : $0 < 20 ? "v" : "s")" }.joined(separator: "\n") + "\n"
        var edges = "# src\tdst\n" + (0..<40).flatMap { node in (1...(1 + node % 3)).map { "\(node)\t\((node + $0) % 40)" } }.joined(separator: "\n") + "\n"
        var features = "# width 4\n" + (0..<40).map { "\($0 % 2) \(2 + $0 % 2)" }.joined(separator: "\n") + "\n"
    }

    func run(_ files: Files, _ values: [String: ParameterValue] = [:]) throws -> RecordingSink {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cold-brew-\(UUID().uuidString)")
        let own = folder.appendingPathComponent("ring")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("nodes.tsv", files.nodes), ("edges.tsv", files.edges), ("features.txt", files.features)] {
            try text.write(to: own.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        let method = ColdBrewMethod()
        let request = RunRequest(method: "cold-brew", dataset: "ring", plan: .smoke, values: ["epochs": .integer(3)].merging(values) { $1 })
        let sink = RecordingSink()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: [folder]),
                                 cacheFolder: folder, restoredState: nil, sink: sink)
        try method.train(context)
        return sink
    }

    func sentence(_ files: Files, _ values: [String: ParameterValue] = [:]) -> String {
        do {
            _ = try run(files, values)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func `a user's graph runs; loops and repeats are counted in the log`() throws {
        var files = Files()
        files.edges += "0\t0\n1\t0\n"
        let sink = try run(files)
        #expect(sink.result("overall accuracy", arm: "student") != nil)
        let notes = sink.payloads.compactMap { if case .note(let message) = $0 { message.text } else { nil } }
        #expect(notes.contains { $0.contains("1 loops") } && notes.contains { $0.contains("repeated edges") })
    }

    @Test func `what is wrong in a file is named with file and line`() {
        var files = Files()
        files.edges += "7\t40\n"
        #expect(sentence(files).contains("edges.tsv") && sentence(files).contains("node 40 is outside 0 ... 39") && sentence(files).contains("line "))
        files = Files()
        files.nodes = files.nodes.replacingOccurrences(of: "\n5\t1\tt\n", with: "\n")
        #expect(sentence(files).contains("nodes.tsv") && sentence(files).contains("line 7") && sentence(files).contains("node 5 is needed"))
        files = Files()
        files.features = files.features.replacingOccurrences(of: "# width 4\n0 2\n", with: "# width 4\n0 4\n")
        #expect(sentence(files).contains("features.txt") && sentence(files).contains("line 2") && sentence(files).contains("column 4 is outside"))
    }

    @Test func `what the data cannot give is said in a sentence`() {
        var files = Files()
        files.nodes = "# id\tlabel\tsplit\n" + (0..<40).map { "\($0)\t\($0 < 12 ? 0 : $0 % 2)\t\($0 < 12 ? "t" : $0 < 20 ? "v" : "s")" }.joined(separator: "\n")
        #expect(sentence(files).contains("fewer than two classes"))
        files = Files()
        files.nodes = files.nodes.replacingOccurrences(of: "\tv", with: "\ts")
        #expect(sentence(files).contains("no validation nodes"))
        files = Files()
        files.nodes = "# id\tlabel\tsplit\n" + (0..<40).map { "\($0)\t\($0 % 2)\t\($0 < 20 ? "t" : $0 < 39 ? "v" : "s")" }.joined(separator: "\n")
        #expect(sentence(files).contains("has no test nodes"))
        files = Files()
        files.edges = "# src\tdst\n"
        #expect(sentence(files).contains("leaves no edge"))
        files = Files()
        #expect(sentence(files, ["neighbours": .integer(37)]).contains("more than the 36 nodes"))
    }

    @Test func `a graph without a split of its own is split by seed`() throws {
        var files = Files()
        files.nodes = "# id\tlabel\n" + (0..<40).map { "\($0)\t\($0 % 2)" }.joined(separator: "\n") + "\n"
        #expect(try run(files, ["drawn-share": .real(0.4)]).result("overall accuracy", arm: "student") != nil)
        #expect(sentence(files, ["labels": .text("public")]).contains("no public split"))
    }

    @Test func `a class without training nodes is a warning`() throws {
        var files = Files()
        files.nodes = "# id\tlabel\tsplit\n" + (0..<40).map { "\($0)\t\($0 == 39 ? 2 : $0 % 2)\t\($0 < 12 ? "t" : $0 < 20 ? "v" : "s")" }.joined(separator: "\n")
        let warnings = try run(files).payloads.compactMap { if case .warning(let message) = $0 { message.text } else { nil } }
        #expect(warnings.contains { $0.contains("class 2 has no training node") })
    }

    @Test func `a loss that is not finite stops with stage and epoch`() {
        var files = Files()
        files.features = "# width 4\n" + (0..<40).map { "\($0 % 2):3e38 \(2 + $0 % 2):-3e38" }.joined(separator: "\n")
        #expect(sentence(files).contains("the loss of GCN is not finite at epoch 1"))
    }
}
