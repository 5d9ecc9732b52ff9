import Experiments

/// A row of the Home list: a run, or a study of several runs folded into one.
struct RunListRow: Sendable {
    /// The runs that it stands for, newest first.
    var runs: [RunRow]
    /// A study that can be unfolded.
    var isStudy: Bool
    var isUnfolded = false
    /// True for the runs of an unfolded study.
    var isIndented = false

    var identifier: String { isStudy ? "study:" + (runs.first?.study ?? "") : runs.first?.identifier ?? "" }
    var first: RunRow? { runs.first }
    /// The run of a study that a reader wants to see first: the one at work, else the newest that found something.
    var lead: RunRow? {
        runs.first { $0.state == .running || $0.state == .paused } ?? runs.first { $0.state == .finished } ?? runs.first
    }

    /// The state that a reader wants to know first.
    var state: RunState {
        for state in [RunState.running, .paused, .waiting, .failed, .interrupted, .cancelled] where runs.contains(where: { $0.state == state }) {
            return state
        }
        return .finished
    }

    var method: String { runs.first?.request.method ?? "" }
    var plan: String { runs.first?.request.plan.rawValue ?? "" }
    var created: Double { runs.map(\.created).max() ?? 0 }

    var dataset: String {
        let names = Set(runs.map(\.request.dataset))
        return names.count > 1 ? "\(names.count) sets" : names.first ?? ""
    }

    /// Of all runs together, 0 … 1.
    var fraction: Double? {
        guard !runs.isEmpty else { return nil }
        let done = runs.reduce(0.0) { sum, run in
            sum + (run.state == .finished || run.state == .failed ? 1 : min(max(run.fraction ?? 0, 0), 1))
        }
        return done / Double(runs.count)
    }

    /// Seconds of work that are left, where anything is known: what a run took stands for those that wait.
    var secondsLeft: Double? {
        guard let running = runs.compactMap(\.secondsLeft).max() else { return nil }
        let typical = runs.first { $0.state == .finished }?.seconds ?? runs.compactMap { run in run.secondsLeft.map { $0 + run.seconds } }.first ?? 0
        return running + typical * Double(runs.count { $0.state == .waiting })
    }

    /// The result column in words; "" while the sketch and the per cent stand there.
    var result: String {
        guard let run = runs.first else { return "" }
        if !isStudy {
            switch run.state {
            case .finished: return run.headline
            case .failed: return run.failure ?? "failed"
            case .interrupted, .cancelled:
                let share = run.fraction.map { ", \(Int($0 * 100)) %" } ?? ""
                return run.isResumable ? "resumable\(share)" : "stopped\(share)"
            case .running, .paused, .waiting: return ""
            }
        }
        let finished = runs.count { $0.state == .finished }
        let settings = Set(runs.map { "\($0.request.dataset)/\($0.request.condition)" })
        if settings.count == 1, let summary = StudyResult(runs) { return summary.text + (finished < runs.count ? "  \(finished)/\(runs.count)" : "") }
        return "\(finished) of \(runs.count) done"
    }
}

/// The headline result over the seeds of a study: mean and sample standard deviation.
struct StudyResult {
    var text: String

    init?(_ runs: [RunRow]) {
        guard let pattern = runs.first(where: { $0.state == .finished })?.headlineResult else { return nil }
        let values = runs.filter { $0.state == .finished }.compactMap { run in
            run.results.first { $0.name == pattern.name && $0.arm == pattern.arm }?.value
        }.filter(\.isFinite)
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        guard values.count > 1 else {
            text = "\(pattern.name) \(NumberText.short(mean, unit: pattern.unit))"
            return
        }
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        let digits = Self.digits(deviation, mean)
        let unit = pattern.unit.isEmpty ? "" : " \(pattern.unit)"
        text = "\(pattern.name) \(NumberText.fixed(mean, digits)) ±\(NumberText.fixed(deviation, digits))\(unit)"
    }

    /// Digits after the point so that the deviation shows one or two of its own.
    private static func digits(_ deviation: Double, _ mean: Double) -> Int {
        let size = deviation > 0 ? deviation : abs(mean) / 100
        var digits = 0, scale = 1.0
        while digits < 5, size * scale < 0.95 {
            scale *= 10
            digits += 1
        }
        return digits
    }
}

/// Folds runs into rows, in the order of the newest run of each.
enum RunList {
    static func rows(_ runs: [RunRow], unfolded: Set<String>) -> [RunListRow] {
        var order: [String] = [], members: [String: [RunRow]] = [:]
        for run in runs {
            let key = run.study.isEmpty ? run.identifier : run.study
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(run)
        }
        return order.flatMap { key -> [RunListRow] in
            let runs = members[key] ?? []
            guard runs.count > 1 else { return [RunListRow(runs: runs, isStudy: false)] }
            let isUnfolded = unfolded.contains(key)
            let study = RunListRow(runs: runs, isStudy: true, isUnfolded: isUnfolded)
            return [study] + (isUnfolded ? runs.map { RunListRow(runs: [$0], isStudy: false, isIndented: true) } : [])
        }
    }
}
