import Datasets
import Experiments
import Foundation
import Testing

/// Logs of TensorBoard and W&B, as those programs wrote them (Fixtures/interchange/make_interchange.py).
@Suite struct InterchangeTests {
    private static let fixtures = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/interchange")

    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-interchange-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    private func fixture(_ name: String) throws -> Data { try Data(contentsOf: #require(Self.fixtures).appendingPathComponent(name)) }

    @Test func `TensorBoard's own file comes in with its scalars, histogram, picture and text`() throws {
        try withFolder { folder in
            let runs = folder.appendingPathComponent("logs/grid_seed12")
            try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
            try fixture("tensorboard.tfevents").write(to: runs.appendingPathComponent("events.out.tfevents.1.host"))
            let store = try RunStore(at: folder.appendingPathComponent("store.sqlite"))
            let reports = try store.importForeignLogs(at: folder.appendingPathComponent("logs"))
            #expect(reports.count == 1 && reports[0].name == "grid_seed12" && reports[0].problems.isEmpty)
            let run = try store.openRun(reports[0].run)
            #expect(run.record.state == .finished && run.record.request.seed == 12 && run.record.request.method == "tensorboard")
            let series = Dictionary(uniqueKeysWithValues: run.series.map { ($0.path, $0) })
            #expect(series["loss/train"]?.steps == (0..<20).map(Double.init))
            #expect(series["loss/train"]?.values == (0..<20).map { Double(Float(1 / Double($0 + 1))) })
            #expect(series["new"]?.values == [0.25], "the new style, a tensor")
            #expect(series["nan"]?.values.first?.isNaN == true)
            var values: [Double] = [], thumbnail: Thumbnail?, note = ""
            for event in run.events {
                switch event.payload {
                case .distribution(let found): values = found.groups[0].values
                case .images(let set): thumbnail = set.items[0].thumbnail
                case .note(let message): note = message.text
                default: break
                }
            }
            #expect(values.count == 200 && values == values.sorted() && abs(values.reduce(0, +) / 200 + 0.0269) < 0.05, "drawn from N(0, 1): mean \(values.reduce(0, +) / 200)")
            #expect(thumbnail?.width == 8 && thumbnail?.pixels.prefix(6) == [0, 0, 0, 4, 4, 4])
            #expect(note == "note/text_summary, step 1: hello *world*")
            let loss = try #require(run.results.first { $0.name == "loss" })
            #expect(loss.arm == "train" && loss.better == .lower && abs(loss.value - 0.05) < 1e-6)
            // Once more: the same run, not a second one.
            let again = try store.importForeignLogs(at: folder.appendingPathComponent("logs"))
            #expect(again[0].run == reports[0].run)
            #expect(try store.openRun(again[0].run).series.first?.values.count == 20)
        }
    }

    @Test func `checksums are Castagnoli's, with the processor's instruction and without`() {
        let known: [(String, UInt32)] = [("", 0), ("a", 0xC1D0_4330), ("123456789", 0xE306_9283), ("The quick brown fox jumps over the lazy dog", 0x2262_0404)]
        for (text, wanted) in known { #expect(CRC32C.checksum(Array(text.utf8).span) == wanted, "\(text)") }
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ count) }
            #expect(CRC32C.checksum(bytes.span) == CRC32C.checksum(bytes.span, plainly: true), "\(count) bytes")
        }
    }

    @Test func `decimal numbers are rounded as the system rounds them, or left to it`() {
        var seed: UInt64 = 5, settled = 0
        func random() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed ^ seed >> 29
        }
        for round in 0..<40_000 {
            // All sizes; the shortest text of a number, and texts with more digits than it needs.
            let value = Double(random() >> 11) * 0x1p-53 * pow(10, Double(round % 60) - 30) * (round % 2 == 0 ? 1 : -1)
            for text in ["\(value)", String(format: "%.17g", value), String(format: "%.18e", value), String(format: "%.6f", value)] {
                let bytes = Array(text.utf8)
                guard let found = DecimalNumber.value(bytes.span, 0..<bytes.count) else { continue }
                settled += 1
                #expect(found.bitPattern == Double(text)?.bitPattern, "\(text)")
            }
        }
        #expect(settled > 100_000, "\(settled)")
        for text in ["", "-", ".", "1.", ".5", "1e", "1e+", "e5", "1x", "0x10", "1e5000", "12345678901234567890123", "NaN", "1 ", "--1"] {
            let bytes = Array(text.utf8)
            #expect(DecimalNumber.value(bytes.span, 0..<bytes.count) == nil, "\(text)")
        }
        for (text, wanted) in [("0", 0.0), ("-0.0", -0.0), ("0.000", 0), ("9007199254740993", 9_007_199_254_740_992), ("1e22", 1e22), ("123456789012345678e-20", 0.00123456789012345678)] {
            let bytes = Array(text.utf8)
            #expect(DecimalNumber.value(bytes.span, 0..<bytes.count)?.bitPattern == wanted.bitPattern, "\(text)")
        }
    }

    @Test func `a run that W&B says ended badly has failed, with its series kept`() throws {
        try withFolder { folder in
            // The exit record of the fixture is its last: kind and data anew, with code 3.
            var whole = try fixture("small.wandb")
            let code = try #require(Self.exitCode(in: whole))
            whole.replaceSubrange(code.range, with: code.record)
            let file = folder.appendingPathComponent("run-bad.wandb")
            try whole.write(to: file)
            let store = try RunStore(at: folder.appendingPathComponent("store.sqlite"))
            let report = try #require(try store.importForeignLogs(at: file).first)
            let run = try store.openRun(report.run)
            #expect(report.problems.isEmpty && run.record.state == .failed && run.record.sentence.contains("status 3"), "\(report.problems) \(run.record.sentence)")
            #expect(run.series.first { $0.path == "loss" }?.values.count == 1500)
        }
    }

    /// The last record of a W&B log that is an exit (field 18), and one in its place whose code is 3.
    private static func exitCode(in log: Data) -> (range: Range<Int>, record: Data)? {
        var at = 7, found: (range: Range<Int>, record: Data)?
        while at + 7 <= log.count {
            let left = 32_768 - at % 32_768
            if left < 7 { at += left; continue }
            let length = Int(log[at + 4]) | Int(log[at + 5]) << 8
            guard length > 0 || log[at + 6] != 0 else { at += left; continue }
            let data = log[at + 7..<min(log.count, at + 7 + length)]
            // Field 18 with a message: two bytes of tag.
            if let place = data.firstRange(of: Data([0x92, 0x01])), log[at + 6] == 1, data.count < 60 {
                let size = Int(data[place.upperBound]), inner = data[place.upperBound + 1..<place.upperBound + 1 + size]
                // Code 0 is left out by Protocol Buffers: it goes in front, and the message grows by two bytes.
                var body = data
                body.replaceSubrange(place.upperBound..<place.upperBound + 1 + size, with: Data([UInt8(size + 2), 0x08, 3]) + inner)
                var record = Data([1]) + body
                let checksum = crc32Checksum(Array(record).span)
                record = Data((0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) }) + Data([UInt8(body.count & 0xFF), UInt8(body.count >> 8)]) + record
                found = (at..<at + 7 + length, record)
            }
            at += 7 + length
        }
        return found
    }

    @Test func `W&B's own log comes in with config, history over blocks, summary and its end`() throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("run-abc123.wandb")
            try fixture("small.wandb").write(to: file)
            let store = try RunStore(at: folder.appendingPathComponent("store.sqlite"))
            let report = try #require(try store.importForeignLogs(at: file).first)
            #expect(report.name == "small-seed7" && report.problems.isEmpty)
            let run = try store.openRun(report.run)
            #expect(run.record.request.dataset == "lathe-fixture" && run.record.request.seed == 7 && run.record.state == .finished)
            #expect(run.record.request.values == ["rate": .real(0.1), "layers": .integer(3), "name": .text("adam"), "optimiser.beta": .real(0.9), "optimiser.kind": .text("adam")])
            let series = Dictionary(uniqueKeysWithValues: run.series.map { ($0.path, $0) })
            #expect(Set(series.keys) == ["loss", "acc/train", "odd"], "a table is no series")
            #expect(series["loss"]?.values == (0..<1500).map { 1 / Double($0 + 1) } && series["loss"]?.steps.last == 1499)
            #expect(series["acc/train"]?.values[750] == 0.5 && series["odd"]?.values.first?.isNaN == true && series["odd"]?.steps == [4])
            #expect(run.results.first { $0.name == "best" }?.value == 0.5)
        }
    }

    @Test(arguments: ["tensorboard.tfevents", "small.wandb"])
    func `a log that grows byte by byte gives each event once, and the end that is torn waits`(_ name: String) throws {
        let whole = try fixture(name)
        try withFolder { folder in
            let place = folder.appendingPathComponent("live")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let file = place.appendingPathComponent(name == "small.wandb" ? name : "events.out.tfevents.1")
            let grown = try RunStore(at: folder.appendingPathComponent("grown.sqlite")), atOnce = try RunStore(at: folder.appendingPathComponent("once.sqlite"))
            var problems: [String] = []
            try Data().write(to: file)
            let heard = Heard()
            let follower = ForeignFollower(place, into: grown) { heard.add($0) }
            let handle = try FileHandle(forWritingTo: file)
            var start = 0
            for size in sequence(first: 1, next: { $0 < 9000 ? $0 * 2 + 1 : 9001 }) where start < whole.count {
                try handle.write(contentsOf: whole[start..<min(whole.count, start + size)])
                start += size
                follower.look()
                if start >= whole.count { break }
            }
            try handle.close()
            follower.look()
            problems += heard.sentences
            #expect(problems.isEmpty, "\(problems)")
            let report = try #require(try atOnce.importForeignLogs(at: place).first)
            let first = try grown.openRun(report.run), second = try atOnce.openRun(report.run)
            func sorted(_ run: StoredRun) -> [String: [Double]] { Dictionary(uniqueKeysWithValues: run.series.map { ($0.path, $0.values.filter { !$0.isNaN }) }) }
            #expect(sorted(first) == sorted(second) && !first.series.isEmpty)
        }
    }

    private final class Heard: @unchecked Sendable {
        private let lock = NSLock()
        private var list: [String] = []
        func add(_ sentence: String) { lock.withLock { list.append(sentence) } }
        var sentences: [String] { lock.withLock { list } }
    }

    @Test(arguments: ["tensorboard.tfevents", "small.wandb"])
    func `a damaged log is told with its place, what stands before the damage is kept, and nothing traps`(_ name: String) throws {
        let whole = try fixture(name)
        try withFolder { folder in
            let file = folder.appendingPathComponent(name == "small.wandb" ? name : "events.out.tfevents.1")
            var told = 0
            for place in stride(from: 3, to: min(whole.count, 12_000), by: 397) {
                var altered = whole
                altered[altered.startIndex + place] ^= 0x5A
                try altered.write(to: file)
                let store = try RunStore(at: folder.appendingPathComponent("store-\(place).sqlite"))
                let reports = (try? store.importForeignLogs(at: file)) ?? []
                told += reports.contains { $0.problems.contains { $0.contains("at byte") || $0.contains("begin with") } } ? 1 : 0
            }
            #expect(told > 20, "\(told)")
            for count in [0, 1, 6, 7, 11, 12, 40, whole.count / 2] {
                try whole.prefix(count).write(to: file)
                let store = try RunStore(at: folder.appendingPathComponent("cut-\(count).sqlite"))
                _ = try? store.importForeignLogs(at: file)
            }
            let store = try RunStore(at: folder.appendingPathComponent("none.sqlite")), empty = folder.appendingPathComponent("empty")
            try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
            let error = #expect(throws: (any Error).self) { try store.importForeignLogs(at: empty) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("no event file of TensorBoard"))
        }
    }

    @Test func `a run goes out as an event file and comes back the same, at 32 bits`() throws {
        try withFolder { folder in
            let store = try RunStore(at: folder.appendingPathComponent("store.sqlite"))
            let log = folder.appendingPathComponent("run.jsonl")
            let request = RunRequest(method: "trial", dataset: "digits", plan: .smoke, seed: 3)
            let pixels = Thumbnail(width: 3, height: 2, channels: 3, pixels: (0..<18).map { UInt8($0 * 14) })
            let payloads: [RunEvent.Payload] = [
                .started(.init(request: request, values: [:], datasetChecksum: "", build: "b", machine: "m")),
                .metric(.init(series: "loss/train", steps: [0, 1, 2], values: [0.1, .nan, -3e10])), .metric(.init(series: "roc", steps: [0.25, 0.5], values: [1, 2])),
                .distribution(.init(name: "w", groups: [.init(name: "a", values: (0..<300).map { Double($0) })], step: 7)),
                .images(.init(name: "digit", items: [.init(identifier: 4, caption: "a four", thumbnail: pixels)])), .note(.init("said & done")),
                .finished(.init(results: [.init(name: "error", arm: "main", value: 0.5, better: .lower)], seconds: 2)),
            ]
            let lines = payloads.enumerated().map { RunEvent(sequence: $0, time: 1_700_000_000 + Double($0), payload: $1).jsonLine }
            try Data(lines.joined(separator: "\n").appending("\n").utf8).write(to: log)
            let report = try store.importEventLog(log)
            let written = try store.exportTensorBoard(report.run)
            #expect(written.name.hasPrefix("events.out.tfevents.1700000000.lathe."))
            let out = folder.appendingPathComponent("out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            try written.bytes.write(to: out.appendingPathComponent(written.name))
            let back = try store.openRun(#require(try store.importForeignLogs(at: out).first).run)
            let series = Dictionary(uniqueKeysWithValues: back.series.map { ($0.path, $0) })
            #expect(series["loss/train"]?.steps == [0, 1, 2] && series["loss/train"]?.values[0] == Double(Float(0.1)) && series["loss/train"]?.values[1].isNaN == true)
            #expect(series["roc"]?.steps == [0, 1], "TensorBoard's steps are whole: the places of the points")
            #expect(series["result error/main"]?.values == [0.5])
            var thumbnail: Thumbnail?, values: [Double] = [], notes: [String] = []
            for event in back.events {
                switch event.payload {
                case .images(let set): thumbnail = set.items[0].thumbnail
                case .distribution(let found): values = found.groups[0].values
                case .note(let message): notes.append(message.text)
                default: break
                }
            }
            #expect(thumbnail == pixels && notes.contains { $0.contains("said & done") })
            #expect(values.count == 200 && abs(values[100] - 150) < 3 && (values.last ?? 0) <= 299)
        }
    }
}
