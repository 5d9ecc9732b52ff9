import Datasets
import Foundation
import Tensors

/// Extracted features on disk, so that an expensive network sees each picture once.
///
/// One folder holds what one extractor made of one data set; its name is the hash of everything that the numbers depend on.
/// Each file holds some rows: magic, count, dimension, row numbers, Float32 values, and the SHA-256 of all that. Files are
/// written beside and renamed, so a reader never sees half of one; a file that does not verify is ignored and its rows are
/// computed again.
package struct FeatureCache: Sendable {
    private static let magic: [UInt8] = Array("LATHEFT1".utf8)
    package let folder: URL
    package let dimension: Int

    /// - Parameters:
    ///   - identity: data checksum, extractor, parameters, weights checksum.
    ///   - dimension: numbers a row.
    package init(folder: URL, identity: String, dimension: Int) {
        let name = SHA256.hexadecimal(of: Array("\(identity)|\(dimension)".utf8)).prefix(24)
        self.folder = folder.appendingPathComponent("features").appendingPathComponent(String(name))
        self.dimension = dimension
    }

    /// All rows that verify.
    /// - Parameter proceed: called after each file; its error ends the reading.
    package func load(proceed: () throws -> Void = {}) throws -> [Int: [Float]] {
        var rows: [Int: [Float]] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
        for name in names where name.hasSuffix(".features") {
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { continue }
            for (row, values) in Self.decode(Array(data), dimension: dimension) ?? [] { rows[row] = values }
            try proceed()
        }
        return rows
    }

    /// Adds rows as one file.
    /// - Throws: when the folder cannot be written.
    package func store(_ rows: [(row: Int, values: [Float])]) throws {
        guard !rows.isEmpty else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let bytes = Self.encode(rows, dimension: dimension)
        let name = SHA256.hexadecimal(of: Array(rows.map { "\($0.row)" }.joined(separator: ",").utf8)).prefix(24)
        try Data(bytes).write(to: folder.appendingPathComponent("\(name).features"), options: .atomic)
    }

    static func encode(_ rows: [(row: Int, values: [Float])], dimension: Int) -> [UInt8] {
        var bytes = magic
        bytes.reserveCapacity(magic.count + 8 + rows.count * (8 + 4 * dimension) + 64)
        func append<Number: FixedWidthInteger>(_ number: Number) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        append(UInt32(rows.count))
        append(UInt32(dimension))
        for row in rows { append(Int64(row.row)) }
        for row in rows {
            precondition(row.values.count == dimension)
            for value in row.values { append(value.bitPattern) }
        }
        return bytes + Array(SHA256.hexadecimal(of: bytes).utf8)
    }

    /// - Returns: nil when anything about the bytes is not as it was written.
    static func decode(_ bytes: [UInt8], dimension: Int) -> [(row: Int, values: [Float])]? {
        let headerSize = magic.count + 8, hashSize = 64
        guard bytes.count >= headerSize + hashSize, Array(bytes[..<magic.count]) == magic else { return nil }
        func number<Number: FixedWidthInteger>(_ place: Int, as: Number.Type) -> Number {
            var value: Number = 0
            for i in 0..<MemoryLayout<Number>.size { value |= Number(truncatingIfNeeded: UInt64(bytes[place + i])) << Number(i * 8) }
            return value
        }
        let count = Int(number(magic.count, as: UInt32.self)), width = Int(number(magic.count + 4, as: UInt32.self))
        guard width == dimension, bytes.count == headerSize + count * (8 + 4 * width) + hashSize else { return nil }
        let body = Array(bytes[..<(bytes.count - hashSize)])
        guard Array(SHA256.hexadecimal(of: body).utf8) == Array(bytes[(bytes.count - hashSize)...]) else { return nil }
        return (0..<count).map { i in
            let row = Int(truncatingIfNeeded: number(headerSize + 8 * i, as: Int64.self))
            let start = headerSize + 8 * count + 4 * width * i
            return (row, (0..<width).map { Float(bitPattern: number(start + 4 * $0, as: UInt32.self)) })
        }
    }
}
