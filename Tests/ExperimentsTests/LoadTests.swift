import Experiments
import Foundation
import Testing
import TrialMethod

/// Sizes that users reach. The limits are far above what was measured, since other work may keep the machine busy.
@Suite(.serialized) struct LoadTests {
    @Test func `a run with 1,000,000 points opens in tens of milliseconds and little memory`() throws {
        let folder = try TemporaryFolder(), location = folder.file("store.sqlite")
        let run = try Writer(["fill", location.path, "1000000", "6"]).output().trimmingCharacters(in: .whitespacesAndNewlines)
        var best = Double.infinity
        for _ in 0..<3 {
            let words = try Writer(["measure", location.path, run]).output().split(separator: " ")
            try #require(words.count == 8)
            #expect(words[1] == "1000000")
            best = min(best, Double(words[5]) ?? .infinity)
            #expect(Int(words[7].trimmingCharacters(in: .newlines)) ?? 999 < 80)
        }
        #expect(best < 120)
    }

    @Test func `ten thousand runs are listed and searched in a moment`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let requests = (0..<10_000).map { DartsMethod.request(rounds: 1 + $0 % 50, seed: UInt64($0)) }
        _ = try store.createStudy(method: "darts", dataset: "board", plan: .smoke, requests: requests)
        let clock = ContinuousClock()
        var count = 0
        let list = try clock.measure { count = try store.runs().count }
        #expect(count == 10_000 && list < .milliseconds(600), "\(list)")
        var filter = RunFilter()
        filter.limit = 60
        let page = try clock.measure { count = try store.runs(filter).count }
        #expect(count == 60 && page < .milliseconds(60), "\(page)")
        filter.text = "darts board"
        let search = try clock.measure { count = try store.runs(filter).count }
        #expect(count == 60 && search < .milliseconds(200), "\(search)")
    }

    @Test func `events go in by the ten thousands a second`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let run = try store.createRun(DartsMethod.request()).identifier
        let seconds = try ContinuousClock().measure {
            for start in stride(from: 0, to: 20_000, by: 500) { try store.append(EventLogTests.events(500, from: start), to: run) }
        } / .seconds(1)
        #expect(20_000 / seconds > 5000)
        #expect(try store.openRun(run).events.count == 20_000)
    }
}
