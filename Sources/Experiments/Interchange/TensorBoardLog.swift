import Datasets
import Foundation

/// A folder of TensorBoard's event files (`events.out.tfevents.*`) as a run: scalars become series of the same name, histograms distributions, pictures
/// and texts what they are. Records are TFRecords: length (8 bytes), its masked CRC-32C, the data, their masked CRC-32C.
struct TensorBoardLog: ForeignLog {
    let name: String
    let location: URL
    /// The files where they are given; nil takes what the folder holds.
    private let files: [URL]?
    private var readers: [RecordFile] = []
    private var known: Set<String> = []
    /// When the folder was last looked through; files that are known are looked at much more often.
    private var lastListing: ContinuousClock.Instant?
    private var events = ForeignEvents()
    private var hasStarted = false
    private var problems: [String] = []
    var newest: NewestValues { events.newest }
    var isOver: Bool { false }

    init(_ folder: URL, name: String, files: [URL]? = nil) {
        location = folder
        self.name = name
        self.files = files
    }

    mutating func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    mutating func update(limit: Int) throws -> [RunEvent] {
        try discover()
        var left = limit
        for index in readers.indices where left > 0 {
            // A file that is older than another is over; what comes late in it is still taken.
            while left > 0 {
                let before = readers[index].offset, hadDamage = readers[index].damage != nil
                var reader = readers[index]
                let isNew = try reader.read(limit: min(left, RecordFile.piece)) { bytes, place in take(bytes, place) }
                readers[index] = reader
                left -= Int(clamping: reader.offset - before)
                if let damage = reader.damage, !hadDamage { problems.append(damage) }
                if !isNew { break }
            }
        }
        return events.take()
    }

    /// Event files that are new, in the order of their names, which begin with the time.
    private mutating func discover() throws {
        guard lastListing.map({ $0.duration(to: .now) >= .seconds(1) }) ?? true else { return }
        lastListing = .now
        let found = try files ?? FileManager.default.contentsOfDirectory(at: location, includingPropertiesForKeys: nil).filter { $0.lastPathComponent.contains("tfevents") }
        for file in found.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) where known.insert(file.lastPathComponent).inserted { readers.append(try RecordFile(file)) }
    }

    private static let longest = UInt64(1) << 31

    /// Takes whole records from the front.
    private mutating func take(_ bytes: Span<UInt8>, _ place: UInt64) -> RecordFile.Taken {
        var at = 0
        while bytes.count - at >= 12 {
            let length = bytes.littleEndian(at, as: UInt64.self)
            guard bytes.littleEndian(at + 8, as: UInt32.self) == CRC32C.masked(bytes.extracting(at..<at + 8)), length < Self.longest else {
                return .init(used: at, isTorn: false, damage: "the record at byte \(place + UInt64(at)) has a wrong checksum of its length; what stands after it is not read")
            }
            let end = at + 12 + Int(length)
            guard bytes.count >= end + 4 else { return .init(used: at, isTorn: true, damage: nil) }
            guard bytes.littleEndian(end, as: UInt32.self) == CRC32C.masked(bytes.extracting(at + 12..<end)) else {
                return .init(used: at, isTorn: false, damage: "the record at byte \(place + UInt64(at)) has a wrong checksum; what stands after it is not read")
            }
            do { try take(bytes, at + 12..<end) } catch {
                return .init(used: at, isTorn: false, damage: "the record at byte \(place + UInt64(at)) is no event of TensorBoard; what stands after it is not read")
            }
            at = end + 4
        }
        return .init(used: at, isTorn: at < bytes.count, damage: nil)
    }

    private mutating func take(_ bytes: Span<UInt8>, _ record: Range<Int>) throws(ProtobufError) {
        var event = try TensorBoardEvent(bytes, record)
        if !hasStarted {
            hasStarted = true
            let request = RunRequest(method: "tensorboard", dataset: name, plan: .standard, seed: ForeignSeed.of(name))
            events.add(.started(.init(request: request, values: [:], datasetChecksum: "", build: event.fileVersion ?? "TensorBoard", machine: "")), at: event.time)
        }
        while let (tag, content) = try event.nextValue(bytes) {
            if case .scalar(let number) = content {
                events.point(events.series.place(bytes, tag), step: Double(event.step), value: number, at: event.time)
            } else {
                take(content, tag: ProtobufFields.text(bytes, tag), event)
            }
        }
    }

    private mutating func take(_ content: TensorBoardEvent.Content, tag: String, _ event: TensorBoardEvent) {
        switch content {
        case .scalar: break
        case .histogram(let least, let most, let limits, let counts):
            let values = Self.sample(least: least, most: most, limits: limits, counts: counts)
            if !values.isEmpty { events.add(.distribution(.init(name: tag, groups: [.init(name: "step \(event.step)", values: values)], step: Double(event.step))), at: event.time) }
        case .image(let width, let height, let encoded):
            let thumbnail = (try? Picture.read(encoded, file: tag))?.thumbnail(longest: 64)
            let caption = "step \(event.step), \(width) x \(height)" + (thumbnail == nil ? " (not a PNG that is read)" : "")
            events.add(.images(.init(name: tag, items: [.init(identifier: event.step, caption: caption, thumbnail: thumbnail)])), at: event.time)
        case .text(let text): events.add(.note(.init("\(tag), step \(event.step): \(text)")), at: event.time)
        }
    }

    /// How many values stand for a histogram, which keeps none itself.
    private static let sampleCount = 200

    /// Values at even ranks of a histogram, straight lines within its buckets: drawn again they give the same picture.
    static func sample(least: Double, most: Double, limits: [Double], counts: [Double]) -> [Double] {
        let total = counts.reduce(0) { $0 + ($1.isFinite ? max(0, $1) : 0) }
        guard limits.count == counts.count, total > 0, least.isFinite, most.isFinite, least <= most else { return [] }
        var values: [Double] = [], bucket = 0, below = 0.0
        for rank in 0..<sampleCount {
            let wanted = (Double(rank) + 0.5) / Double(sampleCount) * total
            while bucket < counts.count - 1, below + max(0, counts[bucket]) < wanted {
                below += max(0, counts[bucket])
                bucket += 1
            }
            let left = bucket > 0 ? limits[bucket - 1] : least, right = limits[bucket]
            let low = max(least, left.isFinite ? left : least), high = min(most, right.isFinite ? right : most)
            let inside = counts[bucket] > 0 ? (wanted - below) / counts[bucket] : 0.5
            values.append(min(max(low + (high - low) * min(1, max(0, inside)), least), most))
        }
        return values
    }
}

/// A seed in a run's name, such as `grid/lr0.1_seed3`: runs of one name with other seeds then pair up.
enum ForeignSeed {
    static func of(_ name: String) -> UInt64 {
        guard let range = name.range(of: "seed", options: [.caseInsensitive, .backwards]) else { return 0 }
        let digits = name[range.upperBound...].drop { "_-=: ".contains($0) }.prefix { $0.isASCII && $0.isNumber }
        return UInt64(digits) ?? 0
    }
}
