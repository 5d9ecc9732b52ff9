import Terminal

/// Agents that move in the plane, at one step of their clock: where each came from, where the subject went and was predicted to go, and what each
/// agent is worth, as the thickness of a line to the subject and as a number.
///
/// x goes to the right and y upwards, both at one scale, a cell twice as high as wide. Marks: `o` the subject's past, `*` its true future, `·`
/// predictions, `@` the subject now, digits the others now. Colour repeats what marks and numbers say.
public struct SceneChart: Chart, Sendable {
    public enum Role: Sendable, Hashable { case subject, other, prediction }

    public struct Track: Sendable, Hashable {
        public var name: String
        public var role: Role
        public var firstStep: Int
        public var points: [SIMD2<Double>]
        /// Of a prediction.
        public var probability: Double?
        /// What the agent is worth; nil where nothing is known.
        public var value: Double?

        public init(_ name: String, role: Role, firstStep: Int = 0, points: [SIMD2<Double>], probability: Double? = nil, value: Double? = nil) {
            self.name = name
            self.role = role
            self.firstStep = firstStep
            self.points = points
            self.probability = probability
            self.value = value
        }

        /// Its position at a step, nil where it has none.
        func point(at step: Int) -> SIMD2<Double>? { points.indices.contains(step - firstStep) ? points[step - firstStep] : nil }
    }

    public var tracks: [Track]
    /// The step that is shown: later positions are not drawn yet.
    public var step: Int
    /// The last step that was seen: what follows is future.
    public var present: Int
    /// Of positions, and of values.
    public var unit: String
    public var valueUnit: String
    /// The value that is drawn thickest; nil takes the largest of the tracks.
    public var thickest: Double?

    public init(_ tracks: [Track], step: Int, present: Int, unit: String = "m", valueUnit: String = "", thickest: Double? = nil) {
        self.tracks = tracks
        self.step = step
        self.present = present
        self.unit = unit
        self.valueUnit = valueUnit
        self.thickest = thickest
    }

    /// The sign of the k-th agent beside the subject: a digit, then letters.
    public static func sign(_ place: Int) -> Character { Array("123456789abcdefghijklmnpqrstuvwxyz")[min(max(0, place), 33)] }
}
