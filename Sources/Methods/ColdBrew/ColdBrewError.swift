/// What can go wrong in Cold Brew: one sentence that names the culprit and the way out.
package struct ColdBrewError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
