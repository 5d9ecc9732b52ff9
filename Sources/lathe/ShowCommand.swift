import ArgumentParser
import Experiments
import Foundation
import Terminal

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what a run was asked, how it went and what it found.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning.", valueName: "run")) var identifier: String
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let runStore = try store.open()
        let stored = try runStore.openRun(runStore.resolve(identifier))
        if output.json { return Talk.print(json(stored)) }
        let record = stored.record
        let request = record.request
        var rows = [
            ["run", record.identifier], ["study", record.study ?? ""], ["state", record.state.words + (record.sentence.isEmpty ? "" : ": \(record.sentence)")],
            ["method", request.method], ["data", request.dataset], ["plan", request.plan.rawValue], ["condition", request.condition],
            ["seed", String(request.seed)], ["threads", String(request.threads)], ["made", RunsCommand.when(record.created)],
            ["work", String(format: "%.1f s", record.seconds)], ["points", String(record.pointCount)],
        ]
        for event in stored.events {
            guard case .started(let start) = event.payload else { continue }
            rows += [["data checksum", start.datasetChecksum], ["build", start.build], ["machine", start.machine]]
            rows += start.values.sorted { $0.key < $1.key }.map { ["  \($0.key)", $0.value.display] }
        }
        Talk.table(rows.filter { !$0[1].isEmpty }).forEach { Talk.print($0.printable) }
        for event in stored.events {
            switch event.payload {
            case .note(let message): Talk.print("note: \(message.text)".printable)
            case .warning(let message): Talk.print("warning: \(message.text)".printable)
            case .artifact(let mark): Talk.print("left: \(mark.name), \(mark.bytes) bytes; lathe artifacts \(record.identifier) \(mark.name)".printable)
            default: break
            }
        }
        guard !stored.results.isEmpty else { return }
        Talk.print("")
        Talk.table([["result", "arm", "value", "unit"]] + stored.results.map { [$0.name, $0.arm, RunsCommand.number($0.value), $0.unit] }, right: [2])
            .forEach { Talk.print($0.printable) }
    }

    private func json(_ stored: StoredRun) -> JSONValue {
        guard case .object(let members) = stored.record.json(results: stored.results) else { return .null }
        return .object(members + [
            .init("series", .array(stored.series.map { series in
                .record(["series": .text(series.path), "unit": .text(series.unit), "points": .integer(series.steps.count),
                         "last": series.values.last.map { .number($0) } ?? .null])
            })),
            .init("notes", .array(stored.events.compactMap { event in
                switch event.payload {
                case .note(let message), .warning(let message): .text(message.text)
                default: nil
                }
            })),
        ])
    }
}
