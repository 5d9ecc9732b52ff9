import Foundation

/// Who did what when: events of users with items, in the order of the file.
public struct EventDataset: Dataset {
    /// What the times count.
    public enum Clock: Sendable, Equatable {
        /// Seconds since 1970-01-01.
        case unix
        /// Days since some start.
        case days
        /// Whatever the file counts.
        case plain

        /// One step of the clock in words.
        public var unit: String {
            switch self {
            case .unix: "s"
            case .days: "days"
            case .plain: "units of the file"
            }
        }
    }

    public let identifier: String
    public let checksum: String
    /// The user of each event, 0 ..< `userNames.count`.
    public let users: [Int32]
    /// The item of each event, 0 ..< `itemNames.count`.
    public let items: [Int32]
    /// When it happened, by `clock`; finite.
    public let times: [Double]
    /// What it was worth (a rating, an amount), 1 where the file has none; finite.
    public let values: [Float]
    public let clock: Clock
    /// Users and items by the names they have in the file, in the order in which they first occur.
    public let userNames: NodeTexts
    public let itemNames: NodeTexts
    /// The title of each item, empty where it has none; nil where the set has no titles.
    public let itemTitles: NodeTexts?
    /// What kinds each item is of (genres, categories), separated by bars; nil where nothing is known.
    public let itemKinds: NodeTexts?
    /// How the events were generated; nil for real ones.
    public let process: EventProcess?
    /// What generated the events; nil for real ones. The same with another seed gives another shop of the same kind.
    public let generator: EventGenerator?
    public let notes: [String]

    public var count: Int { users.count }
    public var userCount: Int { userNames.count }
    public var itemCount: Int { itemNames.count }

    /// - Throws: `DatasetError` when the columns differ in length, a user or item has no name, a number is not finite, or there are
    ///   fewer than two users or items.
    public init(identifier: String, checksum: String, users: [Int32], items: [Int32], times: [Double], values: [Float] = [], clock: Clock,
                userNames: NodeTexts, itemNames: NodeTexts, itemTitles: NodeTexts? = nil, itemKinds: NodeTexts? = nil, process: EventProcess? = nil,
                generator: EventGenerator? = nil, notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        let values = values.isEmpty ? [Float](repeating: 1, count: users.count) : values
        guard users.count == items.count, users.count == times.count, users.count == values.count,
              itemTitles.map({ $0.count == itemNames.count }) ?? true, itemKinds.map({ $0.count == itemNames.count }) ?? true else {
            throw DatasetError(file: file, "has \(users.count) users, \(items.count) items, \(times.count) times and \(values.count) values; give one of each an event")
        }
        guard userNames.count >= 2, itemNames.count >= 2 else {
            throw DatasetError(file: file, "has \(userNames.count) users and \(itemNames.count) items; at least two of each are needed")
        }
        if let bad = users.indices.first(where: { users[$0] < 0 || Int(users[$0]) >= userNames.count || items[$0] < 0 || Int(items[$0]) >= itemNames.count
            || !times[$0].isFinite || !values[$0].isFinite }) {
            throw DatasetError(file: file, place: "event \(bad)", "has a user or item without a name, or a time or value that is not finite; mend it")
        }
        self.identifier = identifier
        self.checksum = checksum
        self.users = users
        self.items = items
        self.times = times
        self.values = values
        self.clock = clock
        self.userNames = userNames
        self.itemNames = itemNames
        self.itemTitles = itemTitles
        self.itemKinds = itemKinds
        self.process = process
        self.generator = generator
        self.notes = notes
    }

    public var memoryBytes: Int {
        20 * count + [userNames, itemNames].reduce(0) { $0 + $1.byteCount + 8 * $1.starts.count } + [itemTitles, itemKinds].reduce(0) { $0 + ($1?.byteCount ?? 0) }
    }

    /// A moment that somebody wrote: a number in the clock of the data, or (where that counts seconds since 1970) a date such as
    /// `2005-06-15` or `2005-06-15T12:00:00Z`; nil for anything else.
    public func moment(_ text: String) -> Double? {
        let trimmed = Array(text.utf8).drop { $0 == 0x20 }
        if let number = Double(String(decoding: trimmed, as: UTF8.self)) { return number.isFinite ? number : nil }
        return clock == .unix ? TimeStamp(trimmed).map(\.seconds) : nil
    }

    /// A moment in words.
    public func text(of time: Double) -> String {
        clock == .unix ? TimeStamp.text(ofSeconds: time) ?? shortNumber(time) : shortNumber(time)
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        var perUser = [Int](repeating: 0, count: userCount), perItem = [Int](repeating: 0, count: itemCount)
        var pairs: Set<UInt64> = []
        for (user, item) in zip(users, items) {
            perUser[Int(user)] += 1
            perItem[Int(item)] += 1
            pairs.insert(UInt64(UInt32(bitPattern: user)) << 32 | UInt64(UInt32(bitPattern: item)))
        }
        var low = Double.infinity, high = -Double.infinity, falls = 0
        for (place, time) in times.enumerated() {
            low = min(low, time)
            high = max(high, time)
            if place > 0, time < times[place - 1] { falls += 1 }
        }
        func spread(_ counts: [Int]) -> String {
            let sorted = counts.sorted()
            return "mean \(shortNumber((100 * Double(count) / Double(max(1, counts.count))).rounded() / 100)), median \(grouped(sorted[sorted.count / 2])), largest \(grouped(sorted.last ?? 0))"
        }
        preview.facts = [
            .init("events", grouped(count)),
            .init("users", "\(grouped(userCount)); events a user: \(spread(perUser))"),
            .init("items", "\(grouped(itemCount)); events an item: \(spread(perItem))"),
            .init("time", "\(text(of: low)) to \(text(of: high))" + (clock == .unix ? "" : " (\(clock.unit))")),
            .init("order", falls == 0 ? "by time" : "not by time: \(grouped(falls)) events stand before an earlier one"),
            .init("repeats", "\(grouped(count - pairs.count)) events repeat a pair of user and item"),
            .init("same moment", "\(grouped(coincidentCount)) events of a user fall on another of the same user"),
        ]
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        var histogram = [Double](repeating: 0, count: 60)
        // Halves keep the width finite for times near the largest Double.
        let width = high / 2 - low / 2
        for time in times { histogram[width > 0 ? min(59, Int((time / 2 - low / 2) / width * 60)) : 0] += 1 }
        preview.lines = [.init(name: "events in each sixtieth of the time", values: histogram)]
        preview.columns = ["user", "item", "time", "value"].map { DatasetPreview.Column(name: $0) }
        preview.rows = (0..<min(10, count)).map { event in
            let item = Int(items[event]), title = itemTitles.map { $0[item] } ?? ""
            return [harmless(userNames[Int(users[event])]), harmless(title.isEmpty ? itemNames[item] : title), text(of: times[event]), shortNumber(Double(values[event]))]
        }
        return preview
    }

    /// Events of a user at a moment at which the same user has an earlier one in the file.
    public var coincidentCount: Int {
        var seen: Set<SIMD2<UInt64>> = []
        return count - zip(users, times).reduce(into: 0) { count, event in
            if seen.insert(SIMD2(UInt64(UInt32(bitPattern: event.0)), event.1.bitPattern)).inserted { count += 1 }
        }
    }
}

/// The process behind generated events, which tells how many are to be expected: each user has a base rate, every event excites more,
/// and users leave.
public struct EventProcess: Sendable, Equatable {
    /// Events a unit of time without excitation, one a user.
    public var baseRates: [Double]
    /// When each user leaves; nothing happens afterwards.
    public var leaves: [Double]
    /// How many further events an event brings about, below 1.
    public var branching: Double
    /// How fast the excitation decays, a unit of time.
    public var decay: Double

    public init(baseRates: [Double], leaves: [Double], branching: Double, decay: Double) {
        self.baseRates = baseRates
        self.leaves = leaves
        self.branching = branching
        self.decay = decay
    }

    /// The expected number of events of a user in `start ..< start + horizon` for one who knows the process, whether the user has left and
    /// the history: with κ = β(1 - n), x∞ = nμ/(1 - n), x₀ = Σ nβ exp(-β(T - tᵢ)), (μ + x∞)H + (x₀ - x∞)(1 - exp(-κH))/κ.
    /// - Parameter history: times of the user's events; those at `start` or later are not looked at.
    public func expectedCount(user: Int, history: some Sequence<Double>, start: Double, horizon: Double) -> Double {
        guard leaves[user] > start else { return 0 }
        let excitation = history.reduce(0.0) { $1 < start ? $0 + branching * decay * exp(-decay * (start - $1)) : $0 }
        return expectedCount(baseRate: baseRates[user], excitation: excitation, horizon: horizon)
    }

    /// The same for a user of a given base rate and present excitation x₀.
    public func expectedCount(baseRate: Double, excitation: Double, horizon: Double) -> Double {
        let speed = decay * (1 - branching), settled = branching * baseRate / (1 - branching)
        return (baseRate + settled) * horizon + (excitation - settled) * (1 - exp(-speed * horizon)) / speed
    }
}
