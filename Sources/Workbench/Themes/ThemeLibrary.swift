import Foundation

/// The themes of the user's folder and those that ship with the program, joined with what they inherit.
public struct ThemeLibrary: Sendable {
    /// Themes by name, the default first.
    public private(set) var themes: [Theme] = []
    /// What is wrong with files that were left out.
    public private(set) var errors: [ThemeError] = []

    /// Reads `*.toml` of the folders; a name in an earlier folder hides it in a later one. A broken file is left out and
    /// named in `errors`, where the next folder's file of the same name takes its place.
    public init(folders: [URL]) {
        var files: [[String: ThemeFile]] = []
        for folder in folders {
            var found: [String: ThemeFile] = [:]
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for entry in names.sorted() where entry.hasSuffix(".toml") {
                let url = folder.appendingPathComponent(entry), name = String(entry.dropLast(5))
                do { found[name] = try Self.read(url, name: name) } catch { errors.append(error) }
            }
            files.append(found)
        }
        let names = Set(files.flatMap(\.keys)).union([Theme.standard.name])
        for name in names.sorted() {
            do { themes.append(try Self.resolve(name, from: 0, files, path: [])) } catch { errors.append(error) }
        }
        if let index = themes.firstIndex(where: { $0.name == Theme.standard.name }) {
            themes.insert(themes.remove(at: index), at: 0)
        } else {
            themes.insert(.standard, at: 0)
        }
    }

    public subscript(name: String) -> Theme? { themes.first { $0.name == name } }

    private static func read(_ url: URL, name: String) throws(ThemeError) -> ThemeFile {
        let data: Data
        do { data = try Data(contentsOf: url) } catch { throw ThemeError(file: url.path, line: nil, "cannot be read: \(error.localizedDescription)") }
        guard data.count < 1 << 20, let text = String(data: data, encoding: .utf8) else {
            throw ThemeError(file: url.path, line: nil, "is not a theme: it is not UTF-8 text of less than 1 MiB")
        }
        return try ThemeFile(name: name, file: url.path, text: text)
    }

    /// The theme of a name, from the first folder at or after `start` that has it. A file that inherits its own name means
    /// the one that it hides; one that inherits nothing lies over that one too, or over the standard theme.
    private static func resolve(_ name: String, from start: Int, _ files: [[String: ThemeFile]], path: [String]) throws(ThemeError) -> Theme {
        guard let folder = files.indices.first(where: { $0 >= start && files[$0][name] != nil }), let file = files[folder][name] else {
            return .standard
        }
        let parent = file.inherits ?? name
        let step = "\(folder)/\(name)"
        guard !path.contains(step) else {
            throw ThemeError(file: file.file, line: nil, "inherits itself by way of \(parent); take one of the two `inherits` out")
        }
        let isKnown = parent == name || parent == Theme.standard.name || files.contains { $0[parent] != nil }
        guard isKnown else { throw ThemeError(file: file.file, line: nil, "inherits “\(parent)”, and there is no such theme") }
        return file.theme(over: try resolve(parent, from: parent == name ? folder + 1 : 0, files, path: path + [step]))
    }
}
