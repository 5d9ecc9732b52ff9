import Experiments
import Foundation

/// Where faults happen: the program under test and a folder that goes away.
struct Bench {
    let lathe: String
    let folder: URL

    init(lathe: String) throws {
        self.lathe = lathe
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-faults-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A place of its own for one trial.
    func place(_ name: String) throws -> Place {
        let place = Place(folder: folder.appendingPathComponent(name), lathe: lathe)
        try FileManager.default.createDirectory(at: place.folder, withIntermediateDirectories: true)
        return place
    }

    /// The undisturbed smoke run of a method, made twice: what differs between the two holds times and is not compared.
    func reference(_ method: String) throws -> Reference {
        var runs: [(record: RunRecord, seconds: Double, findings: Findings)] = []
        for _ in 0..<2 {
            let place = try place("reference")
            defer { place.remove() }
            let began = ContinuousClock.now
            let status = try place.start(place.run(method)).end(within: 600)
            let seconds = began.duration(to: .now) / .seconds(1)
            guard status == 0, let record = try place.record() else { throw FaultError("\(method) does not run undisturbed: \(place.said)") }
            runs.append((record, seconds, try Findings(record.identifier, in: RunStore(at: place.store))))
        }
        let (findings, different) = runs[0].findings.common(with: runs[1].findings)
        return Reference(method: method, request: runs[0].record.request, seconds: min(runs[0].seconds, runs[1].seconds), findings: findings, times: different)
    }
}

/// The store, logs and folders of one trial.
struct Place {
    let folder: URL
    let lathe: String
    var store: URL { folder.appendingPathComponent("store.sqlite") }
    var log: URL { folder.appendingPathComponent("run.jsonl") }
    private var output: URL { folder.appendingPathComponent("output") }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// What the programs said, its end.
    var said: String { String(((try? String(contentsOf: output, encoding: .utf8)) ?? "").suffix(600)) }

    var environment: [String: String] {
        var result = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "LATHE_STORE": store.path,
                      // Swift's own report of a crash takes seconds and adds nothing here.
                      "SWIFT_BACKTRACE": "enable=no"]
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] { result[name] = folder.path }
        for name in ["LD_LIBRARY_PATH", "LATHE_TEST_PRELOAD"] { if let value = ProcessInfo.processInfo.environment[name] { result[name] = value } }
        return result
    }

    /// The words of a smoke run that is also told in a log: a line there means that the store has the event.
    func run(_ method: String) -> [String] {
        ["run", method, "--plan", "smoke", "--seed", "1", "--threads", "1", "--quiet", "--store", store.path, "--events", log.path]
    }

    func start(_ words: [String], environment changes: [String: String] = [:]) throws -> Child {
        try Child([lathe] + words, environment: environment.merging(changes) { $1 }, output: output)
    }

    func startInTerminal(_ words: [String]) throws -> Child { try Child(inTerminal: [lathe] + words, environment: environment) }

    /// The one run of the store; nil where none was made yet.
    func record() throws -> RunRecord? {
        guard FileManager.default.fileExists(atPath: store.path) else { return nil }
        return try RunStore(at: store).runs().first
    }

    /// A run that waits to be gone on with, made here.
    func interruptedRun(_ request: RunRequest) throws -> String {
        let store = try RunStore(at: store)
        let run = try store.createRun(request).identifier
        try store.setState(.interrupted, sentence: "made by the fault harness", claim: store.claim(run))
        return run
    }

    /// What is committed now, as another process sees it.
    func committed() -> [RunEvent] {
        guard FileManager.default.fileExists(atPath: store.path), let store = try? RunStore(at: store) else { return [] }
        defer { store.close() }
        guard let run = try? store.runs().first?.identifier else { return [] }
        return (try? store.events(of: run, after: -1)) ?? []
    }
}
