import Terminal
import Testing
import Workbench

@Suite("The command palette")
struct PaletteTests {
    @Test("a few letters find a command")
    func fuzzy() {
        var robot = Robot()
        robot.press(":")
        robot.type("mss")
        robot.press("enter")
        #expect(robot.shows("Messages"))
    }

    @Test("tab completes the word and offers what may follow it")
    func completion() {
        var robot = Robot()
        robot.press(":")
        robot.type("dat")
        robot.press("tab")
        #expect(robot.shows(":data "))
        robot.type("cor")
        robot.press("enter")
        #expect(robot.header.contains("data ▸ cora"))
    }

    @Test("a theme is used by name, previewed in the picker, and Esc brings the old one back")
    func themes() {
        var robot = Robot()
        robot.tell(.themes([.standard, Theme(name: "plain")], current: "default"))
        robot.press(":")
        robot.type("theme plain")
        robot.press("enter")
        #expect(robot.app.workspace.theme.name == "plain" && robot.effects.contains(.rememberTheme("plain")))
        robot.press(":")
        robot.type("theme")
        robot.press("enter", "up")
        #expect(robot.app.workspace.theme.name == "default")
        robot.press("esc")
        #expect(robot.app.workspace.theme.name == "plain")
    }

    @Test("unknown words and arguments are sentences")
    func unknown() {
        var robot = Robot()
        robot.press(":")
        robot.type("zzzz")
        robot.press("enter")
        #expect(robot.shows("there is no command “zzzz”"))
        robot.press(":")
        robot.type("new nothing")
        robot.press("enter")
        #expect(robot.shows("there is no method “nothing”"))
        robot.press(":")
        robot.type("theme nothing")
        robot.press("enter")
        #expect(robot.shows("there is no theme “nothing”"))
    }

    @Test("ctrl-p brings the last command back")
    func history() {
        var robot = Robot()
        robot.press(":")
        robot.type("data cora")
        robot.press("enter", "esc", "esc", ":", "ctrl-p")
        #expect(robot.shows(":data cora"))
    }

    @Test("keys of the place are commands too, with their reason")
    func actions() {
        var robot = Robot()
        robot.press(":")
        robot.type("resume")
        #expect(robot.shows("not now: it is neither stopped nor failed"))
    }

    @Test("tags and notes go to the marked runs, are shown and filtered by")
    func annotation() {
        var robot = ComparedRuns.robot(Array(ComparedRuns.all.prefix(2)))
        robot.press("q")
        func command(_ text: String) {
            robot.press(":")
            for character in text { robot.press(character == " " ? "space" : String(character)) }
            robot.press("enter")
        }
        command("tag good")
        #expect(robot.shows("mark runs with space first"))
        robot.press("space")
        let marked = robot.app.workspace.marks
        command("tag good -bad")
        command("note figure 3")
        #expect(robot.effects.contains(.annotate(runs: marked, adding: ["good"], removing: ["bad"], note: nil)))
        #expect(robot.effects.contains(.annotate(runs: marked, adding: [], removing: [], note: "figure 3")))
        var rows = robot.app.workspace.runs
        for index in rows.indices where rows[index].identifier == marked.first { (rows[index].tags, rows[index].note) = (["good"], "figure 3") }
        robot.tell(.runs(rows))
        // A study is folded: its runs have their own words each.
        if !robot.shows("#good") { robot.press("enter", "j") }
        if !robot.shows("#good") { robot.press("j") }
        #expect(robot.shows("#good") && robot.shows("figure 3"))
        #expect(rows.count { RunQuery("tag:good").matches($0) } == 1 && rows.count { RunQuery("figure").matches($0) } == 1 && rows.count { RunQuery("!note:figure").matches($0) } == rows.count - 1)
    }
}
