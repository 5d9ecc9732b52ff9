import Experiments
import Foundation

/// What was tried and what was lost.
struct Ledger {
    var faults: [String: Int] = [:]
    var eventsChecked = 0
    var runsCompared = 0
    var runsResumed = 0
    var terminalsChecked = 0
    var reportsFound = 0
    /// Everything that is not as promised, one sentence each.
    var losses: [String] = []

    mutating func lose(_ sentence: String) {
        losses.append(sentence)
        say("LOSS: \(sentence)")
    }

    func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

    /// Every committed event is there, as it was.
    mutating func check(_ witnessed: [RunEvent], areIn store: RunStore, run: String, _ trial: String) throws {
        let kept = Dictionary(try store.events(of: run, after: -1).map { ($0.sequence, $0.jsonLine) }, uniquingKeysWith: { first, _ in first })
        for event in witnessed {
            eventsChecked += 1
            if kept[event.sequence] != event.jsonLine { lose("\(trial): event \(event.sequence) (\(event.payload.kind)) was committed and is \(kept[event.sequence] == nil ? "gone" : "another")") }
        }
    }

    /// SQLite finds its file whole.
    mutating func checkIntegrity(_ store: RunStore, _ trial: String) throws {
        let verdict = try store.integrityCheck()
        if verdict != "ok" { lose("\(trial): the store is damaged: \(verdict)") }
    }

    /// A run that was ended goes on and ends as the undisturbed one did.
    mutating func checkResumed(_ place: Place, _ reference: Reference, _ trial: String) throws {
        var store = try RunStore(at: place.store)
        try store.markOrphans()
        try checkIntegrity(store, trial)
        guard let record = try store.runs().first else { return }
        store.close()
        if record.state != .finished {
            guard record.isResumable else { return lose("\(trial): the run is \(record.state.rawValue) and cannot be resumed") }
            runsResumed += 1
            guard try place.start(["resume", record.identifier, "--quiet", "--store", place.store.path]).end(within: 600) == 0 else {
                return lose("\(trial): the run does not go on: \(place.said)")
            }
        }
        store = try RunStore(at: place.store)
        defer { store.close() }
        try checkIntegrity(store, trial)
        runsCompared += 1
        if let part = reference.findings.difference(from: try Findings(record.identifier, in: store)) {
            lose("\(trial): “\(part)” of the resumed run is not that of the undisturbed one")
        }
    }

    var report: String {
        let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return """
            faults tried: \(faults.values.reduce(0, +)) (\(kinds))
            committed events checked: \(eventsChecked)
            runs resumed: \(runsResumed); runs compared with the undisturbed one, bit for bit: \(runsCompared)
            terminals checked: \(terminalsChecked); crash reports found: \(reportsFound)
            losses: \(losses.count)
            """ + losses.map { "\n  \($0)" }.joined()
    }
}
