/// What can go wrong with a policy or with pictures that are to be changed: one sentence that names the culprit and the way out.
public struct AugmentationError: Error, CustomStringConvertible, Equatable, Sendable {
    public var description: String
    public init(_ sentence: String) { description = sentence }
}
