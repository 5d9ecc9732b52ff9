import Foundation

/// One record of a TensorBoard event file: `tensorflow.Event` with a summary of values, which are read where they lie, one by one:
/// a file holds millions of them.
struct TensorBoardEvent: Sendable {
    enum Content: Sendable, Equatable {
        case scalar(Double)
        /// Right edges of buckets and how many values are in each.
        case histogram(least: Double, most: Double, limits: [Double], counts: [Double])
        /// A picture as its file holds it (PNG, GIF or JPEG).
        case image(width: Int, height: Int, encoded: [UInt8])
        case text(String)
    }

    /// Seconds since 1970.
    private(set) var time = 0.0
    private(set) var step = 0
    /// The first record of a file has it: "brain.Event:2".
    private(set) var fileVersion: String?
    /// Where the values are that were not handed out yet.
    private var values: ProtobufFields

    /// - Throws: `ProtobufError`.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
        var fields = ProtobufFields(range), summary = range.upperBound..<range.upperBound
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .fixed64(let bits)): time = Double(bitPattern: bits)
            case (2, .varint(let bits)): step = Int(truncatingIfNeeded: bits)
            case (3, .bytes(let text)): fileVersion = ProtobufFields.text(bytes, text)
            case (5, .bytes(let found)): summary = found
            default: break
            }
        }
        values = ProtobufFields(summary)
        if !time.isFinite { time = 0 }
    }

    /// The next value and where its tag stands; nil after the last.
    mutating func nextValue(_ bytes: Span<UInt8>) throws(ProtobufError) -> (tag: Range<Int>, content: Content)? {
        while let (number, value) = try values.next(bytes) {
            if number == 1, case .bytes(let range) = value, let made = try Self.value(bytes, range) { return made }
        }
        return nil
    }

    /// Summary.Value: tag 1, simple_value 2, image 4, histo 5, tensor 8, metadata 9; nil for kinds that are not read (audio, graphs).
    private static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> (tag: Range<Int>, content: Content)? {
        var fields = ProtobufFields(range), tag = range.lowerBound..<range.lowerBound, content: Content?, tensor: Range<Int>?, plugin: Range<Int>?
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .bytes(let text)): tag = text
            case (2, .fixed32(let bits)): content = .scalar(Double(Float(bitPattern: bits)))
            case (4, .bytes(let image)): content = try Self.image(bytes, image)
            case (5, .bytes(let histogram)): content = try Self.histogram(bytes, histogram)
            case (8, .bytes(let range)): tensor = range
            case (9, .bytes(let metadata)): plugin = try Self.plugin(bytes, metadata)
            default: break
            }
        }
        if content == nil, let tensor { content = try Self.content(Tensor(bytes, tensor), plugin.map { ProtobufFields.text(bytes, $0) } ?? "") }
        return content.map { (tag, $0) }
    }

    /// Where the plug-in's name stands.
    private static func plugin(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> Range<Int>? {
        var fields = ProtobufFields(range), name: Range<Int>?
        while let (number, value) = try fields.next(bytes) {
            guard number == 1, case .bytes(let data) = value else { continue }
            var inner = ProtobufFields(data)
            while let (number, value) = try inner.next(bytes) { if number == 1, case .bytes(let text) = value { name = text } }
        }
        return name
    }

    private static func image(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> Content {
        var fields = ProtobufFields(range), width = 0, height = 0, encoded: [UInt8] = []
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .varint(let bits)): height = Int(truncatingIfNeeded: bits & 0xFFFF_FFFF)
            case (2, .varint(let bits)): width = Int(truncatingIfNeeded: bits & 0xFFFF_FFFF)
            case (4, .bytes(let data)): encoded = data.map { bytes[$0] }
            default: break
            }
        }
        return .image(width: width, height: height, encoded: encoded)
    }

    /// HistogramProto: min 1, max 2, num 3, sum 4, sum of squares 5, bucket limits 6, buckets 7.
    private static func histogram(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) -> Content {
        var fields = ProtobufFields(range), least = 0.0, most = 0.0, limits: [Double] = [], counts: [Double] = []
        while let (number, value) = try fields.next(bytes) {
            switch (number, value) {
            case (1, .fixed64(let bits)): least = Double(bitPattern: bits)
            case (2, .fixed64(let bits)): most = Double(bitPattern: bits)
            case (6, .bytes(let packed)): limits += try ProtobufFields.numbers(bytes, packed, isDouble: true)
            case (7, .bytes(let packed)): counts += try ProtobufFields.numbers(bytes, packed, isDouble: true)
            case (6, .fixed64(let bits)): limits.append(Double(bitPattern: bits))
            case (7, .fixed64(let bits)): counts.append(Double(bitPattern: bits))
            default: break
            }
        }
        return .histogram(least: least, most: most, limits: limits, counts: counts)
    }

    /// What a tensor of a plug-in of TensorFlow 2 says.
    private static func content(_ tensor: Tensor, _ plugin: String) throws(ProtobufError) -> Content? {
        switch plugin {
        case "text": return tensor.texts.isEmpty ? nil : .text(tensor.texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
        case "images":
            // Width and height as texts, then the pictures of the batch: the first is taken.
            guard tensor.texts.count > 2, let width = Int(String(decoding: tensor.texts[0], as: UTF8.self)), let height = Int(String(decoding: tensor.texts[1], as: UTF8.self)) else { return nil }
            return .image(width: width, height: height, encoded: tensor.texts[2])
        case "histograms":
            // Rows of left edge, right edge and count.
            guard tensor.numbers.count >= 3, tensor.numbers.count.isMultiple(of: 3) else { return nil }
            let rows = stride(from: 0, to: tensor.numbers.count, by: 3)
            return .histogram(least: tensor.numbers[0], most: tensor.numbers[tensor.numbers.count - 2], limits: rows.map { tensor.numbers[$0 + 1] }, counts: rows.map { tensor.numbers[$0 + 2] })
        default: return tensor.numbers.count == 1 ? .scalar(tensor.numbers[0]) : nil
        }
    }

    /// TensorProto: dtype 1, content 4, half 13, float 5, double 6, int 7, string 8, int64 10, bool 11.
    private struct Tensor {
        var numbers: [Double] = []
        var texts: [[UInt8]] = []

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ProtobufError) {
            var fields = ProtobufFields(range), type: UInt64 = 1, raw: Range<Int>?
            while let (number, value) = try fields.next(bytes) {
                switch (number, value) {
                case (1, .varint(let bits)): type = bits
                case (4, .bytes(let content)): raw = content
                case (5, .bytes(let packed)): numbers += try ProtobufFields.numbers(bytes, packed, isDouble: false)
                case (5, .fixed32(let bits)): numbers.append(Double(Float(bitPattern: bits)))
                case (6, .bytes(let packed)): numbers += try ProtobufFields.numbers(bytes, packed, isDouble: true)
                case (6, .fixed64(let bits)): numbers.append(Double(bitPattern: bits))
                case (7, .varint(let bits)), (10, .varint(let bits)), (11, .varint(let bits)): numbers.append(Double(Int64(bitPattern: bits)))
                case (8, .bytes(let text)): texts.append(text.map { bytes[$0] })
                default: break
                }
            }
            // DT_FLOAT is 1, DT_DOUBLE 2; whole numbers come as int_val.
            guard let raw, numbers.isEmpty else { return }
            switch type {
            case 1: numbers = try ProtobufFields.numbers(bytes, raw, isDouble: false)
            case 2: numbers = try ProtobufFields.numbers(bytes, raw, isDouble: true)
            default: break
            }
        }
    }
}
