import EncoderTesting
import Experiments
import Foundation
import Testing
import TransEncoder

/// The standard plan takes minutes a seed; it is run when it is asked for with seeds in LATHE_TRANS_ENCODER_SEEDS, such as 1,2,3. LATHE_TRANS_ENCODER_DATA names the data set.
@Suite(.serialized) struct StandardPlanTests {
    static let seeds = (ProcessInfo.processInfo.environment["LATHE_TRANS_ENCODER_SEEDS"] ?? "").split(separator: ",").compactMap { UInt64($0) }
    static let data = ProcessInfo.processInfo.environment["LATHE_TRANS_ENCODER_DATA"] ?? "stsbenchmark"

    @Test("the sheet's acceptance rows hold", .enabled(if: !StandardPlanTests.seeds.isEmpty, "is run when it is asked for"))
    func acceptance() throws {
        let method = TransEncoderMethod(), requests = method.runs(for: .standard, dataset: Self.data).filter { Self.seeds.contains($0.seed) }
        #expect(requests.count == Self.seeds.count)
        let runs = try requests.map { request in
            let start = ContinuousClock.now, sink = try run(request, library: Places.library)
            print("seed \(request.seed): \((ContinuousClock.now - start).components.seconds) s")
            for result in sink.results where !result.arm.hasPrefix("start") { print("  \(result.arm) · \(result.name): \(result.value)") }
            return StudySummary.Run(identifier: "r\(request.seed)", request: request, state: .finished, results: sink.results)
        }
        for row in method.acceptance(for: StudySummary(identifier: "s", method: "trans-encoder", plan: .standard, runs: runs)) {
            print("\(row.passed ? "passed" : "missed")  \(row.name)  \(row.target)  \(row.measured.map { String($0) } ?? "n/a")")
            #expect(row.passed, "\(row.name) \(row.target): \(row.measured.map { String($0) } ?? "n/a")")
        }
    }
}
