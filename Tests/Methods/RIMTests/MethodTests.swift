import Datasets
import Experiments
import Foundation
import RIM
import Testing

@Suite(.serialized) struct MethodTests {
    func run(_ request: RunRequest, stopsAfter: Int? = nil, state: Data? = nil) throws -> RecordingSink {
        let sink = RecordingSink(stopsAfter: stopsAfter)
        let method = RIMMethod()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: []),
                                 cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink)
        try method.train(context)
        return sink
    }

    func smoke(_ values: [String: ParameterValue] = [:]) -> RunRequest {
        var request = RIMMethod().runs(for: .smoke, dataset: nil)[0]
        request.values.merge(values) { $1 }
        return request
    }

    @Test func `the smoke plan's loss falls, its report is complete, and a second run finds the same`() throws {
        let first = try run(smoke()), second = try run(smoke())
        let losses = first.points("loss/GRU, training").values
        #expect(losses.count == 2 && losses[1] < losses[0])
        for base in ["GRU", "ItemPop"] {
            for intensity in ["", " × Pop", " × EMA", " × Hawkes", " × HP", " × oracle"] {
                for metric in ["ItemRec precision", "UserRec precision", "ItemRec recall", "UserRec recall", "ItemRec item perplexity", "UserRec user perplexity"] {
                    #expect(first.result(metric, arm: base + intensity) != nil, "\(metric), \(base)\(intensity)")
                }
                #expect(first.result("ItemRec precision", arm: base + intensity) == first.result("ItemRec precision", arm: base))
            }
        }
        #expect(first.result("Poisson loss", arm: "HP") != nil)
        #expect(first.results == second.results)
        for event in first.payloads { if case .warning(let message) = event { #expect(!message.text.contains("ranks items otherwise")) } }
    }

    @Test func `a run that goes on from any checkpoint finds the same, bit for bit`() throws {
        let request = smoke(["models": .text("gru, itempop, als, bpr, graphconv"), "pair-epochs": .integer(3), "dual-epochs": .integer(10), "multipliers": .text("0.5")]), whole = try run(request)
        #expect(whole.checkpoints.count > 10)
        for place in stride(from: 0, to: whole.checkpoints.count, by: 2) {
            let rest = try run(request, state: whole.checkpoints[place].state)
            #expect(rest.results == whole.results, "\(whole.checkpoints[place].name)")
        }
    }

    @Test func `a damaged checkpoint and one of other settings end in a sentence`() throws {
        let request = smoke(["models": .text("gru, itempop, bpr"), "pair-epochs": .integer(2), "dual-epochs": .integer(5), "multipliers": .text("0.5")])
        let checkpoints = try run(request).checkpoints, last = try #require(checkpoints.last)
        #expect(throws: CheckpointError.self) { try run(request, state: Data("no checkpoint".utf8)) }
        #expect(throws: CheckpointError.self) { try run(request, state: last.state.prefix(last.state.count / 2)) }
        for (name, value) in [("width", ParameterValue.integer(8)), ("hawkes-scales", .integer(5)), ("keep", .text("second-half"))] {
            var other = request
            other.values[name] = value
            for checkpoint in [checkpoints[2], last] { #expect(throws: CheckpointError.self, "\(name), \(checkpoint.name)") { try run(other, state: checkpoint.state) } }
        }
        for key in ["hawkes", "hawkesPoisson", "models", "finishedStages", "announcedStage", "recurrentCounts", "matchings", "version"] {
            var plist = try #require(try PropertyListSerialization.propertyList(from: last.state, format: nil) as? [String: Any])
            plist[key] = ["finishedStages": 99, "announcedStage": -3, "version": 7, "models": [["name": "GRU"]], "recurrentCounts": [[1.0]], "matchings": [["arm": "GRU"]]][key] ?? [1.0, 2.0, 1e9]
            let changed = try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
            #expect(throws: CheckpointError.self, "\(key)") { try run(request, state: changed) }
        }
        // Stages that are said to be over, without what they hand over; and a model in the middle of its training that is another's.
        for finished in 0..<8 {
            var plist = try #require(try PropertyListSerialization.propertyList(from: checkpoints[0].state, format: nil) as? [String: Any])
            plist["finishedStages"] = finished
            let changed = try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
            do { _ = try run(request, state: changed) } catch { #expect(error is CheckpointError, "\(finished): \(error)") }
        }
        let training = try #require(checkpoints.first { $0.name.hasPrefix("GRU, epoch") })
        for (key, value) in [("epoch", 1000 as Any), ("steps", [1, 2]), ("values", ["bytes": Data([1, 2, 3])]), ("best", ["bytes": Data([1, 2, 3, 4])]), ("moments", [])] {
            var plist = try #require(try PropertyListSerialization.propertyList(from: training.state, format: nil) as? [String: Any])
            var progress = try #require(plist["progress"] as? [String: Any])
            if var network = progress["network"] as? [String: Any], network[key] != nil {
                network[key] = value
                progress["network"] = network
            } else {
                #expect(progress[key] != nil)
                progress[key] = value
            }
            plist["progress"] = progress
            let changed = try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
            #expect(throws: CheckpointError.self, "\(key)") { try run(request, state: changed) }
        }
    }

    @Test func `a run that is asked to stop stops, wherever it is`() throws {
        let request = smoke(["models": .text("gru, itempop, als, lmf, bpr, graphconv, lda"), "pair-epochs": .integer(1), "lmf-rounds": .integer(1), "topic-rounds": .integer(1), "als-rounds": .integer(1), "dual-epochs": .integer(3)])
        let calls = try run(request).proceedCount
        #expect(calls > 200)
        for stop in stride(from: 1, to: calls, by: max(1, calls / 40)) { #expect(throws: RunCancelled.self) { try run(request, stopsAfter: stop) } }
    }

    @Test(arguments: [
        ["models": ParameterValue.text("gru, transformer, itempop, rand, als, lmf, bpr-item, bpr-user, bpr, graphconv, graphconv-extra, lda"), "matching": .text("gru*hp, transformer, als")],
        ["intensities": .text("none, rnn"), "matching": .text("gru*rnn")], ["dual-fit": .text("honest"), "models": .text("gru, als, itempop"), "matching": .text("gru*hp, als, itempop*pop")],
        ["relative-bounds": .boolean(true), "multipliers": .text("0, 0.3, 2")], ["jitter": .real(0.01), "keep": .text("second-half")], ["exclude-train": .boolean(false), "binary-targets": .boolean(true)],
        ["als-confidence": .real(10), "models": .text("als"), "matching": .text("als")], ["lmf-negatives": .text("columns"), "models": .text("lmf"), "matching": .text("")],
        ["split": .text("user")], ["test-start": .text(""), "horizon": .real(0)], ["redraw": .boolean(false), "extra-sets": .integer(0), "models": .text("graphconv-extra"), "matching": .text("")],
        ["models": .text("itempop"), "intensities": .text("pop"), "matching": .text("itempop*oracle")],
    ])
    func `every choice of the sheet runs to its end`(values: [String: ParameterValue]) throws {
        let small: [String: ParameterValue] = ["pair-epochs": .integer(2), "lmf-rounds": .integer(2), "topic-rounds": .integer(2), "als-rounds": .integer(2), "dual-epochs": .integer(10), "epochs": .integer(1)]
        let sink = try run(smoke(small.merging(values) { $1 }))
        let precisions = sink.results.filter { $0.name == "UserRec precision" || $0.name == "matching precision" }
        #expect(!precisions.isEmpty && sink.results.allSatisfy(\.value.isFinite) && precisions.allSatisfy { $0.value >= 0 })
    }

    @Test func `what comes after a request reaches none of its scores`() throws {
        // The same shop up to day 90, then another: everything that is learnt and predicted must be the same, what is measured not.
        let set = try EventGenerator.small.generate(identifier: "shop-events-small", seed: 1)
        func run(_ isTrue: Bool) throws -> RecordingSink {
            var lines = ["user,item,time"]
            for event in 0..<set.count {
                let isLate = set.times[event] >= 90, item = isTrue || !isLate ? Int(set.items[event]) : (Int(set.items[event]) + 7) % set.itemCount
                if !isTrue, isLate, event % 3 == 0 { continue }
                lines.append("\(set.userNames[Int(set.users[event])]),i\(item),\(set.times[event])")
            }
            return try BadInputTests().run(lines.joined(separator: "\n") + "\n", ["test-start": .text("90"), "horizon": .real(10), "split": .text("temporal"), "share": .real(10)])
        }
        let honest = try run(true), changed = try run(false)
        for series in ["loss/GRU, training", "loss/GRU, validation", "HP fit/Poisson loss and ridge", "Hawkes fit/objective"] { #expect(!honest.points(series).values.isEmpty && honest.points(series) == changed.points(series), "\(series)") }
        for metric in ["UserRec user perplexity", "ItemRec item perplexity"] { #expect(honest.result(metric, arm: "GRU × HP") == changed.result(metric, arm: "GRU × HP")) }
        #expect(honest.result("ItemRec recall", arm: "ItemPop") != changed.result("ItemRec recall", arm: "ItemPop"))
    }

    @Test func `every run of every plan has settings that can be`() throws {
        let method = RIMMethod()
        for plan in Plan.allCases {
            for dataset in [nil, "shop-events", "shop-events-small", "movielens-100k", "movielens-1m", "my-shop"] {
                let requests = method.runs(for: plan, dataset: dataset)
                #expect(!requests.isEmpty)
                for request in requests { _ = try ParameterValues(method.parameters, request: request) }
            }
        }
        #expect(method.runs(for: .standard, dataset: nil).count == 8)
        let library = DatasetLibrary(folders: [])
        #expect(library.entry("shop-events").map(method.accepts) == .accepted)
        if case .accepted? = library.entry("digits").map(method.accepts) { #expect(Bool(false), "pictures are no events") }
        let request = method.runs(for: .standard, dataset: "shop-events")[0]
        #expect(library.entry("shop-events").map { method.estimate(request, dataset: $0).seconds > 0 } == true)
    }

    @Test(arguments: [
        ("models", ParameterValue.text("gru, fancy"), "“fancy” is not known"), ("models", .text(" , "), "none is named"), ("intensities", .text("none, wind"), "“wind”"), ("matching", .text("als"), "als is not among models"),
        ("matching", .text("gru*hp*pop"), "is no model"), ("multipliers", .text("1, many"), "“many” is no number"), ("multipliers", .text("-1"), "is no number from 0"), ("test-start", .text("tomorrow"), "“tomorrow” is no number in days"),
        ("test-start", .text("900"), "is outside of the events"), ("hawkes-lowest", .real(2), "is not below hawkes-highest"), ("intensities", .text("rnn"), ""),
    ])
    func `settings that cannot be give one sentence`(name: String, value: ParameterValue, part: String) throws {
        // The extension needs a GRU to stand on.
        let request = smoke(part.isEmpty ? [name: value, "models": .text("itempop"), "matching": .text("")] : [name: value])
        let error = #expect(throws: RIMError.self) { try run(request) }
        #expect(error?.description.contains(part.isEmpty ? "add gru to models" : part) == true, "\(String(describing: error))")
    }
}
