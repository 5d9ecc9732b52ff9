import Foundation
import Synchronization

/// Takes a running method's events: numbers them, hands them to the screen at once, and to the journals within a second.
///
/// Metric points become an event when 512 wait, when another event comes, or after 100 ms; progress likewise, the newest wins.
/// The training thread takes a short lock and never waits for a disk.
final class JournalingSink: RunEventSink {
    enum Entry {
        case event(RunEvent)
        case checkpoint(RunEvent, Data)
        case artifact(RunEvent, Data)
    }

    private struct State {
        var nextSequence: Int
        var points: [RunEvent.MetricBatch] = []
        var index: [String: Int] = [:]
        var pointCount = 0
        var progress: RunEvent.Progress?
        var unsaved: [Entry] = []
        var isSavingCheckpoint = false
        var lastCheckpoint: ContinuousClock.Instant?
        var checkpointCost = Duration.zero
        var results: [RunEvent.Result] = []
        var isDetached = false
        var complaint = ""
        var ticks = 0
        var isClosed = false
        var isPaused = false
        var lastProgressNote: ContinuousClock.Instant?
    }

    static let pointLimit = 512
    private let state: Mutex<State>
    /// The run's identifier, for the notes of a crash.
    private let run: String
    private let control: RunControl
    private let journals: [any RunJournal]
    private let priorSeconds: Double
    private let minimumCheckpointInterval: Duration
    private let deliver: @Sendable ([RunEvent]) -> Void
    private let onState: @Sendable (RunState) -> Void
    /// All journals are written from here, so that their order is the events' order.
    private let queue = DispatchQueue(label: "lathe.run.journal", qos: .userInitiated)

    init(run: String, nextSequence: Int, priorSeconds: Double, control: RunControl, journals: [any RunJournal], minimumCheckpointInterval: Duration,
         onState: @escaping @Sendable (RunState) -> Void, deliver: @escaping @Sendable ([RunEvent]) -> Void) {
        state = Mutex(State(nextSequence: nextSequence))
        self.run = run
        self.control = control
        self.journals = journals
        self.priorSeconds = priorSeconds
        self.minimumCheckpointInterval = minimumCheckpointInterval
        self.deliver = deliver
        self.onState = onState
    }

    /// Seconds of work, earlier parts of the run included.
    var seconds: Double { priorSeconds + control.seconds }
    var results: [RunEvent.Result] { state.withLock { $0.results } }

    /// Begins to flush, commit and say that the run lives.
    func startTicking() {
        queue.asyncAfter(deadline: .now() + .milliseconds(100)) { [weak self] in
            guard let self, tick() else { return }
            startTicking()
        }
    }

    // MARK: From the method

    func emit(_ payload: RunEvent.Payload) {
        state.withLock { state in
            guard !state.isDetached else { return }
            if case .progress(let progress) = payload {
                state.progress = progress
            } else if case .metric(let batch) = payload {
                add(batch, to: &state)
            } else {
                var events = flush(&state)
                events.append(number(payload, &state))
                record(events, &state)
            }
        }
    }

    func metric(series: String, unit: String, step: Double, value: Double) {
        state.withLock { state in
            guard !state.isDetached else { return }
            add(.init(series: series, unit: unit, steps: [step], values: [value]), to: &state)
        }
    }

    func proceed() throws { try control.proceed() }

    func checkpoint(name: String, force: Bool, state makeState: () throws -> Data) throws {
        let isWanted = state.withLock { state in
            if state.isDetached { return false }
            guard !force, let last = state.lastCheckpoint else { return true }
            // At most a twentieth of the time goes into checkpoints, and the one before must be written.
            let interval = max(minimumCheckpointInterval, state.checkpointCost * 20)
            return !state.isSavingCheckpoint && last.duration(to: .now) >= interval
        }
        guard isWanted else { return }
        let began = ContinuousClock.now
        let data = try makeState()
        state.withLock { state in
            state.checkpointCost = began.duration(to: .now)
            state.lastCheckpoint = .now
            state.isSavingCheckpoint = true
            record(flush(&state), &state)
            let mark = number(.checkpoint(.init(name: name, bytes: data.count)), &state)
            noteForCrash(mark.payload, &state)
            state.unsaved.append(.checkpoint(mark, data))
            deliver([mark])
        }
        queue.async { self.commit() }
    }

    func artifact(_ mark: RunEvent.ArtifactMark, _ data: Data) {
        state.withLock { state in
            guard !state.isDetached else { return }
            record(flush(&state), &state)
            let event = number(.artifact(mark), &state)
            noteForCrash(event.payload, &state)
            state.unsaved.append(.artifact(event, data))
            deliver([event])
        }
        queue.async { self.commit() }
    }

    func finish(_ results: [RunEvent.Result]) { state.withLock { $0.results = results } }

    // MARK: Batches

    private func add(_ batch: RunEvent.MetricBatch, to state: inout State) {
        if let index = state.index[batch.series] {
            state.points[index].steps += batch.steps
            state.points[index].values += batch.values
        } else {
            state.index[batch.series] = state.points.count
            state.points.append(batch)
        }
        state.pointCount += batch.values.count
        if state.pointCount >= Self.pointLimit { record(flush(&state), &state) }
    }

    private func flush(_ state: inout State) -> [RunEvent] {
        var events: [RunEvent] = []
        for batch in state.points { events.append(number(.metric(batch), &state)) }
        state.points = []
        state.index = [:]
        state.pointCount = 0
        if let progress = state.progress {
            events.append(number(.progress(progress), &state))
            state.progress = nil
        }
        return events
    }

    private func number(_ payload: RunEvent.Payload, _ state: inout State) -> RunEvent {
        defer { state.nextSequence += 1 }
        return RunEvent(sequence: state.nextSequence, time: Date().timeIntervalSince1970, payload: payload)
    }

    private func record(_ events: [RunEvent], _ state: inout State) {
        guard !events.isEmpty else { return }
        state.unsaved += events.map(Entry.event)
        for event in events { noteForCrash(event.payload, &state) }
        deliver(events)
    }

    /// Progress comes ten times a second: a note each five seconds says enough.
    private func noteForCrash(_ payload: RunEvent.Payload, _ state: inout State) {
        if case .progress = payload {
            if let last = state.lastProgressNote, last.duration(to: .now) < .seconds(5) { return }
            state.lastProgressNote = .now
        }
        if let note = payload.crashNote { CrashReports.note("run \(run): \(note)") }
    }

    // MARK: On the journal queue

    /// - Returns: whether there will be another one.
    private func tick() -> Bool {
        let count = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            record(flush(&state), &state)
            state.ticks += 1
            return state.ticks
        }
        guard let count else { return false }
        if count.isMultiple(of: 3) { commit() }
        if count.isMultiple(of: 5) { beat() }
        followPause()
        return true
    }

    /// A pause is no event: its state is written and told when the control says so.
    private func followPause() {
        let change = state.withLock { state -> RunState? in
            guard state.isPaused != control.isPaused, !control.isStopped else { return nil }
            return control.isPaused ? .paused : .running
        }
        guard let change else { return }
        do {
            if change == .paused { commit() }
            for journal in journals { try journal.setState(change, sentence: "", seconds: seconds) }
            state.withLock { $0.isPaused = change == .paused }
            onState(change)
        } catch { complain(error) }
    }

    private func beat() {
        do {
            for journal in journals {
                switch try journal.tick(seconds: seconds) {
                case .pause: control.pause()
                case .resume: control.resume()
                case .cancel: control.cancel()
                case .release: control.release()
                case nil: break
                }
            }
        } catch { complain(error) }
    }

    /// Writes what waits; what fails waits on, in its order.
    /// - Returns: whether everything is written.
    @discardableResult
    private func commit() -> Bool {
        let entries = state.withLock { state in
            defer { state.unsaved = [] }
            return state.unsaved
        }
        var start = 0
        do {
            while start < entries.count {
                var events: [RunEvent] = [], end = start, last: Entry?
                while end < entries.count, last == nil {
                    switch entries[end] {
                    case .event(let event): events.append(event)
                    case .checkpoint(let mark, _), .artifact(let mark, _):
                        events.append(mark)
                        last = entries[end]
                    }
                    end += 1
                }
                let began = ContinuousClock.now
                for journal in journals {
                    switch last {
                    case .checkpoint(_, let state): try journal.saveCheckpoint(state, events: events, seconds: seconds)
                    case .artifact(_, let data): try journal.saveArtifact(data, events: events, seconds: seconds)
                    case .event, nil: try journal.append(events, seconds: seconds)
                    }
                }
                // Writing takes a processor from training too.
                if case .checkpoint = last { state.withLock { $0.checkpointCost += began.duration(to: .now) } }
                start = end
            }
            state.withLock { $0.isSavingCheckpoint = false }
            return true
        } catch {
            state.withLock { $0.unsaved.insert(contentsOf: entries[start...], at: 0) }
            complain(error)
            return false
        }
    }

    /// A journal that cannot be written does not stop the run: events wait in memory and the screen says why, once. Only a run
    /// that another process took over stops.
    private func complain(_ error: any Error) {
        if let error = error as? StoreError, error.kind == .conflict || error.kind == .notFound {
            control.cancel()
            state.withLock { state in
                state.isDetached = true
                state.unsaved = []
                deliver([number(.warning(.init(error.description)), &state)])
            }
            return
        }
        let sentence = "\(error)"
        state.withLock { state in
            guard state.complaint != sentence else { return }
            state.complaint = sentence
            record([number(.warning(.init("not written yet, tried again: \(sentence)")), &state)], &state)
        }
    }

    // MARK: The end

    /// Writes everything and stops ticking.
    /// - Parameter last: the event that ends the run.
    /// - Returns: whether all of it was written within the time.
    func close(last: RunEvent.Payload?, state newState: RunState?, sentence: String, within limit: Duration) -> Bool {
        state.withLock { $0.isClosed = true }
        if let last { emit(last) } else { state.withLock { state in record(flush(&state), &state) } }
        let deadline = ContinuousClock.now + limit
        repeat {
            let isWritten = queue.sync {
                guard commit() else { return false }
                guard let newState else { return true }
                do {
                    for journal in journals { try journal.setState(newState, sentence: sentence, seconds: seconds) }
                    return true
                } catch {
                    complain(error)
                    return state.withLock { $0.isDetached }
                }
            }
            if isWritten { return true }
            Thread.sleep(forTimeInterval: 0.2)
        } while ContinuousClock.now < deadline
        return false
    }
}
