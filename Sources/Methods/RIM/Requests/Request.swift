/// A user at a moment: what is known of them by then, and what they do within the horizon (section 2.1).
package struct Request: Sendable, Equatable {
    package var user: Int
    /// T_x.
    package var start: Double
    /// H, in the clock of the data.
    package var horizon: Double
    /// Places in `EventHistories` of the events before `start`.
    package var history: Range<Int>
    /// Places of the events in `start ..< start + horizon`.
    package var target: Range<Int>

    /// nil where the user has no event before `start`.
    package init?(user: Int, start: Double, horizon: Double, in events: EventHistories) {
        let own = events.events(of: user), before = events.count(of: user, before: start), within = events.count(of: user, before: start + horizon)
        guard before > 0, start.isFinite else { return nil }
        self.user = user
        self.start = start
        self.horizon = horizon
        history = own.lowerBound..<own.lowerBound + before
        target = own.lowerBound + before..<own.lowerBound + within
    }
}
