import Terminal
import Testing

/// What the application under the loop has to show.
@MainActor private final class Model {
    var value = 0
    var text = ""
}

@MainActor @Suite struct TerminalLoopTests {
    private let driver = InMemoryDriver(size: Size(width: 20, height: 3))

    private func makeLoop(_ text: @escaping @MainActor () -> String) throws -> TerminalLoop {
        let loop = TerminalLoop(driver: driver)
        loop.onDraw = { size in
            var grid = CellGrid(size)
            grid.write(text(), x: 0, y: 0)
            return Frame(grid, cursor: Frame.Position(x: 1, y: 0))
        }
        return loop
    }

    @Test func aKeyIsOnTheScreenAtOnce() throws {
        var typed = ""
        let loop = try makeLoop { typed }
        loop.onEvent = { if case .key(let key) = $0 { typed += key.insertedText ?? "" } }
        try loop.start()
        #expect(driver.isStarted && driver.frameCount == 1 && driver.grid.text == "\n\n")
        driver.feed(keys: "a", "b")
        #expect(driver.grid.text == "ab\n\n" && driver.frameCount == 3)
        driver.feed(together: [.key("c"), .key("d"), .key("e")])
        #expect(driver.grid.text == "abcde\n\n" && driver.frameCount == 4)
        driver.feed(.resize(Size(width: 2, height: 1)))
        #expect(driver.grid.text == "ab")
        driver.feed(.resize(Size(width: 0, height: 0)))
        #expect(driver.grid.size == Size(width: 0, height: 0))
        loop.stop()
        driver.feed(keys: "x")
        #expect(!driver.isStarted && driver.frameCount == 6)
    }

    @Test func flowingDataDrawAtMostTenFramesASecond() async throws {
        let model = Model()
        let loop = try makeLoop { "\(model.value)" }
        try loop.start()
        let clock = ContinuousClock()
        let start = clock.now
        // Other suites hold the main actor for long: the bound only ends a test that would never end.
        while driver.frameCount < 5, clock.now - start < .seconds(300) {
            model.value += 1
            loop.setNeedsRedraw()
            try await Task.sleep(for: .milliseconds(2))
        }
        let seconds = Double((clock.now - start).components.attoseconds) * 1e-18 + Double((clock.now - start).components.seconds)
        #expect(driver.frameCount >= 5)
        #expect(driver.frameCount <= 2 + Int(seconds * 10))
        let last = clock.now
        while !driver.grid.text.hasPrefix("\(model.value)"), clock.now - last < .seconds(300) { try await Task.sleep(for: .milliseconds(20)) }
        // The last value is not forgotten, and an idle program draws nothing.
        #expect(driver.grid.text.hasPrefix("\(model.value)"))
        let count = driver.frameCount
        try await Task.sleep(for: .milliseconds(250))
        #expect(driver.frameCount == count)
        loop.stop()
    }

    @Test func aDelayedRedrawComes() async throws {
        let model = Model()
        model.text = "message"
        let loop = try makeLoop { model.text }
        try loop.start()
        model.text = "gone"
        loop.redraw(after: .milliseconds(150))
        #expect(driver.grid.text.hasPrefix("message"))
        for _ in 0..<200 where !driver.grid.text.hasPrefix("gone") { try await Task.sleep(for: .milliseconds(10)) }
        #expect(driver.grid.text.hasPrefix("gone"))
        loop.stop()
    }

    @Test func aSignalEndsTheLoopWithItsStatus() async throws {
        let loop = try makeLoop { "" }
        try loop.start()
        let ending = Task { await loop.finished() }
        await Task.yield()
        driver.terminate(signal: 15)
        #expect(await ending.value == 143)
        #expect(await loop.finished() == 143)
        #expect(!driver.isStarted)
    }

    @Test func theProgramMayAnswerASignalItself() throws {
        let loop = try makeLoop { "" }
        var signals: [Int32] = []
        loop.onTermination = { signals.append($0) }
        try loop.start()
        driver.terminate(signal: 1)
        #expect(signals == [1] && loop.exitStatus == nil)
        loop.stop(exitStatus: 4)
        #expect(loop.exitStatus == 4)
    }

    @Test func theInMemoryScreenKeepsWhatElseWasAsked() {
        #expect(driver.copy("text") && !driver.copy(String(repeating: "x", count: 60_000)))
        driver.notify("a\u{1B}b")
        driver.setTitle("t\n")
        driver.ringBell()
        #expect(driver.copiedTexts == ["text"] && driver.notifications == ["a·b"] && driver.title == "t·" && driver.bellCount == 1)
    }
}
