import Experiments
import Terminal
import Testing
import Workbench

@Suite("The list of runs")
struct HomeTests {
    @Test("an empty store teaches the first run")
    func empty() {
        let robot = Robot(isEmpty: true)
        #expect(robot.shows("No runs yet") && robot.shows("Two steps to the first one"))
        #expect(robot.footer.contains("n new"))
    }

    @Test("a crash of an earlier start is told, shown on a key, and counts as read then")
    func crash() {
        var robot = Robot()
        robot.press("!")
        #expect(robot.shows("crash report: no crash was reported"))
        let text = "lathe crash report 1\nwhat: SIGSEGV, memory was touched that is not there\n" + (1...80).map { "  event \($0)\n" }.joined() + "end of the report\n"
        robot.tell(.crashes([CrashReport(path: "/state/lathe/crashes/1-2.crash", time: robot.time - 180, text: text)]))
        #expect(robot.shows("lathe crashed at an earlier start (SIGSEGV, 3 m)"))
        #expect(!robot.effects.contains(.markCrashesRead(["/state/lathe/crashes/1-2.crash"])))
        robot.press("!")
        #expect(robot.shows("SIGSEGV, memory was touched") && robot.shows("kept in /state/lathe/crashes/1-2.crash") && !robot.shows("end of the report"))
        #expect(robot.effects.contains(.markCrashesRead(["/state/lathe/crashes/1-2.crash"])))
        robot.press("G")
        #expect(robot.shows("end of the report"))
        robot.press("esc")
        #expect(!robot.shows("end of the report"))
    }

    @Test("a study is one row with the mean over its seeds, and unfolds")
    func study() {
        var robot = Robot()
        #expect(robot.shows("error 3.1 ±0.2 %"))
        robot.press("down", "down", "enter")
        #expect(robot.shows("seed 3") && robot.shows("seed 1"))
        robot.press("h")
        #expect(!robot.shows("  seed 2"))
    }

    @Test("a finished study says which acceptance rows it met, the missed ones first")
    func acceptance() {
        var robot = Robot(Size(width: 200, height: 60), methods: [SampleMethod(asks: true)])
        robot.press("down", "down")
        #expect(robot.shows("acceptance: 2 of 3 rows met") && robot.shows("✗ not met: number of runs: 3, asked") && robot.shows("✓ largest error, %: 3.3, asked <= 4"))
        robot.tell(.resize(Size(width: 100, height: 30)))
        #expect(robot.shows("acceptance: 2 of 3") && robot.shows("✗ not met: number of runs") && !robot.shows("✓ largest error"))
    }

    @Test("a running run shows its sketch, its share and the time left, in the list and in the header")
    func running() {
        let robot = Robot()
        #expect(robot.shows("64 % 0:21"))
        #expect(robot.header.contains("▶ sample digits  refit 2/3  64 % · 0:21 left") && robot.header.contains("1 queued"))
    }

    @Test("the filter works while it is typed; Esc restores, Enter keeps, u undoes")
    func filter() {
        var robot = Robot()
        robot.press("/")
        robot.type("state:failed")
        #expect(robot.shows("[1/9]") && robot.shows("my-set") && !robot.shows("cora"))
        robot.press("esc")
        #expect(robot.shows("cora"))
        robot.press("/")
        robot.type("data:cora")
        robot.press("enter")
        #expect(robot.shows("/data:cora") && !robot.shows("my-set"))
        robot.press("u")
        #expect(robot.shows("my-set"))
        robot.press("ctrl-r")
        #expect(!robot.shows("my-set"))
    }

    @Test("qualifiers, numbers, inversion and fuzzy words", arguments: [
        ("state:done", 4), ("!state:done", 5), ("method:sample data:digits", 5), ("seed:3", 1), ("result<3.1", 2), ("result>=3.3", 2),
        ("cfg.noise=0.4", 9), ("cfg.noise>0.5", 0), ("fashon", 0), ("-f fashnmst", 2), ("cora|my-set", 2), ("(", 0), ("state:", 9), ("nonsense:1", 0),
        ("!", 0), ("plan:smoke", 0),
    ])
    func query(_ text: String, _ count: Int) {
        #expect(SampleStore.rows.count(where: RunQuery(text).matches) == count, "\(text)")
    }

    @Test("a mark carries the run's marker, and two marks can be compared")
    func marks() {
        var robot = Robot()
        robot.press("c")
        #expect(robot.shows("mark two runs with space first"))
        robot.press("space", "end", "space")
        #expect(robot.app.workspace.marks == ["r2", "r9"])
        #expect(robot.app.workspace.series.slot("r2") != robot.app.workspace.series.slot("r9"))
        robot.press("u")
        #expect(robot.app.workspace.marks == ["r2"])
    }

    @Test("deletion asks, waits for its toast and can be taken back until then")
    func deletion() {
        var robot = Robot()
        robot.press("end", "d")
        #expect(robot.shows("Delete?") && robot.shows("4,200 points"))
        robot.press("down", "enter")
        #expect(robot.app.workspace.runs.count == 8 && !robot.effects.contains(.delete(run: "r9")))
        robot.press("u")
        #expect(robot.app.workspace.runs.count == 9)
        robot.wait(10)
        #expect(!robot.effects.contains(.delete(run: "r9")))
        robot.press("end", "d", "down", "enter")
        robot.wait(6)
        #expect(robot.effects.contains(.delete(run: "r9")))
        robot.press("u")
        #expect(robot.app.workspace.runs.count == 8)
    }

    @Test("leaving carries out deletions that still wait")
    func deletionOnLeaving() {
        var robot = Robot(isEmpty: true)
        robot.tell(.runs([SampleStore.row("r9", state: .finished, ago: 10, error: 1)]))
        robot.press("d", "down", "enter", "q")
        #expect(robot.effects.suffix(2) == [.delete(run: "r9"), .quit(.now)])
    }

    @Test("a run in progress is not deleted, and says why")
    func busy() {
        var robot = Robot()
        robot.press("down", "d")
        #expect(robot.shows("is in progress; stop it first"))
    }

    @Test("pause, stop and resume do what the state allows")
    func steering() {
        var robot = Robot()
        robot.press("down", "p")
        #expect(robot.effects.contains(.pause(run: "r1")))
        robot.press("s")
        #expect(robot.effects.contains(.cancel(run: "r1")))
        robot.press("end", "p")
        #expect(robot.shows("pause: it is not running"))
        robot.press("up", "up", "r")
        #expect(robot.effects.contains(.resume(run: "r7")))
    }

    @Test("the runs of a study are told together when the last has ended")
    func studyEnds() {
        var rows = (1...3).map { SampleStore.row("s\($0)", state: $0 == 1 ? .running : .waiting, study: "s", seed: UInt64($0), ago: 10) }
        var robot = Robot(isEmpty: true)
        robot.tell(.runs(rows))
        for index in rows.indices {
            rows[index].state = .finished
            rows[index].results = [.init(name: "error", arm: "model", unit: "%", value: Double(index) + 1, better: .lower)]
            robot.tell(.runs(rows))
        }
        #expect(robot.app.workspace.messages.map(\.text) == ["sample digits: 3 of 3 runs are done: error 2 ±1 %"])
    }

    @Test("what another process runs can be paused and stopped from here")
    func elsewhere() {
        var robot = Robot(isEmpty: true)
        robot.tell(.runs([SampleStore.row("far", state: .running, ago: 10)]))
        robot.press("p", "s", "q")
        #expect(robot.effects.suffix(3) == [.pause(run: "far"), .cancel(run: "far"), .quit(.now)])
    }

    @Test("a finished and a failed run are told once")
    func ends() {
        var robot = Robot()
        var rows = SampleStore.rows
        rows[1].state = .finished
        rows[1].results = [.init(name: "error", arm: "model", unit: "%", value: 2.5, better: .lower)]
        robot.tell(.runs(rows))
        #expect(robot.shows("✓ sample digits seed 1 is done: error 2.5 %"))
        #expect(robot.effects.contains(.notify("sample digits seed 1: done")))
        robot.wait(6)
        #expect(!robot.shows("is done"))
        robot.tell(.runs(rows))
        #expect(!robot.shows("is done"))
    }

    @Test("the cursor stays on its run while rows come and go")
    func cursorStays() {
        var robot = Robot()
        robot.press("end")
        robot.tell(.runs([SampleStore.row("fresh", state: .waiting, ago: 0)] + SampleStore.rows))
        #expect(robot.effects.last != .previewRun("fresh"))
        robot.press("d")
        #expect(robot.shows("sample · fashion-mnist · seed 1"))
    }

    @Test("a run's curves are read anew only while the list is seen, and at once when it is seen again")
    func coveredPreview() {
        var robot = Robot(), rows = SampleStore.rows
        func asks() -> Int { robot.effects.count { if case .previewRun = $0 { true } else { false } } }
        let first = rows[0].identifier
        robot.press("home", "enter")
        let before = asks()
        for points in [5_000, 6_000] {
            for index in rows.indices { rows[index].pointCount = points }
            robot.tell(.runs(rows))
        }
        #expect(asks() == before, "the run's own screen lies over the list")
        robot.press("esc")
        #expect(asks() == before + 1 && robot.effects.last == .previewRun(first))
        rows[0].pointCount = 7_000
        robot.tell(.runs(rows))
        #expect(asks() == before + 2)
        robot.press("?")
        rows[0].pointCount = 8_000
        robot.tell(.runs(rows))
        #expect(asks() == before + 3, "an overlay lets the list through")
    }
}
