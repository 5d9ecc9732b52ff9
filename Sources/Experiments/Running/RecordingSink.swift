import Foundation
import Synchronization

/// Keeps a method's events in memory, for tests and for running a method without a store.
///
///     let sink = RecordingSink()
///     let context = RunContext(request: request, parameters: values, library: library, cacheFolder: folder, restoredState: nil, sink: sink)
///     try method.train(context)
///     sink.points("loss/train")
public final class RecordingSink: RunEventSink {
    private struct State {
        var events: [RunEvent] = []
        var results: [RunEvent.Result] = []
        var checkpoints: [(name: String, state: Data)] = []
        var artifacts: [String: Data] = [:]
        var proceedCount = 0
    }

    private let state = Mutex(State())
    private let stopsAfter: Int?

    /// - Parameter stopsAfter: `proceed()` throws `RunCancelled` from this call on, counted from 1; nil never.
    public init(stopsAfter: Int? = nil) { self.stopsAfter = stopsAfter }

    public func emit(_ payload: RunEvent.Payload) {
        state.withLock { state in
            state.events.append(RunEvent(sequence: state.events.count, time: Date().timeIntervalSince1970, payload: payload))
        }
    }

    public func metric(series: String, unit: String, step: Double, value: Double) {
        emit(.metric(.init(series: series, unit: unit, steps: [step], values: [value])))
    }

    public func proceed() throws {
        let count = state.withLock { state in
            state.proceedCount += 1
            return state.proceedCount
        }
        if let stopsAfter, count >= stopsAfter { throw RunCancelled() }
    }

    /// Every checkpoint is kept, forced or not.
    public func checkpoint(name: String, force: Bool, state makeState: () throws -> Data) throws {
        let data = try makeState()
        emit(.checkpoint(.init(name: name, bytes: data.count)))
        state.withLock { $0.checkpoints.append((name, data)) }
    }

    public func artifact(_ mark: RunEvent.ArtifactMark, _ data: Data) {
        emit(.artifact(mark))
        state.withLock { $0.artifacts[mark.name] = data }
    }

    public func finish(_ results: [RunEvent.Result]) { state.withLock { $0.results = results } }

    public var events: [RunEvent] { state.withLock { $0.events } }
    public var payloads: [RunEvent.Payload] { events.map(\.payload) }
    public var results: [RunEvent.Result] { state.withLock { $0.results } }
    public var checkpoints: [(name: String, state: Data)] { state.withLock { $0.checkpoints } }
    public var artifacts: [String: Data] { state.withLock { $0.artifacts } }
    public var proceedCount: Int { state.withLock { $0.proceedCount } }

    /// The points of one series, in their order.
    public func points(_ series: String) -> MetricSeries {
        var points = MetricSeries(path: series, unit: "")
        for case .metric(let batch) in payloads where batch.series == series {
            points.unit = batch.unit
            points.steps += batch.steps
            points.values += batch.values
        }
        return points
    }

    public func result(_ name: String, arm: String) -> Double? { results.first { $0.name == name && $0.arm == arm }?.value }
}
