import CFaults
import Experiments
import Foundation
import Tensors

/// How a run is ended from outside, without a screen or in the workbench.
enum Ending: String, CaseIterable {
    case kill = "SIGKILL", terminate = "SIGTERM", hangUp = "SIGHUP", crash = "SIGSEGV", memory = "no memory", closed = "terminal closed"
    case workbenchKill = "workbench SIGKILL", workbenchTerminate = "workbench SIGTERM", workbenchHangUp = "workbench SIGHUP"
    case workbenchCrash = "workbench SIGSEGV", workbenchClosed = "workbench terminal closed"

    var isInWorkbench: Bool { rawValue.hasPrefix("workbench") }
    var signal: Int32? {
        switch self {
        case .kill, .workbenchKill: SIGKILL
        case .terminate, .workbenchTerminate: SIGTERM
        case .hangUp, .workbenchHangUp: SIGHUP
        case .crash, .workbenchCrash: SIGSEGV
        case .memory, .closed, .workbenchClosed: nil
        }
    }
}

/// Ends real runs at random moments and looks what is left.
struct Killing {
    let bench: Bench
    var random: RandomSource

    /// - Parameter count: faults over all methods; a method that is slower gets fewer, at least one of each kind where there is room.
    mutating func perform(_ references: [Reference], count: Int, _ ledger: inout Ledger) throws {
        let shares = references.map { 1 / $0.seconds.squareRoot() }, all = shares.reduce(0, +)
        var done = 0, share = 0.0
        for (place, reference) in references.enumerated() {
            share += shares[place]
            let goal = Int((Double(count) * share / all).rounded())
            // Each kind in turn, so that a method meets them all.
            let first = random.integer(below: Ending.allCases.count)
            for number in done..<goal {
                let ending = Ending.allCases[(first + number) % Ending.allCases.count]
                try trial(number, ending, reference, moment: random.uniform(), &ledger)
            }
            ledger.say("\(reference.method): \(goal - done) faults in a run of \(String(format: "%.1f", reference.seconds)) s; losses so far: \(ledger.losses.count)")
            done = goal
        }
    }

    private mutating func trial(_ number: Int, _ ending: Ending, _ reference: Reference, moment: Double, _ ledger: inout Ledger) throws {
        let place = try bench.place("trial")
        defer { place.remove() }
        let name = "\(reference.method), \(ending.rawValue) at \(String(format: "%.3f", moment)) (trial \(number))"
        ledger.faults[ending.rawValue, default: 0] += 1
        let child: Child
        if ending.isInWorkbench {
            let run = try place.interruptedRun(reference.request)
            child = try place.startInTerminal(["--store", place.store.path])
            // The run under the cursor is the only one: r goes on with it.
            try child.see("interrupted")
            child.type("r")
            _ = run
        } else {
            child = ending == .closed ? try place.startInTerminal(place.run(reference.method)) : try place.start(place.run(reference.method))
        }
        child.pass(moment * reference.seconds)
        var witnessed = place.committed()
        if let signal = ending.signal { child.send(signal) }
        if ending == .closed || ending == .workbenchClosed { child.close() }
        if ending == .memory { _ = faults_limit_memory(child.process, random.integer(below: 8) << 20) }
        // A program that waits for memory (the system's queues do) goes on when there is some again.
        let giveBack = { _ = faults_limit_memory(child.process, -1) }
        if child.end(within: 120, after: ending == .memory ? 5 : .infinity, onWait: giveBack) == nil { ledger.lose("\(name): the program did not end within two minutes") }
        if ending.isInWorkbench, let signal = ending.signal, signal != SIGKILL {
            ledger.terminalsChecked += 1
            if let damage = child.terminalDamage { ledger.lose("\(name): \(damage)") }
        }
        if ending.signal == SIGSEGV { checkReport(place, name, &ledger) }
        if FileManager.default.fileExists(atPath: place.log.path) { witnessed += try EventLog(readingFrom: place.log).events }
        if let record = try place.record() {
            let store = try RunStore(at: place.store)
            try ledger.check(witnessed, areIn: store, run: record.identifier, name)
            store.close()
            try ledger.checkResumed(place, reference, name)
        } else if !witnessed.isEmpty {
            ledger.lose("\(name): \(witnessed.count) events were committed and the run is gone")
        }
    }

    /// A crash that came while the program ran, and not after its end, left a report.
    private func checkReport(_ place: Place, _ name: String, _ ledger: inout Ledger) {
        guard let report = CrashReports(in: place.folder.appendingPathComponent("lathe")).list().first else { return }
        ledger.reportsFound += 1
        if !report.text.hasSuffix("end of the report\n") || !report.what.hasPrefix("SIGSEGV") { ledger.lose("\(name): the crash report is not whole") }
    }
}
