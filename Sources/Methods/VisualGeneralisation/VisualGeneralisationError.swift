/// What can go wrong in visual generalisation: one sentence that names the culprit and the way out.
package struct VisualGeneralisationError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
