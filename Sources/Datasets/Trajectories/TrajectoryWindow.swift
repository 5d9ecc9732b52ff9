extension TrajectoryDataset {
    /// Some steps of a recording in a row, and who is there.
    public struct Window: Sendable, Equatable {
        public var firstStep: Int
        /// Places in the recording's tracks of the agents that are there at every step.
        public var targets: [Int]
        /// Places of all tracks that are there at every observed step, the targets among them; a future is not asked of them.
        public var visible: [Int]
    }
}

extension TrajectoryDataset.Recording {
    /// The windows of `observed + predicted` steps in which at least one agent is there all the time, in the order of time. A window in which nobody
    /// is there all the time, such as one over a gap of the recording, is none.
    /// - Parameter stride: every how many steps a window may begin, counted from the recording's first step.
    public func windows(observed: Int, predicted: Int, stride: Int = 1) -> [TrajectoryDataset.Window] {
        guard observed > 0, predicted > 0, stride > 0, let first = tracks.map(\.firstStep).min() else { return [] }
        var targets: [Int: [Int]] = [:], visible: [Int: [Int]] = [:]
        for (place, track) in tracks.enumerated() {
            func each(_ length: Int, _ body: (Int) -> Void) {
                guard track.points.count >= length else { return }
                let skipped = (track.firstStep - first + stride - 1) / stride * stride
                var step = first + skipped
                while step + length <= track.firstStep + track.points.count {
                    body(step)
                    step += stride
                }
            }
            if track.isAgent { each(observed + predicted) { targets[$0, default: []].append(place) } }
            each(observed) { visible[$0, default: []].append(place) }
        }
        return targets.keys.sorted().map { .init(firstStep: $0, targets: targets[$0] ?? [], visible: visible[$0] ?? []) }
    }
}
