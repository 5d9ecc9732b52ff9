import Charts
import Experiments
import Terminal
import Testing
import Workbench

/// Every screen of the workbench room, by the keys that lead there.
enum Tour: String, CaseIterable, Sendable {
    case home, empty, filtered, unfolded, methods, form, typing, dataPicker, data, missing, table, help, palette, themes, messages, quit, delete

    func robot(_ size: Size, _ appearance: Appearance = Appearance()) -> Robot {
        // Two methods, so that the list of methods has a choice.
        var robot = Robot(size, methods: [SampleMethod(), SampleMethod(identifier: "other", refusesKinds: [.images])], appearance: appearance, isEmpty: self == .empty)
        switch self {
        case .home, .empty: break
        case .filtered:
            robot.press("/")
            robot.type("state:done !cora")
        case .unfolded: robot.press("down", "down", "enter", "space", "down", "down")
        case .methods: robot.press("n")
        case .form: robot.press("n", "enter", "right", "down", "down", "down")
        case .typing:
            robot.press("n", "enter", "down", "down", "down")
            robot.type("0.9")
        case .dataPicker: robot.press("n", "enter", "down", "space")
        case .data: robot.press("D")
        case .missing: robot.press("D", "end")
        case .table: robot.press("D", "down", "down", "tab")
        case .help: robot.press("?")
        case .palette:
            robot.press(":")
            robot.type("th")
        case .themes:
            robot.tell(.themes([.standard, Theme(name: "plain", summary: "nothing")], current: "default"))
            robot.press(":")
            robot.type("theme")
            robot.press("enter")
        case .messages:
            robot.tell(.toast(.failure, "the disk is full"))
            robot.wait(200)
            robot.tell(.effectFailed("the store is locked"))
            robot.press(":")
            robot.type("messages")
            robot.press("enter")
        case .quit: robot.press("q")
        case .delete: robot.press("end", "d")
        }
        return robot
    }
}

@Suite("Screens look as they were approved")
struct ScreenTests {
    static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)]

    @Test("every screen matches its golden text", arguments: Tour.allCases, sizes)
    func goldenText(_ stop: Tour, _ size: Size) throws {
        try TourPicture.check(stop.robot(size).grid, "\(stop.rawValue)-\(size.width)x\(size.height)", withStyles: false)
    }

    @Test("every screen matches its golden styles, with and without colour", arguments: Tour.allCases, [true, false])
    func goldenStyles(_ stop: Tour, _ hasColor: Bool) throws {
        let robot = stop.robot(Size(width: 80, height: 24), Appearance(hasColor: hasColor))
        try TourPicture.check(robot.grid, "\(stop.rawValue)-\(hasColor ? "colour" : "no-colour")", withStyles: true)
    }

    @Test("without colour no cell has one, and something still stands out", arguments: Tour.allCases)
    func withoutColor(_ stop: Tour) {
        let grid = stop.robot(Size(width: 120, height: 40), Appearance(hasColor: false)).grid
        var attributes: Set<UInt8> = []
        for y in 0..<40 {
            for x in 0..<120 {
                let style = grid[x, y].style
                #expect(style.foreground == .terminal && style.background == .terminal, "\(stop) at \(x), \(y)")
                attributes.insert(style.attributes.rawValue)
            }
        }
        #expect(attributes.count > 1)
    }

    @Test("exactly one panel carries the heavy border and its mark", arguments: [Tour.home, .methods, .form, .data], sizes)
    func oneFocus(_ stop: Tour, _ size: Size) {
        let screen = stop.robot(size).screen
        #expect(screen.count { $0 == "┏" } == 1)
        #expect(screen.components(separatedBy: "┏ ▸ ").count == 2)
    }

    @Test("every screen draws at every size up to 70 x 20", arguments: Tour.allCases)
    func everySize(_ stop: Tour) {
        var robot = stop.robot(Size(width: 80, height: 24))
        for height in 0...20 {
            for width in 0...70 {
                let size = Size(width: width, height: height)
                robot.size = size
                robot.tell(.resize(size))
                #expect(robot.grid.size == size)
            }
        }
    }

    @Test("ASCII glyphs keep to ASCII frames")
    func ascii() {
        let screen = Tour.home.robot(Size(width: 80, height: 24), Appearance(hasColor: false, glyphs: .ascii)).screen
        #expect(!screen.contains("━") && !screen.contains("┃") && screen.contains("#="))
    }

    @Test("a small terminal says what it needs and what it has, and recovers")
    func tooSmall() {
        var robot = Robot(Size(width: 50, height: 5))
        let words = robot.screen.split { $0.isWhitespace }.joined(separator: " ")
        #expect(words == "Lathe needs 60 x 16 cells; this terminal has 50 x 5.")
        robot.press("?")
        #expect(robot.shows("Keys here"))
        robot.press("esc")
        robot.size = Size(width: 80, height: 24)
        robot.tell(.resize(robot.size))
        #expect(robot.shows("lathe ▸ runs"))
    }
}
