import Datasets
import Foundation

/// Writes a run as an event file that TensorBoard reads: series as scalars (32-bit, as TensorBoard keeps them), distributions as histograms, pictures and
/// notes as what they are.
struct TensorBoardWriter {
    private(set) var bytes: [UInt8] = []
    /// Points of a series so far: stands for a step that is no whole number.
    private var counts: [String: Int] = [:]

    /// - Parameter created: seconds since 1970.
    init(created: Double) {
        event(created, step: 0) { $0.text(3, "brain.Event:2") }
    }

    mutating func add(_ event: RunEvent) {
        switch event.payload {
        case .metric(let batch):
            let areWhole = batch.steps.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
            for (step, value) in zip(batch.steps, batch.values) {
                let place = counts[batch.series, default: 0]
                counts[batch.series] = place + 1
                summary(event.time, step: areWhole ? Int(step) : place) {
                    $0.text(1, batch.series)
                    $0.float(2, Float(value))
                }
            }
        case .distribution(let distribution):
            for group in distribution.groups {
                guard let histogram = Self.histogram(group.values) else { continue }
                summary(event.time, step: Self.whole(distribution.step)) {
                    $0.text(1, distribution.groups.count > 1 ? "\(distribution.name)/\(group.name)" : distribution.name)
                    $0.data(5, histogram)
                }
            }
        case .images(let set):
            for item in set.items {
                guard let thumbnail = item.thumbnail else { continue }
                summary(event.time, step: item.identifier) {
                    $0.text(1, "\(set.name)/\(item.caption.isEmpty ? String(item.identifier) : item.caption)")
                    $0.message(4) { image in
                        image.varint(1, UInt64(thumbnail.height))
                        image.varint(2, UInt64(thumbnail.width))
                        image.varint(3, UInt64(thumbnail.channels))
                        image.data(4, PNGWriter.encoded(thumbnail))
                    }
                }
            }
        case .note(let message): text("notes", message.text, event)
        case .warning(let message): text("warnings", message.text, event)
        case .failed(let message): text("failed", message.text, event)
        case .finished(let found):
            for result in found.results {
                summary(event.time, step: 0) {
                    $0.text(1, "result \(result.name)/\(result.arm)")
                    $0.float(2, Float(result.value))
                }
            }
        default: break
        }
    }

    private mutating func text(_ tag: String, _ text: String, _ event: RunEvent) {
        summary(event.time, step: event.sequence) {
            $0.text(1, "\(tag)/text_summary")
            $0.message(8) { tensor in
                tensor.varint(1, 7)
                tensor.message(2) { $0.message(2) { $0.varint(1, 1) } }
                tensor.text(8, text)
            }
            $0.message(9) { $0.message(1) { $0.text(1, "text") } }
        }
    }

    private static func whole(_ step: Double) -> Int { step.isFinite && abs(step) < 1e15 ? Int(step) : 0 }

    /// 30 buckets of equal width between the least and the greatest finite value.
    private static func histogram(_ values: [Double]) -> [UInt8]? {
        let finite = values.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else { return nil }
        let buckets = 30, width = (most - least) / Double(buckets)
        var counts = [Double](repeating: 0, count: buckets)
        for value in finite { counts[width > 0 ? min(buckets - 1, Int((value - least) / width)) : 0] += 1 }
        var writer = ProtobufWriter()
        writer.double(1, least)
        writer.double(2, most)
        writer.double(3, Double(finite.count))
        writer.double(4, finite.reduce(0, +))
        writer.double(5, finite.reduce(0) { $0 + $1 * $1 })
        writer.packedDoubles(6, (1...buckets).map { $0 == buckets ? most : least + width * Double($0) })
        writer.packedDoubles(7, counts)
        return writer.bytes
    }

    private mutating func summary(_ time: Double, step: Int, _ body: (inout ProtobufWriter) -> Void) {
        event(time, step: step) { $0.message(5) { $0.message(1, body) } }
    }

    private mutating func event(_ time: Double, step: Int, _ body: (inout ProtobufWriter) -> Void) {
        var writer = ProtobufWriter()
        writer.double(1, time)
        if step != 0 { writer.varint(2, UInt64(bitPattern: Int64(step))) }
        body(&writer)
        let data = writer.bytes, length = Self.littleEndian(UInt64(data.count), 8)
        bytes += length + Self.littleEndian(UInt64(CRC32C.masked(length.span)), 4) + data + Self.littleEndian(UInt64(CRC32C.masked(data.span)), 4)
    }

    private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } }
}

/// PNG with stored blocks: for small pictures, which nobody needs small.
enum PNGWriter {
    static func encoded(_ picture: Thumbnail) -> [UInt8] {
        func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) } }
        func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + data
            return big(UInt32(data.count)) + body + big(crc32Checksum(body.span))
        }
        var raw: [UInt8] = []
        let row = picture.width * picture.channels
        for y in 0..<picture.height { raw += [0] + picture.pixels[y * row..<(y + 1) * row] }
        var packed: [UInt8] = [0x78, 0x01], start = 0
        repeat {
            let count = min(65_535, raw.count - start), isLast = start + count == raw.count
            packed += [isLast ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)] + raw[start..<start + count]
            start += count
        } while start < raw.count
        var a: UInt32 = 1, b: UInt32 = 0
        for byte in raw {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        packed += big(b << 16 | a)
        let header = big(UInt32(picture.width)) + big(UInt32(picture.height)) + [8, picture.channels == 3 ? 2 : 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", [])
    }
}

extension RunStore {
    /// A run as the bytes of a TensorBoard event file, and the name that such a file goes by.
    /// - Throws: `StoreError`.
    public func exportTensorBoard(_ identifier: String) throws(StoreError) -> (name: String, bytes: Data) {
        let record = try run(identifier)
        var writer = TensorBoardWriter(created: record.created)
        for event in try events(of: identifier, after: -1) { writer.add(event) }
        let seconds = record.created.isFinite ? Int(min(max(0, record.created), 1e12)) : 0
        return ("events.out.tfevents.\(seconds).lathe.\(record.identifier)", Data(writer.bytes))
    }
}
