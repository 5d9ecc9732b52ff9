import ArgumentParser
import Catalogue
import Datasets
import Foundation
import Terminal
import Workbench

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Plays a saved session or an asciinema cast, prints its screen at a time, or exports a session as a cast.")

    @Argument(help: "A session's file, or a cast of asciinema.", completion: .file(extensions: ["session", "cast"])) var file: String
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
        let text = try String(decoding: ByteSource(file: URL(fileURLWithPath: file)).readAll(limit: 256 << 20), as: UTF8.self)
        if Cast.isCast(text) { return try print(Cast(text: text, file: file)) }
        let session = try Session(text: text, file: file)
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

    /// A cast has one size and one look; its bookmarks are its markers.
    private func print(_ cast: Cast) throws {
        if self.cast != nil || size != nil { throw UsageError("\(file): it is a cast already, and its size is the recorded one; --headless, --at and --bookmarks go with it") }
        var player = CastPlayer(cast)
        if bookmarks { for bookmark in player.bookmarks { Talk.print("\(String(format: "%.2f", bookmark.position))\t\(bookmark.name)".printable) } }
        guard headless else { return }
        if let at, let seconds = Double(at) {
            player.seek(to: seconds)
        } else if let at {
            guard let mark = player.bookmarks.first(where: { $0.name == at }) else { throw UsageError("\(file): the cast has no marker “\(at)”; --bookmarks lists them") }
            player.seek(to: mark.position)
        } else {
            player.seek(to: player.duration)
        }
        show(player.picture, depth: ColorDepth.resolve(color, environment: ProcessInfo.processInfo.environment, terminalColors: 256))
    }

    private func show(_ grid: CellGrid, depth: ColorDepth) {
        guard isatty(STDOUT_FILENO) == 1 || color != .auto, depth > .none else { return Talk.print(grid.text) }
        var encoder = ANSIEncoder(depth: depth)
        Talk.write(encoder.encodeLines(grid), to: .standardOutput)
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
        show(grid, depth: depth)
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
