import Datasets
import Experiments
import Workbench

/// A small run with one event of every kind, on real pictures: the first digits of the embedded set.
enum SampleRun {
    static let start = 1_700_000_000.0

    static let request = RunRequest(method: "diva", dataset: "digits", plan: .smoke, seed: 3, threads: 2,
                                    values: ["noise": .real(0.2)])

    /// A row of the store's list for the sample.
    static func row(_ identifier: String = "a1b2c3", state: RunState = .finished) -> RunRow {
        var row = RunRow(identifier: identifier, study: "study", request: request, state: state, created: start)
        row.started = start
        return row
    }

    static func events() throws -> [RunEvent] {
        let digits = try DatasetLibrary(folders: []).open("digits").preview().examples
        let labels: [RunEvent.Table.Cell] = digits.map { .text($0.caption) }
        func weights(_ step: Double) -> RunEvent.Payload {
            let values = digits.indices.map { 1 - step * Double(($0 * 7) % 10 - 3) / 12 }
            return .weights(.init(name: "weight", step: step, identifiers: digits.map(\.index), values: values, attributes: [
                .init(name: "label", values: labels), .init(name: "predicted", values: labels.reversed()),
                .init(name: "gradient", values: values.map { .number(-$0) }),
            ]))
        }
        let payloads: [RunEvent.Payload] = [
            .started(.init(request: request, values: ["noise": .real(0.2), "steps": .integer(3)], datasetChecksum: "abcdef0123456789",
                           build: "test", machine: "two cores")),
            .stage(.init(name: "detect", index: 1, of: 3)),
            .images(.init(name: "examples", items: digits.map { .init(identifier: $0.index, caption: $0.caption, thumbnail: $0.thumbnail) })),
            .metric(.init(series: "loss/loo", unit: "nats", steps: [0, 1, 2, 3], values: [0.62, 0.51, 0.44, 0.41])),
            .metric(.init(series: "loss/test", unit: "nats", steps: [0, 1, 2, 3], values: [0.60, 0.48, .nan, 0.395])),
            .progress(.init(done: 100, total: 400, unit: "examples")),
            .note(.init("lambda 1 has the lowest leave-one-out loss")),
            .weights(.init(name: "other", step: 0, identifiers: [1, 2], values: [0.5, .infinity])),
            weights(0), weights(1),
            .stage(.init(name: "reweight", index: 2, of: 3)),
            .warning(.init("three rows have the same pixels")),
            .distribution(.init(name: "gradient", groups: [.init(name: "clean", values: [-0.3, -0.2, -0.1, 0.05]),
                                                           .init(name: "noisy", values: [0.2, 0.4, 0.3])], marker: 0, markerName: "ε", step: 1)),
            .matrix(.init(name: "confusion", rows: ["0", "1"], columns: ["0", "1"], values: [9, 1, 2, .nan])),
            .graph(.init(name: "neighbours", nodes: [.init(label: "a", x: 0, y: 0), .init(label: "b", x: 1, y: 1)], edges: [[0, 1]])),
            .table(.init(name: "detection", columns: [.init("method"), .init("AUC", digits: 3)],
                         rows: [[.text("DIVA"), .number(0.998)], [.text("residual"), .number(.nan)], [.text("disagrees")]])),
            .metric(.init(series: "loss/loo", unit: "nats", steps: [4], values: [0.40])),
            .progress(.init(done: 2, total: 3, unit: "steps")),
            weights(2),
            .checkpoint(.init(name: "reweight 2", bytes: 9_000)),
            .unknown(kind: "aura", json: #"{"v":9,"kind":"aura","hue":0.4}"#),
            .stage(.init(name: "refit", index: 3, of: 3)),
            .finished(.init(results: [
                .init(name: "test error", arm: "original", unit: "%", value: 3.2, better: .lower),
                .init(name: "test error", arm: "reweighted", unit: "%", value: 2.9, better: .lower, baseline: "original"),
                .init(name: "AUC", arm: "diva", value: 0.99, better: .higher, baseline: "residual"),
                .init(name: "AUC", arm: "residual", value: 0.995, better: .higher),
            ], seconds: 12.5)),
        ]
        return payloads.enumerated().map { RunEvent(sequence: $0, time: start + Double($0), payload: $1) }
    }

    /// The same run as the store gives it.
    static func opened(_ identifier: String = "a1b2c3", events: [RunEvent]? = nil) throws -> OpenedRun {
        var series: [RunSeries] = []
        var others: [RunEvent] = []
        for event in try events ?? self.events() {
            guard case .metric(let batch) = event.payload else { others.append(event); continue }
            if let index = series.firstIndex(where: { $0.name == batch.series }) {
                series[index].steps += batch.steps
                series[index].values += batch.values
            } else {
                series.append(RunSeries(name: batch.series, unit: batch.unit, steps: batch.steps, values: batch.values))
            }
        }
        return OpenedRun(row: row(identifier), events: others, series: series)
    }
}
