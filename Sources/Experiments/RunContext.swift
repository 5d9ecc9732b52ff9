import Datasets
import Foundation
import Tensors

/// What a training method is given, and the only way it talks to the outside.
public final class RunContext: Sendable {
    public let request: RunRequest
    public let parameters: ParameterValues
    /// The run's root random source; take named streams from it.
    public let random: RandomSource
    /// Opens data sets by identifier.
    public let library: DatasetLibrary
    /// A folder where expensive, reproducible values (extracted features) may be kept between runs.
    public let cacheFolder: URL
    /// The state that the newest checkpoint holds; nil at a fresh start.
    public let restoredState: Data?

    private let sink: any RunEventSink

    public init(request: RunRequest, parameters: ParameterValues, library: DatasetLibrary, cacheFolder: URL,
                restoredState: Data?, sink: any RunEventSink) {
        self.request = request
        self.parameters = parameters
        self.random = RandomSource(seed: request.seed)
        self.library = library
        self.cacheFolder = cacheFolder
        self.restoredState = restoredState
        self.sink = sink
    }

    public func emit(_ payload: RunEvent.Payload) { sink.emit(payload) }

    /// One point of a series; points are batched before they become an event.
    public func metric(_ series: String, step: Double, value: Double, unit: String = "") {
        sink.metric(series: series, unit: unit, step: step, value: value)
    }

    public func stage(_ name: String, _ index: Int, of count: Int) {
        emit(.stage(.init(name: name, index: index, of: count)))
    }

    /// Names a stage unless a checkpoint says that it was named before.
    /// - Parameter last: the number of the last stage that was named, kept in the method's state.
    /// - Returns: whether it is named now.
    @discardableResult
    public func stage(_ name: String, _ index: Int, of count: Int, after last: inout Int) -> Bool {
        guard last < index else { return false }
        stage(name, index, of: count)
        last = index
        return true
    }

    public func progress(_ done: Double, of total: Double, unit: String) {
        emit(.progress(.init(done: done, total: total, unit: unit)))
    }

    public func note(_ text: String) { emit(.note(.init(text))) }
    public func warning(_ text: String) { emit(.warning(.init(text))) }

    /// Waits while the run is paused; call it at least every 50 ms of work.
    /// - Throws: `RunCancelled` when the run is asked to stop.
    public func proceed() throws { try sink.proceed() }

    /// Keeps `state` as the newest checkpoint and marks it in the event stream: on resume, events after the mark are dropped
    /// and come anew. Cheap states may be saved often; the sink may skip one that follows too closely unless `force` is set.
    public func saveCheckpoint(_ name: String, force: Bool = false, _ state: () throws -> Data) throws {
        try sink.checkpoint(name: name, force: force, state: state)
    }

    /// Leaves a file that outlives the run: a trained generator, a found policy, an encoder. A later one of the same name stands in
    /// its place. `lathe artifacts` lists and writes them; a run that goes on from a checkpoint before it makes it again.
    /// - Parameter name: as a file is called, such as "generator.safetensors": letters, digits, "-", "_" and ".", at most 64.
    /// - Throws: `ArtifactError` for another name.
    public func saveArtifact(_ name: String, _ data: Data) throws {
        guard ArtifactError.isName(name) else { throw ArtifactError("“\(name.prefix(64))” is no name of an artifact; give letters, digits, “-”, “_” and “.”") }
        sink.artifact(.init(name: name, bytes: data.count, checksum: SHA256.hexadecimal(of: Array(data))), data)
    }

    /// The parts of a finished run that the screens and studies read.
    public func finish(_ results: [RunEvent.Result]) { sink.finish(results) }
}

/// Where a run's events go: the runner's store and screen, a test's array, an event log.
public protocol RunEventSink: Sendable {
    func emit(_ payload: RunEvent.Payload)
    func metric(series: String, unit: String, step: Double, value: Double)
    func proceed() throws
    func checkpoint(name: String, force: Bool, state: () throws -> Data) throws
    func artifact(_ mark: RunEvent.ArtifactMark, _ data: Data)
    func finish(_ results: [RunEvent.Result])
}

/// An artifact that cannot be saved or found: one sentence.
public struct ArtifactError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String
    public init(_ sentence: String) { description = sentence }

    /// Whether a file may be called so: nothing that leads out of its folder.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    }
}

/// Thrown by `RunContext.proceed()` when the run is asked to stop.
public struct RunCancelled: Error, Sendable {
    public init() {}
}
