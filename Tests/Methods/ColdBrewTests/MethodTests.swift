import ColdBrew
import Datasets
import Experiments
import Foundation
import Testing

@Suite(.serialized) struct MethodTests {
    func run(_ request: RunRequest, stopsAfter: Int? = nil, state: Data? = nil) throws -> RecordingSink {
        let sink = RecordingSink(stopsAfter: stopsAfter)
        let method = ColdBrewMethod()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: []),
                                 cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink)
        try method.train(context)
        return sink
    }

    var smoke: RunRequest { ColdBrewMethod().runs(for: .smoke, dataset: nil)[0] }

    @Test func `the smoke plan's losses fall, its report is complete, and a second run finds the same`() throws {
        let first = try run(smoke), second = try run(smoke)
        for stage in ["GCN", "teacher", "ξ₁", "ξ₂", "MLP 256", "MLP 128", "distilled MLP", "GraphMLP", "GraphSAGE"] {
            let values = first.points(stage == "ξ₁" ? "guess error/training" : "loss/\(stage)").values
            #expect(values.count > 5 && (values.last ?? .infinity) < (values.first ?? 0), "\(stage)")
        }
        for group in ["isolation", "tail", "head", "overall"] {
            for arm in ["GCN", "teacher", "student", "MLP 256", "distilled MLP"] { #expect(first.result("\(group) accuracy", arm: arm) != nil, "\(group), \(arm)") }
        }
        #expect((first.result("overall accuracy", arm: "student") ?? 0) > 60)
        #expect(first.result("isolation accuracy", arm: "label propagation") == nil)
        #expect(first.results == second.results)
    }

    @Test func `a graph of texts is read by its words`() throws {
        #expect(DatasetLibrary(folders: []).entry("small-texts").map(ColdBrewMethod().accepts) == .accepted)
        var request = smoke
        request.dataset = "small-texts"
        request.values["labels"] = .text("drawn")
        #expect((try run(request).result("overall accuracy", arm: "GCN") ?? 0) > 60)
    }

    @Test func `a run that goes on from a checkpoint finds the same`() throws {
        let whole = try run(smoke)
        let checkpoint = try #require(whole.checkpoints.first { $0.name == "neighbours" })
        #expect(try run(smoke, state: checkpoint.state).results == whole.results)
        #expect(throws: CheckpointError.self) { try run(smoke, state: Data("no checkpoint".utf8)) }
    }

    @Test func `a checkpoint of other settings, and one that was changed, end in a sentence`() throws {
        let checkpoints = try run(smoke).checkpoints
        var wider = smoke
        wider.values["neighbours"] = .integer(4)
        let kept = try #require(checkpoints.first { $0.name == "neighbours" })
        #expect(throws: ColdBrewError.self) { try run(wider, state: kept.state) }
        for key in ["embeddings", "guesses", "mixtures", "logits", "width", "means", "finishedStages", "neighbours"] {
            var plist = try #require(try PropertyListSerialization.propertyList(from: kept.state, format: nil) as? [String: Any])
            plist[key] = ["width": 100_000, "finishedStages": 99, "logits": ["teacher": [1, 2]]][key] ?? [1, 2, 3, 9_999_999]
            let changed = try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
            #expect(throws: ColdBrewError.self, "\(key)") { try run(smoke, state: changed) }
        }
        // Nothing but the number of finished stages: what the next one needs is not there.
        for finished in 2...13 {
            var plist = try #require(try PropertyListSerialization.propertyList(from: checkpoints[0].state, format: nil) as? [String: Any])
            plist["finishedStages"] = finished
            let changed = try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
            _ = try? run(smoke, state: changed)
        }
    }

    @Test(arguments: [["embeddings": ParameterValue.text("concat")], ["embeddings": .text("paper-concat"), "structural": .text("111")], ["guess-nodes": .text("training")],
                      ["student-nodes": .text("low-degree"), "include-guess": .boolean(false)], ["residual": .text("initial"), "normalisation": .text("group"), "embeddings": .text("concat")],
                      ["residual": .text("dense"), "normalisation": .text("batch")], ["groups": .text("code")], ["labels": .text("drawn"), "drawn-share": .real(0.2)],
                      ["se-penalty": .text("squared"), "eta": .text("32, 0.5")], ["task": .text("depth"), "layers": .integer(5), "structural": .text("111")]])
    func `every choice of the sheet runs to its end`(values: [String: ParameterValue]) throws {
        var request = smoke
        request.values = values.merging(["epochs": .integer(4)]) { $1 }
        let sink = try run(request)
        let accuracy = try #require(sink.result("overall accuracy", arm: values["task"] == nil ? "student" : "teacher"))
        #expect((0...100).contains(accuracy))
    }

    @Test func `every run of every plan has settings that can be`() throws {
        let method = ColdBrewMethod()
        for plan in Plan.allCases {
            for dataset in [nil, "cora", "citeseer", "pubmed", "chameleon", "squirrel", "debian-packages", "geom-gcn-raw", "ogbn-arxiv", "my-graph"] {
                let requests = method.runs(for: plan, dataset: dataset)
                #expect(!requests.isEmpty)
                for request in requests { _ = try ParameterValues(method.parameters, request: request) }
            }
        }
        #expect(method.runs(for: .standard, dataset: nil).count == 27)
    }

    @Test(arguments: [("neighbours", ParameterValue.integer(1000), "neighbours"), ("eta", .text("much"), "eta"), ("propagation-alpha", .text("0.1,2"), "propagation-alpha"), ("labels", .text("first-600"), "1,100"), ("labels", .text("published"), "no published splits"),
                      ("rate", .real(1), "")])
    func `settings that cannot be give one sentence`(name: String, value: ParameterValue, part: String) throws {
        var request = smoke
        request.values[name] = value
        // A huge rate may diverge or merely learn badly; neither may trap.
        guard !part.isEmpty else { _ = try? run(request); return }
        let error = #expect(throws: ColdBrewError.self) { try run(request) }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
}
