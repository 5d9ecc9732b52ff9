import Terminal
import Testing
import Workbench

/// Casts as asciinema writes them, played.
@Suite struct CastTests {
    private static let second = """
        {"version": 2, "width": 20, "height": 4, "idle_time_limit": 2, "title": "a build"}
        [0.5, "o", "hello\\r\\n"]
        [1.0, "m", "half"]
        [1.5, "i", "x"]
        [1.5, "o", "\\u001b[32mworld"]
        [60.0, "r", "30x5"]
        [60.5, "o", "!"]

        """

    @Test func `the three versions play alike, pauses are shortened, and markers are bookmarks`() throws {
        let third = """
            {"version": 3, "term": {"cols": 20, "rows": 4}, "idle_time_limit": 2, "title": "a build"}
            # a note
            [0.5, "o", "hello\\r\\n"]
            [0.5, "m", "half"]
            [0.5, "o", "world"]
            [58.5, "r", "30x5"]
            [0.5, "o", "!"]
            [0.1, "x", "0"]
            """
        for text in [Self.second, third] {
            var player = CastPlayer(try Cast(text: text, file: "a.cast"))
            #expect(Cast.isCast(text) && player.cast.title == "a build")
            #expect(abs(player.duration - 4) < 1e-9, "\(player.duration)")
            player.seek(to: 0.6)
            #expect(player.picture.text == "hello\n\n\n")
            player.seek(to: player.duration)
            #expect(player.picture.size == Size(width: 30, height: 5) && player.picture.rowText(1) == "world!")
            player.seek(to: 1)
            #expect(player.picture.size == Size(width: 20, height: 4) && player.picture.rowText(1) == "" && player.picture.rowText(0) == "hello")
            #expect(player.bookmarks.map(\.name) == ["half"] && player.bookmarks[0].position == 1)
        }
        let first = "{\n\"version\": 1, \"width\": 8, \"height\": 2,\n \"stdout\": [[0.25, \"ab\"], [0.25, \"c\"]]\n}\n"
        var player = CastPlayer(try Cast(text: first, file: "a.cast"))
        player.seek(to: 9)
        #expect(Cast.isCast(first) && player.position == 0.5 && player.picture.rowText(0) == "abc")
    }

    @Test func `going back costs no more than a few kept states, and comes to the same picture`() throws {
        var text = "{\"version\": 2, \"width\": 12, \"height\": 3}\n"
        for step in 0..<2000 { text += "[\(Double(step) / 10), \"o\", \"\(step)\\r\\n\"]\n" }
        let cast = try Cast(text: text, file: "long.cast")
        var player = CastPlayer(cast)
        player.seek(to: 199.9)
        for place in [150.05, 3.05, 99.95, 0, 120] {
            player.seek(to: place)
            var fresh = CastPlayer(cast)
            fresh.seek(to: place)
            #expect(player.picture.text == fresh.picture.text && player.picture.text.contains("\(Int(place * 10 + 1e-9))"))
        }
    }

    @Test func `what is no cast is one sentence with its line; one that was cut off plays to there`() throws {
        for (text, words) in [
            ("", "no cast"), ("{\"version\": 9, \"width\": 1, \"height\": 1}", "version 9"), ("{\"version\": 2, \"width\": 0, \"height\": 1}", "0 x 1 cells"),
            ("{\"version\": 2, \"width\": 9, \"height\": 9}\n[1, \"r\", \"0x0\"]\n", "line 2"), ("{\"version\": 2, \"width\": 9, \"height\": 9}\nrubbish\n[1, \"o\", \"x\"]\n", "line 2"),
            ("{\"version\": 1, \"width\": 9, \"height\": 9, \"stdout\": [1]}", "pairs"),
        ] {
            let error = #expect(throws: SessionError.self) { try Cast(text: text, file: "a.cast") }
            #expect(error?.description.contains(words) == true && error?.description.hasPrefix("a.cast") == true, "\(error.map { "\($0)" } ?? "")")
        }
        for count in 0..<Self.second.count {
            guard let cast = try? Cast(text: String(Self.second.prefix(count)), file: "a.cast") else { continue }
            var player = CastPlayer(cast)
            player.seek(to: .infinity)
        }
    }

    @Test func `the Replay screen plays a cast, and says that there is nothing to take over`() {
        var robot = ScreenRobot(width: 60, height: 16)
        robot.press(":")
        for character in "replay /tmp/build.cast" { robot.press(character == " " ? "space" : String(character)) }
        robot.press("enter")
        #expect(robot.effects.contains(.loadSession(path: "/tmp/build.cast")))
        robot.tell(.sessionLoaded(name: "/tmp/build.cast", json: Self.second))
        robot.press("G")
        #expect(robot.shows("world!") && robot.shows("a build") && robot.shows("half"))
        robot.press("g")
        #expect(!robot.shows("world"))
        robot.press("]", ".")
        #expect(robot.shows("hello"))
        robot.press("T")
        #expect(robot.shows("a cast is"))
    }
}
