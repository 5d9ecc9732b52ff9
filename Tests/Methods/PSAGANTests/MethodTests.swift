import Datasets
import Experiments
import Foundation
import PSAGAN
import Testing

@Suite(.serialized) struct MethodTests {
    static func run(_ request: RunRequest, stopsAfter: Int? = nil, state: Data? = nil, library: DatasetLibrary = DatasetLibrary(folders: [])) throws -> RecordingSink {
        let sink = RecordingSink(stopsAfter: stopsAfter), method = PSAGANMethod()
        try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                                    cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink))
        return sink
    }

    static var smoke: RunRequest { PSAGANMethod().runs(for: .smoke, dataset: nil)[0] }

    static func quick(_ values: [String: ParameterValue] = [:]) -> RunRequest {
        var request = smoke
        request.threads = 1
        request.values = ["steps": .integer(12), "encoder-steps": .integer(8), "windows": .integer(32), "forecaster-steps": .integer(4), "paths": .integer(4), "baseline-steps": .integer(6),
                          "discrimination-steps": .integer(2)].merging(values) { $1 }
        return request
    }

    @Test func `the smoke plan learns, its report is complete, and a second run finds the same`() throws {
        let first = try Self.run(Self.smoke), second = try Self.run(Self.smoke)
        let start = try #require(first.result("first ML", arm: "psa-gan")), end = try #require(first.result("last ten ML", arm: "psa-gan"))
        #expect(end <= 0.8 * start, "\(end) of \(start)")
        #expect(try #require(first.result("triplet loss", arm: "embedder")) <= 1.4)
        #expect(first.results == second.results && first.results.allSatisfy { $0.value.isFinite })
        let tables = Set(first.payloads.compactMap { if case .table(let table) = $0 { table.name } else { nil } })
        #expect(tables.isSuperset(of: ["growth", "resolution", "windows now", "fidelity", "fidelity, hold-out", "end of training", "embeddings", "samples", "forecasts"]), "\(tables)")
        for series in ["L_D/psa-gan", "L_adv/psa-gan", "λ·ML/psa-gan", "FD/psa-gan", "FD/floor", "δ/psa-gan", "triplet loss/embedder", "autocorrelation/real", "profile/psa-gan"] {
            #expect(!first.points(series).values.isEmpty, "\(series)")
        }
        #expect(first.artifacts["generators.psa-gan"] != nil)
        let rows = PSAGANMethod().acceptance(for: StudySummary(identifier: "s", method: "psa-gan", plan: .smoke, runs: [.init(identifier: "r", request: Self.smoke, state: .finished, results: first.results)]))
        #expect(rows.count == 2 && rows.allSatisfy(\.passed), "\(rows)")
    }
}
