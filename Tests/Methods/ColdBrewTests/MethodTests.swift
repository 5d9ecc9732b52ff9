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
            let values = first.points("loss/\(stage)").values
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
        #expect(throws: ColdBrewError.self) { try run(smoke, state: Data("no checkpoint".utf8)) }
    }

    @Test(arguments: [("neighbours", ParameterValue.integer(1000), "neighbours"), ("eta", .text("much"), "eta"), ("labels", .text("first-600"), "1,100"), ("labels", .text("published"), "no published splits"),
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
