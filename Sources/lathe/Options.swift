import ArgumentParser
import Datasets
import Experiments
import Foundation
import Workbench

/// Where the runs are kept: the same flag everywhere.
struct StoreOptions: ParsableArguments {
    @Option(name: .long, help: "The store's file. Default: LATHE_STORE, then $XDG_DATA_HOME/lathe/store.sqlite.")
    var store: String?

    var location: URL { store.map { URL(fileURLWithPath: $0) } ?? RunStore.defaultLocation() }

    /// Opens the store, and says on standard error what is worth knowing of it.
    func open() throws -> RunStore {
        let opened = try RunStore(at: location)
        if let note = opened.note { Talk.say("lathe: \(note)") }
        return opened
    }
}

/// Print JSON in place of text.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON on standard output.")
    var json = false
}

/// A sentence for a wrong use that the parser cannot see; exit status 2.
struct UsageError: Error, CustomStringConvertible {
    var description: String
    init(_ sentence: String) { description = sentence }
}

extension DatasetLibrary {
    /// The library as the environment asks for it.
    static var ofEnvironment: DatasetLibrary { DatasetLibrary(environment: ProcessInfo.processInfo.environment) }
}

extension CrashReports {
    /// Where the user's reports of crashes are.
    static var ofEnvironment: CrashReports { CrashReports(in: UserFolders(environment: ProcessInfo.processInfo.environment).state) }
}

extension [ParameterSpec] {
    /// The values of `--set name=value`, each checked.
    /// - Parameter owner: whose parameters these are, for the sentence about a wrong name.
    func values(_ settings: [String], of owner: String) throws -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw UsageError("--set \(setting.printable): give name=value, such as --set \(first?.name ?? "name")=…")
            }
            let name = String(setting[..<equals])
            guard let spec = first(where: { $0.name == name }) else {
                throw UsageError("\(owner) has no parameter “\(name.printable)”; it has \(isEmpty ? "none" : map(\.name).joined(separator: ", "))")
            }
            values[name] = try spec.parse(String(setting[setting.index(after: equals)...]))
        }
        return values
    }
}

/// Where a command writes what it makes: a file that appears whole or not at all, or standard output.
struct DestinationOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "The file to write; - or nothing for standard output.", completion: .file())
    var out: String?

    /// Runs `body` with a place to write to.
    func write(_ body: ((Data) throws -> Void) throws -> Void) throws {
        guard let out, out != "-" else {
            return try body { try FileHandle.standardOutput.write(contentsOf: $0) }
        }
        let target = URL(fileURLWithPath: out), partial = target.appendingPathExtension("partial")
        guard FileManager.default.createFile(atPath: partial.path, contents: nil), let file = FileHandle(forWritingAtPath: partial.path) else {
            throw UsageError("\(out.printable) cannot be written: its folder is not there or may not be written to")
        }
        do {
            try body { try file.write(contentsOf: $0) }
            try file.close()
            if FileManager.default.fileExists(atPath: target.path) { try FileManager.default.removeItem(at: target) }
            try FileManager.default.moveItem(at: partial, to: target)
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }
}

/// How many runs work at once.
struct JobOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Runs at once; they share the cores, so the same work over several seeds ends sooner than with all threads in one run.")
    var jobs = 1

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs is \(jobs); give 1 … 64.") }
    }
}
