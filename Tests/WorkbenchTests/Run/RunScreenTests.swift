import Experiments
import Terminal
import Testing
import Workbench

@Suite struct RunScreenTests {
    @Test func `golden: a finished run at both sizes, with and without colour`() throws {
        for (width, height) in [(80, 24), (120, 40)] {
            var robot = ScreenRobot(width: width, height: height)
            try robot.openSample()
            GoldenScreen.check(robot.app.draw(size: robot.size), "run-finished-\(width)x\(height)")
            var colored = ScreenRobot(width: width, height: height, appearance: Appearance(hasColor: true))
            try colored.openSample()
            GoldenScreen.check(colored.app.draw(size: colored.size), "run-finished-\(width)x\(height)-colour", inColor: true)
        }
    }

    @Test func `golden: every panel of a run, zoomed`() throws {
        var robot = ScreenRobot()
        try robot.openSample()
        var seen: Set<String> = []
        robot.press("z")
        for _ in 0..<30 {
            let title = robot.lines.first { $0.contains("▸ ") && !$0.contains("lathe") }?.split(separator: "▸").last?
                .split(separator: "━").first.map { $0.split(separator: " ").joined(separator: "-").lowercased() } ?? "none"
            guard seen.insert(title).inserted else { break }
            GoldenScreen.check(robot.app.draw(size: robot.size), "panel-\(title)")
            robot.press("tab")
        }
        #expect(seen.count >= 6, "\(seen)")
    }

    @Test func `a live run tells its stage, its progress and what is left, and ends in its results`() throws {
        let events = try SampleRun.events()
        var robot = ScreenRobot(width: 120, height: 40)
        try robot.openSample(.running, events: Array(events.prefix(2)))
        #expect(robot.effects.contains(.openRun("a1b2c3")))
        #expect(robot.shows("detect ▶"))
        #expect(robot.shows("waiting for"))
        for event in events.dropFirst(2).prefix(16) { robot.tell(.runEvents(run: "a1b2c3", [event])) }
        #expect(robot.shows("detect ✓ → reweight ▶ 2/3 steps → 1 more"))
        robot.tell(.runEvents(run: "another", [RunEvent(sequence: 99, time: 0, payload: .failed(.init("not mine")))]))
        for event in events.dropFirst(18) { robot.tell(.runEvents(run: "a1b2c3", [event])) }
        #expect(robot.shows("✓ done"))
        #expect(!robot.shows("not mine"))
    }

    @Test func `the results say where an arm does not beat its baseline`() throws {
        var robot = ScreenRobot(width: 120, height: 24)
        try robot.openSample()
        robot.press("z")
        for _ in 0..<20 where !robot.shows("▸ Results") { robot.press("tab") }
        #expect(robot.shows("does not beat residual"))
        #expect(robot.shows("↓0.3 against original"))
        #expect(robot.shows("1 does not beat its baseline"))
    }

    @Test func `pause, resume, cancel and retry ask the outside, and cancel asks first`() throws {
        var robot = ScreenRobot()
        let events = try Array(SampleRun.events().prefix(18))
        try robot.openSample(.running, events: events)
        robot.press("p")
        #expect(robot.effects.last == .pause(run: "a1b2c3"))
        var row = SampleRun.row(state: .paused)
        row.isHere = true
        robot.tell(.runs([row]))
        #expect(robot.shows("‖ paused"))
        robot.press("p")
        #expect(robot.effects.last == .resume(run: "a1b2c3"))
        row.state = .running
        robot.tell(.runs([row]))
        robot.press("C")
        #expect(robot.shows("Stop the run?"))
        robot.press("enter")
        #expect(!robot.effects.contains(.cancel(run: "a1b2c3")), "the first answer changes nothing")
        robot.press("C", "j", "enter")
        #expect(robot.effects.last == .cancel(run: "a1b2c3"))
        row.state = .cancelled
        robot.tell(.runs([row]))
        robot.press("r")
        #expect(robot.shows("there is no checkpoint"), "a stopped run without a checkpoint cannot be resumed")
        row.isResumable = true
        robot.tell(.runs([row]))
        robot.press("r")
        #expect(robot.effects.last == .resume(run: "a1b2c3"))
        robot.press("R")
        #expect(robot.effects.last == .retry(run: "a1b2c3"))
        row.state = .running
        robot.tell(.runs([row]))
        #expect(robot.effects.suffix(2) == [.closeRun("a1b2c3"), .openRun("a1b2c3")], "a run that goes on is read anew")
        robot.press("q")
        #expect(robot.effects.last == .closeRun("a1b2c3"))
    }

    @Test func `a run that waits and that nobody has is taken up, one that waits in a queue is not`() throws {
        var robot = ScreenRobot(width: 120, height: 40)
        try robot.openSample(.waiting, events: [])
        robot.press("r")
        #expect(robot.shows("the run waits in the queue"))
        var row = SampleRun.row(state: .waiting)
        row.isHere = false
        row.isResumable = true
        robot.tell(.runs([row]))
        robot.press("r")
        #expect(robot.effects.last == .resume(run: "a1b2c3"))
    }

    @Test func `a run of another process is watched, not steered`() throws {
        var robot = ScreenRobot()
        try robot.openSample(.running, events: Array(SampleRun.events().prefix(18)))
        robot.tell(.runs([SampleRun.row(state: .running)]))
        robot.press("p")
        #expect(robot.shows("another process works on the run"))
        #expect(!robot.effects.contains(.pause(run: "a1b2c3")))
    }

    @Test func `keys read a chart: cursor, log, smoothing, zoom, fit`() throws {
        var robot = ScreenRobot(width: 100, height: 30)
        try robot.openSample()
        robot.press("z", "y")
        #expect(robot.shows("log y"))
        robot.press("y", "S")
        #expect(robot.shows("smoothed 0.3"))
        robot.press("s")
        #expect(!robot.shows("smoothed"))
        robot.press(".", ",", ",")
        robot.press("+")
        #expect(robot.shows("zoomed, 0 fits"))
        robot.press("0")
        #expect(!robot.shows("zoomed"))
    }

    @Test func `the gallery turns its order around and opens an example with its trajectory`() throws {
        var robot = ScreenRobot(width: 100, height: 30)
        try robot.openSample()
        robot.press("z")
        for _ in 0..<20 where !robot.shows("lowest first") { robot.press("tab") }
        #expect(robot.shows("says"))
        #expect(robot.shows("w "))
        robot.press("o")
        #expect(robot.shows("highest first"))
        robot.press("enter")
        #expect(robot.shows("gradient"))
        #expect(robot.shows("weight of #"))
        robot.press("esc")
        #expect(robot.shows("highest first") && !robot.shows("weight of #"))
        robot.press("esc")
        #expect(robot.shows("lathe ▸ runs ▸ diva"), "esc left the zoom, not the run")
    }

    @Test func `unknown events are shown raw`() throws {
        var robot = ScreenRobot(width: 120, height: 30)
        try robot.openSample()
        robot.press("z")
        for _ in 0..<20 where !robot.shows("▸ Notes") { robot.press("tab") }
        #expect(robot.shows(#"event “aura” of a later version"#))
        #expect(robot.shows(#""hue":0.4"#))
    }

    @Test func `a run of an unknown method shows panels made from its events`() throws {
        var events = try SampleRun.events()
        var request = SampleRun.request
        request.method = "of-tomorrow"
        events[0] = RunEvent(sequence: 0, time: SampleRun.start, payload: .started(
            .init(request: request, values: ["a": .text("b")], datasetChecksum: "", build: "2", machine: "m")))
        var opened = try SampleRun.opened(events: events)
        opened.row.request = request
        var robot = ScreenRobot(width: 160, height: 48)
        robot.tell(.runs([opened.row]))
        robot.press("enter")
        robot.tell(.runOpened(opened))
        #expect(robot.shows("1 loss"))
        var titles = ""
        for _ in 0..<12 {
            titles += robot.screen
            robot.press("tab")
        }
        for title in ["confusion", "detection", "neighbours", "examples", "Parameters"] { #expect(titles.contains(title), "\(title)") }
    }

    @Test func `a run that is not in the list yet gets its method's panels when it was read, or says why it cannot be`() throws {
        var robot = ScreenRobot()
        let words = [":"] + "run a1b2c3".map { $0 == " " ? "space" : String($0) } + ["enter"]
        for key in words { robot.press(key) }
        #expect(robot.shows("reading a1b2c3"))
        robot.tell(.runOpened(try SampleRun.opened()))
        #expect(robot.shows("Outer loss") && robot.shows("Examples by weight"))
        var lost = ScreenRobot()
        for key in words { lost.press(key) }
        lost.tell(.effectFailed("there is no run a1b2c3 in the store"))
        #expect(lost.lines[1].contains("there is no run a1b2c3 in the store"))
        lost.press("z", "p", "C", "tab", "q")
        #expect(!lost.lines[1].contains("there is no run"))
    }

    @Test func `no size and no key traps, in any panel, live and finished`() throws {
        let events = try SampleRun.events()
        let keys = ["z", "tab", "j", "k", "h", "l", "o", "enter", "x", "y", "S", "s", "+", "-", "0", ",", ".", "g", "G", "pgdn", "pgup",
                    "ctrl-d", "ctrl-u", "3", "9", "shift-tab", "down", "right", "left", "up"]
        var seed: UInt64 = 7
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        for part in [events.count, 3, 9] {
            var robot = ScreenRobot()
            try robot.openSample(part == events.count ? .finished : .running, events: Array(events.prefix(part)))
            for _ in 0..<1_500 {
                robot.press(keys[random(keys.count)])
                if random(6) == 0 { robot.resize(random(170), random(60)) }
                let size = random(4) == 0 ? Size(width: random(140), height: random(50)) : robot.size
                #expect(robot.app.draw(size: size).size == size)
            }
        }
    }
}
