/// What can go wrong in graph-relational domain adaptation: one sentence that names the culprit and the way out.
package struct GRDAError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
