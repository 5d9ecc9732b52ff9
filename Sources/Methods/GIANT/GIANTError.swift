/// What can go wrong in GIANT-XRT: one sentence that names the culprit and the way out.
package struct GIANTError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
