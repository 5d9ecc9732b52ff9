import ArgumentParser
import Foundation
import Workbench

/// Hidden: makes the sessions that ship, from their scripts, by really running the workbench.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Records sessions from scripts: each FILE.script becomes FILE.session beside it.", shouldDisplay: false)

    @Argument(help: "Scripts of keys.", completion: .file(extensions: ["script"])) var scripts: [String]
    @Option(name: .long, help: "A store to begin with, copied. Default: an empty one.", completion: .file()) var store: String?

    func run() async throws {
        for path in scripts {
            let file = URL(fileURLWithPath: path)
            guard let text = try? String(contentsOf: file, encoding: .utf8) else {
                throw UsageError("\(path) cannot be read as text; check its name and permissions")
            }
            let script = try SessionScript(text: text, file: file.lastPathComponent)
            let session = try await ScriptedRecording.record(script, store: store.map { URL(fileURLWithPath: $0) })
            let output = file.deletingPathExtension().appendingPathExtension("session")
            try Data(session.utf8).write(to: output)
            Talk.say("lathe: wrote \(output.relativePath), \(session.utf8.count) bytes")
        }
    }
}
