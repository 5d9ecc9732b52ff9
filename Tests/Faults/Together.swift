import Experiments
import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// Two workbenches and a run without a screen on one store, at once: each goes on with a run, and both workbenches want the same one.
struct Together {
    let bench: Bench

    func perform(_ references: [Reference], _ ledger: inout Ledger) throws {
        for (number, reference) in references.enumerated() {
            let place = try bench.place("together")
            defer { place.remove() }
            let name = "\(reference.method), two workbenches and a headless run (trial \(number))"
            ledger.faults["three programs on one store", default: 0] += 1
            let wanted = try place.interruptedRun(reference.request)
            let first = try place.startInTerminal(["--store", place.store.path]), second = try place.startInTerminal(["--store", place.store.path])
            let headless = try place.start(place.run(reference.method))
            try first.see("interrupted")
            try second.see("interrupted")
            // Both want the older run, which is the last of the list.
            for child in [first, second] {
                child.type("G")
                child.pass(0.1)
                child.type("r")
            }
            if headless.end(within: 300) != 0 { ledger.lose("\(name): the headless run fails: \(place.said)") }
            let end = ContinuousClock.now + .seconds(300)
            var states: [RunState] = []
            repeat {
                first.pass(0.1)
                second.pass(0.1)
                let store = try RunStore(at: place.store)
                states = try store.runs().map(\.state)
                store.close()
            } while !states.allSatisfy { $0 == .finished } && ContinuousClock.now < end
            for child in [first, second] {
                child.type("q")
                ledger.terminalsChecked += 1
                if child.end(within: 60) != 0 { ledger.lose("\(name): a workbench does not leave by q") }
                if let damage = child.terminalDamage { ledger.lose("\(name): \(damage)") }
            }
            let store = try RunStore(at: place.store)
            defer { store.close() }
            try ledger.checkIntegrity(store, name)
            let records = try store.runs()
            if records.count != 2 || !records.contains(where: { $0.identifier == wanted }) { ledger.lose("\(name): there are \(records.count) runs where two were asked for") }
            for record in records {
                ledger.runsCompared += 1
                guard record.state == .finished else { ledger.lose("\(name): a run is \(record.state.rawValue)"); continue }
                if let part = reference.findings.difference(from: try Findings(record.identifier, in: store)) { ledger.lose("\(name): “\(part)” differs from the undisturbed run") }
            }
            let sequences = try store.events(of: wanted, after: -1).map(\.sequence)
            ledger.eventsChecked += sequences.count
            if sequences != Array(0..<sequences.count) { ledger.lose("\(name): the events of the run that both wanted are not one sequence") }
        }
    }
}
