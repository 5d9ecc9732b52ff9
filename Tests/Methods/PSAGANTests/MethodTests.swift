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

    @Test(arguments: [
        ["arms": ParameterValue.text("psa-gan-c, psa-gan multi-noise, psa-gan no-sa no-fade, psa-gan no-growth harmonic nearest")], ["arms": .text("timevae, timegan, ebgan")],
        ["arms": .text("psa-gan hour-weekday batch-moments"), "extra-term": .boolean(true), "warm-up": .integer(1), "warm-up-steps": .integer(3), "growth": .text("4"), "fade": .integer(2)],
        ["task": .text("stretches"), "arms": .text("psa-gan, psa-gan-c")], ["task": .text("cold-start")], ["task": .text("low-data"), "low-shares": .text("0.9")],
        ["gaps": .text("")], ["window": .integer(32), "attention": .integer(4), "noise": .text("multi"), "moment": .text("batch"), "calendar": .text("harmonic"), "upsample": .text("nearest")],
    ])
    func `every choice of the sheet runs to its end`(values: [String: ParameterValue]) throws {
        let sink = try Self.run(Self.quick(values))
        #expect(!sink.results.isEmpty && sink.results.allSatisfy { $0.value.isFinite }, "\(sink.results.filter { !$0.value.isFinite }.map(\.name))")
    }

    @Test func `a run that goes on from any checkpoint finds the same`() throws {
        var request = Self.quick(["arms": .text("psa-gan, psa-gan-c"), "steps": .integer(24)])
        request.threads = 1
        let whole = try Self.run(request)
        #expect(whole.checkpoints.count >= 7)
        for checkpoint in whole.checkpoints { #expect(try Self.run(request, state: checkpoint.state).results == whole.results, "\(checkpoint.name)") }
    }

    @Test func `a run that is stopped in the middle of a task goes on to the same rows`() throws {
        let request = Self.quick(["task": .text("stretches"), "arms": .text("psa-gan"), "steps": .integer(24)]), whole = try Self.run(request)
        for checkpoint in whole.checkpoints { #expect(try Self.run(request, state: checkpoint.state).results == whole.results, "\(checkpoint.name)") }
    }

    @Test func `damaged and foreign checkpoints are refused, never a trap`() throws {
        let request = Self.quick(["steps": .integer(24)]), checkpoints = try Self.run(request).checkpoints
        #expect(throws: CheckpointError.self) { try Self.run(request, state: Data("no checkpoint".utf8)) }
        var other = request
        other.values["channels"] = .integer(9)
        for checkpoint in checkpoints { #expect(throws: CheckpointError.self, "\(checkpoint.name)") { try Self.run(other, state: checkpoint.state) } }
        let kept = try #require(checkpoints.first { $0.name.contains("step 10") })
        func damaged(_ change: (inout [String: Any]) -> Void) throws -> Data {
            var plist = try #require(try PropertyListSerialization.propertyList(from: kept.state, format: nil) as? [String: Any])
            change(&plist)
            return try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
        }
        func player(_ who: String, _ change: (inout [String: Any]) -> Void) throws -> Data {
            try damaged { plist in
                var progress = plist["progress"] as? [String: Any] ?? [:], game = progress["game"] as? [String: Any] ?? [:], player = game[who] as? [String: Any] ?? [:]
                change(&player)
                game[who] = player
                progress["game"] = game
                plist["progress"] = progress
            }
        }
        let notNumbers = Data(repeating: 0xFF, count: 4 * 8)
        var states = [
            try damaged { $0["finishedStages"] = 99 }, try damaged { $0["finishedStages"] = -1 }, try damaged { $0["finishedStages"] = 2 }, try damaged { $0["finishedStages"] = 3 }, try damaged { $0["embedder"] = nil },
            try damaged { $0["embedder"] = ["values": ["bytes": notNumbers], "loss": 1.0] }, try damaged { $0["owner"] = "somebody" }, try damaged { $0["version"] = 99 },
            try damaged { plist in
                var progress = plist["progress"] as? [String: Any] ?? [:]
                progress["arm"] = "another"
                plist["progress"] = progress
            },
        ]
        for who in ["generator", "discriminator"] {
            states.append(try player(who) { $0["values"] = ["bytes": notNumbers] })
            states.append(try player(who) { player in
                let bytes = (player["values"] as? [String: Any])?["bytes"] as? Data ?? Data()
                player["values"] = ["bytes": Data(repeating: 0xFF, count: bytes.count)]
            })
            states.append(try player(who) { $0["steps"] = [1] })
            states.append(try player(who) { $0["steps"] = Array(repeating: -5, count: ($0["steps"] as? [Int])?.count ?? 0) })
            states.append(try player(who) { $0["moments"] = [] })
        }
        for (number, state) in states.enumerated() { #expect(throws: CheckpointError.self, "\(number)") { try Self.run(request, state: state) } }
        for length in stride(from: 0, to: kept.state.count, by: max(1, kept.state.count / 40)) { #expect(throws: CheckpointError.self) { try Self.run(request, state: kept.state.prefix(length)) } }
    }

    @Test func `a run asks often whether it should go on, and stops where it is told to`() throws {
        let request = Self.quick(), count = try Self.run(request).proceedCount
        #expect(count > 200)
        for place in stride(from: 1, through: count, by: max(1, count / 12)) { #expect(throws: RunCancelled.self) { try Self.run(request, stopsAfter: place) } }
    }

    @Test func `every run of every plan has settings that can be`() throws {
        let method = PSAGANMethod()
        for plan in Plan.allCases {
            for dataset in [nil, "auckland-pedestrians", "hourly-seasonal", "m4-hourly", "my-series"] {
                let requests = method.runs(for: plan, dataset: dataset)
                #expect(!requests.isEmpty)
                for request in requests { _ = try ParameterValues(method.parameters, request: request) }
            }
        }
    }

    @Test func `a saved generator gives the same windows for a seed, on the original scale`() throws {
        let method = PSAGANMethod(), request = Self.quick(["arms": .text("psa-gan, psa-gan-c")]), artifact = try #require(try Self.run(request).artifacts[method.generatorArtifact])
        func rows(_ values: [String: ParameterValue], count: Int = 2, seed: UInt64 = 3, generator: Data? = nil, series: Int = 8) throws -> [[String]] {
            var asked = request, trained = request
            asked.values = values
            trained.values["series"] = .integer(series)
            var rows: [[String]] = []
            try method.sample(SampleRequest(run: request, runValues: try ParameterValues(method.parameters, request: trained).all, generator: generator ?? artifact, library: DatasetLibrary(folders: []),
                                            values: try ParameterValues(method.samplingParameters, request: asked), count: count, seed: seed)) { rows.append($0) }
            return rows
        }
        let one = try rows(["id": .text("2")])
        #expect(one[0] == ["id", "start", "draw", "step", "time", "value"] && one.count == 1 + 2 * 16 && one[1][0] == "humps 1" && one[1][1] == "336" && one[1][4] == "2024-01-15 00:00:00")
        #expect(try rows(["id": .text("2")]) == one && rows(["id": .text("2")], seed: 4) != one)
        #expect(try rows(["id": .text("all"), "length": .integer(40), "start": .integer(350)], count: 1).count == 1 + 8 * 40)
        #expect(try rows(["id": .text("wave 1, days only 2"), "generator": .text("psa-gan-c"), "length": .integer(20)], count: 1).count == 1 + 2 * 20)
        func sentence(_ values: [String: ParameterValue], generator: Data? = nil, series: Int = 8) -> String {
            do { return "\(try rows(values, generator: generator, series: series).count) rows" } catch { return "\(error)" }
        }
        #expect(sentence(["id": .text("nobody")]).contains("“nobody” is no series that this run was trained on"))
        #expect(sentence(["id": .text("9")]).contains("a number from 1 to 8"))
        #expect(sentence(["generator": .text("best")]).contains("has no generator “best”; it has psa-gan, psa-gan-c"))
        #expect(sentence(["generator": .text("psa-gan-c"), "start": .integer(9999)]).contains("lies after the 600 steps"))
        #expect(sentence([:], series: 7).contains("is not what this run was trained on"))
        #expect(sentence([:], generator: Data("nothing".utf8)).contains("not written by this version"))
        for length in stride(from: 0, to: artifact.count, by: max(1, artifact.count / 40)) { _ = sentence([:], generator: artifact.prefix(length)) }
    }
}
