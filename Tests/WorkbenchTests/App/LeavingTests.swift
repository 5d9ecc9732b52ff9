import Experiments
import Terminal
import Testing
import Workbench

@Suite("Leaving")
struct LeavingTests {
    @Test("q at the top leaves at once when nothing runs")
    func idle() {
        var robot = Robot(isEmpty: true)
        robot.press("q")
        #expect(robot.effects.last == .quit(.now))
    }

    @Test("with a run in progress it asks, and staying is the first answer")
    func busy() {
        var robot = Robot()
        robot.press("q")
        #expect(robot.shows("Leave lathe?") && robot.shows("sample digits seed 1 is in progress") && robot.shows("1 run waits"))
        robot.press("enter")
        #expect(!robot.effects.contains { if case .quit = $0 { true } else { false } })
        robot.press("q", "down", "enter")
        #expect(robot.effects.last == .quit(.checkpoint))
    }

    @Test("going on without a screen is offered only where it works")
    func handOver() {
        var robot = Robot()
        robot.press("q")
        #expect(!robot.shows("without a screen"))
        robot = Robot(canHandOver: true)
        robot.press("q", "end", "enter")
        #expect(robot.effects.last == .quit(.handOver))
    }

    @Test("the first ctrl-c stops what goes on here, a second within two seconds leaves")
    func interrupt() {
        var robot = Robot()
        robot.press("?", "ctrl-c")
        #expect(!robot.shows("Keys here") && robot.shows("ctrl-c again within two seconds"))
        robot.wait(3)
        robot.press("ctrl-c")
        #expect(!robot.effects.contains(.quit(.interrupted)))
        robot.time += 1
        robot.press("ctrl-c")
        #expect(robot.effects.last == .quit(.interrupted))
    }

    @Test("q goes back one level")
    func back() {
        var robot = Robot()
        robot.press("D", "q")
        #expect(robot.header.contains("lathe ▸ runs") && robot.effects.last != .quit(.now))
    }

    @Test("undo says when there is nothing to undo")
    func nothing() {
        var robot = Robot()
        robot.press("u")
        #expect(robot.shows("undo: nothing to undo"))
    }
}
