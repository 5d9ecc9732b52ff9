import Catalogue
import Experiments
import Foundation
import Terminal

/// Makes a session by really running the workbench: a script's keys, a driver in memory, a store and runs of its own.
@MainActor public enum ScriptedRecording {
    /// The longest that a `wait` lasts, in seconds.
    static let patience = 120.0
    /// Between two keys, in seconds: about as fast as a person who knows the keys.
    static let keyInterval = 0.25

    /// Runs a script to its end.
    ///
    /// Everything that the workbench keeps goes to a temporary folder that is deleted afterwards; the recorded text names
    /// it `/home/you`, and the machine `a laptop`.
    /// - Parameters:
    ///   - store: a store to begin with, copied; nil begins with an empty one.
    ///   - environment: more for the workbench, such as `LATHE_DATA`.
    /// - Returns: the session's text, ready to be written to a file.
    /// - Throws: `SessionError` with the script's line where a screen never shows what is waited for.
    public static func record(_ script: SessionScript, store: URL? = nil, environment: [String: String] = [:],
                              methods: [any Method] = methodCatalogue) async throws -> String {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-recording-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let file = root.appendingPathComponent("store.sqlite")
        if let store { try FileManager.default.copyItem(at: store, to: file) }
        var surroundings = environment
        surroundings["HOME"] = root.path
        for (name, folder) in [("XDG_DATA_HOME", ".local/share"), ("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state"), ("XDG_CACHE_HOME", ".cache")] {
            surroundings[name] = root.appendingPathComponent(folder).path
        }
        let driver = InMemoryDriver(size: script.size)
        let workbench = LiveWorkbench(driver: driver, options: LiveOptions(store: file.path), methods: methods, environment: surroundings)
        try workbench.start()
        var failure: SessionError?
        do throws(SessionError) { try await play(script, on: driver, workbench) } catch { failure = error }
        let session = workbench.recordedSession(title: script.title)
        await workbench.leave()
        if let failure { throw failure }
        return scrubbed(try session.text(), root: root, machine: session.machine)
    }

    private static func play(_ script: SessionScript, on driver: InMemoryDriver, _ workbench: LiveWorkbench) async throws(SessionError) {
        func rest(_ seconds: Double) async { try? await Task.sleep(for: .seconds(seconds)) }
        for (line, step) in script.steps {
            switch step {
            case .press(let key):
                driver.feed(.key(key))
                await rest(keyInterval)
            case .type(let text):
                for character in text {
                    driver.feed(.key(KeyPress(character)))
                    await rest(keyInterval / 4)
                }
                await rest(keyInterval)
            case .pause(let seconds): await rest(seconds)
            case .resize(let size): driver.feed(.resize(size))
            case .bookmark(let name): workbench.bookmark(name)
            case .wait(let text):
                let start = ContinuousClock.now
                while !driver.grid.text.contains(text) {
                    guard ContinuousClock.now - start < .seconds(patience) else {
                        throw SessionError(file: script.file, line: line, "the screen did not show “\(text)” within \(Int(patience)) s; it shows\n\(driver.grid.text)")
                    }
                    await rest(0.05)
                }
                await rest(0.3)
            }
        }
    }

    /// Nothing in a session that ships tells where it was made.
    private static func scrubbed(_ text: String, root: URL, machine: String?) -> String {
        var text = text.replacingOccurrences(of: root.path, with: "/home/you")
        if let machine, !machine.isEmpty { text = text.replacingOccurrences(of: machine, with: "a laptop") }
        return text
    }
}

extension Session {
    /// The machine that a run in the session names.
    fileprivate var machine: String? {
        for message in messages {
            let events: [RunEvent] = switch message.content {
            case .runOpened(let run): run.events
            case .runEvents(_, let list): list
            default: []
            }
            for case .started(let start) in events.map(\.payload) { return start.machine }
        }
        return nil
    }
}
