/// What can go wrong in PSA-GAN: one sentence that names the culprit and the way out.
package struct PSAGANError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
