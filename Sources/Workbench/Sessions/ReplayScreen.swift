import Terminal

/// A saved session, played: the same screens, with time. Or a cast of another program, as pictures.
///
/// Holds a player and through it a whole application, which hears only the session. `T` lets that application take the
/// place of this one.
public struct ReplayScreen: Screen {
    static let speeds = [0.25, 0.5, 1, 2, 4, 8, 16]

    /// A path, or the name of a session that ships.
    let path: String
    private(set) var player: Playing?
    /// Why the session cannot be played.
    private(set) var failure: String?
    private(set) var isPlaying = true
    private(set) var speed = 2
    /// When time was last let go on.
    private var clock: Double?

    public init(path: String) { self.path = path }

    public static let descriptor = ScreenDescriptor(
        name: "replay", summary: "Plays a saved session, or a cast.", usage: "SESSION", bindings: ReplayKeys.bindings,
        completions: { $0.sessions.map(\.name) },
        open: { arguments, workspace throws(CommandError) in
            guard let word = arguments.first, !word.isEmpty else {
                let names = workspace.sessions.map(\.name)
                throw CommandError("replay needs a session\(names.isEmpty ? ": a path of a .session file" : ": \(names.joined(separator: ", ")), or a path")")
            }
            return ReplayScreen(path: workspace.sessions.first { $0.name == word }?.path ?? word)
        })

    public func breadcrumb(_ workspace: Workspace) -> [String] { ["sessions", Self.name(of: path)] }
    public func places(_ workspace: Workspace) -> [Place] { [.replay] }
    public func footer(_ workspace: Workspace) -> [ActionID] {
        ["replay.pause", "replay.step", "replay.nextMark", "replay.slower", "replay.faster", "replay.takeOver"]
    }
    public var isAnimating: Bool { isPlaying && player.map { !$0.isAtEnd } ?? false }

    public func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        guard action.rawValue.hasPrefix("replay.") else { return nil }
        guard let player else { return failure == nil ? "the session is being read" : "the session cannot be played" }
        switch action {
        case "replay.nextMark", "replay.lastMark": return player.bookmarks.isEmpty ? "it has no bookmarks" : nil
        case "replay.takeOver": return player.app == nil ? "a cast is a picture; there is no program behind it" : nil
        case "replay.step": return player.isAtEnd ? "the session is at its end" : nil
        default: return nil
        }
    }

    static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.hasSuffix(".session") ? String(file.dropLast(8)) : file.hasSuffix(".cast") ? String(file.dropLast(5)) : file
    }

    public mutating func appear(_ workspace: inout Workspace) -> [Outcome] { [.effect(.loadSession(path: path))] }

    public mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        switch content {
        case .sessionLoaded(let name, let json) where player == nil && failure == nil:
            do {
                player = try Playing(json, file: name, methods: workspace.methods, appearance: workspace.appearance)
                player?.seek(to: 0)
                clock = workspace.now
            } catch { failure = error.description }
        case .effectFailed(let sentence) where player == nil: failure = failure ?? sentence
        default: passTime(workspace.now)
        }
        return []
    }

    /// Lets as much time pass in the session as has passed outside.
    private mutating func passTime(_ now: Double) {
        defer { clock = now }
        guard isPlaying, let before = clock, now > before else { return }
        // A long silence (a suspended program) is not caught up with.
        if let position = player?.position { player?.seek(to: position + min(now - before, 1) * Self.speeds[speed]) }
        if player?.isAtEnd ?? false { isPlaying = false }
    }

    public mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        guard player != nil else { return nil }
        passTime(workspace.now)
        switch action {
        case "replay.pause":
            if player?.isAtEnd ?? false, !isPlaying { player?.seek(to: 0) }
            isPlaying.toggle()
        case "replay.step":
            isPlaying = false
            player?.step()
        case "replay.nextMark": jump(forward: true)
        case "replay.lastMark": jump(forward: false)
        case "replay.slower": speed = max(0, speed - 1)
        case "replay.faster": speed = min(Self.speeds.count - 1, speed + 1)
        case "replay.back": player.map { player?.seek(to: $0.position - 5) }
        case "replay.forward": player.map { player?.seek(to: $0.position + 5) }
        case "first": player?.seek(to: 0)
        case "last": player.map { player?.seek(to: $0.duration) }
        case "replay.takeOver":
            guard var app = player?.app else { return nil }
            _ = app.receive(Message(time: workspace.now, .resize(workspace.size)))
            return [.takeOver(app)]
        case let name where name.rawValue.hasPrefix("replay.tenth."):
            guard let tenth = Double(name.rawValue.dropFirst("replay.tenth.".count)), let duration = player?.duration else { return nil }
            player?.seek(to: duration * tenth / 10)
        default: return nil
        }
        return []
    }

    private mutating func jump(forward: Bool) {
        player?.jump(forward: forward)
        isPlaying = false
    }

    // MARK: Drawing

    public func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        guard let player else {
            let sentence = failure ?? "reading \(Self.name(of: path)) …"
            for (row, line) in sentence.wrapped(max(1, area.width - 2)).enumerated() where row < area.height {
                grid.write(line, x: area.x + 1, y: area.y + row, style: styles[failure == nil ? .dim : .error], within: area)
            }
            return
        }
        let (stage, controls) = area.split(top: area.height - 2)
        grid.draw(player.picture(stage.size), x: stage.x, y: stage.y, within: stage)
        let rule = Rect(x: controls.x, y: controls.y, width: controls.width, height: min(1, controls.height))
        grid.fill(rule, with: styles.glyphs == .ascii ? "-" : "─", style: styles[.border])
        drawTimeline(player, into: &grid, area: Rect(x: controls.x, y: controls.maxY - 1, width: controls.width,
                                                     height: min(1, controls.height)), styles: styles)
    }

    private func drawTimeline(_ player: Playing, into grid: inout CellGrid, area: Rect, styles: Styles) {
        let isPlain = styles.glyphs == .ascii
        let sign = isPlaying ? (isPlain ? ">" : "⏵") : (isPlain ? "=" : "‖")
        let left = " \(sign) \(player.title.isEmpty ? Self.name(of: path) : player.title.printable)"
            .truncated(to: max(12, area.width / 3))
        let clock = "  \(NumberText.duration(player.position)) / \(NumberText.duration(player.duration))  "
        let mark = player.bookmarks.last { $0.position <= player.position }
        let speedText = Self.speeds[speed] < 1 ? "1/\(Int(1 / Self.speeds[speed]))" : "\(Int(Self.speeds[speed]))"
        let right = "  \(isPlain ? "x" : "×")\(speedText)" + (mark.map { "  \(isPlain ? "#" : "◆") \($0.name)" } ?? "")
        var x = area.x + grid.write(left, x: area.x, y: area.y, style: styles[.strong], within: area)
        x += grid.write(clock, x: x, y: area.y, style: styles[.text], within: area)
        let rightText = right.truncated(to: max(0, area.width / 3))
        let width = area.maxX - x - rightText.columnWidth - 1
        if width >= 8 {
            let place = player.duration > 0 ? Int(player.position / player.duration * Double(width - 1)) : 0
            for column in 0..<width {
                let isPast = column <= place
                let glyph: Character = column == place ? (isPlain ? "O" : "○") : isPast ? (isPlain ? "=" : "━") : (isPlain ? "-" : "─")
                grid[x + column, area.y] = .init(glyph, styles[isPast ? .strong : .dim])
            }
            for bookmark in player.bookmarks where player.duration > 0 {
                let column = Int(bookmark.position / player.duration * Double(width - 1))
                guard (0..<width).contains(column), column != place else { continue }
                grid[x + column, area.y] = .init(isPlain ? "#" : column < place ? "◆" : "◇", styles[.mark])
            }
            x += width
        }
        grid.write(rightText, x: x, y: area.y, style: styles[.text], within: area)
    }
}
