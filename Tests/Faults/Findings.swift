import Experiments
import Foundation

/// What a run left besides times: results, curves, tables and pictures, each under a name, exact to the bit.
struct Findings {
    var parts: [String: String] = [:]

    init(_ run: String, in store: RunStore) throws {
        let stored = try store.openRun(run)
        for result in stored.results where result.unit != "s" { parts["result \(result.name)/\(result.arm)"] = String(result.value.bitPattern, radix: 16) }
        for series in stored.series {
            parts["series \(series.path)"] = (series.steps + series.values).map { String($0.bitPattern, radix: 36) }.joined(separator: " ")
        }
        var count: [String: Int] = [:]
        for event in stored.events {
            switch event.payload {
            case .table, .distribution, .matrix, .weights, .images, .graph, .scenes:
                count[event.payload.kind, default: 0] += 1
                parts["\(event.payload.kind) \(count[event.payload.kind] ?? 0)"] = RunEvent(sequence: 0, time: 0, payload: event.payload).jsonLine
            case .artifact(let mark): parts["artifact \(mark.name)"] = mark.checksum
            default: break
            }
        }
    }

    /// The parts that another undisturbed run found alike, and the names of the others: what holds times.
    func common(with other: Findings) -> (findings: Findings, different: [String]) {
        var result = self
        result.parts = parts.filter { other.parts[$0.key] == $0.value }
        return (result, Set(parts.keys).union(other.parts.keys).filter { result.parts[$0] == nil }.sorted())
    }

    /// The first part that another run has not alike; nil where it has them all.
    func difference(from other: Findings) -> String? {
        parts.keys.sorted().first { other.parts[$0] != parts[$0] }
    }
}

/// A method's undisturbed smoke run.
struct Reference {
    var method: String
    var request: RunRequest
    /// Seconds of the whole process.
    var seconds: Double
    var findings: Findings
    /// What differs between two undisturbed runs.
    var times: [String]
}
