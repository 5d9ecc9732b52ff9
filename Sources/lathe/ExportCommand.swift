import ArgumentParser
import Experiments
import Foundation
import Terminal

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes runs that were written elsewhere into the store: Lathe's event logs, TensorBoard's event files, W&B's offline logs.")
    @Argument(help: "Event logs (JSON lines), folders with them, folders with *tfevents* files, or *.wandb files.", completion: .file()) var paths: [String]
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let runStore = try store.open()
        var reports: [JSONValue] = []
        var anyProblem = false
        for path in paths {
            let own = try Self.logs(path)
            guard own.isEmpty else { continue }
            for report in try runStore.importForeignLogs(at: URL(fileURLWithPath: path)) {
                anyProblem = anyProblem || !report.problems.isEmpty
                for problem in report.problems { Talk.say("lathe: \(problem)".printable) }
                if output.json {
                    reports.append(.record(["file": .text(path), "run": .text(report.run), "name": .text(report.name), "added": .integer(report.events), "known": .integer(0)]))
                } else {
                    Talk.print("\(report.run): \(report.name), \(report.events) events".printable)
                }
            }
        }
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

    /// The file itself, or the `.jsonl` files of a folder; none where other programs' logs are meant.
    private static func logs(_ path: String) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw UsageError("\(path): there is no such file or folder") }
        let location = URL(fileURLWithPath: path)
        guard isFolder.boolValue else { return location.pathExtension == "wandb" || location.lastPathComponent.contains("tfevents") ? [] : [location] }
        return try FileManager.default.contentsOfDirectory(at: location, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jsonl" }.sorted { $0.path < $1.path }
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Writes a run's numbers for other programs.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning.", valueName: "run")) var identifier: String
    @Option(name: .long, help: "csv (every metric point), json (everything), markdown (the results), events (Lathe's log) or tensorboard (an event file, needs --output).") var format: Format = .csv
    @Option(name: .long, help: ArgumentHelp("The folder that TensorBoard's event file goes into; made where it is not there.", valueName: "folder"), completion: .directory) var output: String?

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, json, markdown, events, tensorboard
    }

    func validate() throws {
        if (format == .tensorboard) != (output != nil) { throw ValidationError("--format tensorboard takes --output FOLDER, and the other formats go to standard output.") }
    }
    @OptionGroup var store: StoreOptions

    func run() throws {
        let runStore = try store.open()
        guard let own = ExportFormat(rawValue: format.rawValue) else {
            let file = try runStore.exportTensorBoard(runStore.resolve(identifier)), folder = URL(fileURLWithPath: output ?? ".")
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try file.bytes.write(to: folder.appendingPathComponent(file.name))
            } catch { throw UsageError("\(folder.path): \(file.name) cannot be written there (\(error.localizedDescription))") }
            return Talk.print(folder.appendingPathComponent(file.name).path.printable)
        }
        let data = try runStore.export(runStore.resolve(identifier), as: own)
        Talk.write(String(decoding: data, as: UTF8.self), to: .standardOutput)
    }
}
