import Catalogue
import Charts
import Datasets
import Dispatch
import Experiments
import Foundation
import Synchronization
import Terminal

/// The workbench on a real terminal: keys and messages into the application, effects to the conductor, frames to the driver.
@MainActor public final class LiveWorkbench {
    private var app: App
    private let loop: TerminalLoop
    private let inbox: Inbox
    private let conductor: Conductor
    private let folders: UserFolders
    private let options: LiveOptions
    private let notifies: Bool
    private var recorder: SessionRecorder
    private var wakeUp: Double?
    private var isEnding = false
    /// A run that the command line names; it opens as soon as the list of runs is known.
    private var wantedRun: String?
    /// What the last frame showed: an unchanged state needs no frame.
    private var isChanged = true

    /// Opens the workbench and returns when the user left it.
    /// - Returns: the exit status: 0, 130 after a second ctrl-c, 128 + signal when it was ended by one.
    /// - Throws: `TerminalError` where there is no terminal to draw on.
    public static func run(_ options: LiveOptions, methods: [any Method] = methodCatalogue) async throws -> Int32 {
        let driver = try NcursesDriver(color: options.color, mouse: options.isMouseEnabled)
        let workbench = LiveWorkbench(driver: driver, options: options, methods: methods, environment: ProcessInfo.processInfo.environment)
        try workbench.start()
        let status = await workbench.loop.finished()
        // The loop's closures hold it weakly: it must live until the loop has ended.
        return withExtendedLifetime(workbench) { status }
    }

    /// A workbench on any driver: tests give the in-memory one.
    package init(driver: any TerminalDriver, options: LiveOptions, methods: [any Method], environment: [String: String]) {
        self.options = options
        folders = UserFolders(environment: environment, configuration: options.configuration)
        let (configuration, problem) = WorkbenchConfiguration.load(folders.configuration)
        notifies = configuration.notify
        wantedRun = options.run
        if configuration.mouse == false { driver.isMouseEnabled = false }
        let shared = SharedFiles.folder(environment: environment, executable: Bundle.main.executableURL)
        let themes = ThemeLibrary(folders: [folders.configuration.appendingPathComponent("themes")]
            + (shared.map { [$0.appendingPathComponent("themes")] } ?? []))
        let loop = TerminalLoop(driver: driver)
        self.loop = loop
        let inbox = Inbox()
        self.inbox = inbox
        let store = options.store.map { URL(fileURLWithPath: $0) } ?? RunStore.defaultLocation(environment: environment)
        conductor = Conductor(methods: methods, store: store, library: DatasetLibrary(environment: environment),
            folders: folders, sharedFolder: shared, clusterQueue: SlurmQueue(path: environment["PATH"]), watchedFolder: options.watchedFolder) { content in
            inbox.put(content)
            switch content {
            // What flows by itself keeps to the frame rate.
            case .runEvents, .tick: loop.setNeedsRedraw()
            // An answer that a person waits for is shown at once.
            default: DispatchQueue.main.async { MainActor.assumeIsolated { loop.draw() } }
            }
        }
        app = App(methods: methods, appearance: Appearance(hasColor: driver.colorDepth > .none, glyphs: driver.isUnicode ? .braille : .ascii),
                  canHandOver: DetachedRuns.isPossible)
        var header = Session.Header()
        header.build = Build.identifier
        header.methods = methods.map(\.description.identifier)
        header.glyphs = app.workspace.appearance.glyphs
        header.colors = driver.colorDepth.rawValue
        recorder = SessionRecorder(header: header)

        let wanted = options.theme ?? configuration.theme ?? Theme.standard.name
        inbox.put(.resize(driver.size))
        inbox.put(.themes(themes.themes, current: wanted))
        if themes[wanted] == nil {
            inbox.put(.toast(.failure, "there is no theme “\(wanted)”; there are \(themes.themes.map(\.name).joined(separator: ", "))"))
        }
        for error in themes.errors { inbox.put(.toast(.failure, error.description)) }
        if let problem { inbox.put(.toast(.failure, problem)) }
    }

    /// Takes the terminal over, draws the first frame, and only then opens the store.
    package func start() throws {
        loop.onEvent = { [unowned self] event in receive(event) }
        loop.onDraw = { [unowned self] size in frame(size) }
        loop.onTermination = { [unowned self] signal in
            end(releasing: true, status: 128 &+ signal, seconds: 3)
        }
        try loop.start()
        conductor.begin()
        if let session = options.session { inbox.put(.open(screen: "replay", argument: session)) }
    }

    package var exitStatus: Int32? { loop.exitStatus }

    // MARK: For recordings by script

    /// What was recorded so far.
    package func recordedSession(title: String) -> Session { recorder.session(title: title) }
    /// Names this moment of the recording.
    package func bookmark(_ name: String) { recorder.bookmark(name) }
    /// Leaves as by `q`, stopping what runs, and waits until everything is closed.
    package func leave() async {
        end(releasing: false, status: 0, seconds: 10)
        _ = await loop.finished()
    }

    // MARK: In

    private func receive(_ event: InputEvent) {
        readInbox()
        tell(event.asMessage)
        if event == .resumed { conductor.perform(.listRuns) }
    }

    private func readInbox() { for content in inbox.takeAll() { tell(content) } }

    private func tell(_ content: Message.Content) {
        let message = Message(time: max(Date().timeIntervalSince1970, app.workspace.now), content)
        recorder.record(message, before: app)
        if let note = content.crashNote { CrashReports.note(note) }
        isChanged = true
        send(app.receive(message))
        if case .runs = content, let run = wantedRun {
            wantedRun = nil
            tell(.open(screen: "run", argument: run))
        }
        if options.endsAfterFirstFullFrame, case .runOpened = content {
            loop.draw()
            loop.stop()
        }
    }

    private func frame(_ size: Size) -> Frame? {
        readInbox()
        if size != app.workspace.size { tell(.resize(size)) }
        scheduleWakeUp()
        guard isChanged else { return nil }
        isChanged = false
        return Frame(app.draw(size: size))
    }

    /// One timer for the next moment at which the screen changes by itself; none while nothing does.
    private func scheduleWakeUp() {
        let now = Date().timeIntervalSince1970
        guard let next = app.nextChange(after: now), wakeUp.map({ $0 <= now || $0 > next + 0.02 }) ?? true else { return }
        wakeUp = next
        DispatchQueue.main.asyncAfter(deadline: .now() + max(0.02, next - now)) { [weak self] in
            MainActor.assumeIsolated {
                guard let self, self.wakeUp == next else { return }
                self.wakeUp = nil
                self.inbox.put(.tick)
                self.loop.setNeedsRedraw()
            }
        }
    }

    // MARK: Out

    private func send(_ effects: [Effect]) {
        for effect in effects {
            CrashReports.note("effect: \(effect.crashNote)")
            switch effect {
            case .copy(let text, let what): copy(text, what)
            case .notify(let text) where notifies:
                loop.driver.ringBell()
                loop.driver.notify(text)
            case .notify: break
            case .redraw:
                loop.driver.invalidate()
                isChanged = true
            case .suspend: loop.driver.suspend()
            case .setMouse(let isOn): loop.driver.isMouseEnabled = isOn
            case .bookmark(let name): recorder.bookmark(name)
            case .saveSession(let path): save(path)
            case .quit(let mode): quit(mode)
            default: conductor.perform(effect)
            }
        }
    }

    private func copy(_ text: String, _ what: String) {
        if loop.driver.copy(text) { return inbox.put(.copied(what: what, file: nil)) }
        let file = folders.state.appendingPathComponent("copied.txt")
        do {
            try FileManager.default.createDirectory(at: folders.state, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            inbox.put(.copied(what: what, file: file.path))
        } catch { inbox.put(.effectFailed("\(what) cannot be copied: \(error.localizedDescription)")) }
    }

    private func save(_ path: String?) {
        let session = recorder.session(title: path ?? ""), url = SessionShelf.path(named: path, folders, time: app.workspace.now)
        let conductor = conductor
        DispatchQueue.global(qos: .userInitiated).async {
            do { conductor.write(try session.text(), to: url.path) } catch { conductor.post(.effectFailed("the session cannot be saved: \(error)")) }
        }
    }

    private func quit(_ mode: Effect.QuitMode) {
        switch mode {
        case .now: end(releasing: false, status: 0)
        case .checkpoint: end(releasing: false, status: 0)
        case .interrupted: end(releasing: false, status: 130, seconds: 3)
        case .handOver:
            let runs = conductor.activeRuns, folders = folders, store = conductor.location
            end(releasing: true, status: 0) {
                // Where it cannot be started the runs are interrupted, and the next workbench resumes them.
                do { try DetachedRuns.start(runs, store: store, folders: folders) } catch {
                    FileHandle.standardError.write(Data("lathe: the runs could not be handed over (\(error.localizedDescription)); lathe resume goes on with them\n".utf8))
                }
            }
        case .whenDone:
            inbox.put(.toast(.information, "lathe leaves when the queue is empty"))
            conductor.whenIdle { [weak self] in
                DispatchQueue.main.async { MainActor.assumeIsolated { self?.end(releasing: false, status: 0) } }
            }
        }
    }

    private func end(releasing: Bool, status: Int32, seconds: Double = 10, afterwards: @escaping @Sendable () -> Void = {}) {
        guard !isEnding else { return }
        isEnding = true
        if app.workspace.runs.contains(where: \.isActiveHere) {
            inbox.put(.toast(.information, "stopping what runs, with a checkpoint …"))
            loop.setNeedsRedraw()
        }
        conductor.end(releasing: releasing, seconds: seconds) { [weak self] in
            afterwards()
            DispatchQueue.main.async { MainActor.assumeIsolated { self?.loop.stop(exitStatus: status) } }
        }
    }
}

/// What waits for the main actor.
private final class Inbox: Sendable {
    private let contents = Mutex<[Message.Content]>([])
    func put(_ content: Message.Content) { contents.withLock { $0.append(content) } }
    func takeAll() -> [Message.Content] {
        contents.withLock { contents in
            defer { contents = [] }
            return contents
        }
    }
}

extension InputEvent {
    /// A resize is a message of its own; everything else is input.
    var asMessage: Message.Content {
        if case .resize(let size) = self { return .resize(size) }
        return .input(self)
    }
}
