import CCrash
import Datasets
import Foundation

/// A report that the handler of a fatal signal wrote: what, where, and the last events before it.
public struct CrashReport: Sendable, Codable, Equatable {
    /// The file.
    public var path: String
    /// Seconds since 1970.
    public var time: Double
    public var text: String

    public init(path: String, time: Double, text: String) {
        self.path = path
        self.time = time
        self.text = text
    }

    /// What ended the program, in the report's own words: "SIGSEGV, memory was touched …".
    public var what: String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("what: ") }
        return line.map { String($0.dropFirst(6)) } ?? "the report is cut short"
    }
}

/// The folder of the reports of crashes. A report is prepared when the program starts, and only a crash makes its file.
///
///     CrashReports(in: folders.state).begin(arguments: CommandLine.arguments)
///     CrashReports.note("run r12 began")
public struct CrashReports: Sendable {
    public let folder: URL
    /// As many are kept.
    static let limit = 20
    private static let fresh = "crash", read = "read"

    /// - Parameter state: the user's folder for state.
    public init(in state: URL) { folder = state.appendingPathComponent("crashes") }

    /// From now on a crash of this process leaves a report here, with these arguments in it.
    public func begin(arguments: [String]) {
        let process = ProcessInfo.processInfo.processIdentifier
        let words = arguments.map { $0.contains { $0.isWhitespace } ? "“\($0)”" : $0 }.joined(separator: " ").filter { !$0.isNewline }
        let header = "program: \(Build.identifier), \(ProgramFile.identity ?? "its file is unknown")\ncommand: \(words.prefix(700))\nprocess: \(process)\n"
        let name = "\(Int(Date().timeIntervalSince1970))-\(process).\(Self.fresh)"
        _ = lathe_crash_prepare(folder.appendingPathComponent(name).path, header)
        lathe_crash_catch()
    }

    /// Notes what happens; the newest notes are in a report. Cheap enough for some thousand a second.
    public static func note(_ text: String) {
        var text = text
        text.withUTF8 { bytes in bytes.withMemoryRebound(to: CChar.self) { lathe_crash_note($0.baseAddress, $0.count) } }
    }

    /// Lets an overflow of this thread's stack be reported too.
    public static func protectThread() { lathe_crash_protect_thread() }

    /// The reports, newest first; those beyond the newest twenty are removed. The names of what was called are filled in where
    /// this program is the one that crashed.
    /// - Parameter onlyUnread: leaves out those that `markRead` was called for.
    public func list(onlyUnread: Bool = false) -> [CrashReport] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let found = names.compactMap { name -> (url: URL, time: Double)? in
            let url = folder.appendingPathComponent(name)
            guard url.pathExtension == Self.fresh || url.pathExtension == Self.read,
                  let date = (try? FileManager.default.attributesOfItem(atPath: url.path))?[.modificationDate] as? Date else { return nil }
            return (url, date.timeIntervalSince1970)
        }.sorted { $0.time > $1.time }
        for old in found.dropFirst(Self.limit) { try? FileManager.default.removeItem(at: old.url) }
        return found.prefix(Self.limit).filter { !onlyUnread || $0.url.pathExtension == Self.fresh }.compactMap { url, time in
            guard let bytes = try? ByteSource(file: url).readAll(limit: 1 << 20) else { return nil }
            let raw = String(decoding: bytes, as: UTF8.self), text = CrashNames.filled(in: raw)
            if text != raw {
                try? AtomicFile.write(Data(text.utf8), to: url)
                try? FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: url.path)
            }
            return CrashReport(path: url.path, time: time, text: text)
        }
    }

    /// The next start is silent about these.
    public func markRead(_ paths: [String]) {
        for path in paths {
            let url = URL(fileURLWithPath: path)
            // A URL made before the folder was has no slash at its end.
            guard url.deletingLastPathComponent().standardizedFileURL.path == folder.standardizedFileURL.path, url.pathExtension == Self.fresh else { continue }
            try? FileManager.default.moveItem(at: url, to: url.deletingPathExtension().appendingPathExtension(Self.read))
        }
    }
}
