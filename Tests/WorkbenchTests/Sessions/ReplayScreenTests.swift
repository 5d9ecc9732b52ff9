import Catalogue
import Terminal
import Testing
import Workbench

@Suite struct ReplayScreenTests {
    private func replaying(_ text: String? = nil, width: Int = 100, height: Int = 32) throws -> ScreenRobot {
        var robot = ScreenRobot(width: width, height: height, methods: methodCatalogue)
        let session = try text ?? RecordedRobot.visit().recorder.session(title: "a visit").text()
        robot.tell(.sessions([SessionEntry(name: "visit", path: "/sessions/visit.session", seconds: 12, isShipped: true)]))
        for key in [":"] + "replay visit".map({ $0 == " " ? "space" : String($0) }) + ["enter"] { robot.press(key) }
        #expect(robot.effects.contains(.loadSession(path: "/sessions/visit.session")))
        robot.tell(.sessionLoaded(name: "visit.session", json: session))
        return robot
    }

    @Test func `time passes by ticks, stops with space, and steps`() throws {
        var robot = try replaying()
        #expect(robot.app.isAnimating)
        #expect(robot.shows("⏵ a visit"))
        for _ in 0..<60 {
            robot.time += 0.1
            robot.tell(.tick)
        }
        #expect(robot.shows("0:06 /"))
        robot.press("space")
        let still = robot.lines.dropLast(3)
        #expect(robot.shows("‖ a visit"))
        robot.time += 5
        robot.tell(.tick)
        #expect(robot.lines.dropLast(3) == still)
        #expect(!robot.app.isAnimating)
        robot.press(".", ">", ">")
        #expect(robot.shows("×4"))
        robot.press("<", "<", "<")
        #expect(robot.shows("×1/2"))
    }

    @Test func `bookmarks, tenths and ends are one key away`() throws {
        var robot = try replaying()
        robot.press("]")
        #expect(robot.shows("◆ opened"))
        robot.press("]")
        #expect(robot.shows("◆ the highest weight") && robot.shows("weight of #"))
        robot.press("[")
        #expect(robot.shows("◆ opened") && !robot.shows("weight of #"))
        robot.press("g")
        #expect(robot.shows("0:00 /"))
        robot.press("G")
        #expect(robot.shows("lathe ▸ runs"))
        robot.press("5", "h", "l")
        #expect(!robot.shows("0:00 /"))
    }

    @Test func `T leaves the user in the program as it stands there`() throws {
        var robot = try replaying()
        robot.press("]", "]", "T")
        #expect(robot.shows("weight of #"))
        #expect(!robot.shows("a visit"))
        robot.press("esc", "esc", "q")
        #expect(robot.shows("lathe ▸ runs"))
        robot.press("q")
        #expect(robot.effects.contains(.quit(.now)))
    }

    @Test func `who takes over has all methods again`() throws {
        var session = try RecordedRobot.visit().recorder.session(title: "a visit")
        session.header.methods = ["diva"]
        var robot = try replaying(session.text())
        robot.press("G", "T")
        #expect(robot.app.workspace.methods.count == methodCatalogue.count)
    }

    @Test func `a session that cannot be played says why, and q goes back`() throws {
        var robot = try replaying("{\"lathe session\":{\"version\":9,\"build\":\"4.0\"}}\n")
        #expect(robot.shows("visit.session, line 1: the session has version 9, written by Lathe 4.0"))
        robot.press("space", ".", "]", "T", "5")
        robot.press("q")
        #expect(!robot.shows("line 1"))
    }

    @Test func `a replay can be recorded and replayed`() throws {
        var hand = RecordedRobot()
        let inner = try RecordedRobot.visit().recorder.session(title: "inner").text()
        hand.tell(.sessions([SessionEntry(name: "visit", path: "v.session", seconds: 1, isShipped: false)]))
        for key in [":"] + "replay visit".map({ $0 == " " ? "space" : String($0) }) + ["enter"] { hand.press(key) }
        hand.tell(.sessionLoaded(name: "v.session", json: inner))
        hand.press("]", "]")
        let outer = try Session(text: hand.recorder.session().text(), file: "o")
        var player = SessionPlayer(outer, methods: ScreenRobot.oneMethod, appearance: Appearance(hasColor: false))
        player.seek(to: .infinity)
        #expect(player.screen().text.contains("weight of #") == hand.robot.shows("weight of #"))
    }

    @Test func `no size and no key traps`() throws {
        let keys = ["space", ".", "]", "[", "<", ">", "h", "l", "g", "G", "3", "9", "0", "?", "esc"]
        var robot = try replaying()
        var seed: UInt64 = 3
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        for _ in 0..<300 {
            robot.press(keys[random(keys.count)])
            if robot.app.stack.count == 1 { robot = try replaying() }
            if random(4) == 0 { robot.resize(random(150), random(50)) }
            robot.time += 0.3
            robot.tell(.tick)
            #expect(robot.app.draw(size: robot.size).size == robot.size)
        }
    }
}
