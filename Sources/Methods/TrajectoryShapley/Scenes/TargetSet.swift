import Datasets

/// An agent at a moment: what it did, what it will do, and what its neighbours did. Positions in metres, relative to its last observed one.
package struct Target: Sendable, Equatable {
    package struct Neighbour: Sendable, Equatable {
        package var path: [SIMD2<Double>]
        /// The place of its track in the recording; nil for one from elsewhere.
        package var track: Int?
        /// C_ij in metres where the scene was generated.
        package var influence: Double?

        package init(path: [SIMD2<Double>], track: Int? = nil, influence: Double? = nil) {
            (self.path, self.track, self.influence) = (path, track, influence)
        }
        /// Metres from the target at the last observed step.
        package var distance: Double { path.last.map { ($0 * $0).sum().squareRoot() } ?? 0 }
    }

    package var past: [SIMD2<Double>]
    package var future: [SIMD2<Double>]
    /// The nearest first.
    package var neighbours: [Neighbour]
    /// The last observed position in the recording's frame.
    package var origin: SIMD2<Double>
    /// Places in the data set.
    package var recording: Int, track: Int, firstStep: Int
    /// Targets of one scene are not independent of each other: the bootstrap draws scenes.
    package var scene: Int

    package init(past: [SIMD2<Double>], future: [SIMD2<Double>], neighbours: [Neighbour], origin: SIMD2<Double> = .zero, recording: Int = 0, track: Int = 0, firstStep: Int = 0, scene: Int = 0) {
        self.past = past
        self.future = future
        self.neighbours = neighbours
        self.origin = origin
        self.recording = recording
        self.track = track
        self.firstStep = firstStep
        self.scene = scene
    }
}

/// How targets are cut out of recordings.
package struct TargetCutting: Sendable {
    package var observed: Int, predicted: Int
    /// How many of the nearest neighbours are kept, and within how many metres.
    package var neighbours: Int
    package var radius: Double?

    package init(observed: Int, predicted: Int, neighbours: Int, radius: Double? = nil) {
        (self.observed, self.predicted, self.neighbours, self.radius) = (observed, predicted, neighbours, radius)
    }

    /// The targets of a recording whose windows begin and end within `steps`.
    ///
    /// A scene of the bootstrap is a whole recording where that is as short as a window or a play, else a stretch of a window's length: windows
    /// that overlap fall into one or two neighbouring stretches.
    func targets(_ recording: TrajectoryDataset.Recording, at place: Int, stride: Int, steps: Range<Int>, scenes: inout [String: Int], proceed: () throws -> Void) rethrows -> [Target] {
        let length = observed + predicted
        var targets: [Target] = []
        for window in recording.windows(observed: observed, predicted: predicted, stride: stride) where window.firstStep >= steps.lowerBound && window.firstStep + length <= steps.upperBound {
            try proceed()
            let name = recording.group != recording.name || recording.part != nil ? recording.group : "\(recording.group) \(window.firstStep / length)"
            let scene = scenes[name] ?? scenes.count
            scenes[name] = scene
            let paths = window.visible.map { track -> ArraySlice<SIMD2<Double>> in
                let first = window.firstStep - recording.tracks[track].firstStep
                return recording.tracks[track].points[first..<min(first + length, recording.tracks[track].points.count)]
            }
            for track in window.targets {
                guard let own = window.visible.firstIndex(of: track), let origin = paths[own].dropFirst(observed - 1).first else { continue }
                var neighbours: [Target.Neighbour] = []
                for (other, path) in zip(window.visible, paths) where other != track {
                    let influence = recording.influence.isEmpty ? nil : recording.influence[track][other]
                    neighbours.append(.init(path: path.prefix(observed).map { $0 - origin }, track: other, influence: influence))
                }
                if let radius { neighbours.removeAll { $0.distance > radius } }
                neighbours.sort { ($0.distance, $0.track ?? 0) < ($1.distance, $1.track ?? 0) }
                targets.append(Target(past: paths[own].prefix(observed).map { $0 - origin }, future: paths[own].dropFirst(observed).prefix(predicted).map { $0 - origin },
                                      neighbours: Array(neighbours.prefix(self.neighbours)), origin: origin, recording: place, track: track, firstStep: window.firstStep, scene: scene))
            }
        }
        return targets
    }
}
