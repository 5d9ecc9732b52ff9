import ArgumentParser
import Foundation
import Terminal
import Workbench

/// The workbench: what `lathe` opens without a subcommand.
struct WorkbenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "open", abstract: "Opens the workbench (what lathe alone does).")

    @Option(name: .long, help: "The store's file. Default: LATHE_STORE, then $XDG_DATA_HOME/lathe.") var store: String?
    @Option(name: .customLong("config"), help: "The folder of config.toml and themes. Default: $XDG_CONFIG_HOME/lathe.") var configuration: String?
    @Option(name: .long, help: "A theme's name, for this time.") var theme: String?
    @Option(name: .long, help: "Colours: auto, always, never, 16, 256 or true.") var color: ColorDepth.Option = .auto
    @Flag(name: .long, help: "Leave the mouse to the terminal's own selection.") var noMouse = false
    @Option(name: .customLong("run"), help: "Open this run at once.") var runIdentifier: String?
    @Flag(name: .long, help: .hidden) var untilFull = false

    func run() async throws {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw UsageError("the workbench needs a terminal, and this is none; without a screen: lathe run diva --data digits (lathe --help lists the rest)")
        }
        var options = LiveOptions(store: store, configuration: configuration, theme: theme, color: color, isMouseEnabled: !noMouse, run: runIdentifier)
        options.endsAfterFirstFullFrame = untilFull
        let status = try await LiveWorkbench.run(options)
        if status != 0 { throw ExitCode(status) }
    }
}

extension ColorDepth.Option: ExpressibleByArgument {}
