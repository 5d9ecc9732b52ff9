/// What can go wrong in DIVA: one sentence that names the culprit and the way out.
package struct DIVAError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
