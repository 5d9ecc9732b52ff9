import Foundation

/// Runs that go on without a screen: one process that resumes them one after the other, in a session of its own, so that
/// neither the end of the workbench nor of its terminal ends it. A workbench finds the runs again in the store.
enum DetachedRuns {
    private static let setsid = URL(fileURLWithPath: "/usr/bin/setsid")

    /// Whether this machine can do it.
    static var isPossible: Bool {
        FileManager.default.isExecutableFile(atPath: setsid.path)
            && (Bundle.main.executableURL.map { FileManager.default.isExecutableFile(atPath: $0.path) } ?? false)
    }

    /// Starts the process.
    /// - Throws: what the system says where it cannot be started; the runs stay interrupted and can be resumed.
    static func start(_ runs: [String], store: URL, folders: UserFolders) throws {
        guard !runs.isEmpty, let executable = Bundle.main.executableURL else { return }
        let lathe = CommandLineWords.quoted(executable.path), place = CommandLineWords.quoted(store.path)
        let script = runs.map { "\(lathe) resume \(CommandLineWords.quoted($0)) --quiet --store \(place)" }.joined(separator: "; ")
        try FileManager.default.createDirectory(at: folders.state, withIntermediateDirectories: true)
        let log = folders.state.appendingPathComponent("detached.log")
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        let process = Process()
        process.executableURL = setsid
        process.arguments = ["/bin/sh", "-c", script]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }
}
