import Datasets
import Experiments
import Foundation
import Testing
import TrajectoryShapley

/// Section 9: what a user's files and settings can be, and the one sentence for each.
@Suite(.serialized) struct BadInputTests {
    /// Recordings as a user's own tables: walkers in pairs, `steps` frames.
    static func table(agents: Int = 6, steps: Int = 60, skew: Double = 0) -> String {
        (0..<agents).flatMap { agent in (0..<steps).map { "\(10 * $0)\t\(agent)\t\(0.4 * Double($0) * (agent % 2 == 0 ? 1 : -1) + skew)\t\(Double(agent) * 0.8 + 0.01 * Double($0 * agent))\n" } }.joined()
    }

    func run(_ tables: [String: String], _ values: [String: ParameterValue] = [:]) throws -> RecordingSink {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trajectories-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try tables.sorted { $0.key < $1.key }.map { name, text in
            let url = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            return url
        }
        let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
        _ = try DatasetImport(files: files, name: "mine", layout: .trajectories).add(to: library)
        return try TrajectoryShapleyTests.run(request(values.merging(["steps": .integer(3), "targets": .integer(4)]) { own, _ in own }, dataset: "mine"), library: library)
    }

    func sentence(_ tables: [String: String], _ values: [String: ParameterValue] = [:]) -> String {
        do {
            _ = try run(tables, values)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func `a user's recordings run, one divided in time and several left out in turn`() throws {
        #expect(try run(["a.txt": Self.table(steps: 160)]).result("ADE", arm: "Edge") != nil)
        let several = try run(["a.txt": Self.table(steps: 120), "b.txt": Self.table(skew: 3), "c.txt": Self.table(agents: 4, steps: 120)], ["fold": .text("b")])
        #expect(several.result("ADE", arm: "Edge") != nil)
        #expect(several.payloads.contains { if case .note(let note) = $0 { note.text.contains("fold b") } else { false } })
    }

    @Test func `what is wrong in a file is named with file and line`() {
        let good = Self.table()
        for (bad, place, words) in [
            (good + "0\t3\tx\t1\n", "line 361", "no finite number"), (good + "10\t3\t1\t1\n", "line 361", "comes twice"), (good + "10\t33\tnan\t1\n", "line 361", "no finite number"),
        ] {
            let error = sentence(["a.txt": bad])
            #expect(error.contains("a.txt") && error.contains(place) && error.contains(words), "\(error)")
        }
    }

    @Test func `too few steps, no target, a leak and a wrong fold are refused with the way out`() {
        #expect(sentence(["a.txt": Self.table(steps: 15)]).contains("20 steps in a row"))
        #expect(sentence(["a.txt": Self.table(steps: 120), "b.txt": Self.table(agents: 1, steps: 5, skew: 2)], ["fold": .text("b")]).contains("no test target"))
        let three = ["a.txt": Self.table(), "b.txt": Self.table(skew: 3), "c.txt": Self.table()]
        #expect(sentence(three, ["fold": .text("a")]).contains("the test recording a is among the training recordings as c"))
        #expect(sentence(three, ["fold": .text("b"), "training": .text("a, b")]).contains("the test recording b is among the training recordings"))
        #expect(sentence(three, ["fold": .text("z")]).contains("no fold “z”; give a, b, c"))
        #expect(sentence(three, ["fold": .text("b"), "training": .text("x")]).contains("no recording “x”"))
        #expect(sentence(["a.txt": Self.table(steps: 160)], ["fold": .text("a")]).contains("has no folds"))
    }

    @Test(arguments: [
        (["models": ParameterValue.text("magic")], "“magic” is no predictor"), (["models": .text(" , ")], "at least one"), (["permutations": .integer(3)], "give 4"),
        (["estimator": .text("exact"), "neighbours": .integer(11)], "set estimator to perm"), (["observed": .integer(1)], "at least 2"), (["fold": .text("zara1")], "divides its recordings itself"),
        (["radius": .real(-1)], "radius"), (["model-file": .text("/nowhere/edge.safetensors")], "/nowhere/edge.safetensors"), (["neighbours": .integer(50)], "0 … 40"), (["value": .text("mse")], "nllc"),
    ])
    func `a setting that cannot be is named with what can`(values: [String: ParameterValue], words: String) {
        do {
            _ = try TrajectoryShapleyTests.run(request(values))
            #expect(Bool(false), "no error for \(values)")
        } catch { #expect("\(error)".contains(words), "\(error)") }
    }

    @Test func `a dataset of another kind is refused`() {
        #expect(throws: DatasetError.self) { try TrajectoryShapleyTests.run(request(dataset: "digits")) }
    }

    @Test func `a model that a run left is attributed as it is, and refused for other steps or as a file of something else`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try TrajectoryShapleyTests.run(request(["models": .text("edge"), "steps": .integer(5)]))
        let data = try #require(first.artifacts["edge.safetensors"])
        let path = folder.appendingPathComponent("edge.safetensors")
        try data.write(to: path)
        let again = try TrajectoryShapleyTests.run(request(["models": .text("cv"), "model-file": .text(path.path), "decoder-width": .integer(16)]))
        for name in ["nllc", "φ past, nllc", "social score, nllc", "Σψ, ADE"] { #expect(again.result(name, arm: "Edge") == first.result(name, arm: "Edge") && again.result(name, arm: "Edge") != nil, "\(name)") }
        for (values, words) in [(["observed": ParameterValue.integer(6)], "“observed” 8"), (["predicted": .integer(10)], "“predicted” 12")] {
            let error = #expect(throws: TrajectoryError.self) { try TrajectoryShapleyTests.run(request(values.merging(["model-file": .text(path.path)]) { $1 })) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
        for cut in [0, 7, 40, data.count / 2, data.count - 1] {
            try data.prefix(cut).write(to: path)
            #expect(throws: (any Error).self) { try TrajectoryShapleyTests.run(request(["model-file": .text(path.path)])) }
        }
    }
}
