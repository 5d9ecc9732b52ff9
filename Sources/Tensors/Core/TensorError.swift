/// Shapes that do not fit an operation, or a tensor that an operation cannot use.
public struct TensorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The operation, as it is called in the interface.
    public let operation: String
    /// The shapes involved, in the order of the arguments.
    public let shapes: [Shape]
    /// What is wrong, as the end of a sentence.
    public let reason: String

    public init(_ operation: String, _ shapes: [Shape], _ reason: String) {
        self.operation = operation
        self.shapes = shapes
        self.reason = reason
    }

    public var description: String {
        let list = shapes.map(\.description).joined(separator: " and ")
        return "\(operation)\(list.isEmpty ? "" : " of \(list)"): \(reason)."
    }
}
