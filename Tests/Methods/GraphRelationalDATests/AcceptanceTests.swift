import Experiments
import GraphRelationalDA
import Testing

/// Which rows a study is judged by, and by which of its runs.
@Suite struct AcceptanceTests {
    private func rows(_ plan: Plan, dataset: String, values: [String: ParameterValue] = [:], state: RunState = .finished,
                      results: (RunRequest) -> [RunEvent.Result] = { _ in [] }) -> [AcceptanceRow] {
        let method = GraphRelationalDAMethod()
        let runs = method.runs(for: plan, dataset: dataset).map { request in
            var request = request
            request.values.merge(values) { $1 }
            return StudySummary.Run(identifier: "\(request.seed) \(request.condition)", request: request, state: state, results: results(request))
        }
        return method.acceptance(for: StudySummary(identifier: "s", method: "grda", plan: plan, runs: runs))
    }

    @Test func `a row about a method that was not asked for is left out, and one about a run that failed fails`() {
        let published = rows(.paper, dataset: "dg-15", state: .failed)
        #expect(published.count == 1 && published[0].measured == nil && !published[0].passed)
        #expect(rows(.paper, dataset: "dg-15", values: ["pairing": .text("slot")]).isEmpty)
        let honest = rows(.standard, dataset: "dg-15", values: ["pairing": .text("slot")])
        #expect(honest.contains { $0.name.contains("GRDA slot minus") } && !honest.contains { $0.name.contains("slot-shared") || $0.name.contains("GRDA all") })
        // A gain needs both.
        let alone = rows(.standard, dataset: "dg-60", values: ["arms": .text("grda")])
        #expect(alone.isEmpty, "\(alone)")
        #expect(rows(.smoke, dataset: "dg-6", values: ["arms": .text("dann")]).isEmpty && rows(.smoke, dataset: "dg-6").count == 7)
    }

    @Test func `the sheet's three seeds decide the states' rows, and all ten stand beside them`() throws {
        func found(_ error: @escaping (UInt64) -> Double) throws -> AcceptanceRow {
            try #require(rows(.standard, dataset: "tpt-48") { request in
                [RunEvent.Result(name: "target error", arm: "source-only", value: error(request.seed), better: .lower)]
            }.first { $0.name.hasPrefix("tpt-48, E-to-W: target error of source-only") })
        }
        let failed = try found { $0 < 3 ? 0.7 : 0.1 }
        #expect(!failed.passed && abs((failed.measured ?? 0) - 0.7) < 1e-12 && failed.name.contains("seeds 0–2") && failed.name.contains("over all 10: 0.28 ± 0.29 sd"), "\(failed)")
        #expect(try found { $0 < 3 ? 0.5 : 9 }.passed)
    }
}
