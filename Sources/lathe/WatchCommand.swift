import ArgumentParser
import Experiments
import Foundation
import Terminal
import Workbench

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Opens the workbench on a folder that another program logs into, and follows it.",
        discussion: """
            Every folder with event files of TensorBoard (*tfevents*) and every offline log of W&B (*.wandb) below FOLDER is a run; new runs are found \
            and growing ones grow. The runs are kept for this time only: lathe import FOLDER takes them into the store.
            """)
    @Argument(help: ArgumentHelp("A folder with logs, or one log.", valueName: "folder"), completion: .directory) var folder: String
    @Option(name: .long, help: "A theme's name, for this time.") var theme: String?
    @Option(name: .long, help: "Colours: auto, always, never, 16, 256 or true.") var color: ColorDepth.Option = .auto
    @Flag(name: .long, help: .hidden) var untilFull = false

    func run() async throws {
        guard FileManager.default.fileExists(atPath: folder) else { throw UsageError("\(folder): there is no such folder or file") }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw UsageError("the workbench needs a terminal, and this is none; without a screen: lathe import \(folder), then lathe runs")
        }
        // A store of its own, gone with the program: nothing of what is only looked at stays.
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-watch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: place) }
        var options = LiveOptions(store: place.appendingPathComponent("watched.sqlite").path, theme: theme, color: color)
        options.watchedFolder = URL(fileURLWithPath: folder)
        options.endsAfterFirstFullFrame = untilFull
        let status = try await LiveWorkbench.run(options)
        if status != 0 { throw ExitCode(status) }
    }
}
