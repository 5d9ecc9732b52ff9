import DIVA
import Datasets
import Experiments
import Foundation
import Language
import Testing

/// Texts through a sentence encoder, and names of classes as a pool (section 2.3, multi-modal).
@Suite(.serialized) struct TextTests {
    /// A library with a tiny random encoder whose words are those of the shipped graph of texts and its classes.
    static func withLibrary<Result>(_ body: (DatasetLibrary, URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-diva-texts-\(UUID().uuidString)"), own = folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let graph = try DatasetLibrary(folders: []).open("small-texts", as: GraphDataset.self), texts = try #require(graph.texts)
        let vocabulary = try Vocabulary(of: (0..<texts.count).map { texts[$0] } + graph.classNames, minimum: 1)
        let pretrained = PretrainedEncoder(random: EncoderConfiguration(words: vocabulary.count, positions: 64, width: 32, layers: 1, heads: 2, inner: 32), vocabulary: vocabulary, seed: 3, identifier: "mine")
        try pretrained.exported(pretrained.encoder()).write(to: own.appendingPathComponent("model.safetensors"))
        try pretrained.configurationFile(layers: 1).write(to: own.appendingPathComponent("config.json"))
        try pretrained.vocabularyFile.write(to: own.appendingPathComponent("vocab.txt"))
        return try body(DatasetLibrary(folders: [folder]), folder)
    }

    @Test func `texts become features, mislabelled ones are found, and the cache gives the same numbers`() throws {
        try Self.withLibrary { library, folder in
            let asked = request(["task": .text("detect"), "features": .text("sentence"), "weights": .text("mine"), "examples": .integer(150), "noise": .real(0.2)], dataset: "small-texts")
            let first = try run(asked, cache: folder, library: library), second = try run(asked, cache: folder, library: library)
            #expect(first.results == second.results)
            #expect((first.value("AUC", "diva") ?? 0) > 0.6, "\(first.results?.map { "\($0.name) \($0.arm) \($0.value)" } ?? [])")
        }
    }

    @Test func `a few texts are extended with the names of the classes`() throws {
        try Self.withLibrary { library, folder in
            let asked = request(["task": .text("extend"), "features": .text("sentence"), "weights": .text("mine"), "core": .integer(12), "pool-from": .text("class-names"), "noise": .real(0)], dataset: "small-texts")
            let sink = try run(asked, cache: folder, library: library)
            #expect(sink.value("test error", "core") != nil && sink.value("test error", "full pool") != nil)
            #expect((sink.value("chosen", "diva") ?? 99) <= 4)
        }
    }

    @Test(arguments: [(["features": "fourier"], "small-texts", "take sentence"), (["features": "sentence"], "digits", "needs texts"), (["task": "extend", "pool-from": "class-names", "core": "50"], "digits", "pool-from=class-names needs texts"),
                      (["features": "sentence", "weights": "digits"], "small-texts", "where a WeightsFile is needed")])
    func `what does not go together is said in one sentence`(values: [String: String], dataset: String, words: String) throws {
        let specifications = DIVAMethod().parameters
        let parsed = try values.reduce(into: [String: ParameterValue]()) { result, entry in result[entry.key] = try specifications.first { $0.name == entry.key }?.parse(entry.value) }
        let error = #expect(throws: (any Error).self) { try run(request(parsed, dataset: dataset), library: DatasetLibrary(folders: [])) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "")")
    }
}
