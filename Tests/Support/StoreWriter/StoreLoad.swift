import Experiments
import Foundation

/// A store as a year of work leaves it: half of the runs in studies of ten seeds, half alone, of several methods and settings, with
/// results and curves; on top of them a study that waits. Written as a runner writes it: claimed, started, appended, finished.
struct StoreLoad {
    var runs: Int
    /// Metric points of all runs together.
    var points: Int
    /// Runs of the study that waits; small ones, which train in a second or so.
    var queued: Int

    private static let kinds: [(method: String, dataset: String, setting: String, metric: String)] = [
        ("diva", "digits", "outer-rate", "test error"), ("cold-brew", "cora", "rate", "accuracy"), ("psa-gan", "electricity", "rate", "loss"),
        ("rim", "movielens", "rate", "AUC"), ("trans-encoder", "sts", "rate", "correlation"), ("giant-xrt", "cora", "rate", "accuracy"),
        ("trajectory-shapley", "trajectories", "rate", "error"),
    ]
    private static let arms = ["ours", "baseline"]

    func write(into store: RunStore, tell: (String) -> Void) throws {
        var number = 0
        while number < runs {
            // A study of ten seeds, then ten runs alone.
            let kind = Self.kinds[(number / 20) % Self.kinds.count]
            let requests = (0..<min(20, runs - number)).map { place in
                RunRequest(method: kind.method, dataset: kind.dataset, plan: .standard, seed: UInt64(place % 10), threads: 1,
                           condition: place < 10 ? "" : "rate \(number + place)",
                           values: [kind.setting: .real(place < 10 ? 0.01 : 0.0001 * Double(number + place)), "steps": .integer(1000 + number / 20)])
            }
            let study = try store.createStudy(method: kind.method, dataset: kind.dataset, plan: .standard, requests: Array(requests.prefix(10))).runs
            let alone = try store.createRuns(Array(requests.dropFirst(10)))
            for record in study + alone { try finish(record, kind.metric, number: number, in: store) }
            number += requests.count
            if number.isMultiple(of: 1000) { tell("\(number) runs") }
        }
        if queued > 0 {
            let requests = (0..<queued).map { RunRequest(method: "diva", dataset: "digits", plan: .smoke, seed: UInt64($0), threads: 1) }
            _ = try store.createStudy(method: "diva", dataset: "digits", plan: .smoke, requests: requests)
        }
        tell("done")
    }

    private func finish(_ record: RunRecord, _ metric: String, number: Int, in store: RunStore) throws {
        let claim = try store.claim(record.identifier), now = Date().timeIntervalSince1970
        var events: [RunEvent] = []
        func add(_ payload: RunEvent.Payload) { events.append(RunEvent(sequence: events.count, time: now, payload: payload)) }
        try store.setState(.running, claim: claim)
        add(.started(.init(request: record.request, values: record.request.values, datasetChecksum: "", build: "load", machine: "load")))
        add(.stage(.init(name: "train", index: 1, of: 1)))
        let seed = Double(record.request.seed), names = ["loss", metric].flatMap { name in Self.arms.map { "\(name)/\($0)" } }
        let count = points / max(1, runs) / names.count
        for (place, name) in names.enumerated() {
            for start in stride(from: 0, to: count, by: 512) {
                let steps = (start..<min(count, start + 512)).map(Double.init)
                add(.metric(.init(series: name, steps: steps, values: steps.map { exp(-$0 / 900) + 0.05 * sin($0 * 1.7 + seed) + Double(place) })))
            }
        }
        add(.note(.init("run \(number) of the load")))
        let results = Self.arms.enumerated().map { place, arm in
            RunEvent.Result(name: metric, arm: arm, unit: "%", value: 4 + Double(place) + sin(seed + Double(number)), better: .lower)
        }
        add(.finished(.init(results: results, seconds: 60)))
        try store.append(events, to: record.identifier, claim: claim, seconds: 60)
    }
}
