import Dispatch
import Experiments
import Foundation
import Synchronization

extension Benchmark {
    /// A thousand event logs that grow at once, as the tasks of a job array write them, taken into a store (docs/scale.md). A step is one look at all logs;
    /// beside it the events taken in a second when a thousand logs wait, the lag between the writing of an event and its being in the store, and the
    /// memory of this process at its highest.
    static let ingest = Benchmark(name: "ingest") { options in
        try TemporaryStore.with { place in
            let count = 1000, waiting = 100, eventsPerSecond = 2000.0
            // The writers of a cluster are processes of their own; here each log is a descriptor of this one.
            var descriptors = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
            descriptors.rlim_cur = descriptors.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
            let folder = place.folder.appendingPathComponent("logs")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let logs = (0..<count).map { folder.appendingPathComponent("task-\($0).jsonl") }
            let writers = try logs.enumerated().map { number, log -> EventLogWriter in
                let writer = try EventLogWriter(at: log, header: EventLogHeader(run: "task\(number)", study: "bench"))
                let request = RunRequest(method: BenchmarkMethod.identifier, dataset: "digits", plan: .smoke, seed: UInt64(number))
                let start = RunEvent.Payload.started(.init(request: request, values: [:], datasetChecksum: "", build: Build.identifier, machine: Build.machine))
                try writer.append([RunEvent(sequence: 0, time: Date().timeIntervalSince1970, payload: start)] + (1..<waiting).map { point(number, $0) })
                return writer
            }
            var imports = logs.map { EventLogImport(of: $0, into: place.store) }, sizes = [Int](repeating: 0, count: count), lags: [Double] = []
            func look() throws -> Int {
                var events = 0
                for index in 0..<count {
                    let size = ((try? FileManager.default.attributesOfItem(atPath: logs[index].path))?[.size] as? NSNumber)?.intValue ?? 0
                    guard size != sizes[index] else { continue }
                    sizes[index] = size
                    let added = try imports[index].update()?.added ?? 0
                    events += added
                }
                return events
            }
            var taken = 0
            let first = try Measurement.time { taken = try look() }
            // From now on they grow at the rate of a busy cluster: two events a task and second.
            let isOver = Atomic(false)
            let group = DispatchGroup()
            DispatchQueue.global().async(group: group) {
                var step = waiting, next = 0
                let start = Date()
                var written = 0.0
                while !isOver.load(ordering: .relaxed) {
                    while written < Date().timeIntervalSince(start) * eventsPerSecond {
                        try? writers[next].append([point(next, step)])
                        written += 1
                        next += 1
                        if next == count { (next, step) = (0, step + 1) }
                    }
                    Thread.sleep(forTimeInterval: 0.005)
                }
            }
            var times: [Double] = [], live = 0, before = ContinuousClock.now
            let end = ContinuousClock.now + .seconds(max(2, options.seconds))
            while ContinuousClock.now < end || times.count < 3 {
                let begin = ContinuousClock.now
                times.append(try Measurement.time { live += try look() })
                // An event that came right after the last look at its log waited until this one had passed it: at most so long.
                lags.append((ContinuousClock.now - before) / .milliseconds(1))
                before = begin
                Thread.sleep(forTimeInterval: 0.1)
            }
            isOver.store(true, ordering: .relaxed)
            group.wait()
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            guard taken == count * waiting, live > 0 else { throw PseudoTerminal.Failure(description: "\(taken) events of \(count * waiting) came in, then \(live)") }
            return Measurement(milliseconds: times, others: [
                ("waiting_events_per_s", Double(taken) / first * 1000), ("live_events_per_s", Double(live) / max(0.001, times.reduce(0, +) / 1000 + Double(times.count) * 0.1)),
                ("largest_lag_ms", lags.max() ?? .nan), ("peak_mib", Double(usage.ru_maxrss) / 1024),
            ])
        }
    }

    private static func point(_ number: Int, _ step: Int) -> RunEvent {
        RunEvent(sequence: step, time: Date().timeIntervalSince1970, payload: .metric(.init(series: "loss", steps: [Double(step)], values: [BenchmarkMethod.value(number % 8, step)])))
    }
}
