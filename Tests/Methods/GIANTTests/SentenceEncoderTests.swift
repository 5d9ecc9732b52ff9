import Datasets
import Experiments
import Foundation
import GIANT
import Language
import Testing

/// A pretrained sentence encoder as Φ, and as it is.
@Suite(.serialized) struct SentenceEncoderTests {
    static func withLibrary<Result>(_ body: (DatasetLibrary) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-giant-encoder-\(UUID().uuidString)"), own = folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let graph = try DatasetLibrary(folders: []).open("small-texts", as: GraphDataset.self), texts = try #require(graph.texts)
        let vocabulary = try Vocabulary(of: (0..<texts.count).map { texts[$0] }, minimum: 1)
        let pretrained = PretrainedEncoder(random: EncoderConfiguration(words: vocabulary.count, positions: 64, width: 24, layers: 2, heads: 2, inner: 32), vocabulary: vocabulary, seed: 3, identifier: "mine")
        try pretrained.exported(pretrained.encoder()).write(to: own.appendingPathComponent("model.safetensors"))
        try pretrained.configurationFile(layers: 2).write(to: own.appendingPathComponent("config.json"))
        try pretrained.vocabularyFile.write(to: own.appendingPathComponent("vocab.txt"))
        return try body(DatasetLibrary(folders: [folder]))
    }

    func request(_ values: [String: ParameterValue]) -> RunRequest {
        var request = GIANTMethod().runs(for: .smoke, dataset: nil)[0]
        request.values.merge(["weights": .text("mine"), "arms": .text("giant"), "models": .text("mlp"), "ranker": .text("none"), "downstream-epochs": .integer(5)].merging(values) { $1 }) { $1 }
        return request
    }

    @Test func `it is fine-tuned through the levels, and a run that goes on from a level finds the same`() throws {
        try Self.withLibrary { library in
            let asked = request(["encoder": .text("sentence"), "rate": .real(0.01), "weights-layers": .integer(1)]), tests = MethodTests()
            let whole = try tests.run(asked, library: library)
            let losses = whole.points("loss/GIANT").values
            #expect(losses.count > 20 && (losses.prefix(5).reduce(0, +)) > losses[(losses.count / 2 - 5)..<(losses.count / 2)].reduce(0, +))
            for arm in ["GIANT", "embeddings", "untrained", "embeddings‖LSA"] { #expect(whole.result("MLP accuracy", arm: arm) != nil, "\(arm)") }
            for checkpoint in whole.checkpoints where checkpoint.name.contains("level") { #expect(try tests.run(asked, state: checkpoint.state, library: library).results == whole.results, "\(checkpoint.name)") }
        }
    }

    @Test func `its vectors serve as they are where the graph brings none`() throws {
        try Self.withLibrary { library in
            let sink = try MethodTests().run(request(["encoder": .text("pretrained")]), library: library)
            #expect(sink.result("MLP accuracy", arm: "embeddings") != nil && sink.result("MLP accuracy", arm: "GIANT") == nil)
        }
    }

    @Test func `more layers than it has are refused`() throws {
        try Self.withLibrary { library in
            let error = #expect(throws: GIANTError.self) { try MethodTests().run(request(["encoder": .text("sentence"), "weights-layers": .integer(3)]), library: library) }
            #expect(error?.description.contains("parameter weights-layers: 3 is more than the 2 layers of mine") == true)
        }
    }
}
