import Datasets
import Experiments
import Workbench

/// Rows, data sets and previews as a store and a library would give them, at a fixed time.
enum SampleStore {
    static let now = 1_800_000_000.0

    static func row(_ identifier: String, state: RunState, dataset: String = "digits", study: String = "", seed: UInt64 = 1, ago: Double,
                    error: Double? = nil) -> RunRow {
        var row = RunRow(identifier: identifier, study: study,
                         request: RunRequest(method: "sample", dataset: dataset, plan: .standard, seed: seed, values: ["noise": .real(0.4)]),
                         state: state, created: now - ago)
        row.seconds = 75
        row.pointCount = 4_200
        if let error {
            row.results = [.init(name: "error", arm: "model", unit: "%", value: error, better: .lower),
                           .init(name: "AUC", arm: "model", value: 0.998, better: .higher)]
        }
        return row
    }

    static var rows: [RunRow] {
        var running = row("r1", state: .running, ago: 20)
        running.stage = "refit"
        running.stageIndex = 2
        running.stageCount = 3
        running.fraction = 0.64
        running.secondsLeft = 21
        running.isHere = true
        running.sketch = (0..<30).map { 1 / Double($0 + 1) }
        var waiting = row("r2", state: .waiting, dataset: "fashion-mnist", ago: 15)
        waiting.isHere = true
        var failed = row("r6", state: .failed, dataset: "my-set", ago: 4000)
        failed.failure = "NaN in `refit` at step 12; lower the learning rate"
        var stopped = row("r7", state: .interrupted, ago: 90_000)
        stopped.fraction = 0.4
        stopped.isResumable = true
        return [
            waiting, running,
            row("r3", state: .finished, study: "s1", seed: 3, ago: 130, error: 3.0),
            row("r4", state: .finished, study: "s1", seed: 2, ago: 131, error: 3.3),
            row("r5", state: .finished, study: "s1", seed: 1, ago: 132, error: 2.9),
            failed, stopped,
            row("r8", state: .cancelled, dataset: "cora", ago: 200_000),
            row("r9", state: .finished, dataset: "fashion-mnist", ago: 300_000, error: 15.9),
        ]
    }

    static func preview(of run: String) -> RunPreview {
        let steps = (0..<60).map(Double.init)
        return RunPreview(run: run, series: [
            RunSeries(name: "loss/train", unit: "nats", steps: steps, values: steps.map { 1 / ($0 + 2) }),
            RunSeries(name: "loss/test", unit: "nats", steps: steps, values: steps.map { 1.2 / ($0 + 2) + 0.05 }),
        ], lastWords: "19 of 200 examples have weight 0")
    }

    static func entry(_ identifier: String, _ kind: DatasetKind, _ state: DatasetState, rows: Int?) -> DatasetEntry {
        DatasetEntry(identifier: identifier, title: "The \(identifier) set", kind: kind, state: state, rows: rows, shape: "8 x 8 grey, 10 classes",
                     origin: "a university", licence: "CC BY 4.0", path: state == .present ? "/data/\(identifier)" : nil,
                     obtain: state == .missing ? "sudo apt install dataset-\(identifier)" : nil)
    }

    static var datasets: [DatasetEntry] {
        [entry("digits", .images, .embedded, rows: 1797), entry("fashion-mnist", .images, .missing, rows: 70_000),
         entry("cora", .graph, .present, rows: 2708), entry("prices", .table, .present, rows: 412), entry("loads", .series, .present, rows: nil)]
    }

    static var pictures: DatasetPreview {
        var preview = DatasetPreview()
        preview.facts = [.init("pictures", "1,797"), .init("size", "8 x 8 grey")]
        preview.classes = (0..<10).map { .init(name: String($0), count: 170 + $0 * 2) }
        preview.examples = (0..<12).compactMap { index in
            Thumbnail(width: 8, height: 8, channels: 1, pixels: (0..<64).map { UInt8(($0 * 4 + index * 20) % 256) })
                .map { .init(index: index, caption: String(index % 10), thumbnail: $0) }
        }
        return preview
    }

    static var table: DatasetPreview {
        var preview = DatasetPreview()
        var price = DatasetPreview.Column(name: "price")
        price.histogram = [1, 4, 9, 12, 7, 3, 1]
        price.minimum = 12
        price.maximum = 980.5
        price.missing = 3
        preview.columns = [price, .init(name: "street")]
        preview.rows = [["12", "High Street"], ["980.5", "Mill Lane"], ["", "Elm Row"]]
        return preview
    }

    static var graph: DatasetPreview {
        var preview = DatasetPreview()
        preview.nodeCount = 12
        preview.edges = (0..<12).map { [$0, ($0 * 5 + 1) % 12] }
        preview.degreeHistogram = [0, 2, 6, 3, 1]
        return preview
    }

    static var series: DatasetPreview {
        var preview = DatasetPreview()
        preview.lines = [.init(name: "load", values: (0..<96).map { Double(($0 % 24) * 3) })]
        return preview
    }
}
