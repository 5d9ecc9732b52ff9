/// What can go wrong in Deep AutoAugment: one sentence that names the culprit and the way out.
package struct DeepAAError: Error, CustomStringConvertible, Equatable, Sendable {
    package var description: String
    package init(_ sentence: String) { description = sentence }
}
