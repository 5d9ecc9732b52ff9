import DIVA
import Experiments
import Foundation
import Tensors
import Testing

/// A run that was stopped and goes on from its checkpoint makes the same events and the same numbers, bit for bit.
@Suite(.serialized) struct ResumeTests {
    static let requests: [RunRequest] = [
        request(["task": .text("reweight"), "gradient-baselines": .boolean(true)], plan: .smoke),
        request(["task": .text("extend"), "chunk": .integer(10), "maximum": .integer(40), "fourier-count": .integer(40)], plan: .smoke),
        request(["task": .text("augment"), "examples": .integer(60), "transforms": .text("flip-vertical,shift"), "fourier-count": .integer(30), "noise": .real(0.1)], plan: .smoke),
        request(["task": .text("detect"), "validation": .integer(50)], plan: .smoke),
    ]

    @Test(arguments: requests) func `stopping anywhere and going on gives the uninterrupted run`(_ request: RunRequest) throws {
        let whole = try run(request)
        let wanted = whole.events, proceeds = whole.contents.withLock { $0.proceeds }
        #expect(proceeds > 20)
        // Places spread over the closed-form stages, and over the gradient baselines, which alone have thousands.
        let places = (1...proceeds).filter { $0 % 5 == 1 && $0 < 60 || $0 > proceeds - 3 || $0 % max(7, proceeds / 16) == 0 }
        for place in places {
            for keepsEvery in [1, 3] where keepsEvery == 1 || place % 5 == 0 {
                let stopped = RecordingSink(stopAt: place, keepsEvery: keepsEvery)
                #expect(throws: RunCancelled.self) { try run(request, sink: stopped) }
                let (kept, state) = stopped.contents.withLock { (Array($0.events.prefix($0.eventsAtCheckpoint)), $0.checkpoint) }
                let resumed = try run(request, restoring: state)
                // Bools, for a failure would otherwise print both streams.
                let (sameEvents, sameResults) = (kept + resumed.events == wanted, resumed.results == whole.results)
                #expect(sameEvents, "stopped at \(place)")
                #expect(sameResults, "stopped at \(place)")
            }
        }
    }

    @Test func `a stop between two checkpoints twice in a row still ends at the same numbers`() throws {
        let request = Self.requests[0]
        let whole = try run(request)
        var kept: [RunEvent.Payload] = [], state: Data?
        for place in [25, 9, 14] {
            let stopped = RecordingSink(stopAt: place)
            #expect(throws: RunCancelled.self) { try run(request, sink: stopped, restoring: state) }
            stopped.contents.withLock { contents in
                guard let newest = contents.checkpoint else { return }
                kept += contents.events.prefix(contents.eventsAtCheckpoint)
                state = newest
            }
        }
        let last = try run(request, restoring: state)
        let (sameEvents, sameResults) = (kept + last.events == whole.events, last.results == whole.results)
        #expect(sameEvents)
        #expect(sameResults)
    }

    @Test func `a checkpoint that is none is refused with a sentence`() {
        #expect(throws: CheckpointError.self) { try run(Self.requests[0], restoring: Data("not a checkpoint".utf8)) }
    }

    /// Every number and every list of a checkpoint is damaged in turn, in each stage of each task.
    @Test(arguments: requests) func `a damaged or foreign checkpoint ends in a sentence or in a whole run, never in a trap`(_ request: RunRequest) throws {
        let proceeds = try run(request).contents.withLock { $0.proceeds }
        var refused = 0
        for place in stride(from: 2, through: proceeds, by: max(1, proceeds / 3)) {
            let stopped = RecordingSink(stopAt: place)
            guard (try? run(request, sink: stopped)) == nil, let data = stopped.contents.withLock({ $0.checkpoint }),
                  let whole = try PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any] else { continue }
            for key in whole.keys.sorted() {
                for damaged in Self.damages(of: whole[key]) {
                    var state = whole
                    state[key] = damaged
                    let bytes = try PropertyListSerialization.data(fromPropertyList: state, format: .binary, options: 0)
                    do { _ = try run(request, restoring: bytes) } catch is CheckpointError { refused += 1 } catch is DIVAError { refused += 1 }
                }
            }
        }
        #expect(refused > 20)
    }

    private static func damages(of value: Any?) -> [Any?] {
        switch value {
        case let number as NSNumber: [nil, NSNumber(value: number.intValue + 1), NSNumber(value: -7), NSNumber(value: Int.max), NSNumber(value: Double.nan)]
        case let list as [Any]: [nil, [] as [Any], Array(list.dropLast())]
        case let parts as [String: Any]:
            [nil] + parts.keys.sorted().flatMap { key in
                damages(of: parts[key]).map { damaged -> Any? in
                    var parts = parts
                    parts[key] = damaged
                    return parts
                }
            }
        default: [nil]
        }
    }

    @Test func `two runs of one request are equal, and another seed is not`() throws {
        var other = Self.requests[0]
        other.seed = 2
        let (first, again, second) = (try run(Self.requests[0]), try run(Self.requests[0]), try run(other))
        let (same, different) = (first.events == again.events, first.results != second.results)
        #expect(same)
        #expect(different)
    }
}
