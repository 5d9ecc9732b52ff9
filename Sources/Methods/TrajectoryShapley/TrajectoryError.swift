/// What can go wrong in trajectory attribution: one sentence that names the culprit and the way out.
package struct TrajectoryError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
