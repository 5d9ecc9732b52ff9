import Experiments
import Terminal
import Foundation

/// The JSON-lines form of a session: a header, one line a message or bookmark, and an end that says how many there were.
enum SessionFile {
    /// A file that claims to be larger is refused: 256 MB.
    static let largest = 256 << 20

    // MARK: Writing

    /// - Throws: only what an encoder throws for a message that cannot be written, which is our own mistake.
    static func text(_ session: Session) throws -> String {
        var header = JSONWriter()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        header.beginObject()
        header.key("lathe session")
        header.raw(String(decoding: try encoder.encode(session.header), as: UTF8.self))
        header.endObject()
        var lines = [header.text]
        var last = 0.0
        var bookmarks = session.bookmarks[...]
        func line(_ time: Double, _ write: (inout JSONWriter) throws -> Void) rethrows {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("t", time)
            try write(&writer)
            writer.endObject()
            lines.append(writer.text)
        }
        for (index, message) in session.messages.enumerated() {
            while let mark = bookmarks.first, mark.index <= index {
                line(last) { $0.member("bookmark", mark.name) }
                bookmarks = bookmarks.dropFirst()
            }
            // Milliseconds since the start: finer than any eye, and short.
            last = ((message.time - session.header.started) * 1000).rounded() / 1000
            try line(last) { try MessageJSON.write(message.content, to: &$0) }
        }
        for mark in bookmarks { line(last) { $0.member("bookmark", mark.name) } }
        line(last) { $0.member("end", lines.count - 1) }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Reading

    /// Reads a session.
    ///
    /// Total: any text gives a session or one sentence with the file and the line. A session that was cut off, even at the end
    /// of a line, is told by its missing end.
    /// - Parameter file: the name for the sentence.
    static func read(_ text: String, file: String) throws(SessionError) -> Session {
        guard text.utf8.count <= largest else {
            throw SessionError("\(file): the session has \(text.utf8.count) bytes, \(largest) is the most that is read")
        }
        var lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, !first.isEmpty else { throw SessionError("\(file), line 1: the file is empty, a session starts with its header") }
        let isTorn = !(lines.last?.isEmpty ?? true)
        if !isTorn { lines.removeLast() }
        var session = Session(header: try header(first, file: file))
        let started = session.header.started
        for (number, bytes) in zip(2..., lines.dropFirst()) {
            let json: JSONValue
            do { json = try JSONValue(parsing: bytes) } catch {
                let torn = isTorn && number == lines.count
                throw SessionError(file: file, line: number, torn ? "the session is cut off inside this line; record it again or take a whole copy" : "\(error.description)")
            }
            guard let time = json["t"]?.double, time.isFinite, abs(time) < 1e12 else {
                throw SessionError(file: file, line: number, "“t”, the seconds since the start, is missing or no number")
            }
            if let name = json["bookmark"] {
                guard let name = name.string else { throw SessionError(file: file, line: number, "“bookmark” is not a text") }
                session.bookmarks.append(.init(name: name, index: session.messages.count))
                continue
            }
            if let end = json["end"] {
                let found = session.messages.count + session.bookmarks.count
                guard end.int == found else {
                    throw SessionError(file: file, line: number, "the end counts \(end.int.map(String.init) ?? "no") lines, there are \(found); some were lost")
                }
                guard number == lines.count, !isTorn else {
                    throw SessionError(file: file, line: number, isTorn ? "the session is cut off inside this line; record it again or take a whole copy"
                        : "the session ends here, but \(lines.count - number) more lines follow")
                }
                return session
            }
            do { session.messages.append(Message(time: started + time, try MessageJSON.read(json))) } catch {
                throw SessionError(file: file, line: number, "\(error)")
            }
        }
        throw SessionError(file: file, line: lines.count, "the session is cut off after this line: its end is missing; record it again or take a whole copy")
    }

    private static func header(_ bytes: some Sequence<UInt8>, file: String) throws(SessionError) -> Session.Header {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            throw SessionError(file: file, line: 1, "this is no session: its first line is not a header in JSON (\(error.description))")
        }
        guard let content = json["lathe session"], let version = content["version"]?.int else {
            throw SessionError(file: file, line: 1, "this is no session: a session's first line begins with {\"lathe session\":{…\"version\":\(Session.version)…}}")
        }
        guard version == Session.version else {
            let by = content["build"]?.string.map { " by Lathe \($0)" } ?? ""
            throw SessionError(file: file, line: 1, "the session has version \(version), written\(by); this Lathe plays version \(Session.version): play it with the other one")
        }
        var writer = JSONWriter()
        writer.value(content)
        let header: Session.Header
        do { header = try JSONDecoder().decode(Session.Header.self, from: Data(writer.bytes)) } catch {
            throw SessionError(file: file, line: 1, "the header lacks a part or has one of the wrong kind; it needs build, colors, glyphs, height, idleLimit, started, theme, title, version, width")
        }
        guard (1...Size.largestSide).contains(header.width), (1...Size.largestSide).contains(header.height) else {
            throw SessionError(file: file, line: 1, "the header's screen is \(header.width) x \(header.height) cells; 1 x 1 … \(Size.largestSide) x \(Size.largestSide) can be played")
        }
        guard header.started.isFinite, abs(header.started) < 1e12, header.idleLimit.isFinite, header.idleLimit >= 0 else {
            throw SessionError(file: file, line: 1, "the header's “started” or “idleLimit” is no sensible number of seconds")
        }
        return header
    }
}

extension Session {
    /// Reads the text of a session file.
    /// - Parameter file: the name for error sentences.
    /// - Throws: `SessionError` with file and line for a session of another version, a damaged or a torn one.
    public init(text: String, file: String) throws(SessionError) { self = try SessionFile.read(text, file: file) }

    /// Reads a session file.
    /// - Throws: `SessionError`.
    public init(contentsOf url: URL) throws(SessionError) {
        let data: Data
        do {
            let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber
            guard (size?.intValue ?? 0) <= SessionFile.largest else {
                throw SessionError("\(url.lastPathComponent): the session has \(size?.intValue ?? 0) bytes, \(SessionFile.largest) is the most that is read")
            }
            data = try Data(contentsOf: url)
        } catch let error as SessionError { throw error } catch {
            throw SessionError("\(url.path): the session cannot be read; check its name and permissions")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SessionError("\(url.lastPathComponent), line 1: the file is not UTF-8 text, so it is no session")
        }
        self = try SessionFile.read(text, file: url.lastPathComponent)
    }

    /// The file's text.
    public func text() throws -> String { try SessionFile.text(self) }
}
