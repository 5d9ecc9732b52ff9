import DIVA
import Experiments
import Foundation
import Tensors
import Testing

@Suite(.serialized) struct MethodTests {
    @Test func `the standard plan on digits meets the sheet's acceptance rows`() throws {
        let rows = try acceptance(dataset: "digits")
        #expect(rows.count == 8)
        for row in rows { #expect(row.passed, "\(row.name): \(row.measured.map { "\($0)" } ?? "nothing") where \(row.target) is asked") }
    }

    @Test(.enabled(if: TestData.has("fashion-mnist"), "Fashion-MNIST is not on this machine"))
    func `Fashion-MNIST in raw pixels meets the sheet's acceptance rows`() throws {
        let rows = try acceptance(dataset: "fashion-mnist") { $0.condition.hasSuffix("raw pixels") }
        #expect(rows.count == 3)
        for row in rows { #expect(row.passed, "\(row.name): \(row.measured.map { "\($0)" } ?? "nothing") where \(row.target) is asked") }
    }

    @Test func `the smoke plan finds most of the mislabelled digits in a moment`() throws {
        let method = DIVAMethod()
        let requests = method.runs(for: .smoke, dataset: "digits")
        #expect(requests.count == 1)
        let sink = try run(try #require(requests.first))
        #expect((sink.value("AUC", "diva") ?? 0) > 0.95)
        #expect((sink.value("F1", "diva") ?? 0) > 0.8)
        let study = StudySummary(identifier: "", method: "diva", plan: .smoke,
                                 runs: [.init(identifier: "", request: requests[0], state: .finished, results: sink.results ?? [])])
        #expect(method.acceptance(for: study).map(\.passed) == [true])
    }

    /// A gallery draws the lowest and highest weights, ties by identifier: those are the pictures that have to be there.
    @Test(arguments: ["reweight", "extend", "augment", "detect"])
    func `the pictures of the most extreme examples are sent, whatever the ties`(task: String) throws {
        let sink = try run(request(["task": .text(task), "eta": .real(1.5), "transforms": .text("flip-vertical,invert")], plan: .smoke))
        var pictures: Set<Int> = [], newest: [String: RunEvent.ExampleWeights] = [:]
        for event in sink.events {
            if case .images(let set) = event { pictures.formUnion(set.items.filter { $0.thumbnail != nil }.map(\.identifier)) }
            if case .weights(let weights) = event { newest[weights.name] = weights }
        }
        #expect(newest["derivative"] != nil || task == "augment")
        for weights in newest.values {
            #expect(weights.attributes.allSatisfy { $0.values.count == weights.values.count } && weights.identifiers.count == weights.values.count)
            #expect(Set(weights.identifiers).count == weights.identifiers.count)
            let order = weights.values.indices.sorted { (weights.values[$0], weights.identifiers[$0]) < (weights.values[$1], weights.identifiers[$1]) }
            let missing = (order.prefix(60) + order.suffix(60)).filter { !pictures.contains(weights.identifiers[$0]) }
            #expect(missing.isEmpty, "\(weights.name): \(missing.count) pictures are missing")
        }
    }

    /// Runs what the variable LATHE_DIVA_PLAN names ("cifar10-subset", or "fashion-mnist:random" for conditions with that word) and
    /// prints every result: how the tables of the sheet are checked by hand.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LATHE_DIVA_PLAN"] != nil, "LATHE_DIVA_PLAN is not set"))
    func `a named plan runs to its end`() throws {
        let words = (ProcessInfo.processInfo.environment["LATHE_DIVA_PLAN"] ?? "").split(separator: ":").map(String.init)
        _ = try acceptance(dataset: words.first ?? "digits", isPrinting: true) { words.count < 2 || $0.condition.contains(words[1]) }
    }

    private func acceptance(dataset: String, isPrinting: Bool = false, where isWanted: (RunRequest) -> Bool = { _ in true }) throws -> [AcceptanceRow] {
        let method = DIVAMethod()
        var runs: [StudySummary.Run] = []
        var seconds: [String: Double] = [:]
        for request in method.runs(for: .standard, dataset: dataset) where isWanted(request) {
            let start = ContinuousClock.now
            let sink = try run(request, cache: isPrinting ? FileManager.default.temporaryDirectory.appendingPathComponent("lathe-diva-plan") : nil)
            let time = start.duration(to: .now)
            let elapsed = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
            seconds[request.condition, default: 0] += elapsed
            if isPrinting { print("ran \(request.condition) seed \(request.seed) in \(elapsed) s, longest without proceed \(sink.contents.withLock { $0.longestPause })") }
            runs.append(.init(identifier: "", request: request, state: .finished, results: try #require(sink.results)))
        }
        let study = StudySummary(identifier: "", method: "diva", plan: .standard, runs: runs)
        if isPrinting { print(table(study, seconds: seconds)) }
        return method.acceptance(for: study)
    }

    func table(_ study: StudySummary, seconds: [String: Double]) -> String {
        var lines: [String] = []
        var conditions: [String] = []
        for run in study.runs where !conditions.contains(run.request.condition) { conditions.append(run.request.condition) }
        for condition in conditions {
            let runs = study.runs.filter { $0.request.condition == condition }
            lines.append("## \(condition): \(runs.count) seeds, \(seconds[condition] ?? 0) s")
            for result in runs[0].results {
                let values = runs.compactMap { run in run.results.first { $0.name == result.name && $0.arm == result.arm }?.value }
                let mean = values.reduce(0, +) / Double(values.count)
                lines.append("   \(result.name) / \(result.arm): \(mean)  min \(values.min() ?? 0) max \(values.max() ?? 0) n \(values.count)")
            }
        }
        for row in DIVAMethod().acceptance(for: study) { lines.append("\(row.passed ? "PASS" : "FAIL") \(row.name) \(row.target): \(row.measured ?? .nan)") }
        return lines.joined(separator: "\n")
    }
}

/// How long one gradient takes at the size of a pretrained network's features; run by hand with LATHE_DIVA_TIMING set.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["LATHE_DIVA_TIMING"] != nil, "LATHE_DIVA_TIMING is not set"))
struct TimingTests {
    @Test func `one gradient with N 5000, D 1281, K 10 takes seconds`() throws {
        var random = RandomSource(seed: 1)
        let z = Matrix(rows: 5000, columns: 1281, values: (0..<5000 * 1281).map { _ in random.normal() / 36 })
        let set = try TrainingSet(features: z, labels: (0..<5000).map { $0 % 10 }, classes: 10)
        var last = ContinuousClock.now, pauses: [Double] = []
        func mark() {
            let time = last.duration(to: .now)
            pauses.append(Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
            last = .now
        }
        for threads in [1, 2] {
            BLAS.threads = threads
            let start = ContinuousClock.now
            pauses = []
            let problem = try WeightedLeastSquares(features: z, targets: set.targets, proceed: mark)
            let ridge = try problem.solve(lambda: 1, proceed: mark)
            _ = try DatasetDerivative.leaveOneOut(ridge, loss: .crossEntropy, proceed: mark)
            print("gradient on \(threads) threads: \(start.duration(to: .now)); longest between two calls of proceed \(pauses.max() ?? 0) s of \(pauses.count); kernel \(BLAS.kernelName)")
        }
    }
}
