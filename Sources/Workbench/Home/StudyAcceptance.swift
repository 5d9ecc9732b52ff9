import Experiments

/// What a finished study was to reach, row by row: those that it missed come first.
struct StudyAcceptance {
    private let rows: [AcceptanceRow]

    /// Nil for a single run, while runs of the study are not over, and where the method asks nothing of the plan.
    init?(_ row: RunListRow, _ workspace: Workspace) {
        guard row.isStudy, let run = row.lead, let method = workspace.method(run.request.method),
              !row.runs.contains(where: { [.running, .waiting, .paused].contains($0.state) }) else { return nil }
        let runs = row.runs.map { StudySummary.Run(identifier: $0.identifier, request: $0.request, state: $0.state, results: $0.results) }
        let rows = method.acceptance(for: StudySummary(identifier: run.study, method: run.request.method, plan: run.request.plan, runs: runs))
        guard !rows.isEmpty else { return nil }
        self.rows = rows.filter { !$0.passed } + rows.filter(\.passed)
    }

    var isMet: Bool { rows.allSatisfy(\.passed) }
    var headline: String { "acceptance: \(rows.count(where: \.passed)) of \(rows.count) rows met" }

    /// One sentence a row. `missedOnly` leaves out what was met, where there is little room.
    func sentences(missedOnly: Bool) -> [(text: String, isMet: Bool)] {
        rows.filter { !missedOnly || !$0.passed }.map { row in
            ("\(row.passed ? "✓" : "✗ not met:") \(row.name): \(row.measured.map { NumberText.short($0, unit: "") } ?? "not measured"), asked \(row.target)", row.passed)
        }
    }
}
