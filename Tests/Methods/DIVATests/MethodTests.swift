import DIVA
import Experiments
import Foundation
import Testing

@Suite(.serialized) struct MethodTests {
    /// Every run of the standard plan on digits; prints the table when LATHE_DIVA_TABLE is set.
    @Test func `the standard plan on digits meets the sheet's acceptance rows`() throws {
        let method = DIVAMethod()
        var runs: [StudySummary.Run] = []
        var seconds: [String: Double] = [:]
        for request in method.runs(for: .standard, dataset: "digits") {
            let start = ContinuousClock.now
            let sink = try run(request)
            let time = start.duration(to: .now)
            seconds[request.condition, default: 0] += Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
            runs.append(.init(identifier: "", request: request, state: .finished, results: try #require(sink.results)))
        }
        let study = StudySummary(identifier: "", method: "diva", plan: .standard, runs: runs)
        if ProcessInfo.processInfo.environment["LATHE_DIVA_TABLE"] != nil { print(table(study, seconds: seconds)) }
        let rows = method.acceptance(for: study)
        #expect(rows.count == 8)
        for row in rows { #expect(row.passed, "\(row.name): \(row.measured.map { "\($0)" } ?? "nothing") where \(row.target) is asked") }
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
