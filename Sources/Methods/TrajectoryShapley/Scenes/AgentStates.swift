/// The six numbers of a step (section 2.1): position, velocity and acceleration, each divided by a scale.
///
/// Velocities are first differences over dt with the first repeated, accelerations the same of velocities. All is linear in the positions, so the
/// states of a mean path are the mean states, and those of a path that stands still at the origin are zero.
package struct AgentStates: Sendable, Equatable {
    package static let width = 6
    package var step: Double
    package var positionScale: Double, velocityScale: Double, accelerationScale: Double

    package init(step: Double, positionScale: Double = 1, velocityScale: Double = 1, accelerationScale: Double = 1) {
        (self.step, self.positionScale, self.velocityScale, self.accelerationScale) = (step, positionScale, velocityScale, accelerationScale)
    }

    /// Writes the states of a path into `values` from `start` on.
    package func write(_ path: some RandomAccessCollection<SIMD2<Double>>, into values: inout [Double], at start: Int) {
        var last = SIMD2<Double>.zero, velocity = SIMD2<Double>.zero, place = start, index = 0
        let following = path.dropFirst().first.map { ($0 - (path.first ?? $0)) / step } ?? .zero
        for point in path {
            let before = velocity
            velocity = index == 0 ? following : (point - last) / step
            // The velocity is repeated at the first step, and so is the acceleration, which is then zero twice.
            let acceleration = index <= 1 ? SIMD2<Double>.zero : (velocity - before) / step
            values[place] = point.x / positionScale
            values[place + 1] = point.y / positionScale
            values[place + 2] = velocity.x / velocityScale
            values[place + 3] = velocity.y / velocityScale
            values[place + 4] = acceleration.x / accelerationScale
            values[place + 5] = acceleration.y / accelerationScale
            last = point
            index += 1
            place += Self.width
        }
    }

    package func states(of path: [SIMD2<Double>]) -> [Double] {
        var values = [Double](repeating: 0, count: Self.width * path.count)
        write(path, into: &values, at: 0)
        return values
    }
}
