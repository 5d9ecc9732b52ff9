import Foundation
import Tensors

/// Generates events of users with items: a Hawkes process a user that says when, and tastes, fashions and sequels that say what.
///
/// Items have a popularity `rank^-0.8`, a genre and a release; the weight at time t is `q (0.2 + 0.8 exp(-(t - r)/20))` from the release on.
/// Users join at the start (half of them) or later, leave after an exponential time, act at a base rate `exp(N(ln 0.1, 0.7))` a day, and
/// each of their events excites n = 0.6 more at decay β = 0.5 a day: `λ = μ + Σ nβ exp(-β(t - tᵢ))`, simulated by thinning. A user is in
/// one genre at a time, drawn from a Dirichlet(0.3) taste and drawn anew before an event with chance 0.15. With chance 0.5 an event takes the
/// sequel of the user's last item (the next number, when it is of the genre, released and unseen), else an unseen released item of the
/// genre by weight, or of any genre when there is none; a user with nothing left stops. No item comes twice to a user.
public struct EventGenerator: Sendable, Equatable {
    public var users: Int
    public var items: Int
    public var genres: Int
    /// Days 0 ..< `duration`.
    public var duration: Double

    /// 600 users, 200 items in 8 genres, 100 days.
    public static let standard = EventGenerator(users: 600, items: 200, genres: 8, duration: 100)
    /// The smoke plan's: 80 users, 40 items in 4 genres.
    public static let small = EventGenerator(users: 80, items: 40, genres: 4, duration: 100)

    private static let branching = 0.6, decay = 0.5, stay = 60.0

    private struct Item {
        var popularity: Double, release: Double, genre: Int

        func weight(at time: Double) -> Double {
            time < release ? 0 : popularity * (0.2 + 0.8 * exp(-(time - release) / 20))
        }
    }

    /// - Returns: events by time; the same seed gives the same. Users without an event are users all the same.
    /// - Throws: `DatasetError` when there are fewer than two users or items, or fewer items than genres.
    public func generate(identifier: String, seed: UInt64) throws -> EventDataset {
        guard users >= 2, items >= 2, genres >= 1, items >= genres, duration > 0, duration <= 10_000, users <= 1_000_000, items <= 100_000 else {
            throw DatasetError(file: identifier, "cannot be generated with \(users) users and \(items) items in \(genres) genres; take two or more of each and no more genres than items")
        }
        let root = RandomSource(seed: seed)
        let catalogue = makeItems(root)
        var events: [(time: Double, user: Int32, item: Int32)] = []
        var process = EventProcess(baseRates: [], leaves: [], branching: Self.branching, decay: Self.decay)
        for user in 0..<users {
            var random = root.stream("user", user)
            let join = random.uniform() < 0.5 ? 0 : 80 * random.uniform() * duration / 100
            let leave = join - Self.stay * log(1 - random.uniform())
            let rate = exp(log(0.1) + 0.7 * random.normal())
            process.baseRates.append(rate)
            process.leaves.append(leave)
            var chooser = Chooser(items: catalogue, genres: genres, random: &random)
            for time in arrivals(from: join, to: min(leave, duration), rate: rate, &random) {
                guard let item = chooser.next(at: time, &random) else {
                    process.leaves[user] = time
                    break
                }
                events.append((time, Int32(truncatingIfNeeded: user), Int32(truncatingIfNeeded: item)))
            }
        }
        events.sort { ($0.time, $0.user) < ($1.time, $1.user) }
        let perGenre = (items + genres - 1) / genres
        let words = "\(identifier) \(users) \(items) \(genres) \(duration) \(seed) version 1"
        return try EventDataset(
            identifier: identifier, checksum: SHA256.hexadecimal(of: Array(words.utf8)), users: events.map(\.user), items: events.map(\.item), times: events.map(\.time),
            clock: .days, userNames: NodeTexts((1...users).map { "user \($0)" }), itemNames: NodeTexts((0..<items).map { "item \($0 + 1)" }),
            itemTitles: NodeTexts((0..<items).map { "genre \($0 / perGenre + 1), part \($0 % perGenre + 1)" }),
            itemKinds: NodeTexts(catalogue.map { "genre \($0.genre + 1)" }), process: process, generator: self, notes: ["generated, seed \(seed)"])
    }

    private func makeItems(_ root: RandomSource) -> [Item] {
        var random = root.stream("items")
        let ranks = random.permutation(items), perGenre = (items + genres - 1) / genres
        return (0..<items).map { item in
            let release = random.uniform() < 0.7 ? -100 + 100 * random.uniform() : 0.9 * duration * random.uniform()
            return Item(popularity: exp(-0.8 * log(Double(ranks[item] + 1))), release: release, genre: item / perGenre)
        }
    }

    /// Times of a Hawkes process of exponential decay by thinning (Ogata 1981): between events the intensity only falls, so its present
    /// value bounds it.
    private func arrivals(from start: Double, to end: Double, rate: Double, _ random: inout RandomSource) -> [Double] {
        var times: [Double] = [], time = start, excitation = 0.0
        while times.count < 10_000 {
            let bound = rate + excitation
            let step = -log(1 - random.uniform()) / bound
            time += step
            guard time < end else { break }
            excitation *= exp(-Self.decay * step)
            if random.uniform() * bound < rate + excitation {
                times.append(time)
                excitation += Self.branching * Self.decay
            }
        }
        return times
    }

    /// What a user takes next.
    private struct Chooser {
        let items: [Item]
        let taste: [Double]
        var genre: Int
        var last: Int?
        var seen: [Bool]

        init(items: [Item], genres: Int, random: inout RandomSource) {
            self.items = items
            let draws = (0..<genres).map { _ in Self.gamma(0.3, &random) }
            let sum = draws.reduce(0, +)
            taste = sum > 0 ? draws.map { $0 / sum } : draws.map { _ in 1 / Double(genres) }
            genre = Self.draw(taste, &random) ?? 0
            seen = [Bool](repeating: false, count: items.count)
        }

        mutating func next(at time: Double, _ random: inout RandomSource) -> Int? {
            if random.uniform() < 0.15 { genre = Self.draw(taste, &random) ?? genre }
            let wantsSequel = random.uniform() < 0.5
            var chosen: Int?
            if wantsSequel, let last, last + 1 < items.count, items[last + 1].genre == genre, items[last + 1].release <= time, !seen[last + 1] { chosen = last + 1 }
            if chosen == nil {
                let weights = items.indices.map { seen[$0] ? 0 : items[$0].weight(at: time) }
                chosen = Self.draw(items.indices.map { items[$0].genre == genre ? weights[$0] : 0 }, &random) ?? Self.draw(weights, &random)
            }
            guard let chosen else { return nil }
            seen[chosen] = true
            last = chosen
            return chosen
        }

        /// A place by weight; nil when all are zero.
        private static func draw(_ weights: [Double], _ random: inout RandomSource) -> Int? {
            let sum = weights.reduce(0, +)
            guard sum > 0 else { return nil }
            var rest = random.uniform() * sum
            for (place, weight) in weights.enumerated() {
                rest -= weight
                if rest < 0, weight > 0 { return place }
            }
            return weights.lastIndex { $0 > 0 }
        }

        /// A draw of Gamma(shape, 1) for a shape below one (Marsaglia and Tsang 2000, with the power of a uniform number).
        private static func gamma(_ shape: Double, _ random: inout RandomSource) -> Double {
            let d = shape + 1 - 1.0 / 3, c = 1 / (9 * d).squareRoot()
            while true {
                let x = random.normal(), v = 1 + c * x
                guard v > 0 else { continue }
                let cubed = v * v * v
                if log(1 - random.uniform()) < 0.5 * x * x + d - d * cubed + d * log(cubed) {
                    return d * cubed * exp(log(1 - random.uniform()) / shape)
                }
            }
        }
    }
}
