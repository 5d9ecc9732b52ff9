import Foundation

/// The sessions and casts on disk: the user's, and those that came with the program.
enum SessionShelf {
    static func userFolder(_ folders: UserFolders) -> URL { folders.data.appendingPathComponent("sessions") }

    static func entries(_ folders: UserFolders, _ shared: URL?) -> [SessionEntry] {
        let places = [(userFolder(folders), false)] + (shared.map { [($0.appendingPathComponent("sessions"), true)] } ?? [])
        return places.flatMap { folder, isShipped in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".session") || $0.hasSuffix(".cast") }.sorted().map { file in
                let url = folder.appendingPathComponent(file)
                let seconds = file.hasSuffix(".cast") ? (try? text(url.path)).flatMap { try? Cast(text: $0, file: file) }.map { CastPlayer($0).duration } : (try? Session(contentsOf: url))?.duration
                return SessionEntry(name: ReplayScreen.name(of: file), path: url.path, seconds: seconds ?? 0, isShipped: isShipped)
            }
        }
    }

    /// Reads a session's text.
    /// - Throws: `CommandError` for a file that is not there, too large or no text.
    static func text(_ path: String) throws(CommandError) -> String {
        let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        let data: Data
        do { data = try Data(contentsOf: url) } catch { throw CommandError("\(url.path) cannot be read: \(error.localizedDescription)") }
        guard data.count <= 512 << 20 else { throw CommandError("\(url.path) is larger than 512 MiB, which no session is") }
        guard let text = String(data: data, encoding: .utf8) else { throw CommandError("\(url.path) is not a session: it is not UTF-8 text") }
        return text
    }

    /// A path for a session without a name: by the time, in the user's folder.
    static func path(named name: String?, _ folders: UserFolders, time: Double) -> URL {
        if let name, name.contains("/") { return URL(fileURLWithPath: (name as NSString).expandingTildeInPath) }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd-HHmmss"
        let file = name ?? formatter.string(from: Date(timeIntervalSince1970: time))
        return userFolder(folders).appendingPathComponent(file.hasSuffix(".session") ? file : file + ".session")
    }
}
