import Datasets
import Experiments
import Foundation
import Testing
import TransEncoder

/// Section 9 of the sheet: settings and data that cannot be, one sentence each.
@Suite(.serialized) struct BadInputTests {
    func sentence(_ values: [String: ParameterValue], dataset: String = "small-pairs", library: DatasetLibrary = shipped) -> String {
        do {
            _ = try run(request(values, dataset: dataset), library: library)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test("settings", arguments: [
        ("layers", ParameterValue.integer(3), "no error"), ("cross-layers", .integer(7), "parameter cross-layers: 7 is more than the 2 layers of small; give at most as many, or 0 for all"),
        ("controls", .text("self-training, self-training"), "names one twice"), ("controls", .text("nothing"), "parameter controls: “nothing” is none; give some of self-training, shuffled, simcse, or none"),
        ("encoder", .text("no-such"), "no-such: is no data set"), ("encoder", .text("small-pairs"), "is a PairDataset where a WeightsFile is needed"), ("test-sets", .text("digits"), "is a ImageDataset where a PairDataset is needed"),
        ("small-width", .integer(30), "parameter small-width: 30 does not divide"), ("test-sets", .text("small-pairs, small-pairs"), "gives one test set twice"), ("dev-set", .text("no-such"), "is no data set"),
        ("bi-rate", .real(0.5), "parameter bi-rate"),
    ]) func settings(_ name: String, _ value: ParameterValue, _ words: String) {
        let found = sentence([name: value])
        #expect(found.contains(words), "\(found)")
    }

    @Test("fresh: no with unequal layers") func unequal() {
        #expect(sentence(["fresh": .boolean(false), "layers": .integer(1)]).contains("parameter fresh: models that go on from each other need equal layers, and the bi-encoder has 1, the cross-encoder 2"))
    }

    @Test("a loss that is not finite stops the run; what was finished stays in a checkpoint") func divergence() throws {
        try withTemporaryFolder { folder in
            // A second layer that overflows: the bi-encoder has one layer, the cross-encoder both.
            let library = try InvariantTests.library(in: folder) { name, values in name == "encoder.layer.1.attention.self.query.weight" ? values.map { $0 * 1e38 } : values }
            let sink = RecordingSink(), asked = request(["encoder": .text("mine"), "layers": .integer(1), "controls": .text("none"), "starts": .boolean(false)])
            let error = #expect(throws: (any Error).self) { _ = try run(asked, library: library, sink: sink) }
            #expect(error.map { "\($0)" } == "the loss of cross1 is not finite at step 1; what was finished before is kept in the checkpoint, start anew with a smaller cross-rate than 0.002")
            #expect(sink.checkpoints.last?.name == "cross1, stopped")
        }
    }

    @Test("weights that overflow are told from the scores") func overflow() throws {
        try withTemporaryFolder { folder in
            let library = try InvariantTests.library(in: folder) { name, values in name.contains("query.weight") ? values.map { $0 * 1e38 } : values }
            #expect(sentence(["encoder": .text("mine"), "layers": .integer(2)], library: library).contains("a score of bi0 is not finite, so its weights hold numbers that are too large"))
        }
    }

    @Test("no dev set, and pairs of one's own without any score") func own() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("corpus.txt")
            try Data((0..<30).map { "the cat sat \($0) || a cat sits \($0 % 7)\nno pair\n" }.joined().utf8).write(to: file)
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
            _ = try DatasetImport(files: [file], name: "mine", layout: .pairs).add(to: library)
            #expect(sentence([:], dataset: "mine", library: library).hasPrefix("parameter selection: dev needs scored development pairs, and neither mine nor an STS benchmark on this machine has them"))
            let sink = try run(request(["selection": .text("last"), "controls": .text("none")], dataset: "mine"), library: library)
            let notes = sink.payloads.compactMap { if case .note(let note) = $0 { note.text } else { nil } }
            #expect(notes.contains("30 lines of mine have no single || and are left out"))
            #expect(notes.contains { $0.hasPrefix("no set has scored test pairs") })
            #expect(sink.result("agreement with the teacher", arm: "cross1") != nil && sink.result("Spearman mine", arm: "bi1") == nil)
        }
    }

    @Test("constant scores have no correlation and stop nothing") func constant() throws {
        try withTemporaryFolder { folder in
            // Two sentences that are the same word pieces everywhere: every cosine is 1.
            let names = ["t.tsv", "dev.tsv", "test.tsv"]
            let files = try names.map { name in
                let url = folder.appendingPathComponent(name)
                try Data((0..<12).map { "\($0 % 5)\tsame words\tsame words\n" }.joined().utf8).write(to: url)
                return url
            }
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
            _ = try DatasetImport(files: files, name: "mine", layout: .pairs).add(to: library)
            #expect(sentence([:], dataset: "mine", library: library).contains("has 1 distinct pair"))
            let mixed = folder.appendingPathComponent("more.txt")
            try Data("same words||same words\n||empty\nsame words||same words again\n".utf8).write(to: mixed)
            _ = try DatasetImport(files: files + [mixed], name: "more", layout: .pairs).add(to: library)
            let sink = try run(request(["controls": .text("none"), "start": .text("weights")], dataset: "more"), library: library)
            #expect(sink.payloads.contains { if case .table(let table) = $0 { table.name == "models" && table.rows.contains { $0.contains(.text("n/a")) } } else { false } })
            #expect(sink.payloads.contains { if case .note(let note) = $0 { note.text.contains("1 sentences of more are empty") } else { false } })
        }
    }
}
