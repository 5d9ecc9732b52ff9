import Augmentation
import Datasets
import DeepAutoAugment
import Experiments
import Foundation
import Tensors
import Testing

/// What the program itself holds, opened once.
let shipped = DatasetLibrary(folders: [])

@Suite(.serialized) struct MethodTests {
    static func run(_ request: RunRequest, stopsAfter: Int? = nil, state: Data? = nil, library: DatasetLibrary = shipped) throws -> RecordingSink {
        let sink = RecordingSink(stopsAfter: stopsAfter), method = DeepAutoAugmentMethod()
        try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                                    cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink))
        return sink
    }

    static var smoke: RunRequest { DeepAutoAugmentMethod().runs(for: .smoke, dataset: nil)[0] }

    static func quick(_ values: [String: ParameterValue] = [:], dataset: String = "shapes32") -> RunRequest {
        var request = smoke
        request.dataset = dataset
        request.threads = 1
        request.values = ["pretraining": .integer(64), "pretraining-epochs": .integer(2), "epochs": .integer(2), "importance-images": .integer(2), "evaluation": .integer(48), "test": .integer(40), "layers": .integer(2), "steps": .integer(2),
                          "gradient-samples": .integer(12), "reward-samples": .integer(1), "validation-images": .integer(6)].merging(values) { $1 }
        return request
    }

    static func sentence(_ values: [String: ParameterValue], dataset: String = "shapes32", library: DatasetLibrary = shipped) -> String {
        do { return "\(try run(quick(values, dataset: dataset), library: library).results.count) results" } catch { return "\(error)" }
    }

    @Test func `the smoke plan moves its policy, leaves it as a file, and a second run finds the same bytes`() throws {
        let first = try Self.run(Self.smoke), second = try Self.run(Self.smoke)
        #expect(first.results == second.results && !first.results.isEmpty && first.results.allSatisfy { $0.value.isFinite })
        let bytes = try #require(first.artifacts["policy.json"])
        #expect(second.artifacts["policy.json"] == bytes)
        let policy = try PolicyFile.decoded([UInt8](bytes))
        #expect(policy.layers.count == 1 && abs(policy.layers[0].reduce(0, +) - 1) < 1e-9 && policy.layers[0] != PolicyLayer().probabilities)
        let rows = DeepAutoAugmentMethod().acceptance(for: StudySummary(identifier: "s", method: "deepaa", plan: .smoke, runs: [.init(identifier: "r", request: Self.smoke, state: .finished, results: first.results)]))
        #expect(rows.count == 2 && rows.allSatisfy(\.passed), "\(rows)")
        let names = Set(first.payloads.compactMap { payload -> String? in
            switch payload {
            case .table(let table): table.name
            case .matrix(let matrix): matrix.name
            case .images(let set): set.name
            case .distribution(let distribution): distribution.name
            default: nil
            }
        })
        // Every panel has what it shows.
        #expect(names.isSuperset(of: ["policy", "layers", "shares", "magnitudes", "operations", "importance", "importance by transform", "rewards", "strip", "samples", "chains", "cosines", "arms", "layer starts", "layer summary", "parts", "processor seconds"]), "\(names)")
        for series in ["cosine/mean J", "cosine/20 steps", "entropy/layer at work", "probability/Identity", "test accuracy/deepaa", "training loss/none", "training accuracy/pretraining"] { #expect(!first.points(series).values.isEmpty, "\(series)") }
    }

    @Test func `a found policy is taken by a later run as a file, and judged alike`() throws {
        let search = try Self.run(Self.quick(["arms": .text("deepaa")])), bytes = try #require(search.artifacts["policy.json"])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("deepaa-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try bytes.write(to: file)
        let judged = try Self.run(Self.quick(["task": .text("evaluate"), "policy": .text(file.path), "arms": .text("deepaa")]))
        #expect(judged.result("test accuracy", arm: "deepaa") == search.result("test accuracy", arm: "deepaa") && judged.artifacts.isEmpty)
        try Data("{}".utf8).write(to: file)
        #expect(Self.sentence(["task": .text("evaluate"), "policy": .text(file.path)]).contains("is no policy"))
    }

    @Test(arguments: [
        ["task": ParameterValue.text("search")], ["task": .text("importance")], ["task": .text("evaluate"), "arms": .text("none, default cutout16, mean-default, crop, flip, mean-crop, crop-flip-cutout")],
        ["task": .text("evaluate"), "arms": .text("autoaugment, randaugment, trivial, trivial-wide alone, uniform, uniform139, deepaa-published"), "mirror-signs": .boolean(true)],
        ["regulariser": .text("all"), "bn-in-gradient": .boolean(true), "repeat-random": .integer(2)], ["regulariser": .text("none"), "fast": .boolean(true), "importance-images": .integer(0)],
        ["stop-at-identity": .real(0.01)], ["copies": .integer(2), "clip": .real(5), "warm-up": .integer(1), "split": .text("shuffled"), "normalisation": .text("own")],
        ["network": .text("wrn-10-1-s2"), "evaluation-network": .text("wrn-10-1-s2"), "images": .integer(1), "steps": .integer(1), "evaluation": .integer(16), "pretraining": .integer(16), "test": .integer(20)],
        ["search-dataset": .text("digits"), "pretraining-augmentation": .text("crop-flip-cutout")],
    ])
    func `every choice of the sheet runs to its end`(values: [String: ParameterValue]) throws {
        let sink = try Self.run(Self.quick(values))
        #expect(sink.results.allSatisfy { $0.value.isFinite } && !sink.results.isEmpty, "\(sink.results)")
    }

    @Test func `digits are searched on too`() throws {
        let sink = try Self.run(Self.quick(["normalisation": .text("auto")], dataset: "digits"))
        #expect(try #require(sink.result("test accuracy", arm: "none")) >= 0)
    }

    @Test func `the search ends early where a layer does nothing`() throws {
        let sink = try Self.run(Self.quick(["stop-at-identity": .real(0.01), "arms": .text("deepaa")]))
        #expect(try PolicyFile.decoded([UInt8](try #require(sink.artifacts["policy.json"]))).layers.count == 1)
        #expect(sink.result("layer 2: entropy", arm: "deepaa") == nil)
    }

    @Test func `a run that goes on from any checkpoint finds the same`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let request = Self.quick(["arms": .text("none, deepaa")]), whole = try Self.run(request)
        #expect(whole.checkpoints.count >= 12, "\(whole.checkpoints.map(\.name))")
        // Each second one: two in each stage.
        for checkpoint in whole.checkpoints.enumerated().filter({ $0.offset % 2 == 0 }).map(\.element) {
            let rest = try Self.run(request, state: checkpoint.state)
            #expect(rest.results == whole.results, "\(checkpoint.name)")
        }
    }

    @Test func `damaged and foreign checkpoints are refused, never a trap`() throws {
        let request = Self.quick(["arms": .text("none, deepaa")]), checkpoints = try Self.run(request).checkpoints
        #expect(throws: CheckpointError.self) { try Self.run(request, state: Data("no checkpoint".utf8)) }
        var other = request
        other.values["policy-rate"] = .real(0.2)
        for checkpoint in checkpoints { #expect(throws: CheckpointError.self, "\(checkpoint.name)") { try Self.run(other, state: checkpoint.state) } }
        let kept = try #require(checkpoints.first { $0.name == "layer 2, step 1" })
        func damaged(_ change: (inout [String: Any]) -> Void) throws -> Data {
            var plist = try #require(try PropertyListSerialization.propertyList(from: kept.state, format: nil) as? [String: Any])
            change(&plist)
            return try PropertyListSerialization.data(fromPropertyList: plist, format: .binary, options: 0)
        }
        func search(_ change: (inout [String: Any]) -> Void) throws -> Data {
            try damaged { plist in
                var search = plist["search"] as? [String: Any] ?? [:]
                change(&search)
                plist["search"] = search
            }
        }
        let states = [
            try damaged { $0["finishedStages"] = 99 }, try damaged { $0["finishedStages"] = -1 }, try damaged { $0["finishedStages"] = 2 }, try damaged { $0["pretrained"] = [] }, try damaged { $0["seconds"] = [1.0] },
            try damaged { $0["version"] = 9 }, try damaged { $0["owner"] = "somebody" }, try damaged { $0["pretrained"] = [["bytes": Data(repeating: 0xFF, count: 400)]] },
            try search { $0["done"] = [[0.5, 0.5]] }, try search { $0["done"] = [] }, try search { $0["cosines"] = [[0.5]] }, try search { $0["recent"] = [[1.0]] }, try search { $0["rewards"] = [] },
            try search { $0["layer"] = ["logits": [0.0], "first": [0.0], "second": [0.0], "steps": 1] },
        ]
        for (number, state) in states.enumerated() { #expect(throws: CheckpointError.self, "\(number)") { try Self.run(request, state: state) } }
        for length in stride(from: 0, to: kept.state.count, by: max(1, kept.state.count / 20)) { #expect(throws: CheckpointError.self) { try Self.run(request, state: kept.state.prefix(length)) } }
    }

    @Test func `a run asks often whether it should go on, and stops where it is told to`() throws {
        let request = Self.quick(["arms": .text("none, deepaa")]), count = try Self.run(request).proceedCount
        #expect(count > 40)
        for place in stride(from: 1, through: count, by: max(1, count / 7)) { #expect(throws: RunCancelled.self) { try Self.run(request, stopsAfter: place) } }
    }

    @Test func `every run of every plan has settings that can be`() throws {
        let method = DeepAutoAugmentMethod()
        for plan in Plan.allCases {
            for dataset in [nil, "shapes32", "cifar10-subset", "cifar10", "cifar100", "fashion-mnist", "mine"] {
                let requests = method.runs(for: plan, dataset: dataset)
                #expect(!requests.isEmpty)
                for request in requests {
                    _ = try ParameterValues(method.parameters, request: request)
                    let entry = DatasetEntry(identifier: request.dataset, title: "", kind: .images, state: .embedded, rows: 60_000, shape: "", origin: "", licence: "")
                    let estimate = method.estimate(request, dataset: entry)
                    #expect(estimate.seconds > 0 && estimate.operations > 0 && estimate.seconds.isFinite && (plan != .paper || estimate.seconds > 3600))
                }
            }
        }
        let entry = DatasetEntry(identifier: "cora", title: "", kind: .graph, state: .embedded, rows: 1, shape: "", origin: "", licence: "")
        #expect(method.accepts(entry) != .accepted)
    }

    @Test func `what is asked for wrongly is named`() throws {
        for (values, says) in [
            (["arms": ParameterValue.text("best")], "parameter arms: “best” is no augmentation"), (["arms": .text(" , ")], "names no augmentation"), (["network": .text("vgg")], "parameter network: “vgg” is no network"),
            (["pretraining": .integer(5000)], "the training part has 900 pictures"), (["evaluation": .integer(901)], "parameter evaluation: 901"), (["policy": .text("/nowhere.json")], "there is no such policy file"),
            (["task": .text("evaluate")], "the arm deepaa needs one"), (["warm-up": .integer(2)], "parameter warm-up"), (["validation-images": .integer(60)], "validation pictures; 60 and one to spare are needed"),
            (["search-dataset": .text("nothing")], "nothing"), (["layers": .integer(0)], "layers"), (["steps": .integer(0)], "steps"), (["images": .integer(0)], "images"), (["gradient-samples": .integer(0)], "gradient-samples"),
            (["reward-samples": .integer(0)], "reward-samples"), (["pretraining-augmentation": .text("x")], "parameter pretraining-augmentation"),
        ] { #expect(Self.sentence(values).contains(says), "\(values): \(Self.sentence(values))") }
        #expect(Self.sentence(["pretraining-rate": .real(10), "pretraining-epochs": .integer(30), "pretraining-decay": .real(0.1)]).contains("results") || Self.sentence(["pretraining-rate": .real(10)]).contains("smaller rate"))
    }

    @Test func `acceptance reads each row from the results, and says what is missing`() {
        let method = DeepAutoAugmentMethod(), requests = method.runs(for: .standard, dataset: nil)
        #expect(requests.count == 6)
        func study(_ value: (String, String, UInt64) -> Double?) -> StudySummary {
            let names = (1...2).flatMap { layer in ["J, first ten steps", "J, last ten steps", "p of moves, Brightness and Crop", "p of Flip", "p of Invert", "p of Color m0", "p of Identity", "Cutout leads"].map { "layer \(layer): \($0)" } }
            return StudySummary(identifier: "s", method: "deepaa", plan: .standard, runs: requests.map { request in
                var results = names.compactMap { name in value(name, "deepaa", request.seed).map { RunEvent.Result(name: name, arm: "deepaa", value: $0, better: .neither) } }
                for arm in ["none", "default", "uniform139", "deepaa", "trivial alone"] { if let number = value("test accuracy", arm, request.seed) { results.append(.init(name: "test accuracy", arm: arm, value: number, better: .higher)) } }
                return .init(identifier: "r", request: request, state: .finished, results: results)
            })
        }
        func good(_ name: String, _ arm: String, _ seed: UInt64) -> Double? {
            if name == "test accuracy" { return ["none": 50, "default": 70, "uniform139": 80, "deepaa": 95, "trivial alone": 94][arm] }
            if name.hasSuffix("first ten steps") { return 0.7 }
            if name.hasSuffix("last ten steps") { return 0.8 }
            if name.contains("moves") { return 0.9 }
            return name.contains("leads") ? 1 : 0.001
        }
        let rows = method.acceptance(for: study(good))
        #expect(rows.count == 12 && rows.allSatisfy(\.passed), "\(rows.filter { !$0.passed })")
        // One seed that fails fails what is asked of every seed.
        let one = method.acceptance(for: study { name, arm, seed in seed == 2 && name == "layer 1: p of Flip" ? 0.02 : seed == 3 && arm == "deepaa" && name == "test accuracy" ? 60 : good(name, arm, seed) })
        #expect(one.filter { !$0.passed }.map(\.name).count >= 3)
        let nothing = method.acceptance(for: study { _, _, _ in nil })
        #expect(nothing.count == 12 && nothing.allSatisfy { !$0.passed && $0.measured == nil })
    }

    @Test func `panels name what the run sends`() {
        let panels = DeepAutoAugmentMethod().panels
        #expect(Set(panels.map(\.identifier)).count == panels.count && panels.allSatisfy { !$0.help.isEmpty })
    }
}
