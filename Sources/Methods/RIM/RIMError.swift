/// What can go wrong in recurrent intensity modelling: one sentence that names the culprit and the way out.
package struct RIMError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
