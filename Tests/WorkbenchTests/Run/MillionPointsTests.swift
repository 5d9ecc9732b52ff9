import Charts
import Experiments
import Foundation
import Terminal
import Testing
import Workbench

@Suite struct MillionPointsTests {
    /// The process' resident memory in bytes, where the system tells.
    private func residentBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 }
    }

    @Test func `a run of a million points opens from packed arrays, draws, and takes about 17 bytes a point`() throws {
        let count = 250_000
        let steps = (0..<count).map(Double.init)
        let series = (0..<4).map { index in
            RunSeries(name: "loss/\(index)", unit: "nats", steps: steps, values: steps.map { 1 / (1 + $0 / 1000) + Double((Int($0) &* 7919 &+ index) % 97) / 1000 })
        }
        let opened = OpenedRun(row: SampleRun.row(), events: try SampleRun.events().filter { if case .metric = $0.payload { false } else { true } }, series: series)
        var robot = ScreenRobot(width: 200, height: 60)
        robot.tell(.runs([opened.row]))
        robot.press("enter")
        let before = residentBytes()
        let clock = ContinuousClock()
        let open = clock.measure { robot.tell(.runOpened(opened)) }
        let first = clock.measure { _ = robot.app.draw(size: robot.size) }
        #expect(robot.shows("loss") || robot.shows("Outer loss"))
        #expect(open < .seconds(2), "\(open)")
        #expect(first < .seconds(1), "\(first)")
        if let before, let after = residentBytes() { #expect(after - before < 60_000_000, "\((after - before) / 1_000_000) MB more") }
        print("a million points: taken in in \(open), first frame \(first), \(before.flatMap { b in residentBytes().map { ($0 - b) / 1_000_000 } } ?? -1) MB")
    }
}
