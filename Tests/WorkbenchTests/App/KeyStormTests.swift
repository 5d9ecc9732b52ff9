import Datasets
import Experiments
import Tensors
import Terminal
import Testing
import Workbench

@Suite("Nothing that is pressed stops the program")
struct KeyStormTests {
    private static let keys: [KeyPress] = {
        let named: [KeyPress] = ["enter", "tab", "shift-tab", "esc", "backspace", "delete", "up", "down", "left", "right", "home", "end", "page-up", "page-down",
                                 "ctrl-c", "ctrl-d", "ctrl-u", "ctrl-r", "ctrl-l", "ctrl-z", "ctrl-w", "f1", "space"]
        return named + named + "abcdefghijklmnopqrstuvwxyzDGMNORSCTY0123456789:/?.,-+<>=!\"'\\é漢".map { KeyPress($0) }
    }()

    @Test("10,000 random keys, clicks, pastes, sizes and messages", arguments: [1, 2, 3])
    func storm(seed: Int) {
        var random = RandomSource(seed: UInt64(seed)).stream("keys")
        var robot = Robot(Size(width: 100, height: 30), methods: [SampleMethod(), SampleMethod(identifier: "other", refusesKinds: [.images])])
        robot.tell(.themes([.standard, Theme(name: "plain")], current: "default"))
        for step in 0..<10_000 {
            robot.time += random.uniform() * 2
            switch random.integer(below: 100) {
            case 0: robot.tell(.input(.paste("a\nb \u{7} 漢字 \u{1B}[31m state:")))
            case 1..<4:
                let actions: [MouseEvent.Action] = [.press(.left), .wheelUp, .wheelDown, .drag(.left), .release(.left), .press(.right)]
                robot.tell(.input(.mouse(MouseEvent(actions[random.integer(below: actions.count)], x: random.integer(below: 220), y: random.integer(below: 70)))))
            case 4:
                robot.size = Size(width: random.integer(below: 200), height: random.integer(below: 60))
                robot.tell(.resize(robot.size))
            case 5: robot.tell(.runs(Array(SampleStore.rows.shuffled(using: &random).prefix(random.integer(below: 10)))))
            case 6: robot.tell(.datasets(Array(SampleStore.datasets.shuffled(using: &random).prefix(random.integer(below: 6)))))
            case 7: robot.tell(.tick)
            case 8: robot.tell(.effectFailed("it was refused"))
            case 9: robot.tell(.submitted(runs: ["r1", "r2"], study: "s9"))
            default: robot.press(Self.keys[random.integer(below: Self.keys.count)])
            }
            if step % 5 == 0 { #expect(robot.grid.size == robot.size) }
        }
        #expect(!robot.app.stack.isEmpty)
    }

    @Test("the same messages give the same screen")
    func determinism() {
        func play() -> CellGrid {
            var robot = Robot(Size(width: 140, height: 44))
            robot.press("down", "space", "down", "space", "n", "down", "right", "esc", "?", "down")
            return robot.grid
        }
        #expect(play() == play())
    }
}
