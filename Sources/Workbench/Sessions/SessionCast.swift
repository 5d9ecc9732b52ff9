import Experiments
import Foundation
import Terminal

/// A session as an asciinema cast (version 2), to be shown where Lathe is not.
///
/// https://docs.asciinema.org/manual/asciicast/v2/: a header, then lines of time, "o" and the bytes for the terminal; bookmarks are
/// "m" lines. At most ten frames a second; frames that change nothing are left out.
public enum SessionCast {
    public static let framesPerSecond = 10.0

    /// - Parameter depth: the colours that the cast uses.
    public static func text(_ session: Session, methods: [any Method], depth: ColorDepth = .trueColor, size: Size? = nil) -> String {
        var player = SessionPlayer(session, methods: methods, appearance: Appearance(hasColor: depth != .none, glyphs: session.header.glyphs),
                                   size: size ?? Size(width: session.header.width, height: session.header.height))
        let times = session.playingTimes
        var lines = [header(session, size: player.screenSize)]
        var encoder = ANSIEncoder(depth: depth)
        var shown: CellGrid?
        var lastDrawn = -Double.infinity
        func addMarks(at index: Int) {
            let time = index == 0 ? 0 : times[index - 1]
            for mark in session.bookmarks where mark.index == index { lines.append(line(time, "m", mark.name)) }
        }
        for index in times.indices {
            addMarks(at: index)
            player.playNext()
            // What the next message changes before a frame would be due is drawn with it; a bookmark is always drawn.
            let isFollowed = index + 1 < times.count && times[index + 1] - lastDrawn < 1 / framesPerSecond
            if isFollowed, !session.bookmarks.contains(where: { $0.index == index + 1 }) { continue }
            let grid = player.screen()
            let bytes = encoder.encode(grid, after: shown)
            if !bytes.isEmpty { lines.append(line(times[index], "o", bytes)) }
            shown = grid
            lastDrawn = times[index]
        }
        addMarks(at: times.count)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func header(_ session: Session, size: Size) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("version", 2)
        writer.member("width", size.width)
        writer.member("height", size.height)
        writer.member("timestamp", Int(session.header.started))
        writer.member("idle_time_limit", session.header.idleLimit)
        writer.member("title", session.header.title)
        writer.key("env")
        writer.beginObject()
        writer.member("TERM", "xterm-256color")
        writer.endObject()
        writer.endObject()
        return writer.text
    }

    private static func line(_ time: Double, _ code: String, _ text: String) -> String {
        var writer = JSONWriter()
        writer.beginArray()
        writer.value((time * 1000).rounded() / 1000)
        writer.value(code)
        writer.value(text)
        writer.endArray()
        return writer.text
    }
}
