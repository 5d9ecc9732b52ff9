import Foundation

/// Named tensors in a file: the safetensors format.
///
/// Eight bytes little-endian with the length of a JSON header; the header gives each name a `dtype`, a `shape`
/// and `data_offsets` into the raw little-endian data behind it. Reading is total: whatever the bytes are, the result
/// is tensors or a `SafetensorsError`, and no memory is requested that the file does not itself take.
public struct Safetensors: Sendable {
    /// A tensor in the file.
    public struct Entry: Sendable, Equatable {
        public let name: String
        /// The element type as the file spells it, such as "F32" or "BF16".
        public let elementType: String
        public let shape: [Int]
        let range: Range<Int>
    }

    /// The tensors in the order of their data.
    public let entries: [Entry]
    /// The file's own remarks (`__metadata__`).
    public let metadata: [String: String]
    private let data: Data
    private let path: String
    private let headerEnd: Int

    /// The longest header that is read, 100 MB as in the reference implementation.
    private static let longestHeader = 100_000_000
    private static let widths = ["F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8,
                                 "U32": 4, "U16": 2, "U8": 1, "BOOL": 1]

    /// Reads a file.
    public init(contentsOf url: URL) throws {
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw SafetensorsError(url.path, "cannot be read (\(error.localizedDescription))")
        }
        try self.init(data, path: url.path)
    }

    /// Reads the bytes of a file; `path` is how errors call it.
    public init(_ bytes: Data, path: String) throws(SafetensorsError) {
        self.path = path
        let data = bytes.startIndex == 0 ? bytes : Data(bytes)
        self.data = data
        guard data.count >= 8 else { throw SafetensorsError(path, "has \(data.count) bytes; a safetensors file has at least 8") }
        let claimed = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
        guard claimed <= UInt64(min(Self.longestHeader, data.count - 8)) else {
            throw SafetensorsError(path, "claims a header of \(claimed) bytes, but only \(data.count - 8) follow (byte 0)")
        }
        let headerEnd = 8 + Int(claimed)
        self.headerEnd = headerEnd
        let available = data.count - headerEnd
        let header: [String: HeaderValue]
        do { header = try JSONDecoder().decode([String: HeaderValue].self, from: data[8..<headerEnd]) } catch {
            throw SafetensorsError(path, "has a header that is not the JSON of a safetensors file (byte 8)")
        }
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        for (name, value) in header {
            if name == "__metadata__" {
                metadata = value.texts ?? [:]
                continue
            }
            guard let type = value.dtype, let shape = value.shape, let offsets = value.offsets, offsets.count == 2 else {
                throw SafetensorsError(path, "has no dtype, shape and data_offsets for the tensor \"\(name)\"")
            }
            guard let width = Self.widths[type] else {
                throw SafetensorsError(path, "has the element type \(type) for the tensor \"\(name)\", which Lathe does not read")
            }
            var bytes = width
            for size in shape {
                let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
                guard size >= 0, !overflow else { throw SafetensorsError(path, "has the impossible shape \(shape) for \"\(name)\"") }
                bytes = product
            }
            guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available, offsets[1] - offsets[0] == bytes else {
                throw SafetensorsError(path, "places \"\(name)\" (\(bytes) bytes) at \(offsets[0]) to \(offsets[1]) of \(available) bytes of data")
            }
            entries.append(Entry(name: name, elementType: type, shape: shape, range: offsets[0]..<offsets[1]))
        }
        self.entries = entries.sorted { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }
        self.metadata = metadata
    }

    private struct HeaderValue: Decodable {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        var texts: [String: String]?
        private enum CodingKeys: String, CodingKey { case dtype, shape, offsets = "data_offsets" }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            dtype = try? container.decode(String.self, forKey: .dtype)
            shape = try? container.decode([Int].self, forKey: .shape)
            offsets = try? container.decode([Int].self, forKey: .offsets)
            if dtype == nil { texts = try? decoder.singleValueContainer().decode([String: String].self) }
        }
    }

    /// The tensor of this name, converted to the wanted precision.
    ///
    /// - Throws: when there is none of that name, or it has more than five axes.
    public func tensor<Scalar: TensorScalar>(_ name: String, as type: Scalar.Type = Scalar.self) throws(SafetensorsError) -> Tensor<Scalar> {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw SafetensorsError(path, "holds no tensor \"\(name)\"")
        }
        guard let shape = Shape(outside: entry.shape) else {
            throw SafetensorsError(path, "holds \"\(name)\" of shape \(entry.shape); at most 5 axes can be used")
        }
        let start = headerEnd + entry.range.lowerBound
        return data.withUnsafeBytes { bytes in
            func load<Bits: FixedWidthInteger>(_ index: Int, _ type: Bits.Type) -> Bits {
                Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: start + index * MemoryLayout<Bits>.size, as: Bits.self))
            }
            return Tensor(shape: shape, generating: { index in
                switch entry.elementType {
                case "F64": Scalar(Double(bitPattern: load(index, UInt64.self)))
                case "F32": Scalar(Float(bitPattern: load(index, UInt32.self)))
                case "F16": Scalar(Self.half(load(index, UInt16.self)))
                case "BF16": Scalar(Float(bitPattern: UInt32(load(index, UInt16.self)) << 16))
                case "I64": Scalar(load(index, Int64.self))
                case "I32": Scalar(load(index, Int32.self))
                case "I16": Scalar(load(index, Int16.self))
                case "I8": Scalar(load(index, Int8.self))
                case "U64": Scalar(load(index, UInt64.self))
                case "U32": Scalar(load(index, UInt32.self))
                case "U16": Scalar(load(index, UInt16.self))
                default: Scalar(load(index, UInt8.self))
                }
            })
        }
    }

    /// The value of an IEEE half-precision number.
    private static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f), fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    /// The bytes of a file that holds `tensors` in their order, in their precision.
    public static func encoded<Scalar: TensorScalar>(_ tensors: [(name: String, tensor: Tensor<Scalar>)],
                                                     metadata: [String: String] = [:]) throws -> Data {
        let width = MemoryLayout<Scalar>.size
        var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
        var offset = 0
        for (name, tensor) in tensors {
            let bytes = tensor.count * width
            header[name] = ["dtype": width == 4 ? "F32" : "F64", "shape": tensor.shape.dimensions, "data_offsets": [offset, offset + bytes]]
            offset += bytes
        }
        var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
        while json.count % 8 != 0 { json.append(0x20) }   // data begins at a multiple of eight bytes
        var file = Data(capacity: 8 + json.count + offset)
        for shift in 0..<8 { file.append(UInt8(truncatingIfNeeded: json.count >> (8 * shift))) }
        file.append(json)
        for (_, tensor) in tensors {
            tensor.withScalars { values in
                if width == 4 {
                    for value in values { withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { file.append(contentsOf: $0) } }
                } else {
                    for value in values { withUnsafeBytes(of: Double(value).bitPattern.littleEndian) { file.append(contentsOf: $0) } }
                }
            }
        }
        return file
    }
}

/// A safetensors file that cannot be read, or that holds something else than was expected.
public struct SafetensorsError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path) \(reason)." }
}

extension ParameterStore {
    /// Writes all parameters and state as a safetensors file, whole or not at all.
    public func save(to url: URL, metadata: [String: String] = [:]) throws {
        let tensors = parameters.map { (name: $0.name, tensor: $0.value) }
        try Safetensors.encoded(tensors, metadata: metadata).write(to: url, options: .atomic)
    }

    /// Reads all parameters and state from a safetensors file; nothing is changed unless everything fits.
    public func load(from url: URL) throws {
        try load(Safetensors(contentsOf: url))
    }

    /// Takes all parameters and state from a file; nothing is changed unless everything fits.
    public func load(_ file: Safetensors) throws(SafetensorsError) {
        var values: [Tensor<Scalar>] = []
        for parameter in parameters {
            let value: Tensor<Scalar> = try file.tensor(parameter.name)
            guard value.shape == parameter.shape else {
                throw file.error("holds \"\(parameter.name)\" of shape \(value.shape) where the model has \(parameter.shape)")
            }
            values.append(value)
        }
        for (parameter, value) in zip(parameters, values) { parameter.assign(value) }
    }
}

extension Safetensors {
    func error(_ reason: String) -> SafetensorsError { SafetensorsError(path, reason) }
}
