import Catalogue
import Charts
import Experiments
import Foundation
import Terminal
import Testing
import Workbench

/// Hands on a keyboard and eyes on the screen, without a terminal: tells an application things and reads what it draws.
struct ScreenRobot {
    var app: App
    var time = SampleRun.start + 100
    /// What the application asked of the outside, oldest first.
    var effects: [Effect] = []
    var size: Size

    /// One method, so that the keys of a test open the same screens whatever is added to the catalogue.
    static let oneMethod = methodCatalogue.filter { $0.description.identifier == "diva" }

    init(width: Int = 80, height: Int = 24, appearance: Appearance = Appearance(hasColor: false), methods: [any Method] = Self.oneMethod) {
        app = App(methods: methods, appearance: appearance)
        size = Size(width: width, height: height)
        tell(.resize(size))
    }

    mutating func tell(_ content: Message.Content) { effects += app.receive(Message(time: time, content)) }

    /// Presses keys by name, one after the other.
    mutating func press(_ keys: String...) {
        for key in keys { press(key) }
    }

    mutating func press(_ key: String) {
        guard let press = KeyPress(key) else {
            Issue.record("there is no key “\(key)”")
            return
        }
        time += 0.1
        tell(.input(.key(press)))
    }

    mutating func resize(_ width: Int, _ height: Int) {
        size = Size(width: width, height: height)
        tell(.resize(size))
    }

    /// Opens the sample run as from the store.
    mutating func openSample(_ state: RunState = .finished, events: [RunEvent]? = nil) throws {
        var opened = try SampleRun.opened(events: events)
        opened.row.state = state
        opened.row.isHere = state != .finished
        tell(.runs([opened.row]))
        press("enter")
        tell(.runOpened(opened))
    }

    var screen: String { app.draw(size: size).text }
    var lines: [String] { screen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    func shows(_ text: String) -> Bool { screen.contains(text) }
}

/// Screens as text files beside the tests. `LATHE_UPDATE_GOLDENS=1 swift test …` writes them anew; the difference is then
/// reviewed like any other.
enum GoldenScreen {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/screens")

    static func check(_ grid: CellGrid, _ name: String, inColor: Bool = false, in folder: URL = folder,
                      sourceLocation: SourceLocation = #_sourceLocation) {
        var encoder = ANSIEncoder(depth: .trueColor)
        let text = inColor ? encoder.encodeLines(grid).replacingOccurrences(of: "\u{1B}", with: "␛") : grid.text + "\n"
        let file = folder.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["LATHE_UPDATE_GOLDENS"] == "1" {
            try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        guard let wanted = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("there is no golden screen \(name); make it with LATHE_UPDATE_GOLDENS=1", sourceLocation: sourceLocation)
            return
        }
        guard wanted != text else { return }
        let pairs = zip(wanted.split(separator: "\n", omittingEmptySubsequences: false),
                        text.split(separator: "\n", omittingEmptySubsequences: false))
        let difference = pairs.enumerated().first { $0.element.0 != $0.element.1 }
            .map { "row \($0.offset): wanted\n\($0.element.0)\nfound\n\($0.element.1)" } ?? "another number of rows"
        Issue.record("the screen \(name) has changed, \(difference)", sourceLocation: sourceLocation)
    }
}
