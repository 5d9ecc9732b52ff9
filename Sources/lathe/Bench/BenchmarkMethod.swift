import Datasets
import Experiments
import Foundation

/// A method with ten line panels and nothing to train: the benchmarks of the screen draw its stored runs. It is not in the
/// catalogue.
struct BenchmarkMethod: Experiments.Method {
    static let identifier = "benchmark"
    static func series(_ number: Int) -> String { "walk-\(number)" }
    /// A series that stands on the screen when every panel is drawn.
    static let lastSeries = "walk-5"

    /// A slow decay with noise and a spike each thousand steps; a pure function of its arguments.
    static func value(_ number: Int, _ step: Int) -> Double {
        var hash = UInt64(truncatingIfNeeded: step &* 10 &+ number) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        let noise = Double(hash >> 40) / Double(1 << 24) - 0.5
        return 2 * exp(-Double(step) / 40_000) + 0.1 * noise + (step % 1000 == 999 ? 0.5 : 0) + Double(number)
    }

    let description = MethodDescription(identifier: identifier, title: "Benchmark", question: "How fast is the screen?", explanation: "", paper: "", tags: [])
    let parameters: [ParameterSpec] = []
    var panels: [PanelSpec] {
        (0..<6).map { number in
            PanelSpec("walk-\(number)", title: "Walk \(number)", help: "", kind: .lines(series: [Self.series(number)], x: .init("step"), y: .init("value")))
        }
    }

    func accepts(_ dataset: DatasetEntry) -> Acceptance { .accepted }
    func runs(for plan: Plan, dataset: String?) -> [RunRequest] { [] }
    func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate { Estimate(operations: 0, bytes: 0, seconds: 0) }
    func train(_ context: RunContext) throws {}
    func acceptance(for study: StudySummary) -> [AcceptanceRow] { [] }
}
