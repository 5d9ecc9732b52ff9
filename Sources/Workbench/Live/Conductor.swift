import Datasets
import Dispatch
import Experiments
import Foundation
import Synchronization

/// Does the application's effects, away from the main actor, and posts what comes of them as messages.
///
/// Two queues: one for the store's list and for steering runs, which must answer at once, and one for reading large things.
final class Conductor: Sendable {
    private struct State {
        var store: RunStore?
        var runner: Runner?
        var mailbox: RunMailbox?
        var clusters: ClusterFollower?
        var foreign: ForeignFollower?
        var rows = RunRows()
        /// Open runs and the newest sequence that was posted of each; nil until the run was read.
        var open: [String: Int?] = [:]
        /// Events of the last seconds of each run, which the store may not have when the run is opened.
        var recent: [String: [RunEvent]] = [:]
        var isDrainScheduled = false
        var areRowsDue = false
        var lastRows = DispatchTime(uptimeNanoseconds: 0)
        var newestPreview = ""
        var isEnding = false
    }

    let post: @Sendable (Message.Content) -> Void
    private let methods: [any Method]
    let location: URL
    private let library: DatasetLibrary
    private let folders: UserFolders
    private let sharedFolder: URL?
    private let clusterQueue: SlurmQueue
    private let watchedFolder: URL?
    private let state = Mutex(State())
    private let steering = DispatchQueue(label: "lathe.conductor", qos: .userInitiated)
    private let reading = DispatchQueue(label: "lathe.conductor.reading", qos: .userInitiated)

    init(methods: [any Method], store: URL, library: DatasetLibrary, folders: UserFolders, sharedFolder: URL?, clusterQueue: SlurmQueue, watchedFolder: URL? = nil,
         post: @escaping @Sendable (Message.Content) -> Void) {
        self.methods = methods
        location = store
        self.library = library
        self.folders = folders
        self.sharedFolder = sharedFolder
        self.clusterQueue = clusterQueue
        self.watchedFolder = watchedFolder
        self.post = post
    }

    /// Opens the store, and follows it from then on.
    func begin() {
        steering.async { [self] in
            do {
                let store = try RunStore(at: location, isTemporary: watchedFolder != nil)
                if let note = store.note { post(.toast(.warning, note)) }
                let methods = methods
                let executor = RunExecutor(library: library, cacheFolder: folders.cache)
                let runner = Runner(store: store, methods: { name in methods.first { $0.description.identifier == name } }, executor: executor)
                let clusters = ClusterFollower(store: store, queue: clusterQueue) { [weak self] in self?.post(.toast(.warning, $0)) }
                let foreign = watchedFolder.map { folder in
                    ForeignFollower(folder, into: store, onChange: { [weak self] in self?.refreshSoon() }, complain: { [weak self] in self?.post(.toast(.warning, $0)) })
                }
                let mailbox = runner.subscribe { [weak self] in self?.scheduleDrain() }
                state.withLock { state in
                    state.store = store
                    state.runner = runner
                    state.mailbox = mailbox
                    state.clusters = clusters
                    state.foreign = foreign
                }
                clusters.start()
                // What is there already is read before the first list, so that it is never empty for a moment; what takes longer comes in while one looks.
                foreign?.look(forUpTo: 0.5)
                _ = try? store.markOrphans()
                refreshRows(isForced: true)
                // Of one run alone the list says nothing: it is shown.
                if let runs = foreign?.runs, runs.count == 1 { post(.open(screen: "run", argument: runs[0])) }
                foreign?.start()
                poll(tick: 1)
            } catch {
                post(.runs([]))
                post(.effectFailed("\(error)"))
            }
        }
        reading.async { [self] in
            post(.datasets(library.entries()))
            let crashes = CrashReports(in: folders.state).list(onlyUnread: true)
            if !crashes.isEmpty { post(.crashes(crashes)) }
        }
    }

    // MARK: Effects

    func perform(_ effect: Effect) {
        switch effect {
        case .submit(let requests): steer { _, runner in try self.submit(requests, runner) }
        case .pause(let run): steer { _, runner in try runner.pause(run); return nil }
        case .resume(let run): steer { _, runner in try runner.resume(run); return nil }
        case .retry(let run): steer { _, runner in .submitted(runs: [try runner.retry(run)], study: "") }
        case .cancel(let run): steer { _, runner in try runner.cancel(run); return nil }
        case .delete(let run): steer { store, _ in try store.delete([run]); return nil }
        case .annotate(let runs, let adding, let removing, let note): steer { store, _ in
            for run in runs { try store.annotate(run, adding: adding, removing: removing, note: note) }
            return nil
        }
        case .listRuns: steering.async { self.refreshRows(isForced: true) }
        case .openRun(let run): open(run)
        case .closeRun(let run): state.withLock { _ = $0.open.removeValue(forKey: run) }
        case .previewRun(let run): preview(run)
        case .summarise(let study): read { store in self.post(.study(try store.summary(ofStudy: study))) }
        case .listDatasets: reading.async { [self] in post(.datasets(library.entries())) }
        case .preview(let dataset): previewDataset(dataset)
        case .listSessions: reading.async { [self] in post(.sessions(SessionShelf.entries(folders, sharedFolder))) }
        case .loadSession(let path): reading.async { [self] in
            do { post(.sessionLoaded(name: path, json: try SessionShelf.text(path))) } catch { post(.effectFailed("\(error)")) }
        }
        case .markCrashesRead(let paths): reading.async { [self] in CrashReports(in: folders.state).markRead(paths) }
        case .writeFile(let path, let text): reading.async { [self] in write(text, to: path) }
        case .rememberTheme(let name): reading.async { [self] in
            do { try WorkbenchConfiguration.remember(theme: name, in: folders.configuration) } catch {
                post(.effectFailed("the theme is not remembered: \(folders.configuration.path)/config.toml cannot be written (\(error.localizedDescription))"))
            }
        }
        // The live loop's own: they need the terminal or the recorder.
        case .copy, .notify, .redraw, .suspend, .quit, .setMouse, .saveSession, .bookmark: break
        }
    }

    private func submit(_ requests: [RunRequest], _ runner: Runner) throws -> Message.Content? {
        guard let first = requests.first else { return nil }
        guard requests.count > 1, let method = methods.first(where: { $0.description.identifier == first.method }) else {
            return .submitted(runs: [try runner.start(first)], study: "")
        }
        var plan = StudyPlan(method: method, plan: first.plan, dataset: first.dataset, isPresent: { _ in true })
        plan.requests = requests
        plan.absent = []
        let made = try runner.startStudy(plan)
        return .submitted(runs: made.runs.map(\.identifier), study: made.study.identifier)
    }

    /// Does something with the runner, shows the list as it is then, and posts what came of it.
    private func steer(_ body: @escaping @Sendable (RunStore, Runner) throws -> Message.Content?) {
        steering.async { [self] in
            guard let (store, runner) = state.withLock({ state in state.store.flatMap { store in state.runner.map { (store, $0) } } }) else {
                return post(.effectFailed("the store \(location.path) is not open, so nothing can be kept; see :messages"))
            }
            do {
                let answer = try body(store, runner)
                refreshRows(isForced: true)
                if let answer { post(answer) }
            } catch { post(.effectFailed("\(error)")) }
        }
    }

    private func read(_ body: @escaping @Sendable (RunStore) throws -> Void) {
        reading.async { [self] in
            guard let store = state.withLock({ $0.store }) else { return }
            do { try body(store) } catch { post(.effectFailed("\(error)")) }
        }
    }

    // MARK: The list of runs

    /// Looks once a second whether any process changed the store.
    private func poll(tick: Int) {
        steering.asyncAfter(deadline: .now() + 1) { [weak self] in
            guard let self, !state.withLock({ $0.isEnding }) else { return }
            if tick % 10 == 0, let store = state.withLock({ $0.store }) { _ = try? store.markOrphans() }
            refreshRows(isForced: false)
            followOpenRuns()
            poll(tick: tick + 1)
        }
    }

    /// Shows what a follower of other programs' logs put into the store.
    private func refreshSoon() {
        steering.async { [self] in
            guard !state.withLock({ $0.isEnding }) else { return }
            refreshRows(isForced: false)
            followOpenRuns()
        }
    }

    /// On the steering queue.
    private func refreshRows(isForced: Bool) {
        guard let store = state.withLock({ $0.store }) else { return }
        do {
            let known = state.withLock { $0.rows.revision }
            let changes = try store.changes(since: known)
            guard isForced || changes.revision != known || state.withLock({ $0.areRowsDue }) else { return }
            let wanted = state.withLock { $0.rows.apply(changes) }
            for run in wanted {
                let results = try store.results(of: run)
                state.withLock { $0.rows.set(results, of: run, state: .finished) }
            }
            postRows()
        } catch { post(.effectFailed("\(error)")) }
    }

    private func postRows() {
        let rows = state.withLock { state -> [RunRow] in
            state.areRowsDue = false
            state.lastRows = .now()
            let here = Set((state.runner?.running ?? []) + (state.runner?.waiting ?? []))
            return state.rows.rows(here: here, now: Date().timeIntervalSince1970)
        }
        post(.runs(rows))
    }

    // MARK: What runs of this process say

    /// Called on a foreign thread: ten times a second at most, the mailbox is emptied.
    private func scheduleDrain() {
        let isFirst = state.withLock { state in
            defer { state.isDrainScheduled = true }
            return !state.isDrainScheduled
        }
        if isFirst { steering.asyncAfter(deadline: .now() + 0.1) { [weak self] in self?.drain() } }
    }

    private func drain() {
        let deliveries = state.withLock { state in
            state.isDrainScheduled = false
            return state.mailbox?.drain() ?? []
        }
        var hasStates = false
        for delivery in deliveries {
            if delivery.state != nil { hasStates = true }
            let news = state.withLock { state -> [RunEvent] in
                state.rows.hear(delivery.run, delivery.events)
                if let new = delivery.state { state.rows.hear(delivery.run, state: new) }
                state.areRowsDue = true
                var recent = (state.recent[delivery.run] ?? []) + delivery.events
                let newest = recent.last?.time ?? 0
                recent.removeAll { $0.time < newest - 3 }
                state.recent[delivery.run] = delivery.state.map { $0 == .running || $0 == .paused } ?? true ? recent : nil
                guard let last = state.open[delivery.run] ?? nil else { return [] }
                let news = delivery.events.filter { $0.sequence > last }
                if let end = news.last { state.open[delivery.run] = end.sequence }
                return news
            }
            if delivery.isIncomplete { follow(delivery.run) } else if !news.isEmpty { post(.runEvents(run: delivery.run, news)) }
        }
        if hasStates {
            refreshRows(isForced: true)
        } else if state.withLock({ $0.lastRows + .milliseconds(450) < .now() }) {
            postRows()
        }
    }

    // MARK: Open runs

    private func open(_ run: String) {
        state.withLock { if $0.open[run] == nil { $0.open[run] = .some(nil) } }
        read { [self] store in
            guard state.withLock({ $0.open[run] != nil }) else { return }
            let stored = try store.openRun(run)
            let row = state.withLock { state -> RunRow in
                state.rows.set(stored.results, of: run, state: stored.record.state)
                let here = Set((state.runner?.running ?? []) + (state.runner?.waiting ?? []))
                return state.rows.row(stored.record, here: here, now: Date().timeIntervalSince1970)
            }
            post(.runOpened(OpenedRun(row: row, events: stored.events,
                                      series: stored.series.map { RunSeries(name: $0.path, unit: $0.unit, steps: $0.steps, values: $0.values) })))
            // What came since the last commit.
            let missed = state.withLock { state -> [RunEvent] in
                let missed = (state.recent[run] ?? []).filter { $0.sequence > stored.lastSequence }
                if state.open[run] != nil { state.open[run] = .some(missed.last?.sequence ?? stored.lastSequence) }
                return missed
            }
            if !missed.isEmpty { post(.runEvents(run: run, missed)) }
        }
    }

    /// Runs of other processes say nothing here: what is new of them is read.
    private func followOpenRuns() {
        let (open, here) = state.withLock { state in
            (state.open.compactMap { $0.value == nil ? nil : $0.key }, Set(state.runner?.running ?? []))
        }
        for run in open where !here.contains(run) { follow(run) }
    }

    private func follow(_ run: String) {
        read { [self] store in
            guard let last = state.withLock({ $0.open[run] ?? nil }) else { return }
            let record = try store.run(run)
            guard record.nextSequence - 1 != last else { return }
            // A resumed run went back to its checkpoint: it is read anew.
            guard record.nextSequence - 1 > last else {
                state.withLock { $0.open[run] = .some(nil) }
                return open(run)
            }
            let events = try store.events(of: run, after: last).filter { $0.sequence > last }
            let isNews = state.withLock { state -> Bool in
                guard (state.open[run] ?? nil) == last, let end = events.last else { return false }
                state.open[run] = end.sequence
                return true
            }
            if isNews { post(.runEvents(run: run, events)) }
        }
    }

    // MARK: Looks

    private func preview(_ run: String) {
        state.withLock { $0.newestPreview = run }
        read { [self] store in
            // Only the run where the cursor came to rest is read.
            guard state.withLock({ $0.newestPreview == run }) else { return }
            let stored = try store.openRun(run)
            let series = stored.series.prefix(16).map { CurveThinning.thin($0, to: 400) }
            let words = stored.events.last { event in
                switch event.payload {
                case .note, .warning: true
                default: false
                }
            }
            let text: String = switch words?.payload {
            case .note(let message): message.text
            case .warning(let message): "! \(message.text)"
            default: ""
            }
            post(.runPreview(RunPreview(run: run, series: Array(series), lastWords: text)))
        }
    }

    private func previewDataset(_ dataset: String) {
        reading.async { [self] in
            do { post(.datasetPreview(dataset: dataset, try library.open(dataset).preview())) } catch {
                post(.datasetPreviewFailed(dataset: dataset, sentence: "\(error)"))
            }
        }
    }

    // MARK: Files

    /// Writes a new file; one that is there stays as it is.
    func write(_ text: String, to path: String) {
        let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: [.withoutOverwriting])
            post(.fileWritten(path: url.path))
        } catch CocoaError.fileWriteFileExists {
            post(.effectFailed("\(url.path) is there already and stays as it is; give another name"))
        } catch {
            post(.effectFailed("\(url.path) cannot be written: \(error.localizedDescription)"))
        }
    }

    // MARK: Ending

    /// Calls `done` when nothing runs and nothing waits any more.
    func whenIdle(_ done: @escaping @Sendable () -> Void) {
        DispatchQueue.global().async { [self] in
            state.withLock { $0.runner }?.waitUntilIdle()
            done()
        }
    }

    /// What works here, then what waits here, in the order of the queue.
    var activeRuns: [String] {
        let runner = state.withLock { $0.runner }
        return (runner?.running ?? []) + (runner?.waiting ?? [])
    }

    /// Stops the runs with checkpoints, then calls `done`; after ten seconds it does so anyway, what was committed stays.
    func end(releasing: Bool, seconds: Double = 10, _ done: @escaping @Sendable () -> Void) {
        let runner = state.withLock { state in
            state.isEnding = true
            state.clusters?.stop()
            state.foreign?.stop()
            return state.runner
        }
        DispatchQueue.global(qos: .userInitiated).async { [self] in
            runner?.shutDown(releasing: releasing, seconds: seconds)
            steering.sync {}
            state.withLock { $0.store }?.close()
            done()
        }
    }
}
