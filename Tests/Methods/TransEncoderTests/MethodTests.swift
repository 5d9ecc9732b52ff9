import Datasets
import Experiments
import Foundation
import Testing
import TransEncoder

/// Whole runs of small size.
@Suite(.serialized) struct MethodTests {
    @Test("the smoke plan learns in both directions, shows what the sheet asks for, and finds the same twice") func smoke() throws {
        let asked = TransEncoderMethod().runs(for: .smoke, dataset: nil)[0]
        let first = try run(asked), second = try run(asked)
        #expect(first.results == second.results && text(first.payloads) == text(second.payloads))
        for arm in ["cross1", "bi1"] {
            let last = try #require(first.result("loss, last epoch", arm: arm)), begun = try #require(first.result("loss, first epoch", arm: arm))
            #expect(last < begun, "\(arm)")
        }
        for table in ["models", "changes", "agreement", "training", "pairs", "sentences", "phases"] {
            #expect(first.payloads.contains { if case .table(let found) = $0 { found.name == table && !found.rows.isEmpty } else { false } }, "\(table)")
        }
        #expect(first.payloads.contains { if case .distribution(let found) = $0 { found.name == "pseudo-labels" && found.groups.map(\.name) == ["bi0", "cross1", "bi1"] } else { false } })
        for arm in ["bi0", "words", "TF-IDF", "cross1", "bi1", "self-training", "shuffled", "simcse", "chosen bi", "chosen cross"] { #expect(first.result("Spearman graded", arm: arm)?.isFinite == true, "\(arm)") }
        #expect(first.points("ladder/graded").steps == [0, 1, 2])
        #expect(first.points("dev Spearman/teacher of bi1").values.count > 1)
        // Every series and table that a panel names is there or belongs to another start.
        let rows = TransEncoderMethod().acceptance(for: StudySummary(identifier: "s", method: "trans-encoder", plan: .smoke, runs: [.init(identifier: "r", request: asked, state: .finished, results: first.results)]))
        #expect(rows.count == 2 && rows.allSatisfy(\.passed))
    }

    @Test("every setting runs", arguments: [
        ["distillation": "mutual"], ["start": "simcse", "pooling": "cls"], ["start": "weights", "fresh": "no"], ["embeddings": "sparse", "losses": "swapped"], ["embeddings": "frozen", "clamp-targets": "yes", "cross-start": "raw"],
        ["pairs-from": "all", "keep": "both", "cycles": "2"],
    ]) func settings(_ values: [String: String]) throws {
        let method = TransEncoderMethod()
        let parsed = try values.reduce(into: [String: ParameterValue]()) { result, entry in result[entry.key] = try method.parameters.first { $0.name == entry.key }?.parse(entry.value) }
        let sink = try run(request(parsed))
        #expect(!sink.results.isEmpty && sink.results.allSatisfy(\.value.isFinite))
        if values["keep"] == "both" { #expect(sink.artifacts.keys.contains("cross-encoder.safetensors") && sink.artifacts.keys.contains("bi-encoder.config.json")) }
        if values["distillation"] == "mutual" { #expect(sink.result("Spearman graded", arm: "cross1 A+B") != nil) }
    }

    @Test("a cross-encoder that learns nothing is warned of") func warning() throws {
        let sink = try run(request(["cross-rate": .real(1e-8), "controls": .text("none")]))
        #expect(sink.payloads.contains { if case .warning(let found) = $0 { found.text.contains("agrees little with its teacher") } else { false } })
    }

    @Test("acceptance of the standard plan reads the sheet's rows") func acceptance() {
        let method = TransEncoderMethod(), runs = method.runs(for: .standard, dataset: nil)
        #expect(runs.map(\.dataset) == ["stsbenchmark", "stsbenchmark", "stsbenchmark", "graded-pairs", "graded-pairs", "graded-pairs"])
        func result(_ name: String, _ arm: String, _ value: Double) -> RunEvent.Result { .init(name: name, arm: arm, value: value, better: .higher) }
        let found = runs.map { request in
            StudySummary.Run(identifier: "r\(request.seed)\(request.dataset)", request: request, state: .finished, results: [
                result("Spearman STS-B", "bi0", 55.6), result("Spearman STS-B", "bi1", 58), result("Spearman STS-B", "cross1", 57), result("Spearman SICK-R", "bi0", 60), result("Spearman SICK-R", "bi1", 62), result("Spearman STS-B", "self-training", 55),
                result("Spearman, mean of the sets", "bi1", 58), result("Spearman, mean of the sets", "self-training", 57.6), result("agreement with the teacher", "cross1", 0.8), result("loss, first epoch", "cross1", 0.6), result("loss, last epoch", "cross1", 0.5),
                result("loss, first epoch", "bi1", 0.02), result("loss, last epoch", "bi1", 0.03),
            ] + TransEncoderMethod.starts.flatMap { row in zip(TransEncoderMethod.sets, row.values).map { result("Spearman \($0)", "start: \(row.name)", $1 + 0.04) } })
        }
        let rows = method.acceptance(for: StudySummary(identifier: "s", method: "trans-encoder", plan: .standard, runs: found))
        #expect(rows.map(\.passed) == [true, false, true, false, true, true, true, true, false, true])
    }

    @Test("sets of another kind are refused with what is taken") func kinds() throws {
        let method = TransEncoderMethod()
        #expect(method.accepts(try #require(shipped.entry("graded-pairs"))) == .accepted)
        guard case .refused(let sentence) = method.accepts(try #require(shipped.entry("digits"))) else { Issue.record("digits accepted"); return }
        #expect(sentence.contains("Trans-Encoder takes pairs of sentences"))
    }
}
