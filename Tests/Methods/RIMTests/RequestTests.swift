import Datasets
import Foundation
import RIM
import Tensors
import Testing

/// Histories, splits and what may be known when.
@Suite struct RequestTests {
    func histories(_ events: [(Int32, Int32, Double)], users: Int, rule: EventHistories.Rule = .all, seed: UInt64 = 1) -> EventHistories {
        EventHistories(users: events.map(\.0), items: events.map(\.1), times: events.map(\.2), userCount: users, itemCount: 10, rule: rule, random: RandomSource(seed: seed))
    }

    @Test func `events come by user and time, whatever the order of the file, and ties in a seeded one`() {
        let found = histories([(1, 0, 5), (0, 1, 9), (0, 2, 3), (1, 3, 5), (0, 4, 3)], users: 3)
        #expect(found.starts == [0, 3, 5, 5] && found.times == [3, 3, 9, 5, 5] && found.coincident == 2)
        let orders = Set((1...20).map { histories([(0, 2, 3), (0, 4, 3), (1, 1, 1)], users: 2, seed: $0).items })
        #expect(orders.count == 2)
    }

    @Test func `a request knows what is strictly before it, and has as targets what comes within the horizon, its start included`() throws {
        let events = histories([(0, 0, 1), (0, 1, 10), (0, 2, 15), (0, 3, 20), (1, 0, 12)], users: 2)
        let request = try #require(Request(user: 0, start: 10, horizon: 10, in: events))
        #expect(request.history == 0..<1 && request.target == 1..<3)
        #expect(Request(user: 1, start: 10, horizon: 10, in: events) == nil)
    }

    @Test func `the temporal split trains before T alone, and validates a horizon earlier`() throws {
        var list: [(Int32, Int32, Double)] = []
        for user in 0..<6 { for day in 0..<10 { list.append((Int32(user), Int32(day), 10 * Double(day) + Double(user))) } }
        let events = histories(list, users: 6), split = try RequestSplit.temporal(events, start: 80, horizon: 10, extra: 2)
        #expect(split.training == Array(repeating: 8, count: 6) && split.test.count == 6 && split.test.allSatisfy { $0.target.count == 1 && $0.start == 80 })
        #expect(split.validation.allSatisfy { $0.start == 70 && $0.horizon == 10 } && split.extra.map { $0[0].start } == [60, 50])
        for request in split.validation { #expect(request.target.upperBound <= events.starts[request.user] + split.training[request.user]) }
    }

    @Test func `the user split tests one half at a median span after their first event, and trains on all of the other`() throws {
        var list: [(Int32, Int32, Double)] = []
        for user in 0..<10 { for step in 0..<12 { list.append((Int32(user), Int32(step % 10), 100 * Double(user) + Double(step))) } }
        let events = histories(list, users: 10), split = try RequestSplit.user(events, hasExtra: true, random: RandomSource(seed: 3))
        #expect(split.horizon == 11 && split.test.count == 5 && split.validation.count == 5 && split.extra[0].count == 10)
        #expect(Set(split.test.map(\.user)).isDisjoint(with: split.validation.map(\.user)))
        for request in split.test { #expect(split.training[request.user] == request.history.count && split.ends[request.user] == request.start && request.start == events.times[events.starts[request.user]] + 11) }
        for request in split.validation { #expect(split.training[request.user] == 12 && split.ends[request.user] == .infinity) }
        #expect(split.extra[0].allSatisfy { $0.horizon == 5.5 })
    }

    @Test func `users with a single moment have no median span`() {
        let events = histories([(0, 0, 1), (1, 1, 2), (2, 2, 3), (2, 3, 4)], users: 3)
        #expect(throws: RIMError.self) { try RequestSplit.user(events, hasExtra: false, random: RandomSource(seed: 1)) }
        #expect(throws: RIMError.self) { try RequestSplit.temporal(events, start: 2, horizon: 0, extra: 0) }
        #expect(throws: RIMError.self) { try RequestSplit.temporal(events, start: 1, horizon: 1, extra: 0) }
    }

    @Test func `the oracle of the generator`() {
        let process = EventProcess(baseRates: [0.1], leaves: [100], branching: 0.6, decay: 0.5)
        #expect(abs(process.expectedCount(baseRate: 0.1, excitation: 0.4, horizon: 10) - 3.580831) < 1e-6)
    }
}
