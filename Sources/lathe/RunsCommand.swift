import ArgumentParser
import Experiments
import Foundation
import Terminal

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "Lists the stored runs, newest first.")

    @Argument(help: "Only runs whose identifier, method, data set, condition, notes or tags contain this.") var filter: String?
    @Option(name: .long, help: "Only runs in this state.") var state: RunState?
    @Option(name: .long, help: "At most so many runs.") var limit: Int = 100
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let runStore = try store.open()
        _ = try? runStore.markOrphans()
        var wanted = RunFilter()
        wanted.text = filter ?? ""
        wanted.states = state.map { [$0] } ?? []
        wanted.limit = max(0, limit)
        let records = try runStore.runs(wanted)
        let found = try runStore.summaryRuns(records)
        if output.json {
            return Talk.print(.array(zip(records, found).map { record, run in record.json(results: run.results) }))
        }
        guard !records.isEmpty else { return Talk.say("lathe: no runs here yet; start one with: lathe run diva --data digits") }
        var rows = [["run", "state", "method", "data", "condition", "seed", "plan", "when", "result"]]
        for (record, run) in zip(records, found) {
            let result = run.results.first { $0.better != .neither }
            rows.append([
                record.identifier, record.state.words, record.request.method, record.request.dataset, record.request.condition,
                String(record.request.seed), record.request.plan.rawValue, Self.when(record.created),
                record.state == .failed ? record.sentence : result.map { "\($0.name) \($0.arm) \(Self.number($0.value)) \($0.unit)" } ?? "",
            ])
        }
        Talk.table(rows, right: [5]).forEach { Talk.print($0.printable) }
    }

    static func when(_ seconds: Double) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd HH:mm"
        return formatter.string(from: Date(timeIntervalSince1970: seconds))
    }

    static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension RunState: ExpressibleByArgument {
    /// A glyph and a word, as on the screens.
    var words: String {
        switch self {
        case .waiting: "… waiting"
        case .running: "▶ running"
        case .paused: "‖ paused"
        case .finished: "✓ done"
        case .failed: "✗ failed"
        case .cancelled: "! stopped"
        case .interrupted: "! interrupted"
        }
    }
}

extension RunRequest {
    var json: [JSONValue.Member] {
        [
            .init("method", .text(method)), .init("dataset", .text(dataset)), .init("plan", .text(plan.rawValue)),
            .init("seed", .unsigned(seed)), .init("threads", .integer(threads)), .init("condition", .text(condition)),
            .init("values", .object(values.sorted { $0.key < $1.key }.map { .init($0.key, JSONValue($0.value)) })),
        ]
    }
}

extension RunRecord {
    func json(results: [RunEvent.Result]) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .text(identifier)), .init("study", .optional(study)), .init("state", .text(state.rawValue)),
        ]
        members += request.json
        members += [
            .init("created", .number(created)), .init("seconds", .number(seconds)), .init("points", .integer(pointCount)),
            .init("sentence", .text(sentence)), .init("notes", .text(notes)), .init("tags", .array(tags.map { .text($0) })),
            .init("results", .array(results.map(\.json))),
        ]
        return .object(members)
    }
}

extension RunEvent.Result {
    var json: JSONValue {
        .record(["name": .text(name), "arm": .text(arm), "unit": .text(unit), "value": .number(value), "better": .text(better.rawValue)])
    }
}
