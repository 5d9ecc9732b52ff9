import Foundation

/// The forms in which a run leaves the store.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// Metric points and results: kind, series, unit, step, value.
    case csv
    /// The record, all events besides metrics, all series.
    case json
    /// For a paper's appendix or an issue: settings, results, tables, notes.
    case markdown
    /// The event log, as `docs/events.md` has it: what another store imports.
    case events
}

extension RunStore {
    /// A run in another form, as UTF-8 text.
    /// - Throws: `StoreError`.
    public func export(_ identifier: String, as format: ExportFormat) throws(StoreError) -> Data {
        switch format {
        case .csv: RunExport.csv(try openRun(identifier))
        case .json: RunExport.json(try openRun(identifier))
        case .markdown: RunExport.markdown(try openRun(identifier))
        case .events: RunExport.log(try run(identifier), try events(of: identifier, after: -1))
        }
    }
}

enum RunExport {
    static func csv(_ run: StoredRun) -> Data {
        var text = "kind,series,unit,step,value\n"
        for series in run.series {
            let head = "metric,\(CSVField.quoted(series.path)),\(CSVField.quoted(series.unit)),"
            for (step, value) in zip(series.steps, series.values) { text += "\(head)\(number(step)),\(number(value))\n" }
        }
        for result in run.results {
            let name = result.arm.isEmpty ? result.name : "\(result.name)/\(result.arm)"
            text += "result,\(CSVField.quoted(name)),\(CSVField.quoted(result.unit)),,\(number(result.value))\n"
        }
        return Data(text.utf8)
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return JSONWriter.name(ofNonFinite: value) }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }

    static func json(_ run: StoredRun) -> Data {
        var writer = JSONWriter()
        writer.beginObject()
        run.record.writeMembers(to: &writer)
        writer.key("results")
        writer.beginArray()
        for result in run.results { result.write(to: &writer) }
        writer.endArray()
        writer.key("series")
        writer.beginArray()
        for series in run.series {
            writer.beginObject()
            writer.member("series", series.path)
            writer.member("unit", series.unit)
            writer.member("steps", series.steps)
            writer.member("values", series.values)
            writer.endObject()
        }
        writer.endArray()
        writer.key("events")
        writer.beginArray()
        for event in run.events { writer.raw(event.jsonLine) }
        writer.endArray()
        writer.endObject()
        return Data(writer.bytes)
    }

    static func log(_ record: RunRecord, _ events: [RunEvent]) -> Data {
        var data = Data("\(EventLogHeader(run: record.identifier, study: record.study, host: record.owner?.host ?? "").line)\n".utf8)
        for event in events {
            data.append(contentsOf: event.jsonBytes)
            data.append(0x0A)
        }
        return data
    }

    static func markdown(_ run: StoredRun) -> Data {
        let record = run.record, request = record.request
        var text = "# \(escaped(request.method)) on \(escaped(request.dataset)), run \(record.identifier)\n\n"
        text += "State: \(record.state.rawValue)\(record.sentence.isEmpty ? "" : " (\(escaped(record.sentence)))"). Plan \(request.plan.rawValue), seed \(request.seed), "
        text += "\(request.threads) threads, \(number((record.seconds * 100).rounded() / 100)) s of work.\n\n"
        for case .started(let start) in run.events.map(\.payload) {
            text += "Built by \(escaped(start.build)) on \(escaped(start.machine)). Data checksum \(start.datasetChecksum.isEmpty ? "unknown" : escaped(start.datasetChecksum)).\n\n"
            text += table(["parameter", "value"], start.values.sorted { $0.key < $1.key }.map { [$0.key, $0.value.display] })
        }
        if !run.results.isEmpty {
            text += "## Results\n\n"
            text += table(["result", "arm", "value", "unit"], run.results.map { [$0.name, $0.arm, number($0.value), $0.unit] })
        }
        if !run.series.isEmpty {
            text += "## Series\n\n"
            text += table(["series", "unit", "points", "last"], run.series.map { [$0.path, $0.unit, String($0.values.count), $0.values.last.map(number) ?? ""] })
        }
        var newest: [String: RunEvent.Table] = [:], names: [String] = []
        for case .table(let table) in run.events.map(\.payload) {
            if newest.updateValue(table, forKey: table.name) == nil { names.append(table.name) }
        }
        for name in names {
            guard let item = newest[name] else { continue }
            text += "## \(escaped(name))\n\n"
            text += table(item.columns.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }, item.rows.map { $0.map(cell) })
        }
        let notes = run.events.compactMap { event -> String? in
            switch event.payload {
            case .note(let message): "- \(escaped(message.text))"
            case .warning(let message): "- **warning:** \(escaped(message.text))"
            default: nil
            }
        }
        if !notes.isEmpty { text += "## Notes of the run\n\n\(notes.joined(separator: "\n"))\n\n" }
        if !record.notes.isEmpty { text += "## Notes\n\n\(record.notes)\n" }
        return Data(text.utf8)
    }

    private static func cell(_ cell: RunEvent.Table.Cell) -> String {
        switch cell {
        case .text(let text): text
        case .number(let value): number(value)
        case .empty: ""
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "|\\`*_<>[]#".contains(character) { result.append("\\") }
            result.append(character.isNewline ? " " : character)
        }
        return result
    }

    private static func table(_ columns: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty, !columns.isEmpty else { return "" }
        func line(_ cells: [String]) -> String { "| \(cells.map(escaped).joined(separator: " | ")) |\n" }
        return line(columns) + "|\(columns.map { _ in " --- |" }.joined())\n" + rows.map(line).joined() + "\n"
    }
}

extension RunRecord {
    /// The record's keys for an open JSON object: what `lathe runs --json` prints of a run.
    public func writeMembers(to writer: inout JSONWriter) {
        writer.member("run", identifier)
        if let study { writer.member("study", study) }
        request.writeMembers(to: &writer)
        writer.member("state", state.rawValue)
        if !sentence.isEmpty { writer.member("sentence", sentence) }
        writer.member("created", created)
        if let started { writer.member("started", started) }
        if let ended { writer.member("ended", ended) }
        writer.member("seconds", seconds)
        if let stage {
            writer.member("stage", stage.name)
            writer.member("stageIndex", stage.index)
            writer.member("stageCount", stage.of)
        }
        if let progress {
            writer.member("done", progress.done)
            writer.member("total", progress.total)
            writer.member("unit", progress.unit)
        }
        writer.member("events", nextSequence)
        writer.member("points", pointCount)
        writer.member("resumable", isResumable)
        if !origin.isEmpty { writer.member("origin", origin) }
        if !notes.isEmpty { writer.member("notes", notes) }
        if !tags.isEmpty { writer.member("tags", tags) }
    }
}
