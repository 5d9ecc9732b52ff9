import Experiments

/// The scaling check of section 7, as acceptance rows over runs of one study: generated graphs of 50,000 to a million nodes, up to the vectors.
///
///     lathe run giant-xrt --plan paper --condition scaling --threads 2 --json
enum ScalingCheck {
    static let condition = "scaling"
    static let stages = ["TF-IDF", "PIFA", "tree", "levels", "encode"]

    /// The stage to which a phase belongs.
    static func stage(of phase: String) -> String? {
        if phase.contains(": level ") { return "levels" }
        return stages.first { phase == $0 || phase.hasSuffix(": " + $0) }
    }

    /// What every run of the check is set to; the plan's own values are those of the paper.
    static let values: [String: ParameterValue] = [
        "arms": .text("encode"), "width": .integer(128), "features": .text("standard"), "max-leaf": .integer(16), "splits": .integer(8), "min-codes": .integer(8), "epochs": .text("auto"),
        "rate": .real(0), "negatives": .text("tfn+man"), "start": .text("inherit"),
    ]

    /// Doublings whose time is compared, and whose memory.
    static let doublings = [("text-sbm-50k", "text-sbm-100k"), ("text-sbm-100k", "text-sbm-200k")]

    static func rows(_ study: StudySummary) -> [AcceptanceRow] {
        func value(_ name: String, _ stage: String, _ dataset: String) -> Double? { study.values(name, arm: stage, dataset: dataset, condition: condition).mean }
        func isThere(_ dataset: String) -> Bool { study.runs.contains { $0.request.dataset == dataset && $0.request.condition == condition } }
        var rows: [AcceptanceRow] = []
        for (small, large) in doublings where isThere(small) && isThere(large) {
            for stage in stages {
                let ratio = value("time", stage, small).flatMap { before in value("time", stage, large).map { $0 / max(1e-3, before) } }
                rows.append(.atMost(2.6, name: "\(stage): time on \(large) over time on \(small)", measured: ratio))
            }
        }
        let half = "text-sbm-500k", whole = "text-sbm-1m"
        if isThere(whole) {
            rows.append(.atMost(30, name: "\(whole): minutes", measured: value("time", "all stages", whole).map { $0 / 60 }))
            rows.append(.atMost(8, name: "\(whole): resident memory at most, GiB", measured: value("resident memory", "process", whole).map { $0 / 1024 }))
        }
        if isThere(half), isThere(whole) {
            func most(_ dataset: String) -> Double? { stages.compactMap { value("memory without codes, scores and vocabulary", $0, dataset) }.max() }
            rows.append(.atMost(20, name: "memory without codes, scores and vocabulary from 500,000 to 1,000,000 nodes, growth in %",
                                measured: most(half).flatMap { before in most(whole).map { 100 * ($0 / before - 1) } }))
        }
        return rows
    }
}
