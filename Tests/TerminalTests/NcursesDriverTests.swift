import Foundation
import Terminal
import Testing

/// Answers whether the condition comes true within some seconds.
@MainActor private func eventually(_ condition: () -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}

@MainActor @Suite(.serialized) struct NcursesDriverTests {
    private let size = Size(width: 40, height: 8)

    private func makeDriver(_ pair: PseudoTerminal, _ environment: [String: String] = [:]) throws -> NcursesDriver {
        try NcursesDriver(color: .auto, mouse: true, input: pair.terminal, output: pair.terminal,
                          environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"]
                              .merging(environment) { $1 })
    }

    private func frame(_ text: String, _ size: Size) -> Frame {
        var grid = CellGrid(size)
        for y in 0..<size.height {
            grid.write("\(text) 漢 👍🏽 row \(y)", x: y, y: y, style: Style(foreground: .rgb(255, UInt8(y * 7 % 256), 0), [.bold]))
        }
        return Frame(grid)
    }

    @Test func framesArriveAndTheTerminalIsGivenBack() async throws {
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        let before = pair.modes
        let driver = try makeDriver(pair)
        #expect(driver.size == size && driver.colorDepth == .trueColor && driver.isUnicode)
        try driver.start()
        #expect(pair.modes != before)
        var shown = frame("first", size)
        driver.present(shown)
        #expect(try await eventually { pair.model(size).differences(from: shown.grid).isEmpty })
        #expect(pair.model(size).modes.isSuperset(of: ["1049", "2004", "1002", "1006"]))
        #expect(!pair.model(size).modes.contains("25") && !pair.model(size).modes.contains("7"))

        let countBefore = pair.byteCount
        shown.grid.write("x", x: 39, y: 7)
        shown.cursor = Frame.Position(x: 3, y: 2)
        driver.present(shown)
        #expect(try await eventually { pair.model(size).differences(from: shown.grid).isEmpty && pair.model(size).modes.contains("25") })
        #expect(pair.byteCount - countBefore < 80, "only the change is sent")

        driver.setTitle("lathe\u{1B}]")
        #expect(driver.copy("text"))
        driver.isMouseEnabled = false
        #expect(try await eventually { pair.model(size).systemCommands == ["2;lathe·]", "52;c;dGV4dA=="] })
        #expect(try await eventually { !pair.model(size).modes.contains("1002") })

        driver.stop()
        driver.stop()
        #expect(try await eventually { pair.model(size).modes.isSubset(of: ["25", "7", "1034"]) }, "\(pair.model(size).modes)")
        #expect(pair.model(size).modes.isSuperset(of: ["25", "7"]))
        #expect(pair.modes == before)
        #expect(pair.model(size).unknown.isEmpty)
    }

    @Test func keysPastesAndMouseComeIn() async throws {
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        let driver = try makeDriver(pair)
        var events: [String] = []
        driver.onEvent = { events.append($0.description) }
        try driver.start()
        pair.type("j\u{3}\u{1A}\u{1B}OA\u{1B}[<0;3;4M\u{1B}[200~two\rlines\u{1B}[201~é\r")
        #expect(try await eventually { events.count >= 8 })
        #expect(events == ["j", "ctrl-c", "ctrl-z", "up", "mouse:press-left@2,3", "paste:two\nlines", "é", "enter"])
        events = []
        pair.type("\u{1B}")
        #expect(try await eventually { events == ["esc"] })
        driver.stop()
    }

    @Test func aStormOfResizesEndsAtTheLastSize() async throws {
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        let driver = try makeDriver(pair)
        var sizes: [Size] = []
        driver.onEvent = { event in
            if case .resize(let size) = event { sizes.append(size) }
            driver.present(self.frame("r", driver.size))
        }
        try driver.start()
        for step in 0..<200 {
            pair.resize(Size(width: 1 + step % 37, height: 1 + step % 13))
            kill(getpid(), SIGWINCH)
        }
        let last = Size(width: 17, height: 5)
        pair.resize(last)
        kill(getpid(), SIGWINCH)
        #expect(try await eventually { driver.size == last && sizes.last == last })
        let expected = frame("r", last).grid
        #expect(try await eventually { pair.model(last).differences(from: expected).isEmpty })
        driver.stop()
    }

    @Test func aTerminalThatTakesNothingKeepsNobodyWaiting() async throws {
        let big = Size(width: 200, height: 60)
        let pair = try #require(PseudoTerminal(size: big))
        defer { pair.close() }
        let driver = try makeDriver(pair)
        try driver.start()
        pair.setReading(false)
        let clock = ContinuousClock()
        let presenting = clock.measure {
            for number in 0..<300 { driver.present(frame("frame \(number)", big)) }
        }
        // Making the frames is part of it; a pseudo-terminal holds only some kilobytes of 300 frames.
        #expect(presenting < .seconds(3))
        let newest = frame("newest", big)
        driver.present(newest)
        pair.setReading(true)
        #expect(try await eventually { pair.model(big).differences(from: newest.grid).isEmpty })
        #expect(pair.byteCount < 200_000, "older frames were left out")

        pair.setReading(false)
        for number in 0..<10 { driver.present(frame("again \(number)", big)) }
        let stopping = clock.measure { driver.stop() }
        #expect(stopping < .seconds(2))
        pair.setReading(true)
    }

    @Test func aHangUpAsksTheProgramToEnd() async throws {
        let pair = try #require(PseudoTerminal(size: size))
        let driver = try makeDriver(pair)
        var signals: [Int32] = []
        driver.onTermination = { signals.append($0) }
        try driver.start()
        pair.close()
        #expect(try await eventually { signals == [SIGHUP] })
        driver.present(frame("nobody sees", size))
        driver.stop()
    }

    @Test func signalsBecomeEvents() async throws {
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        let driver = try makeDriver(pair)
        var events: [InputEvent] = [], signals: [Int32] = []
        driver.onEvent = { events.append($0) }
        driver.onTermination = { signals.append($0) }
        try driver.start()
        kill(getpid(), SIGINT)
        #expect(try await eventually { events == [.key("ctrl-c")] })
        kill(getpid(), SIGTERM)
        #expect(try await eventually { signals == [SIGTERM] })
        driver.stop()
    }

    @Test func whatIsNoTerminalIsRefusedWithASentence() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(throws: TerminalError.notATerminal) {
            try NcursesDriver(color: .auto, mouse: true, input: ends[0], output: ends[1], environment: ["TERM": "xterm"])
        }
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        #expect(throws: TerminalError.noScreen(term: "dumb")) { try makeDriver(pair, ["TERM": "dumb"]) }
        #expect(throws: TerminalError.noScreen(term: nil)) { try makeDriver(pair, ["TERM": ""]) }
        #expect(throws: TerminalError.unknownTerminal(term: "no-such\u{1B}term")) { try makeDriver(pair, ["TERM": "no-such\u{1B}term"]) }
        let long = String(repeating: "x", count: 5_000)
        #expect(throws: TerminalError.unknownTerminal(term: long)) { try makeDriver(pair, ["TERM": long]) }
        #expect(throws: TerminalError.unknownTerminal(term: "../../etc/passwd")) { try makeDriver(pair, ["TERM": "../../etc/passwd"]) }
        for error in [TerminalError.notATerminal, .noScreen(term: nil), .unknownTerminal(term: "a\u{1B}b"), .incapable(term: "x", missing: "y")] {
            #expect(error.description.hasSuffix(".") && !error.description.contains("\u{1B}") && !error.description.contains("\n"))
        }
    }

    @Test func terminfoSaysWhatTheTerminalCanDo() throws {
        let pair = try #require(PseudoTerminal(size: size))
        defer { pair.close() }
        #expect(try makeDriver(pair, ["COLORTERM": ""]).colorDepth == .colors256)
        #expect(try makeDriver(pair, ["COLORTERM": "", "TERM": "linux"]).colorDepth == .colors8)
        #expect(try makeDriver(pair, ["COLORTERM": "", "TERM": "vt100"]).colorDepth == .none)
        #expect(try makeDriver(pair, ["NO_COLOR": "1"]).colorDepth == .none)
        #expect(try makeDriver(pair, ["LANG": "de_DE.ISO-8859-1"]).isUnicode == false)
        #expect(try makeDriver(pair, ["LC_ALL": "de_DE.utf8@euro"]).isUnicode)
    }
}
