import Datasets
import Experiments
import Foundation
import Terminal

/// The form of a message in a session file: one member, named after its kind, next to the time.
///
/// `"in":"j"` a key, `"size":"80x24"`, `"tick":true`, and the news from outside under their own names.
enum MessageJSON {
    // MARK: Writing

    static func write(_ content: Message.Content, to writer: inout JSONWriter) throws {
        switch content {
        case .input(let event): writer.member("in", event.description)
        case .resize(let size): writer.member("size", "\(size.width)x\(size.height)")
        case .tick: writer.member("tick", true)
        case .runs(let rows): try coded("runs", rows, &writer)
        case .runOpened(let run):
            writer.key("run")
            writer.beginObject()
            try coded("row", run.row, &writer)
            events(run.events, &writer)
            try coded("series", run.series, &writer)
            writer.endObject()
        case .runEvents(let run, let list):
            writer.key("more")
            writer.beginObject()
            writer.member("run", run)
            events(list, &writer)
            writer.endObject()
        case .runPreview(let preview): try coded("preview", preview, &writer)
        case .study(let summary): try coded("study", summary, &writer)
        case .submitted(let runs, let study): try coded("submitted", Submitted(runs: runs, study: study), &writer)
        case .datasets(let entries): try coded("datasets", entries, &writer)
        case .datasetPreview(let name, let preview): try coded("data", NamedPreview(dataset: name, preview: preview, failure: nil), &writer)
        case .datasetPreviewFailed(let name, let sentence):
            try coded("data", NamedPreview(dataset: name, preview: nil, failure: sentence), &writer)
        case .themes(let themes, let current): try coded("themes", Themes(list: themes, current: current), &writer)
        case .sessions(let entries): try coded("sessions", entries, &writer)
        case .sessionLoaded(let name, let json): try coded("session", NamedText(name: name, text: json), &writer)
        case .open(let screen, let argument): writer.member("open", .array([.text(screen), .text(argument)]))
        case .fileWritten(let path): writer.member("wrote", path)
        case .copied(let what, let file): try coded("copied", NamedText(name: what, text: file), &writer)
        case .crashes(let reports): try coded("crashes", reports, &writer)
        case .toast(let kind, let text): try coded("toast", NamedText(name: kind.rawValue, text: text), &writer)
        case .effectFailed(let sentence): writer.member("failed", sentence)
        }
    }

    private static func events(_ list: [RunEvent], _ writer: inout JSONWriter) {
        writer.key("events")
        writer.beginArray()
        for event in list { writer.raw(event.jsonLine) }
        writer.endArray()
    }

    private static func coded(_ key: String, _ value: some Encodable, _ writer: inout JSONWriter) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        writer.key(key)
        writer.raw(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    // MARK: Reading

    /// Reads the members beside the time.
    /// - Throws: `SessionError` with a sentence that names the member, without file and line.
    static func read(_ object: JSONValue) throws -> Message.Content {
        guard let member = object.members?.first(where: { $0.key != "t" }) else { throw SessionError("it has a time but says nothing") }
        let json = member.value
        switch member.key {
        case "in":
            guard let text = json.string, let event = InputEvent(text) else { throw wrong("in", "a key, paste or mouse event") }
            return .input(event)
        case "size":
            guard let text = json.string, case .resize(let size)? = InputEvent("resize:" + text) else { throw wrong("size", "columns x rows, such as 80x24") }
            return .resize(size)
        case "tick": return .tick
        case "runs": return .runs(try decoded("runs", json))
        case "run":
            guard let row = json["row"] else { throw wrong("run", "a run with a row") }
            return .runOpened(OpenedRun(row: try decoded("row", row), events: try events(json), series: try series(json["series"])))
        case "more":
            guard let run = json["run"]?.string else { throw wrong("more", "the events of a run") }
            return .runEvents(run: run, try events(json))
        case "preview": return .runPreview(try decoded("preview", json))
        case "study": return .study(try decoded("study", json))
        case "submitted":
            let value: Submitted = try decoded("submitted", json)
            return .submitted(runs: value.runs, study: value.study)
        case "datasets": return .datasets(try decoded("datasets", json))
        case "data":
            let value: NamedPreview = try decoded("data", json)
            guard let preview = value.preview else { return .datasetPreviewFailed(dataset: value.dataset, sentence: value.failure ?? "") }
            return .datasetPreview(dataset: value.dataset, preview)
        case "themes":
            let value: Themes = try decoded("themes", json)
            return .themes(value.list, current: value.current)
        case "sessions": return .sessions(try decoded("sessions", json))
        case "session":
            let value: NamedText = try decoded("session", json)
            return .sessionLoaded(name: value.name, json: value.text ?? "")
        case "open":
            guard let words = json.elements, words.count == 2, let screen = words[0].string, let argument = words[1].string else {
                throw wrong("open", "a screen's name and its argument")
            }
            return .open(screen: screen, argument: argument)
        case "wrote": return .fileWritten(path: try text("wrote", json))
        case "copied":
            let value: NamedText = try decoded("copied", json)
            return .copied(what: value.name, file: value.text)
        case "crashes": return .crashes(try decoded("crashes", json))
        case "toast":
            let value: NamedText = try decoded("toast", json)
            return .toast(Toast.Kind(rawValue: value.name) ?? .information, value.text ?? "")
        case "failed": return .effectFailed(try text("failed", json))
        default: throw SessionError("“\(member.key)” is no kind of message that this version knows; play the session with the Lathe that recorded it")
        }
    }

    private static func wrong(_ key: String, _ expected: String) -> SessionError { SessionError("“\(key)” is not \(expected)") }

    private static func text(_ key: String, _ json: JSONValue) throws -> String {
        guard let text = json.string else { throw wrong(key, "a text") }
        return text
    }

    private static func events(_ json: JSONValue) throws -> [RunEvent] {
        guard let elements = json["events"]?.elements else { throw wrong("events", "a list of run events") }
        return try elements.map { element in
            var writer = JSONWriter()
            writer.value(element)
            do { return try RunEvent(jsonLine: writer.bytes) } catch { throw SessionError("a run event: \(error)") }
        }
    }

    /// Series are the long part of a run: read without a detour.
    private static func series(_ json: JSONValue?) throws -> [RunSeries] {
        guard let elements = json?.elements else { throw wrong("series", "a list of series") }
        return try elements.map { element in
            guard let name = element["name"]?.string, let unit = element["unit"]?.string,
                  let steps = element["steps"]?.elements, let values = element["values"]?.elements else {
                throw wrong("series", "a list of series with name, unit, steps and values")
            }
            let numbers = (steps.compactMap(\.double), values.compactMap(\.double))
            guard numbers.0.count == steps.count, numbers.1.count == values.count else { throw wrong("series", "a list of numbers") }
            return RunSeries(name: name, unit: unit, steps: numbers.0, values: numbers.1)
        }
    }

    private static func decoded<Value: Decodable>(_ key: String, _ json: JSONValue) throws -> Value {
        var writer = JSONWriter()
        writer.value(json)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return try decoder.decode(Value.self, from: Data(writer.bytes)) } catch let error as DecodingError {
            throw SessionError("“\(key)” \(sentence(error))")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let words = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return words.isEmpty ? "" : " at \(words)"
        }
        return switch error {
        case .keyNotFound(let key, let context): "lacks “\(key.stringValue)”\(path(context))"
        case .valueNotFound(_, let context): "has nothing\(path(context))"
        case .typeMismatch(_, let context): "has something else than expected\(path(context))"
        case .dataCorrupted(let context): "cannot be read\(path(context)): \(context.debugDescription)"
        @unknown default: "cannot be read"
        }
    }

    // Forms of messages with two parts.
    private struct Submitted: Codable { var runs: [String]; var study: String }
    private struct NamedText: Codable { var name: String; var text: String? }
    private struct NamedPreview: Codable { var dataset: String; var preview: DatasetPreview?; var failure: String? }
    private struct Themes: Codable { var list: [Theme]; var current: String }
}
