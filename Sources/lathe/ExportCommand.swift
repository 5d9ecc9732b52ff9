import ArgumentParser
import Experiments
import Foundation
import Terminal

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes runs that were written elsewhere as event logs into the store, each event once.")
    @Argument(help: "Event logs (JSON lines), or folders with them.", completion: .file()) var paths: [String]
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let runStore = try store.open()
        var reports: [JSONValue] = []
        var anyProblem = false
        for log in try paths.flatMap(Self.logs) {
            let report = try runStore.importEventLog(log)
            anyProblem = anyProblem || !report.problems.isEmpty
            for problem in report.problems { Talk.say("lathe: \(log.path), \(problem)".printable) }
            if output.json {
                reports.append(.record(["file": .text(log.path), "run": .text(report.run), "added": .integer(report.added), "known": .integer(report.known)]))
            } else {
                Talk.print("\(report.run): \(report.added) events added, \(report.known) were here already".printable)
            }
        }
        if output.json { Talk.print(.array(reports)) }
        if anyProblem { throw ExitCode(1) }
    }

    /// The file itself, or the `.jsonl` files of a folder.
    private static func logs(_ path: String) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw UsageError("\(path): there is no such file or folder") }
        let location = URL(fileURLWithPath: path)
        guard isFolder.boolValue else { return [location] }
        let logs = try FileManager.default.contentsOfDirectory(at: location, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }
        guard !logs.isEmpty else { throw UsageError("\(path): the folder has no event log (*.jsonl)") }
        return logs
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Writes a run's numbers for other programs.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning.", valueName: "run")) var identifier: String
    @Option(name: .long, help: "csv (every metric point), json (everything) or markdown (the results).") var format: ExportFormat = .csv
    @OptionGroup var store: StoreOptions

    func run() throws {
        let runStore = try store.open()
        let data = try runStore.export(runStore.resolve(identifier), as: format)
        Talk.write(String(decoding: data, as: UTF8.self), to: .standardOutput)
    }
}

extension ExportFormat: ExpressibleByArgument {}
