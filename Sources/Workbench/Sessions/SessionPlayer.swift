import Charts
import Experiments
import Terminal

/// Plays a session: feeds a fresh application the messages that another one received, and drops what it asks of the outside.
///
/// A value. Going forward costs what the messages cost; going back starts from the last of the states that are kept every
/// so often on the way (an application is a value, so a kept state shares what did not change since).
public struct SessionPlayer: Sendable {
    public let session: Session
    /// The playing time of each message.
    private let times: [Double]
    /// Replaces the sizes in the session, so that it can be seen at another size.
    private let size: Size?
    public private(set) var app: App
    /// How many messages the application has received.
    public private(set) var index = 0
    /// Seconds of playing time.
    public private(set) var position = 0.0
    private var keyframes: [(index: Int, app: App)] = []
    private let keyframeInterval: Int

    /// - Parameters:
    ///   - methods: all methods that there are. Of these the session sees the ones that it was recorded with, in that order: with
    ///     one more, the same keys would open other things.
    ///   - appearance: nil for the one that the session was recorded with.
    ///   - size: nil for the sizes that the session had.
    public init(_ session: Session, methods: [any Method], appearance: Appearance? = nil, size: Size? = nil) {
        self.session = session
        self.size = size
        times = session.playingTimes
        let look = appearance ?? Appearance(hasColor: session.header.colors > 0, glyphs: session.header.glyphs)
        let recorded = session.header.methods?.compactMap { name in methods.first { $0.description.identifier == name } }
        app = App(methods: recorded ?? methods, appearance: look)
        // Enough states that a jump re-feeds a small part, few enough that they cost little.
        keyframeInterval = max(16, session.messages.count / 64)
        keyframes = [(0, app)]
    }

    public var duration: Double { times.last ?? 0 }
    public var isAtEnd: Bool { index >= session.messages.count }

    /// The size of the terminal at this moment.
    public var screenSize: Size {
        if let size { return size }
        return index == 0 ? Size(width: session.header.width, height: session.header.height) : app.workspace.size
    }

    /// The bookmarks with their places in playing time.
    public var bookmarks: [(name: String, position: Double)] {
        session.bookmarks.map { mark in (mark.name, mark.index == 0 ? 0 : times[min(mark.index, times.count) - 1]) }
    }

    // MARK: Moving

    /// Goes to a place: everything up to and including that moment has happened.
    public mutating func seek(to seconds: Double) {
        let target = min(max(0, seconds.isNaN ? 0 : seconds), duration)
        feed(upTo: firstIndex(after: target))
        position = target
    }

    /// Goes to a bookmark: just what happened before it has happened.
    /// - Returns: false where there is no bookmark of that name.
    @discardableResult
    public mutating func seek(toBookmark name: String) -> Bool {
        guard let mark = session.bookmarks.first(where: { $0.name == name }) else { return false }
        feed(upTo: mark.index)
        position = mark.index == 0 ? 0 : times[min(mark.index, times.count) - 1]
        return true
    }

    /// Plays on.
    public mutating func advance(by seconds: Double) { seek(to: position + max(0, seconds)) }

    /// Goes on to the next message that is not only the passing of time.
    public mutating func step() {
        guard !isAtEnd else { return }
        var next = index
        while next < session.messages.count - 1, case .tick = session.messages[next].content { next += 1 }
        feed(upTo: next + 1)
        position = times[next]
    }

    /// Feeds exactly one message.
    package mutating func playNext() {
        guard !isAtEnd else { return }
        feed(upTo: index + 1)
        position = times[index - 1]
    }

    private func firstIndex(after target: Double) -> Int {
        var low = 0, high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= target { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func feed(upTo target: Int) {
        let target = min(max(0, target), session.messages.count)
        if target < index || keyframes.last.map({ $0.index > index && $0.index <= target }) ?? false {
            // The latest kept state that is not past the target.
            let kept = keyframes.last { $0.index <= target } ?? keyframes[0]
            if target < index || kept.index > index { (index, app) = kept }
        }
        while index < target {
            var message = session.messages[index]
            if let size, case .resize = message.content { message.content = .resize(size) }
            _ = app.receive(message)
            index += 1
            if index % keyframeInterval == 0, index > keyframes.last?.index ?? 0 { keyframes.append((index, app)) }
        }
    }

    // MARK: Looking

    /// The screen at this moment.
    public func screen(_ size: Size? = nil) -> CellGrid { app.draw(size: size ?? screenSize) }

    /// Where in a session a picture is wanted.
    public enum Place: Sendable, Equatable {
        /// Seconds of playing time.
        case seconds(Double)
        case bookmark(String)
    }

    /// The screen at a place of a session, without a terminal; the same for the same session, place, size and appearance.
    /// - Throws: `SessionError` where there is no such bookmark.
    public static func screen(_ session: Session, at place: Place, size: Size, methods: [any Method],
                              appearance: Appearance? = nil) throws(SessionError) -> CellGrid {
        var player = SessionPlayer(session, methods: methods, appearance: appearance, size: size)
        switch place {
        case .seconds(let seconds): player.seek(to: seconds)
        case .bookmark(let name):
            guard player.seek(toBookmark: name) else {
                let names = session.bookmarks.map(\.name)
                throw SessionError("the session has no bookmark “\(name)”; it has \(names.isEmpty ? "none" : names.joined(separator: ", "))")
            }
        }
        return player.screen()
    }
}
