import Foundation
import Testing

/// The process `StoreWriter`, from the folder of the tests' own program.
final class Writer {
    let process = Process()
    private let pipe = Pipe()

    init(_ arguments: [String]) throws {
        let folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let candidates = [folder, Bundle.module.bundleURL.deletingLastPathComponent()].map { $0.appendingPathComponent("StoreWriter") }
        let program: URL = try #require(candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }))
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
    }

    /// Waits for the end and gives what was said.
    func output() -> String {
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }
}
