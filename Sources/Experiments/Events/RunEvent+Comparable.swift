extension [RunEvent] {
    /// The stream without what the clock decides: times, sequence numbers, seconds, where points were cut into events, progress, and
    /// which checkpoints were skipped. Two runs of one request, or a resumed and an uninterrupted one, are equal in this form, bit for
    /// bit with one thread.
    public func withoutTiming() -> [RunEvent] {
        var events: [RunEvent] = [], points: [RunEvent.MetricBatch] = [], index: [String: Int] = [:]
        func add(_ payload: RunEvent.Payload) { events.append(RunEvent(sequence: events.count, time: 0, payload: payload)) }
        func addPoints() {
            for batch in points { add(.metric(batch)) }
            (points, index) = ([], [:])
        }
        for event in self {
            switch event.payload {
            case .metric(let batch):
                if let place = index[batch.series] {
                    points[place].steps += batch.steps
                    points[place].values += batch.values
                } else {
                    index[batch.series] = points.count
                    points.append(batch)
                }
            case .progress, .checkpoint: break
            case .finished(var summary):
                addPoints()
                summary.seconds = 0
                add(.finished(summary))
            default:
                addPoints()
                add(event.payload)
            }
        }
        addPoints()
        return events
    }
}
