import ArgumentParser
import Catalogue
import Foundation
import Terminal
import Workbench

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Plays a saved session, prints its screen at a time, or exports it as a cast.")

    @Argument(help: "A session's file.", completion: .file(extensions: ["session"])) var file: String
    @Flag(name: .long, help: "Print a screen on standard output in place of playing.") var headless = false
    @Option(name: .long, help: ArgumentHelp("The place: seconds, or a bookmark's name. Default: the end.", valueName: "T")) var at: String?
    @Option(name: .long, help: ArgumentHelp("The screen's size. Default: as recorded.", valueName: "WxH")) var size: Size?
    @Option(name: .long, help: ArgumentHelp("Write an asciinema cast to a file.", valueName: "file")) var cast: String?
    @Option(name: .long, help: "Colours: auto, always, never, 16, 256 or true.") var color: ColorDepth.Option = .auto
    @Flag(name: .long, help: "List the bookmarks with their seconds.") var bookmarks = false

    func run() async throws {
        guard headless || cast != nil || bookmarks else {
            guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
                throw UsageError("playing needs a terminal, and this is none; give --headless or --cast FILE")
            }
            var options = LiveOptions(color: color)
            options.session = file
            let status = try await LiveWorkbench.run(options)
            if status != 0 { throw ExitCode(status) }
            return
        }
        let session = try Session(contentsOf: URL(fileURLWithPath: file))
        if bookmarks {
            let player = SessionPlayer(session, methods: methodCatalogue)
            for bookmark in player.bookmarks { Talk.print("\(String(format: "%.2f", bookmark.position))\t\(bookmark.name)".printable) }
        }
        if let cast {
            try Data(SessionCast.text(session, methods: methodCatalogue, size: size).utf8).write(to: URL(fileURLWithPath: cast), options: .withoutOverwriting)
            Talk.say("lathe: wrote \(cast)")
        }
        if headless { try printScreen(session) }
    }

    private func printScreen(_ session: Session) throws {
        let player = SessionPlayer(session, methods: methodCatalogue)
        let place: SessionPlayer.Place = switch at {
        case nil: .seconds(player.duration)
        case let text?: Double(text).map { .seconds($0) } ?? .bookmark(text)
        }
        let environment = ProcessInfo.processInfo.environment
        let isColored = isatty(STDOUT_FILENO) == 1 || color != .auto
        let depth = isColored ? ColorDepth.resolve(color, environment: environment, terminalColors: 256) : .none
        let appearance = Appearance(hasColor: depth > .none, glyphs: session.header.glyphs)
        let grid = try SessionPlayer.screen(session, at: place, size: size ?? player.screenSize, methods: methodCatalogue, appearance: appearance)
        if depth == .none { return Talk.print(grid.text) }
        var encoder = ANSIEncoder(depth: depth)
        Talk.write(encoder.encodeLines(grid), to: .standardOutput)
    }
}

extension Size: ExpressibleByArgument {
    /// "120x40"; each side 1 … 1,000.
    public init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x").map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (1...1000).contains(width), (1...1000).contains(height) else { return nil }
        self.init(width: width, height: height)
    }
}
