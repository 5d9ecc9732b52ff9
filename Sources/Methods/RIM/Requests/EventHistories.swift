import Datasets
import Tensors

/// All events, user by user, each user's by time.
///
/// Events at one moment stand in seeded order (section 2.2): a file's own order of ratings within a second gives away what was rated next to what.
package struct EventHistories: Sendable {
    /// Events of user u stand at `starts[u] ..< starts[u + 1]`.
    package let starts: [Int]
    package let items: [Int32]
    package let times: [Double]
    package let itemCount: Int
    /// Events of a user at a moment at which the same user has an earlier one.
    package let coincident: Int

    /// Which events count.
    package enum Rule: String, Sendable, CaseIterable {
        case all
        /// Of a user's n events by time those of rank r with 2r >= n (the published preparation of MovieLens-1M).
        case secondHalf = "second-half"
    }

    package var userCount: Int { starts.count - 1 }
    package var count: Int { items.count }

    package func events(of user: Int) -> Range<Int> { starts[user]..<starts[user + 1] }

    /// How many of a user's events come before `time`.
    package func count(of user: Int, before time: Double) -> Int {
        var (low, high) = (starts[user], starts[user + 1])
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low - starts[user]
    }

    /// - Parameter users, items, times: one of each an event, users below `userCount` and items below `itemCount`.
    package init(users: [Int32], items: [Int32], times: [Double], userCount: Int, itemCount: Int, rule: Rule = .all, random: RandomSource) {
        var random = random
        var place = [Int](repeating: 0, count: users.count)
        for (rank, event) in random.permutation(users.count).enumerated() { place[event] = rank }
        var byUser = [[Int]](repeating: [], count: userCount)
        for (event, user) in users.enumerated() { byUser[Int(user)].append(event) }
        var starts = [0], kept: [Int] = [], coincident = 0
        for events in byUser {
            let order = events.sorted { (times[$0], place[$0]) < (times[$1], place[$1]) }
            let own = Self.ranks(order.count, rule).map { order[$0] }
            for (earlier, later) in zip(own, own.dropFirst()) where times[earlier] == times[later] { coincident += 1 }
            kept += own
            starts.append(kept.count)
        }
        self.starts = starts
        self.items = kept.map { items[$0] }
        self.times = kept.map { times[$0] }
        self.itemCount = itemCount
        self.coincident = coincident
    }

    package init(_ dataset: EventDataset, rule: Rule, random: RandomSource) {
        self.init(users: dataset.users, items: dataset.items, times: dataset.times, userCount: dataset.userCount, itemCount: dataset.itemCount, rule: rule, random: random)
    }

    /// Which of a user's n events, counted from 0 by time, a rule keeps.
    package static func ranks(_ count: Int, _ rule: Rule) -> Range<Int> {
        switch rule {
        case .all: 0..<count
        // Rank r from 1 stays when r / n >= 1/2.
        case .secondHalf: max(0, (count + 1) / 2 - 1)..<count
        }
    }
}
