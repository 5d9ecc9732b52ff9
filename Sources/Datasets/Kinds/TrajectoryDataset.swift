/// Paths of several agents in the plane over the steps of one clock: pedestrians, cyclists, players.
public struct TrajectoryDataset: Dataset {
    /// What a recording is for, where the data set says so itself.
    public enum Part: String, Sendable, Codable, Equatable, CaseIterable { case training, validation, test }

    /// One agent without a hole: a position for each step from `firstStep` on.
    public struct Track: Sendable, Equatable {
        /// As the file names it, with a letter behind where a hole cut it in two.
        public var name: String
        public var firstStep: Int
        /// Metres.
        public var points: [SIMD2<Double>]
        /// False for what moves with the agents but is no agent itself, such as a ball: it is seen by others and never predicted.
        public var isAgent: Bool

        public init(name: String, firstStep: Int, points: [SIMD2<Double>], isAgent: Bool = true) {
            (self.name, self.firstStep, self.points, self.isAgent) = (name, firstStep, points, isAgent)
        }

        /// Whether it has a position at each of these steps.
        public func covers(_ steps: Range<Int>) -> Bool { firstStep <= steps.lowerBound && firstStep + points.count >= steps.upperBound }
    }

    /// Tracks that share a clock and can see each other.
    public struct Recording: Sendable, Equatable {
        public var name: String
        /// What belongs together and must not be divided between training and test: the file, or the play.
        public var group: String
        /// nil: folds decide.
        public var part: Part?
        /// The first step that validates when the recording trains; nil where none does.
        public var validationStep: Int?
        public var tracks: [Track]
        /// influence[i][j]: how far track i's future moves, on average in metres, when j's force on it is switched off at the last observed
        /// step; known for generated scenes only, else empty.
        public var influence: [[Double]]

        public init(name: String, group: String? = nil, part: Part? = nil, validationStep: Int? = nil, tracks: [Track], influence: [[Double]] = []) {
            self.name = name
            self.group = group ?? name
            self.part = part
            self.validationStep = validationStep
            self.tracks = tracks
            self.influence = influence
        }
    }

    /// A usual way to leave recordings out: these groups test, all others train.
    public struct Fold: Sendable, Equatable {
        public var name: String
        public var test: [String]
        public init(name: String, test: [String]) { (self.name, self.test) = (name, test) }
    }

    /// How examples are usually cut and standardised.
    public struct Usual: Sendable, Equatable {
        /// Steps that are seen, and steps to predict.
        public var observed = 8, predicted = 12
        /// How many neighbours at most, and within how many metres; nil without a limit.
        public var neighbours = 4
        public var radius: Double?
        /// Divisors of positions, velocities and accelerations.
        public var scales: (position: Double, velocity: Double, acceleration: Double) = (3, 2, 1)
        public init(observed: Int = 8, predicted: Int = 12, neighbours: Int = 4, radius: Double? = nil, scales: (position: Double, velocity: Double, acceleration: Double) = (3, 2, 1)) {
            (self.observed, self.predicted, self.neighbours, self.radius, self.scales) = (observed, predicted, neighbours, radius, scales)
        }
        public static func == (a: Usual, b: Usual) -> Bool {
            a.observed == b.observed && a.predicted == b.predicted && a.neighbours == b.neighbours && a.radius == b.radius && a.scales == b.scales
        }
    }

    public let identifier: String
    public let checksum: String
    /// Seconds from step to step.
    public let step: Double
    public let recordings: [Recording]
    /// The first is the usual one; empty where recordings say their part themselves or any division will do.
    public let folds: [Fold]
    public let usual: Usual
    /// What reading left out or cut, in words, for the Data screen and a run's log.
    public let notes: [String]

    /// - Throws: `DatasetError` when nothing is left, a position is not finite, or a fold names a group that is not there.
    public init(identifier: String, checksum: String, step: Double, recordings: [Recording], folds: [Fold] = [], usual: Usual = Usual(),
                notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard step > 0, step.isFinite else { throw DatasetError(file: file, "has steps of \(step) s; give a positive number of seconds") }
        guard recordings.contains(where: { !$0.tracks.isEmpty }) else { throw DatasetError(file: file, "has no track; give at least one") }
        for recording in recordings {
            for track in recording.tracks where track.points.isEmpty || !track.points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) {
                throw DatasetError(file: file, place: "\(recording.name), track \(track.name)", "has no positions, or one that is no finite number; mend it")
            }
            guard recording.influence.isEmpty || (recording.influence.count == recording.tracks.count && recording.influence.allSatisfy { $0.count == recording.tracks.count }) else {
                throw DatasetError(file: file, place: recording.name, "has influences for other tracks than its own; give one a pair")
            }
        }
        let groups = Set(recordings.map(\.group))
        for fold in folds { for name in fold.test where !groups.contains(name) { throw DatasetError(file: file, "the fold \(fold.name) tests on \(name), which is not there") } }
        self.identifier = identifier
        self.checksum = checksum
        self.step = step
        self.recordings = recordings
        self.folds = folds
        self.usual = usual
        self.notes = notes
    }

    /// All positions.
    public var count: Int { recordings.reduce(0) { $0 + $1.tracks.reduce(0) { $0 + $1.points.count } } }
    public var trackCount: Int { recordings.reduce(0) { $0 + $1.tracks.count } }
    public var memoryBytes: Int { 16 * count + 96 * trackCount }
}
