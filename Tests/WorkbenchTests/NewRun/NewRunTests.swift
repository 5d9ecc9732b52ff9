import Experiments
import Terminal
import Testing
import Workbench

@Suite("The form that starts a run")
struct NewRunTests {
    private func form(_ size: Size = Size(width: 120, height: 40)) -> Robot {
        var robot = Robot(size)
        robot.press("n")
        return robot
    }

    private func submitted(_ robot: Robot) -> [RunRequest] {
        for case .submit(let requests) in robot.effects { return requests }
        return []
    }

    @Test("it shows every parameter with its range, and what a run costs")
    func shows() {
        let robot = form()
        for words in ["steps", "label noise", "learning rate", "shuffle", "outer loss", "folder", "seeds", "threads", "0 … 0.5", "‹ ce ›  sq  hinge",
                      "1 run · 12 s · 143 MiB · 31 GFLOP"] { #expect(robot.shows(words), "\(words)") }
    }

    @Test("the smoke plan starts with one key")
    func start() {
        var robot = form()
        robot.press("enter")
        #expect(submitted(robot) == [RunRequest(method: "sample", dataset: "digits", plan: .smoke)])
        robot.press("enter")
        #expect(robot.effects.count { if case .submit = $0 { true } else { false } } == 1)
    }

    @Test("the plan's settings and seeds become one study, with the user's values over them")
    func study() {
        var robot = form()
        robot.press("right")
        #expect(robot.shows("6 runs"))
        robot.press("down", "down", "down", "right", "enter")
        let requests = submitted(robot)
        #expect(requests.count == 6 && requests.allSatisfy { $0.values["steps"] == .integer(200) })
        #expect(requests.count { $0.values["noise"] == .real(0.4) } == 3)
    }

    @Test("one setting of the plan can be chosen")
    func condition() {
        var robot = form()
        robot.press("right", "down", "down", "right", "enter")
        #expect(Set(submitted(robot).map(\.condition)) == ["noise 20 %"])
    }

    @Test("typed values are checked as they are typed, and wrong ones never start")
    func ranges() {
        var robot = form()
        robot.press("down", "down", "down")
        robot.type("0.7")
        #expect(robot.shows("“0.7” is not in its range; give 0 … 0.5"))
        robot.press("enter")
        #expect(submitted(robot).isEmpty)
        robot.press("backspace")
        robot.type("3")
        #expect(!robot.shows("not in its range"))
        robot.press("enter", "enter")
        #expect(submitted(robot).first?.values["noise"] == .real(0.3))
    }

    @Test("arrows step by ones, by twentieths and by factors, and stop at the ends")
    func steps() {
        var robot = form()
        robot.press("down", "down", "right", "right")
        robot.press("down", "left", "left", "left", "left", "left", "left", "left", "left", "left", "left", "left", "left")
        robot.press("down", "right", "right", "down", "right", "down", "right", "enter")
        let values = submitted(robot).first?.values ?? [:]
        #expect(values == ["steps": .integer(50), "noise": .real(0), "rate": .real(0.5), "shuffle": .boolean(false), "loss": .text("sq")])
    }

    @Test("backspace brings the plan's value back")
    func reset() {
        var robot = form()
        robot.press("down", "down", "right", "backspace", "enter")
        #expect(submitted(robot).first?.values == [:])
    }

    @Test("seeds are lists and ranges", arguments: [("1 2 3", [1, 2, 3]), ("4-6,9", [4, 5, 6, 9]), ("2 2", [2])])
    func seeds(_ text: String, _ wanted: [UInt64]) {
        var robot = form()
        robot.press("end", "up", "backspace", "e", "ctrl-u")
        robot.type(text)
        robot.press("enter", "enter")
        #expect(submitted(robot).map(\.seed) == wanted)
    }

    @Test("several values of parameters make every combination, the first seed of each before the second of any")
    func severalValues() {
        var robot = form()
        robot.press("down", "down", "down")
        robot.type("0.1, 0.3,0.1")
        robot.press("enter")
        #expect(robot.shows("0.1, 0.3") && robot.shows("2 runs"))
        robot.press("down", "down", "space", "end", "enter")
        #expect(robot.shows("4 runs"), "both answers of a yes or no")
        robot.press("end", "up", "e", "ctrl-u")
        robot.type("7 8")
        robot.press("enter", "enter")
        let requests = submitted(robot)
        #expect(requests.map(\.seed) == [7, 7, 7, 7, 8, 8, 8, 8])
        #expect(Set(requests.map(\.condition)) == ["noise 0.1, shuffle yes", "noise 0.1, shuffle no", "noise 0.3, shuffle yes", "noise 0.3, shuffle no"], "\(requests.map(\.condition))")
        #expect(Set(requests.map { $0.values["noise"] }) == [.real(0.1), .real(0.3)])
        #expect(requests.count { $0.values["shuffle"] == .boolean(false) } == 4, "yes is the plan's own and says nothing")
    }

    @Test("of several values a wrong one is named, a single one is one value again, and too many combinations are refused")
    func wrongSeveral() {
        var robot = form()
        robot.press("down", "down", "down")
        robot.type("0.1,0.7")
        #expect(robot.shows("“0.7” is not in its range"))
        robot.press("enter")
        #expect(submitted(robot).isEmpty)
        robot.press("ctrl-u")
        robot.type("0.1,")
        robot.press("enter", "enter")
        #expect(submitted(robot).map { $0.values["noise"] } == [.real(0.1)])
        var large = form()
        large.press("down", "down")
        large.type((1...40).map(String.init).joined(separator: ","))
        large.press("enter", "down")
        large.type((1...40).map { "0.0\($0)" }.joined(separator: ","))
        #expect(large.shows("more than 1000 combinations"))
    }

    @Test("wrong seeds say so", arguments: ["x", "3-1", "1-1000", "", "-1", "99999999999999999999999", "0-18446744073709551615"])
    func wrongSeeds(_ text: String) {
        var robot = form()
        robot.press("end", "up", "e", "ctrl-u")
        robot.type(text)
        robot.press("enter")
        #expect(robot.shows("seeds:"))
        robot.press("enter")
        #expect(submitted(robot).isEmpty)
    }

    @Test("the data picker names the reason for what cannot be taken")
    func picker() {
        var robot = form()
        robot.press("down", "space")
        #expect(robot.shows("it takes no graph") && robot.shows("not here; :data fashion-mnist"))
        robot.press("end", "enter")
        #expect(robot.shows("accept: ") || robot.shows("choose: "))
        robot.press("home", "down", "enter", "enter")
        #expect(submitted(robot).first?.dataset == "prices")
    }

    @Test("a started run opens as soon as the store knows it")
    func opens() {
        var robot = form()
        robot.press("enter")
        robot.tell(.runs([SampleStore.row("new1", state: .waiting, ago: 0)] + SampleStore.rows))
        robot.tell(.submitted(runs: ["new1"], study: ""))
        #expect(robot.effects.contains(.openRun("new1")))
        #expect(robot.header.contains("runs"))
    }

    @Test("y copies the command that does the same in a shell")
    func command() {
        var robot = form()
        robot.press("down", "down", "down", "right", "y")
        let copied = robot.effects.compactMap { if case .copy(let text, _) = $0 { text } else { nil } }
        #expect(copied == ["lathe run sample --data digits --plan smoke --threads 2 --set noise=0.22 --seed 1"])
    }

    @Test("a shell reads quoted words back", arguments: ["plain", "two words", "it's", "", "a\"b", "$HOME;rm", "x=1"])
    func quoting(_ word: String) {
        #expect(CommandLineWords.split("lathe " + CommandLineWords.quoted(word)) == ["lathe", word])
    }
}
