import Experiments
import Foundation

/// What a study found, as `lathe run` prints it.
struct StudyOutcome {
    private let summary: StudySummary
    private let acceptance: [AcceptanceRow]
    private let state: RunState
    private let seconds: Double
    private let threads: Int

    /// Measures the sheet's acceptance rows on the study's runs and keeps them in the store.
    init(of study: String, in store: RunStore, method: any Method, state: RunState, threads: Int) throws {
        summary = try store.summary(ofStudy: study)
        acceptance = method.acceptance(for: summary)
        try store.setAcceptance(acceptance, ofStudy: study)
        var filter = RunFilter()
        filter.study = study
        seconds = try store.runs(filter).reduce(0) { $0 + $1.seconds }
        self.state = state
        self.threads = threads
    }

    func print(json: Bool) {
        for row in acceptance { Talk.print("\(row.passed) \(row.name) \(row.target) \(row.measured ?? .nan)") }
    }
}
