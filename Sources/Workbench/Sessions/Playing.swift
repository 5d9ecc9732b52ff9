import Experiments
import Terminal

/// What the Replay screen plays: a session of Lathe's, or a cast of any program.
enum Playing: Sendable {
    case session(SessionPlayer)
    case cast(CastPlayer)

    /// - Throws: `SessionError` for a text that is neither.
    init(_ text: String, file: String, methods: [any Method], appearance: Appearance) throws(SessionError) {
        if Cast.isCast(text) {
            self = .cast(CastPlayer(try Cast(text: text, file: file)))
        } else {
            self = .session(SessionPlayer(try Session(text: text, file: file), methods: methods, appearance: appearance))
        }
    }

    /// Only a session can be taken over: of a cast there is a picture and no program.
    var app: App? { if case .session(let player) = self { player.app } else { nil } }

    var title: String {
        switch self {
        case .session(let player): player.session.header.title
        case .cast(let player): player.cast.title
        }
    }

    var duration: Double {
        switch self {
        case .session(let player): player.duration
        case .cast(let player): player.duration
        }
    }

    var position: Double {
        switch self {
        case .session(let player): player.position
        case .cast(let player): player.position
        }
    }

    var isAtEnd: Bool {
        switch self {
        case .session(let player): player.isAtEnd
        case .cast(let player): player.isAtEnd
        }
    }

    var bookmarks: [(name: String, position: Double)] {
        switch self {
        case .session(let player): player.bookmarks
        case .cast(let player): player.bookmarks
        }
    }

    mutating func seek(to seconds: Double) {
        switch self {
        case .session(var player):
            player.seek(to: seconds)
            self = .session(player)
        case .cast(var player):
            player.seek(to: seconds)
            self = .cast(player)
        }
    }

    mutating func step() {
        switch self {
        case .session(var player):
            player.step()
            self = .session(player)
        case .cast(var player):
            player.step()
            self = .cast(player)
        }
    }

    /// Goes to the next bookmark, or to the one before.
    mutating func jump(forward: Bool) {
        switch self {
        case .session(var player):
            let index = player.index, marks = player.session.bookmarks
            guard let target = forward ? marks.first(where: { $0.index > index }) : marks.last(where: { $0.index < index }) else { return }
            player.seek(toBookmark: target.name)
            self = .session(player)
        case .cast(var player):
            let position = player.position, marks = player.bookmarks
            guard let target = forward ? marks.first(where: { $0.position > position }) : marks.last(where: { $0.position < position }) else { return }
            player.seek(to: target.position)
            self = .cast(player)
        }
    }

    /// The picture for an area: a session draws itself at that size, a cast has its own.
    func picture(_ size: Size) -> CellGrid {
        switch self {
        case .session(let player): player.app.draw(size: size)
        case .cast(let player): player.picture
        }
    }
}
