import Experiments
import Foundation
import Terminal
import Workbench

/// What a person waits for: the first picture, a picture, a key.
extension Benchmark {
    /// Process start to the first full frame of a stored run with 1,000,000 metric points, teardown included; beside it the
    /// first frame of anything and the peak memory.
    static let open = Benchmark(name: "open") { options in
        try TemporaryStore.with { store in
            let run = try store.store.makeRun(series: 10, points: 100_000)
            store.store.close()
            var times: [Double] = [], first: [Double] = [], peaks: [Double] = []
            let end = ContinuousClock.now + .seconds(options.seconds)
            while ContinuousClock.now < end || times.count < 5 {
                let start = ContinuousClock.now
                let child = try store.workbench(["--run", run, "--until-full"], columns: 120, rows: 40)
                _ = child.read(until: { contains($0, "lathe") }, seconds: 20)
                first.append((ContinuousClock.now - start) / .milliseconds(1))
                _ = child.read(until: { _ in false }, seconds: 30)
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                let ended = child.wait()
                guard ended.status == 0, contains(child.output, BenchmarkMethod.lastSeries) else {
                    throw PseudoTerminal.Failure(description: "the workbench ended with status \(ended.status) before it showed the run")
                }
                peaks.append(Double(ended.peakBytes) / 1_048_576)
            }
            return Measurement(milliseconds: times, others: [
                ("first_frame_ms", Measurement(milliseconds: first).median), ("peak_mib", Measurement(milliseconds: peaks).median),
            ])
        }
    }

    /// A live 200 x 60 frame with six line charts of 100,000 points each: a new point of each series taken in, the screen drawn,
    /// compared with the one before, and what changed encoded for the terminal.
    static let frame = Benchmark(name: "frame") { options in
        var app = App(methods: [BenchmarkMethod()])
        let size = Size(width: 200, height: 60)
        func tell(_ content: Message.Content) { _ = app.receive(Message(time: 0, content)) }
        tell(.resize(size))
        let request = RunRequest(method: BenchmarkMethod.identifier, dataset: "digits", plan: .smoke)
        let row = RunRow(identifier: "rbench", study: "", request: request, state: .running, created: 0)
        tell(.runs([row]))
        tell(.input(.key("enter")))
        let points = 100_000
        tell(.runOpened(OpenedRun(row: row, events: [], series: (0..<6).map { number in
            RunSeries(name: BenchmarkMethod.series(number), unit: "", steps: (0..<points).map(Double.init), values: (0..<points).map { BenchmarkMethod.value(number, $0) })
        })))
        var encoder = ANSIEncoder(depth: .trueColor)
        var before = app.draw(size: size)
        var times: [Double] = [], bytes = 0.0
        let end = ContinuousClock.now + .seconds(options.seconds)
        var step = points
        while ContinuousClock.now < end || times.count < 10 {
            times.append(Measurement.time {
                tell(.runEvents(run: "rbench", (0..<6).map { number in
                    RunEvent(sequence: step * 6 + number, time: 0, payload: .metric(.init(
                        series: BenchmarkMethod.series(number), steps: [Double(step)], values: [BenchmarkMethod.value(number, step)])))
                }))
                let after = app.draw(size: size)
                bytes = Double(encoder.encode(after, after: before).utf8.count)
                before = after
            })
            step += 1
        }
        guard before.text.contains(BenchmarkMethod.lastSeries) else {
            throw PseudoTerminal.Failure(description: "the frame does not show the charts:\n\(before.text)")
        }
        return Measurement(milliseconds: times, others: [("bytes_sent", bytes)])
    }

    /// A key press to the cells that it changes, seen at the terminal, while a training run in the same process keeps every
    /// core busy.
    static let key = Benchmark(name: "key") { options in
        try TemporaryStore.with { store in
            let request = RunRequest(method: "diva", dataset: "digits", plan: .standard, threads: options.threads, values: [
                "task": .text("reweight"), "steps": .integer(100), "fourier-count": .integer(3000),
            ])
            let run = try store.store.createRun(request)
            try store.store.setState(.interrupted, claim: store.store.claim(run.identifier))
            store.store.close()
            let child = try store.workbench(["--run", run.identifier], columns: 120, rows: 40)
            defer {
                child.kill()
                _ = child.wait()
            }
            guard child.read(until: { contains($0, "interrupted") }, seconds: 10) else {
                throw PseudoTerminal.Failure(description: "the workbench did not show the interrupted run")
            }
            child.type("r")
            guard child.read(until: { contains($0, "running") }, seconds: 10) else {
                throw PseudoTerminal.Failure(description: "the run did not start")
            }
            Thread.sleep(forTimeInterval: 1)
            var times: [Double] = []
            let end = ContinuousClock.now + .seconds(options.seconds)
            while ContinuousClock.now < end || times.count < 50 {
                while child.read(within: 0) {}
                child.forget()
                let start = ContinuousClock.now
                // The focus goes to and fro between two panels of one page: its mark moves, and a frame of new points alone never sends it.
                child.type(times.count.isMultiple(of: 2) ? "2" : "1")
                guard child.read(until: { contains($0, "▸") }, seconds: 2) else { throw PseudoTerminal.Failure(description: "a key changed nothing within two seconds") }
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                Thread.sleep(forTimeInterval: 0.02)
            }
            return Measurement(milliseconds: times)
        }
    }
}

/// A store in a folder that goes when the work is done.
struct TemporaryStore {
    let folder: URL
    let store: RunStore

    static func with<Value>(_ body: (TemporaryStore) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-bench-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(TemporaryStore(folder: folder, store: RunStore(at: folder.appendingPathComponent("lathe.sqlite"))))
    }

    /// The workbench on this store, in a process and a terminal of its own.
    func workbench(_ arguments: [String], columns: Int, rows: Int) throws -> PseudoTerminal {
        guard let program = Bundle.main.executablePath else { throw PseudoTerminal.Failure(description: "this program has no path") }
        var environment = ProcessInfo.processInfo.environment
        environment["TERM"] = "xterm-256color"
        environment["LANG"] = "C.UTF-8"
        for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] { environment[name] = folder.path }
        return try PseudoTerminal(program, ["open", "--store", store.location.path] + arguments, columns: columns, rows: rows, environment: environment)
    }
}

extension RunStore {
    /// A finished run whose series are walks with spikes, as a long training leaves them.
    /// - Returns: its identifier.
    func makeRun(series count: Int, points: Int) throws -> String {
        let request = RunRequest(method: BenchmarkMethod.identifier, dataset: "digits", plan: .smoke)
        let run = try createRun(request)
        let claim = try claim(run.identifier)
        try setState(.running, claim: claim)
        var sequence = 0
        func add(_ payload: RunEvent.Payload) throws {
            try append([RunEvent(sequence: sequence, time: Double(sequence), payload: payload)], to: run.identifier, claim: claim)
            sequence += 1
        }
        try add(.started(.init(request: request, values: [:], datasetChecksum: "", build: Build.identifier, machine: Build.machine)))
        for number in 0..<count {
            for start in stride(from: 0, to: points, by: 4096) {
                let steps = Array(start..<min(points, start + 4096))
                try add(.metric(.init(series: BenchmarkMethod.series(number), steps: steps.map(Double.init), values: steps.map { BenchmarkMethod.value(number, $0) })))
            }
        }
        try add(.finished(.init(results: [], seconds: 1)))
        try setState(.finished, claim: claim)
        return run.identifier
    }
}
