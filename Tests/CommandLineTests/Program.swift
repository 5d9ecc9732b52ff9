import Experiments
import Foundation

/// The built program, run as a user's shell runs it, with a store and folders of its own.
struct Program {
    struct Outcome {
        var status: Int32
        var output: String
        var talk: String
        var json: JSONValue? { try? JSONValue(parsing: output) }
    }

    let folder: URL
    var environment: [String: String]

    /// `lathe` beside the test bundle.
    static var path: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("lathe").path
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        environment = ProcessInfo.processInfo.environment
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] { environment[name] = folder.path }
        environment["LATHE_STORE"] = folder.appendingPathComponent("store.sqlite").path
        environment["LATHE_DATA"] = nil
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// Starts the program without waiting.
    /// - Parameter errors: a file for what it says on standard error.
    func start(_ arguments: [String], errors: URL? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        if let errors {
            try Data().write(to: errors)
            process.standardError = try FileHandle(forWritingTo: errors)
        }
        try process.run()
        return process
    }

    /// Runs the program to its end.
    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: nothing blocks however much is written.
        let files = try ["out", "err"].map { name in
            let url = folder.appendingPathComponent("\(UUID().uuidString).\(name)")
            try Data().write(to: url)
            return (url, try FileHandle(forWritingTo: url))
        }
        process.standardOutput = files[0].1
        process.standardError = files[1].1
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0.0), as: UTF8.self) }
        files.forEach { try? FileManager.default.removeItem(at: $0.0) }
        let status = process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        return Outcome(status: status, output: texts[0], talk: texts[1])
    }
}
