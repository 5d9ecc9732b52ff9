import Tensors

/// Which events train, and which requests test (D), validate (V) and add to validation (V0, V1, …), as section 2.2 has them.
package struct RequestSplit: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case temporal, user }

    /// How many of each user's events train: those before the user's T, all of them where T is infinite.
    package let training: [Int]
    /// T of each user.
    package let ends: [Double]
    /// When V begins for each user: events before it train the second model of the honest dual.
    package let validationStarts: [Double]
    package let test: [Request]
    package let validation: [Request]
    package let extra: [[Request]]
    /// H.
    package let horizon: Double

    /// One T for all users; V_k the same at T - (k + 1) H.
    /// - Throws: `RIMError` when the horizon is not positive or a part has no request or no target.
    package static func temporal(_ events: EventHistories, start: Double, horizon: Double, extra count: Int) throws -> RequestSplit {
        guard horizon > 0, horizon.isFinite, start.isFinite else { throw RIMError("parameter horizon: \(short(horizon)) is no positive length of time; give one in the clock of the data") }
        let users = 0..<events.userCount
        func requests(at start: Double) -> [Request] { users.compactMap { Request(user: $0, start: start, horizon: horizon, in: events) } }
        return try RequestSplit(
            training: users.map { events.count(of: $0, before: start) }, ends: users.map { _ in start }, validationStarts: users.map { _ in start - horizon },
            test: requests(at: start), validation: requests(at: start - horizon), extra: (0..<count).map { requests(at: start - Double($0 + 2) * horizon) }, horizon: horizon)
    }

    /// A median span after each user's first event; a seeded half of the users (group A) trains with all events and validates, the others test.
    /// - Throws: `RIMError` when the median span is 0 or a part has no request or no target.
    package static func user(_ events: EventHistories, hasExtra: Bool, random: RandomSource) throws -> RequestSplit {
        let users = (0..<events.userCount).filter { !events.events(of: $0).isEmpty }
        let spans = users.map { events.times[events.starts[$0 + 1] - 1] - events.times[events.starts[$0]] }.sorted()
        guard !spans.isEmpty else { throw RIMError("no user has an event; give a table of user, item and time") }
        // Halves keep the sum of times near the largest number finite.
        let horizon = spans[(spans.count - 1) / 2] / 2 + spans[spans.count / 2] / 2
        guard horizon > 0, horizon.isFinite else {
            throw RIMError("half of the users or more have all their events at one moment, so the horizon of the user split (the median of the users' spans) is 0; set split to temporal, with test-start and horizon")
        }
        var random = random
        let order = random.permutation(users.count)
        let group = Set(order.prefix(Int((0.5 * Double(users.count)).rounded())).map { users[$0] })
        func start(_ user: Int) -> Double { events.events(of: user).isEmpty ? 0 : events.times[events.starts[user]] + horizon }
        func requests(_ chosen: [Int], _ moved: Double, _ horizon: Double) -> [Request] {
            chosen.compactMap { Request(user: $0, start: start($0) + moved, horizon: horizon, in: events) }
        }
        let all = 0..<events.userCount
        return try RequestSplit(
            training: all.map { group.contains($0) ? events.events(of: $0).count : events.count(of: $0, before: start($0)) },
            ends: all.map { group.contains($0) ? .infinity : start($0) }, validationStarts: all.map(start),
            test: requests(users.filter { !group.contains($0) }, 0, horizon), validation: requests(users.filter { group.contains($0) }, 0, horizon),
            extra: hasExtra ? [requests(users, -horizon / 2, horizon / 2)] : [], horizon: horizon)
    }

    private init(training: [Int], ends: [Double], validationStarts: [Double], test: [Request], validation: [Request], extra: [[Request]], horizon: Double) throws {
        for (name, requests) in [("test", test), ("validation", validation)] {
            guard requests.count >= 2 else {
                throw RIMError("the \(name) part has \(requests.count) requests (users with an event before its start); two or more are needed: take a later test-start, or more users")
            }
            guard requests.contains(where: { !$0.target.isEmpty }) else {
                throw RIMError("no event falls into the horizon of the \(name) part, so nothing can be measured; take another test-start or a longer horizon")
            }
        }
        self.training = training
        self.ends = ends
        self.validationStarts = validationStarts
        self.test = test
        self.validation = validation
        self.extra = extra
        self.horizon = horizon
    }
}
