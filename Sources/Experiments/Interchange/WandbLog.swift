import Datasets
import Foundation

/// An offline log of Weights & Biases (`run-ID.wandb`) as a run: history becomes series, config parameters, summary results, what the machine was
/// doing series under `system/`.
///
/// The file is LevelDB's log format after a header of seven bytes (":W&B", a magic number, a version): blocks of 32 KiB with records of
/// checksum (CRC-32 of kind and data), length (2 bytes) and kind (whole, first, middle, last), whose data are Protocol Buffers records.
struct WandbLog: ForeignLog {
    let location: URL
    private var reader: RecordFile?
    private var events = ForeignEvents()
    private var problems: [String] = []
    private(set) var isOver = false
    /// What came before the record of the run itself.
    private var hasStarted = false
    private var config: [String: ParameterValue] = [:]
    private var identity: (name: String, project: String, host: String, start: Double) = ("", "", "", 0)
    /// The parts of a record that spans blocks.
    private var parts: [UInt8] = []
    private var isInside = false
    private var lastStep = -1.0, lastTime = 0.0
    /// The values of the line of history at work, by series; kept for its memory.
    private var row: [(series: Int, value: Double)] = []
    /// What W&B logs of its own into each line.
    private let ownStep: Int, ownTime: Int, ownRuntime: Int
    /// By series, in the order in which they came.
    private var summary: [Int: Double] = [:], summaryOrder: [Int] = []
    private var runtime = 0.0, exitCode: Int?

    private static let blockSize: UInt64 = 32_768, headerSize: UInt64 = 7

    init(_ location: URL) {
        self.location = location
        (ownStep, ownTime, ownRuntime) = (events.series.place("_step"), events.series.place("_timestamp"), events.series.place("_runtime"))
    }

    var name: String { identity.name.isEmpty ? location.deletingPathExtension().lastPathComponent : identity.name }

    mutating func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    mutating func update(limit: Int) throws -> [RunEvent] {
        if reader == nil { reader = try RecordFile(location) }
        guard var reader else { return [] }
        let hadDamage = reader.damage != nil
        var left = limit
        while left > 0 {
            let before = reader.offset
            guard try reader.read(limit: min(left, RecordFile.piece), { bytes, place in take(bytes, place) }) else { break }
            left -= Int(clamping: reader.offset - before)
        }
        self.reader = reader
        if let damage = reader.damage, !hadDamage { problems.append(damage) }
        if isOver, !hasStarted { start() }
        return events.take()
    }

    var failure: String? { exitCode.flatMap { $0 == 0 ? nil : "its program ended with status \($0), as W&B logged it" } }

    /// The last value of each series; of a run that is over what its summary says.
    var newest: NewestValues {
        var values = events.newest
        if isOver { for place in summaryOrder where !events.series.all[place].isOwn { summary[place].map { values.take(events.series.all[place].name, $0) } } }
        return values
    }

    // MARK: - Records

    private mutating func take(_ bytes: Span<UInt8>, _ place: UInt64) -> RecordFile.Taken {
        var at = 0
        if place == 0 {
            guard bytes.count >= Int(Self.headerSize) else { return .init(used: 0, isTorn: true, damage: nil) }
            guard bytes[0] == 0x3A, bytes[1] == 0x57, bytes[2] == 0x26, bytes[3] == 0x42 else {
                return .init(used: 0, isTorn: false, damage: "is no log of W&B: it does not begin with “:W&B”")
            }
            at = Int(Self.headerSize)
        }
        while at < bytes.count {
            let left = Int(Self.blockSize - (place + UInt64(at)) % Self.blockSize)
            // The rest of a block that no header fits into is padding.
            if left < 7 {
                guard bytes.count - at >= left else { return .init(used: at, isTorn: true, damage: nil) }
                at += left
                continue
            }
            guard bytes.count - at >= 7 else { return .init(used: at, isTorn: true, damage: nil) }
            let length = Int(bytes[at + 4]) | Int(bytes[at + 5]) << 8, kind = bytes[at + 6]
            let checksum = bytes.littleEndian(at, as: UInt32.self)
            if length == 0, kind == 0, checksum == 0 {
                // A block that was allocated and not written.
                guard bytes.count - at >= left else { return .init(used: at, isTorn: true, damage: nil) }
                at += left
                continue
            }
            guard length <= left - 7, (1...4).contains(kind) else {
                return .init(used: at, isTorn: false, damage: "the record at byte \(place + UInt64(at)) is none of W&B's; what stands after it is not read")
            }
            let end = at + 7 + length
            guard bytes.count >= end else { return .init(used: at, isTorn: true, damage: nil) }
            guard crc32Checksum(bytes.extracting(at + 6..<end)) == checksum else {
                return .init(used: at, isTorn: false, damage: "the record at byte \(place + UInt64(at)) has a wrong checksum; what stands after it is not read")
            }
            let data = bytes.extracting(at + 7..<end)
            switch kind {
            case 1:
                isInside = false
                record(data)
            case 2:
                parts = (0..<data.count).map { data[$0] }
                isInside = true
            default:
                guard isInside, parts.count < 1 << 30 else { break }
                for index in 0..<data.count { parts.append(data[index]) }
                if kind == 4 {
                    isInside = false
                    let whole = parts
                    parts = []
                    record(whole.span)
                }
            }
            at = end
        }
        return .init(used: at, isTorn: false, damage: nil)
    }

    /// One record; those that cannot be read are passed over, as W&B itself does with what it does not know.
    private mutating func record(_ bytes: Span<UInt8>) {
        do {
            var fields = ProtobufFields(0..<bytes.count)
            while let (number, value) = try fields.next(bytes) {
                guard case .bytes(let range) = value else { continue }
                switch number {
                case 2: try history(bytes, range)
                case 3: try takeSummary(bytes, range)
                case 5: try takeConfig(bytes, range)
                case 7: try statistics(bytes, range)
                case 17: try run(bytes, range)
                case 18: try exit(bytes, range)
                default: break
                }
            }
        } catch { if problems.isEmpty { problems.append("\(location.path): a record is no message that is known and was passed over") } }
    }

    private mutating func start() {
        guard !hasStarted else { return }
        hasStarted = true
        let project = identity.project.isEmpty ? "run" : identity.project
        let request = RunRequest(method: "wandb", dataset: project, plan: .standard, seed: ForeignSeed.of(name), condition: name, values: config)
        events.add(.started(.init(request: request, values: config, datasetChecksum: "", build: "Weights & Biases", machine: identity.host)), at: identity.start)
        lastTime = identity.start
    }

    /// Run: id 1, project 3, config 4, display name 8, host 13, start time 17.
    private mutating func run(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range), display = "", identifier = ""
        while let (number, value) = try fields.next(bytes) {
            guard case .bytes(let range) = value else { continue }
            switch number {
            case 1: identifier = ProtobufFields.text(bytes, range)
            case 3: identity.project = ProtobufFields.text(bytes, range)
            case 4: try takeConfig(bytes, range)
            case 8: display = ProtobufFields.text(bytes, range)
            case 13: identity.host = ProtobufFields.text(bytes, range)
            case 17:
                var inner = ProtobufFields(range)
                while let (number, value) = try inner.next(bytes) { if number == 1, case .varint(let seconds) = value { identity.start = Double(seconds) } }
            default: break
            }
        }
        identity.name = display.isEmpty ? identifier : display
        start()
    }

    /// A list of items with key 1 (or nested keys 2) and a value: boolean 4, integer 5, number 6, text 7, JSON 8, or JSON 16 in older logs.
    private func item(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> (key: String, value: JSONValue)? {
        var fields = ProtobufFields(range), keys: [String] = [], found: JSONValue?
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .bytes(let range)) where keys.isEmpty: keys = [ProtobufFields.text(bytes, range)]
            case (2, .bytes(let range)):
                // Nested keys say the whole path.
                keys = (keys.count == 1 && keys[0].isEmpty ? [] : keys) + [ProtobufFields.text(bytes, range)]
            case (4, .varint(let bits)): found = .boolean(bits != 0)
            case (5, .varint(let bits)): found = .integer(Int(truncatingIfNeeded: Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)))
            case (6, .fixed64(let bits)): found = .number(Double(bitPattern: bits))
            case (7, .bytes(let range)): found = .text(ProtobufFields.text(bytes, range))
            case (8, .bytes(let range)), (16, .bytes(let range)): found = Self.json(ProtobufFields.text(bytes, range))
            default: break
            }
        }
        guard let found, !keys.isEmpty else { return nil }
        return (keys.filter { !$0.isEmpty }.joined(separator: "/"), found)
    }

    /// JSON, with Python's words for what JSON lacks.
    private static func json(_ text: String) -> JSONValue? {
        switch text {
        case "NaN": .number(.nan)
        case "Infinity": .number(.infinity)
        case "-Infinity": .number(-.infinity)
        default: try? JSONValue(parsing: text)
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        default: nil
        }
    }

    /// The numbers in a value: itself, or those of the names in it.
    private static func numbers(_ key: String, _ value: JSONValue, depth: Int = 0) -> [(String, Double)] {
        if let number = number(value) { return [(key, number)] }
        // Pictures, tables and other media name their kind.
        guard depth < 4, case .object(let members) = value, value["_type"] == nil else { return [] }
        return members.flatMap { numbers("\(key)/\($0.key)", $0.value, depth: depth + 1) }
    }

    /// An item with one key and a JSON number, as nearly all of a history are, without making a text of either; nil for another.
    private static func plainItem(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> (key: Range<Int>, value: Double)? {
        var fields = ProtobufFields(range), key: Range<Int>?, found: Double?
        while let (number, value) = try fields.next(bytes) {
            guard case .bytes(let text) = value else { return nil }
            switch number {
            case 1, 2:
                guard key == nil, !text.isEmpty else { return nil }
                key = text
            case 8, 16: found = DecimalNumber.value(bytes, text)
            default: return nil
            }
        }
        guard let key, let found else { return nil }
        return (key, found)
    }

    private mutating func history(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range), step: Double?
        row.removeAll(keepingCapacity: true)
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .bytes(let range)):
                if let (key, value) = try Self.plainItem(bytes, range) {
                    row.append((events.series.place(bytes, key), value))
                } else if let found = try item(bytes, range) {
                    for (key, value) in Self.numbers(found.key, found.value) { row.append((events.series.place(key), value)) }
                }
            case (2, .bytes(let range)):
                var inner = ProtobufFields(range)
                step = 0
                while let (number, value) = try inner.next(bytes) { if number == 1, case .varint(let bits) = value { step = Double(Int64(bitPattern: bits)) } }
            default: break
            }
        }
        start()
        for (series, value) in row {
            switch series {
            case ownStep: step = step ?? value
            case ownTime where value.isFinite: lastTime = max(lastTime, value)
            case ownRuntime where value.isFinite: runtime = max(runtime, value)
            default: break
            }
        }
        lastStep = step ?? lastStep + 1
        for (series, value) in row where !events.series.all[series].isOwn { events.point(series, step: lastStep, value: value, at: lastTime) }
    }

    private mutating func takeSummary(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range)
        while let (number, value) = try fields.next(bytes) {
            guard number == 1, case .bytes(let range) = value else { continue }
            if let (key, value) = try Self.plainItem(bytes, range) {
                setSummary(events.series.place(bytes, key), value)
            } else if let found = try item(bytes, range) {
                for (key, value) in Self.numbers(found.key, found.value) { setSummary(events.series.place(key), value) }
            }
        }
    }

    private mutating func setSummary(_ series: Int, _ value: Double) {
        if summary.updateValue(value, forKey: series) == nil { summaryOrder.append(series) }
    }

    private mutating func takeConfig(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        func add(_ key: String, _ value: JSONValue, depth: Int) {
            guard !key.hasPrefix("_"), depth < 6 else { return }
            switch value {
            case .object(let members): for member in members { add("\(key).\(member.key)", member.value, depth: depth + 1) }
            case .integer(let number): config[key] = .integer(number)
            case .number(let number): config[key] = .real(number)
            case .boolean(let flag): config[key] = .boolean(flag)
            case .text(let text): config[key] = .text(text)
            default: break
            }
        }
        var fields = ProtobufFields(range)
        while let (number, value) = try fields.next(bytes) {
            guard number == 1, case .bytes(let range) = value, let found = try item(bytes, range) else { continue }
            add(found.key.replacing("/", with: "."), found.value, depth: 0)
        }
    }

    /// Stats: time stamp 2, items 3 of key 1 and JSON 16.
    private mutating func statistics(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range), time = lastTime, values: [(String, Double)] = []
        while let (number, value) = try fields.next(bytes) {
            guard case .bytes(let range) = value else { continue }
            if number == 2 {
                var inner = ProtobufFields(range)
                while let (number, value) = try inner.next(bytes) { if number == 1, case .varint(let seconds) = value { time = Double(seconds) } }
            } else if number == 3, let found = try item(bytes, range) {
                values += Self.numbers(found.key, found.value)
            }
        }
        guard hasStarted else { return }
        for (key, value) in values { events.point(events.series.place("system/\(key)"), step: max(0, time - identity.start), value: value, at: max(lastTime, time), isResult: false) }
    }

    /// Exit: code 1, seconds 2.
    private mutating func exit(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range)
        exitCode = 0
        while let (number, value) = try fields.next(bytes) {
            guard case .varint(let bits) = value else { continue }
            if number == 1 { exitCode = Int(truncatingIfNeeded: bits) }
            if number == 2 { runtime = max(runtime, Double(bits)) }
        }
        isOver = true
    }
}
