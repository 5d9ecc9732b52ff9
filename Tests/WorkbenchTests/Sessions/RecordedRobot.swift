import Catalogue
import Charts
import Experiments
import Terminal
import Workbench

/// A robot whose every message is recorded, as the live workbench does.
struct RecordedRobot {
    var robot: ScreenRobot
    var recorder: SessionRecorder

    init(width: Int = 100, height: Int = 30, byteLimit: Int = 24_000_000, secondLimit: Double = 7200) {
        recorder = SessionRecorder(header: Session.Header(), byteLimit: byteLimit, secondLimit: secondLimit)
        robot = ScreenRobot(width: width, height: height)
        recorder.record(Message(time: robot.time, .resize(robot.size)), before: App(methods: ScreenRobot.oneMethod, appearance: Appearance(hasColor: false)))
    }

    mutating func tell(_ content: Message.Content) {
        recorder.record(Message(time: robot.time, content), before: robot.app)
        robot.tell(content)
    }

    mutating func press(_ keys: String...) {
        for key in keys {
            robot.time += 0.4
            if let press = KeyPress(key) { tell(.input(.key(press))) }
        }
    }

    mutating func wait(_ seconds: Double) {
        robot.time += seconds
        tell(.tick)
    }

    /// A visit to a run that trains while it is watched, with two bookmarks.
    static func visit() throws -> RecordedRobot {
        var hand = RecordedRobot()
        let events = try SampleRun.events()
        var opened = try SampleRun.opened(events: Array(events.prefix(5)))
        opened.row.state = .running
        opened.row.isHere = true
        hand.tell(.runs([opened.row]))
        hand.wait(3)
        hand.press("enter")
        hand.tell(.runOpened(opened))
        hand.recorder.bookmark("opened")
        for event in events.dropFirst(5) {
            hand.wait(0.6)
            hand.tell(.runEvents(run: "a1b2c3", [event]))
        }
        hand.tell(.runs([SampleRun.row()]))
        hand.press("2", "z", "o", "enter")
        hand.recorder.bookmark("the highest weight")
        hand.wait(60)
        hand.press("esc", "esc", "S", "y", "q")
        return hand
    }
}
