import Experiments
import Foundation
import Tensors
import Testing
import TransEncoder

/// Stopping and going on.
@Suite(.serialized) struct ResumeTests {
    private var asked: RunRequest { request(["controls": .text("simcse, shuffled"), "fresh": .boolean(false), "start-steps": .integer(22), "cross-epochs": .integer(3), "small-width": .integer(16)]) }

    @Test("a run that goes on from any checkpoint says the same as one that was never stopped") func resume() throws {
        try withOneThread {
            let whole = try run(asked)
            #expect(whole.checkpoints.count >= 10)
            #expect(whole.checkpoints.contains { $0.name == "cross1, step 10" } && whole.checkpoints.contains { $0.name == "start, step 20" } && whole.checkpoints.contains { $0.name == "simcse, step 20" })
            let marks = whole.payloads.indices.filter { if case .checkpoint = whole.payloads[$0] { true } else { false } }
            for place in whole.checkpoints.indices {
                let rest = try run(asked, restoring: whole.checkpoints[place].state)
                #expect(rest.results == whole.results, "\(whole.checkpoints[place].name)")
                #expect(text(rest.payloads) == text(whole.payloads.dropFirst(marks[place] + 1)), "\(whole.checkpoints[place].name)")
            }
        }
    }

    @Test("a word table that learns by rows goes on too") func sparse() throws {
        try withOneThread {
            let asked = request(["controls": .text("none"), "embeddings": .text("sparse"), "small-width": .integer(16), "cross-epochs": .integer(3)]), whole = try run(asked)
            let middle = try #require(whole.checkpoints.first { $0.name == "cross1, step 10" })
            #expect(try run(asked, restoring: middle.state).results == whole.results)
        }
    }

    @Test("a checkpoint of other settings, other data or none at all is refused") func foreign() throws {
        let whole = try run(asked), last = whole.checkpoints[whole.checkpoints.count - 1].state
        #expect(throws: CheckpointError.self) { try run(asked, restoring: Data("no checkpoint".utf8)) }
        for (name, value) in [("cycles", ParameterValue.integer(2)), ("small-width", .integer(20)), ("pairs", .integer(30)), ("controls", .text("none"))] {
            var other = asked
            other.values[name] = value
            #expect(throws: CheckpointError.self, "\(name)") { try run(other, restoring: last) }
        }
        var seeded = asked
        seeded.seed = 5
        #expect(throws: CheckpointError.self) { try run(seeded, restoring: last) }
    }

    @Test("a damaged checkpoint never traps") func damage() throws {
        let whole = try run(asked)
        var random = RandomSource(seed: 9)
        for checkpoint in [try #require(whole.checkpoints.first { $0.name == "start, step 20" }), try #require(whole.checkpoints.first { $0.name == "cross1, step 10" }), whole.checkpoints[whole.checkpoints.count - 2]] {
            for _ in 0..<25 {
                var bytes = [UInt8](checkpoint.state)
                for _ in 0..<1 + random.integer(below: 4) { bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256)) }
                // Whatever it does, it returns or throws.
                _ = try? run(asked, restoring: Data(bytes), sink: RecordingSink(stopsAfter: 20))
            }
        }
    }

    @Test("a run stops where it is asked to") func stops() throws {
        let whole = try run(asked)
        for place in [1, whole.proceedCount / 3, whole.proceedCount / 2, whole.proceedCount] {
            let sink = RecordingSink(stopsAfter: place)
            #expect(throws: RunCancelled.self) { try run(asked, sink: sink) }
            #expect(sink.proceedCount == place)
        }
    }
}
