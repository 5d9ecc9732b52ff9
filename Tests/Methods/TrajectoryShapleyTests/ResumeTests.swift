import Experiments
import Foundation
import Tensors
import Testing

/// Stopping and going on.
@Suite(.serialized) struct ResumeTests {
    private var asked: RunRequest { request(["models": .text("cv, lstm, edge"), "steps": .integer(20), "targets": .integer(20)]) }

    @Test func `a run that goes on from any checkpoint says the same as one that was never stopped`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let whole = try run(asked)
        #expect(whole.checkpoints.count >= 12)
        let marks = whole.payloads.indices.filter { if case .checkpoint = whole.payloads[$0] { true } else { false } }
        for place in whole.checkpoints.indices {
            let rest = try run(asked, restoring: whole.checkpoints[place].state)
            #expect(rest.results == whole.results, "\(whole.checkpoints[place].name)")
            #expect(text(rest.payloads) == text(whole.payloads.dropFirst(marks[place] + 1)), "\(whole.checkpoints[place].name)")
        }
    }

    @Test func `a checkpoint of other settings, other data or no checkpoint at all is refused`() throws {
        let whole = try run(asked), last = whole.checkpoints[whole.checkpoints.count - 1].state
        #expect(throws: CheckpointError.self) { try run(asked, restoring: Data("no checkpoint".utf8)) }
        for values in [["models": ParameterValue.text("lstm, cv, edge")], ["models": .text("cv, lstm")], ["models": .text("cv, lstm, edge-plain")], ["history-width": .integer(9)], ["targets": .integer(10)], ["neighbours": .integer(2)], ["value": .text("ade")]] {
            var other = asked
            other.values.merge(values) { $1 }
            #expect(throws: CheckpointError.self, "\(values)") { try run(other, restoring: last) }
        }
        // In the middle of a training: fewer steps than were done.
        let middle = try #require(whole.checkpoints.first { $0.name == "Edge, step 20" })
        var shorter = asked
        shorter.values["steps"] = .integer(15)
        #expect(throws: CheckpointError.self) { try run(shorter, restoring: middle.state) }
    }

    @Test func `a damaged checkpoint never traps`() throws {
        let whole = try run(asked)
        var random = RandomSource(seed: 9)
        // So many times it looks up while the targets are cut; a few more, and it has taken the checkpoint in.
        let start = 40 + 50 + 10
        for checkpoint in [whole.checkpoints[2], whole.checkpoints[whole.checkpoints.count - 2]] {
            for _ in 0..<30 {
                var bytes = [UInt8](checkpoint.state)
                for _ in 0..<1 + random.integer(below: 4) { bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256)) }
                // Whatever it does, it returns or throws.
                _ = try? run(asked, restoring: Data(bytes), sink: RecordingSink(stopsAfter: start + 8))
            }
        }
    }

    @Test func `a run stops where it is asked to`() throws {
        let whole = try run(asked)
        for place in [1, whole.proceedCount / 3, whole.proceedCount / 2, whole.proceedCount] {
            let sink = RecordingSink(stopsAfter: place)
            #expect(throws: RunCancelled.self) { try run(asked, sink: sink) }
            #expect(sink.proceedCount == place)
        }
    }
}
