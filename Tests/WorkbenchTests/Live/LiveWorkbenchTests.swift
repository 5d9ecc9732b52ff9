import Datasets
import Experiments
import Foundation
import Terminal
import Testing
import Workbench

/// The whole workbench with store, runner and library, on a screen in memory.
@Suite("The live workbench", .serialized)
@MainActor struct LiveWorkbenchTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-live-\(UUID().uuidString)")

    private func open(_ options: LiveOptions = LiveOptions()) throws -> (LiveWorkbench, InMemoryDriver) {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let driver = InMemoryDriver(size: Size(width: 120, height: 36))
        var options = options
        options.store = options.store ?? folder.appendingPathComponent("store.sqlite").path
        let workbench = LiveWorkbench(driver: driver, options: options, methods: [SampleMethod()], environment: ["HOME": folder.path, "PATH": folder.appendingPathComponent("bin").path])
        try workbench.start()
        return (workbench, driver)
    }

    /// Waits until a text shows; the machine may be busy.
    private func see(_ text: String, _ driver: InMemoryDriver, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<600 {
            if driver.grid.text.contains(text) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("“\(text)” never came:\n\(driver.grid.text)", sourceLocation: sourceLocation)
    }

    private func end(_ workbench: LiveWorkbench) async throws {
        for _ in 0..<600 where workbench.exitStatus == nil { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test("a run starts from the form, trains in the background, is stored, and a second workbench sees it")
    func run() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, screen) = try open()
        #expect(screen.frameCount >= 1, "the first frame comes before the store is opened")
        try await see("No runs yet", screen)
        let (second, otherScreen) = try open()
        screen.feed(keys: "n")
        try await see("Settings", screen)
        try await see("digits", screen)
        screen.feed(keys: "enter")
        try await see("✓ done", screen)
        screen.feed(keys: "q")
        try await see("error 3.1 %", screen)
        try await see("error 3.1 %", otherScreen)
        screen.feed(keys: "q")
        otherScreen.feed(keys: "q")
        try await end(first)
        try await end(second)
        #expect(first.exitStatus == 0 && second.exitStatus == 0 && !screen.isStarted)
        #expect(try RunStore(at: folder.appendingPathComponent("store.sqlite")).integrityCheck() == "ok")
    }

    @Test("runs on a cluster say what the queue says, and come in as their logs grow")
    func cluster() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let bin = folder.appendingPathComponent("bin"), tasks = folder.appendingPathComponent("tasks")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        for (name, body) in [("sbatch", "echo 41"), ("squeue", "echo '41|0|PENDING|Resources'")] {
            let file = bin.appendingPathComponent(name)
            try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        let library = DatasetLibrary(folders: [])
        let plan = try SweepPlan(Sweep(text: "methods = [\"sample\"]\ndata = [\"digits\"]\nseeds = [1]\n[set]\nsteps = 5\n", file: "steps.toml"),
                                 method: { _ in SampleMethod() }, entry: { library.entry($0) })
        let store = try RunStore(at: folder.appendingPathComponent("store.sqlite")), study = try store.createStudy(plan).study
        let (sweep, count) = try RemoteSweep.submit(study, in: store, folder: tasks, program: "/opt/lathe", options: [], queue: SlurmQueue(path: bin.path))
        #expect(count == 1)
        let (workbench, screen) = try open()
        try await see("waiting", screen)
        let entry = sweep.tasks.entries[0]
        for _ in 0..<200 {
            if try store.run(entry.run).sentence.contains("Resources") { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try store.run(entry.run).sentence == "pending in the queue: Resources")
        // What the node does.
        _ = try RunExecutor(library: library, cacheFolder: folder).run(entry.request, identifier: entry.run, study: entry.study, of: SampleMethod(), log: sweep.tasks.log(of: entry.run))
        try await see("error 3.1 %", screen)
        screen.feed(keys: "q")
        try await end(workbench)
        #expect(workbench.exitStatus == 0)
    }

    @Test("an idle workbench draws nothing")
    func idle() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (workbench, screen) = try open()
        try await see("No runs yet", screen)
        try await Task.sleep(for: .milliseconds(500))
        let before = screen.frameCount
        try await Task.sleep(for: .seconds(2))
        #expect(screen.frameCount == before)
        screen.feed(keys: "ctrl-c", "ctrl-c")
        try await end(workbench)
        #expect(workbench.exitStatus == 130)
    }

    @Test("a theme is kept in the configuration, and the rest of the file with it")
    func theme() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appendingPathComponent(".config/lathe")
        try FileManager.default.createDirectory(at: place.appendingPathComponent("themes"), withIntermediateDirectories: true)
        try Data("# mine\nnotify = true\n".utf8).write(to: place.appendingPathComponent("config.toml"))
        try Data("summary = \"odd\"\n".utf8).write(to: place.appendingPathComponent("themes/odd.toml"))
        let (workbench, screen) = try open()
        screen.feed(keys: ":")
        for character in "theme odd" { screen.feed(.key(KeyPress(character))) }
        screen.feed(keys: "enter")
        try await see("theme odd", screen)
        screen.feed(keys: "q")
        try await end(workbench)
        let wanted = "theme = \"odd\"\n# mine\nnotify = true\n"
        for _ in 0..<100 where (try? String(contentsOf: place.appendingPathComponent("config.toml"), encoding: .utf8)) != wanted {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try String(contentsOf: place.appendingPathComponent("config.toml"), encoding: .utf8) == wanted)
    }

    @Test("a broken configuration, theme and store are sentences on a working screen", arguments: [
        ("theme = 3\n", "line 1: theme must be a name"), ("\ncolour = \"red\"\n", "line 2: there is no key “colour”"), ("theme = \"nobody\"\n", "there is no theme “nobody”"),
        ("[[[", "is not TOML"), ("\u{0}", "is not TOML"),
    ])
    func broken(_ text: String, _ words: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appendingPathComponent(".config/lathe")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place.appendingPathComponent("config.toml"))
        let store = folder.appendingPathComponent("no.sqlite")
        try Data(repeating: 65, count: 4096).write(to: store)
        let (workbench, screen) = try open(LiveOptions(store: store.path))
        try await see("was left untouched", screen)
        screen.feed(keys: ":")
        for character in "messages" { screen.feed(.key(KeyPress(character))) }
        screen.feed(keys: "enter", "home")
        try await see(words, screen)
        screen.feed(keys: "q", "q")
        try await end(workbench)
        #expect(workbench.exitStatus == 0)
        #expect(try Data(contentsOf: store) == Data(repeating: 65, count: 4096))
    }
}
