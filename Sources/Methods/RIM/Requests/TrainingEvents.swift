/// The events that a model may learn from: the first so many of each user's. Those of D; or, for the honest dual, only those before V.
struct TrainingEvents: Sendable {
    let counts: [Int]

    /// Users with at least one, in rising order.
    var users: [Int] { counts.indices.filter { counts[$0] > 0 } }
}
