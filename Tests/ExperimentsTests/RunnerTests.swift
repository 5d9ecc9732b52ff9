import Experiments
import Foundation
import Testing

@Suite struct RunnerTests {
    @Test func `a run goes from its request to stored results`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let mailbox = runner.subscribe()
        let identifier = try runner.start(DartsMethod.request())
        #expect(runner.waitUntilIdle(seconds: 20))
        let stored = try runner.store.openRun(identifier)
        #expect(stored.record.state == .finished)
        #expect(stored.results.count == 1)
        #expect(stored.record.pointCount == 400)
        #expect(stored.series.map(\.path) == ["π/estimate", "inside/all"])
        #expect(stored.series[1].unit == "darts")
        #expect(stored.series[0].steps == (1...200).map(Double.init))
        #expect(stored.events.first?.payload.kind == "started")
        #expect(stored.events.last?.payload.kind == "finished")
        let all = try runner.store.events(of: identifier, after: -1)
        #expect(all.map(\.sequence) == Array(0..<all.count))
        let delivered = mailbox.drain()
        #expect(delivered.count == 1)
        #expect(delivered.first?.state == .finished)
        #expect(delivered.first?.events == all)
    }
}
