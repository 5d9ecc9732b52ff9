import Experiments
import Foundation
import TrialMethod
#if canImport(Glibc)
import Glibc
#endif

/// A process of its own for the tests of the store: it is killed, refused and measured.
///
///     StoreWriter run STORE RUN              runs a stored run; prints "sequence time" of each event as it happens
///     StoreWriter append STORE RUN COUNT     appends COUNT notes to a run, each in a transaction of its own
///     StoreWriter open STORE [USER]          opens the store, as another user where a number is given, and prints what came of it
///     StoreWriter fill STORE POINTS SERIES   makes a run with so many points and prints its identifier
///     StoreWriter measure STORE RUN          prints milliseconds to open the store and the run, and resident megabytes
///     StoreWriter load STORE RUNS POINTS QUEUED   makes a store of a busy year: finished runs with so many points in all, and a queue
@main
struct StoreWriter {
    static func main() {
        do {
            try perform(Array(CommandLine.arguments.dropFirst()))
        } catch {
            say("error: \(error)")
            exit(1)
        }
    }

    /// Whole lines at once, so that a kill leaves none behind in a buffer.
    static func say(_ words: Any...) {
        FileHandle.standardOutput.write(Data((words.map { "\($0)" }.joined(separator: " ") + "\n").utf8))
    }

    static func perform(_ arguments: [String]) throws {
        guard arguments.count >= 2 else { throw EventLogError("which command, on which store?") }
        let location = URL(fileURLWithPath: arguments[1])
        switch arguments[0] {
        case "run" where arguments.count == 3:
            let folder = try TemporaryFolder()
            var executor = makeExecutor(folder)
            executor.minimumCheckpointInterval = .milliseconds(50)
            let outcome = try executor.run(arguments[2], of: DartsMethod(), in: RunStore(at: location)) { events in
                for event in events { say(event.sequence, event.time) }
            }
            say("ended", outcome.state.rawValue)
        case "append" where arguments.count == 4:
            let store = try RunStore(at: location)
            for index in 0..<(Int(arguments[3]) ?? 0) {
                let next = try store.run(arguments[2]).nextSequence
                try store.append([RunEvent(sequence: next, time: Date().timeIntervalSince1970, payload: .note(.init("note \(index)")))], to: arguments[2])
            }
            say("done")
        case "open":
            if arguments.count == 3, let user = UInt32(arguments[2]) {
                guard setgid(user) == 0, setuid(user) == 0 else { throw EventLogError("cannot become user \(user)") }
            }
            say("runs", try RunStore(at: location).runs().count)
        case "fill" where arguments.count == 4:
            say(try fill(RunStore(at: location), points: Int(arguments[2]) ?? 0, series: Int(arguments[3]) ?? 1))
        case "measure" where arguments.count == 3:
            let begin = ContinuousClock.now
            let store = try RunStore(at: location)
            let opened = begin.duration(to: .now)
            let run = try store.openRun(arguments[2])
            let read = begin.duration(to: .now)
            let points = run.series.reduce(0) { $0 + $1.values.count }
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0
            say("points", points, "store", opened / .milliseconds(1), "run", read / .milliseconds(1), "megabytes", resident / 1024)
        case "load" where arguments.count == 5:
            let plan = StoreLoad(runs: Int(arguments[2]) ?? 0, points: Int(arguments[3]) ?? 0, queued: Int(arguments[4]) ?? 0)
            try plan.write(into: RunStore(at: location)) { say($0) }
        default: throw EventLogError("unknown command \(arguments.joined(separator: " "))")
        }
    }

    /// Points come as a runner brings them: batches of at most 512, committed every few.
    static func fill(_ store: RunStore, points: Int, series: Int) throws -> String {
        let run = try store.createRun(DartsMethod.request()).identifier
        var sequence = 1, written = 0, step = 0
        try store.append([RunEvent(sequence: 0, time: 1, payload: .stage(.init(name: "fill", index: 1, of: 1)))], to: run)
        let begin = ContinuousClock.now
        while written < points {
            var events: [RunEvent] = []
            for name in 0..<series where written < points {
                let count = min(512, points - written)
                let steps = (step..<step + count).map(Double.init)
                events.append(RunEvent(sequence: sequence, time: Double(sequence), payload: .metric(.init(
                    series: "series \(name)/arm", steps: steps, values: steps.map { sin($0 / 1000) + Double(name) }))))
                sequence += 1
                written += count
            }
            step += 512
            try store.append(events, to: run)
        }
        let seconds = begin.duration(to: .now) / .seconds(1)
        FileHandle.standardError.write(Data("\(Int(Double(points) / seconds)) points/s\n".utf8))
        return run
    }
}
