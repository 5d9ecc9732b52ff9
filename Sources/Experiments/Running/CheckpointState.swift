import Foundation

/// What a method keeps in a checkpoint, as a value of its own with a version.
///
/// The form is a binary property list: numbers are exact to the bit, and it is compact. A checkpoint is a file, so what is read is
/// of the right shape and version and nothing more; whether lengths and indices fit the run is the method's own check.
public protocol CheckpointState: Codable {
    /// The version that this program writes and reads; it changes when a field gets another meaning.
    static var currentVersion: Int { get }
    /// The version that the value was written with.
    var version: Int { get }
}

extension CheckpointState {
    public func encoded() throws -> Data {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try encoder.encode(self)
    }

    /// - Throws: `CheckpointError` when the bytes are not a checkpoint of this version.
    public init(decoding data: Data) throws {
        guard let state = try? PropertyListDecoder().decode(Self.self, from: data), state.version == Self.currentVersion else {
            throw CheckpointError("the checkpoint was not written by this version of the method; start the run anew")
        }
        self = state
    }
}

/// Why a run cannot go on from its checkpoint: one sentence with the way out.
public struct CheckpointError: Error, CustomStringConvertible, Equatable, Sendable {
    public var description: String
    public init(_ sentence: String) { description = sentence }

    /// The checkpoint is whole and of the method, and does not fit what the run asks for.
    public static let foreign = CheckpointError("the checkpoint belongs to other settings or data than this run's; start the run anew")
}
