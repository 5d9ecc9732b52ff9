import Experiments
import Foundation
import Tensors

/// Kills, fills, tears and crashes, as a user's machine does, and looks whether anything was lost. Built for tests; no user has it.
///
///     Faults all LATHE COUNT               everything below with LATHE, COUNT ends of runs among it
///     Faults machine LATHE                 a full and a read-only disk, torn logs, a clock that goes back, three programs on one store
///     Faults kill LATHE COUNT [METHOD …]   ends smoke runs at COUNT random moments and looks whether anything was lost; all methods
///     Faults crash KIND STATE              ends by a crash of that kind, which leaves a report below the folder STATE
///     Faults reports STATE                 prints the reports there on standard error
@main
struct Faults {
    static func main() {
        do {
            try perform(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("faults: \(error)\n".utf8))
            exit(2)
        }
    }

    private static func perform(_ arguments: [String]) throws {
        switch arguments.first {
        case "all" where arguments.count == 3: try kill(lathe: arguments[1], count: Int(arguments[2]) ?? 0, methods: methods, machine: true)
        case "kill" where arguments.count >= 3:
            try kill(lathe: arguments[1], count: Int(arguments[2]) ?? 0, methods: arguments.count > 3 ? Array(arguments[3...]) : methods, machine: false)
        case "machine" where arguments.count == 2: try kill(lathe: arguments[1], count: 0, methods: ["rim", "cold-brew"], machine: true)
        case "crash" where arguments.count == 3: try Crashes.crash(arguments[1], state: URL(fileURLWithPath: arguments[2]))
        case "reports" where arguments.count == 2:
            let reports = CrashReports(in: URL(fileURLWithPath: arguments[1]))
            reports.begin(arguments: CommandLine.arguments)
            for report in reports.list() { FileHandle.standardError.write(Data(report.text.utf8)) }
        default: throw EventLogError("which command? The head of Tests/Faults/Faults.swift lists them")
        }
    }

    private static let methods = ["diva", "cold-brew", "grda", "giant-xrt", "psa-gan", "rim", "trajectory-shapley", "deepaa", "visual-generalisation", "trans-encoder"]

    private static func kill(lathe: String, count: Int, methods: [String], machine: Bool) throws {
        let bench = try Bench(lathe: lathe)
        defer { bench.remove() }
        var ledger = Ledger()
        let references = try methods.map { method in
            let reference = try bench.reference(method)
            ledger.say("\(method): \(reference.findings.parts.count) parts to compare\(reference.times.isEmpty ? "" : "; not compared, for they hold times: \(reference.times.joined(separator: ", "))")")
            return reference
        }
        let random = RandomSource(seed: UInt64(Date().timeIntervalSince1970))
        if machine { try harm(bench, references, random, &ledger) }
        var killing = Killing(bench: bench, random: random.stream("ends"))
        if count > 0 { try killing.perform(references, count: count, &ledger) }
        print(ledger.report)
        if !ledger.losses.isEmpty { exit(1) }
    }

    /// The disk, the logs, the clock, and several programs at once; on the method whose run is the shortest.
    private static func harm(_ bench: Bench, _ references: [Reference], _ random: RandomSource, _ ledger: inout Ledger) throws {
        guard let shortest = references.min(by: { $0.seconds < $1.seconds }) else { return }
        try TornLogs(bench: bench).perform(&ledger)
        ledger.say("torn logs: losses so far: \(ledger.losses.count)")
        var disk = SmallDisk(bench: bench, random: random.stream("disk")), clock = ClockBack(bench: bench, random: random.stream("clock"))
        try disk.perform(shortest, count: 15, &ledger)
        ledger.say("disk: losses so far: \(ledger.losses.count)")
        try clock.perform(shortest, count: 10, &ledger)
        ledger.say("clock: losses so far: \(ledger.losses.count)")
        try Together(bench: bench).perform(references, &ledger)
        ledger.say("several programs: losses so far: \(ledger.losses.count)")
    }
}
