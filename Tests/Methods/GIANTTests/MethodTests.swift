import Datasets
import Experiments
import Foundation
import GIANT
import Testing

@Suite(.serialized) struct MethodTests {
    func run(_ request: RunRequest, stopsAfter: Int? = nil, state: Data? = nil, library: DatasetLibrary = DatasetLibrary(folders: []), sink given: RecordingSink? = nil) throws -> RecordingSink {
        let sink = given ?? RecordingSink(stopsAfter: stopsAfter)
        let method = GIANTMethod()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                                 cacheFolder: FileManager.default.temporaryDirectory.appendingPathComponent("giant-tests-\(ProcessInfo.processInfo.processIdentifier)"), restoredState: state, sink: sink)
        try method.train(context)
        return sink
    }

    var smoke: RunRequest { GIANTMethod().runs(for: .smoke, dataset: nil)[0] }

    @Test func `the smoke plan's losses fall, clusters are found above chance, and a second run finds the same`() throws {
        let first = try run(smoke), second = try run(smoke)
        let loss = first.points("loss/GIANT").values
        let boundary = loss.count / 2
        #expect(loss.count > 20)
        func sum(_ part: ArraySlice<Double>) -> Double { part.reduce(0, +) }
        let (begin, middle) = (sum(loss.prefix(5)), sum(loss[boundary..<boundary + 5]))
        let (top1, end) = (sum(loss[0..<boundary].suffix(5)), sum(loss.suffix(5)))
        #expect(top1 < begin, "level 1")
        #expect(end < middle, "level 2")
        let top = try #require(first.points("recall/GIANT, K=4").values.last), leaves = try #require(first.points("recall/GIANT, K=32").values.last)
        #expect(top > 60 && leaves > 40, "recall \(top) and \(leaves)")
        for arm in ["LSA", "untrained", "link prediction", "GIANT", "GIANT, random tree", "GIANT, no PIFA", "GIANT‖LSA"] { #expect(first.result("MLP accuracy", arm: arm) != nil, "\(arm)") }
        #expect((first.result("MLP accuracy", arm: "GIANT‖LSA") ?? 0) > 60)
        #expect(first.results == second.results)
    }

    @Test func `a run that goes on from any checkpoint finds the same`() throws {
        let whole = try run(smoke)
        for checkpoint in whole.checkpoints where checkpoint.name.contains("level") || checkpoint.name == "untrained" {
            #expect(try run(smoke, state: checkpoint.state).results == whole.results, "\(checkpoint.name)")
        }
        #expect(throws: GIANTError.self) { try run(smoke, state: Data("no checkpoint".utf8)) }
    }

    @Test(arguments: [("labels", ParameterValue.real(0.85), "validation"), ("epochs", .text("6,x"), "epochs"), ("encoder", .text("pretrained"), "embeddings.npy"), ("max-degree", .integer(2), ""), ("rate", .real(1), "")])
    func `settings that cannot be give one sentence`(name: String, value: ParameterValue, part: String) throws {
        var request = smoke
        request.values[name] = value
        // Some are merely unwise; they may not trap.
        guard !part.isEmpty else { _ = try? run(request); return }
        let error = #expect(throws: GIANTError.self) { try run(request) }
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
}
