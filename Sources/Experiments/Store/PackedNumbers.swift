import Foundation

/// Numbers as little-endian bytes. The one place of this room that looks at raw memory, so that a million points are copied and
/// not parsed; every function checks its bounds, and no pointer leaves it.
enum PackedNumbers {
    static func append(_ value: UInt32, to data: inout Data) {
        for shift in stride(from: 0, to: 32, by: 8) { data.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    static func append(_ value: UInt64, to data: inout Data) {
        for shift in stride(from: 0, to: 64, by: 8) { data.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    static func append(_ values: [Double], to data: inout Data) {
        #if _endian(little)
        values.withUnsafeBytes { data.append(contentsOf: $0) }
        #else
        for value in values { append(value.bitPattern, to: &data) }
        #endif
    }

    static func uint32(_ data: Data, at offset: Int) -> UInt32? {
        guard offset >= 0, offset + 4 <= data.count else { return nil }
        return (0..<4).reduce(0) { $0 | UInt32(data[data.startIndex + offset + $1]) << UInt32(8 * $1) }
    }

    static func uint64(_ data: Data, at offset: Int) -> UInt64? {
        guard offset >= 0, offset + 8 <= data.count else { return nil }
        return (0..<8).reduce(0) { $0 | UInt64(data[data.startIndex + offset + $1]) << UInt64(8 * $1) }
    }

    static func double(_ data: Data, at offset: Int) -> Double? { uint64(data, at: offset).map(Double.init(bitPattern:)) }

    /// Appends `count` doubles that begin at a byte; nothing where they are not all there.
    static func appendDoubles(_ data: Data, at offset: Int, count: Int, to values: inout [Double]) {
        guard count > 0, offset >= 0, count <= (data.count - offset) / 8 else { return }
        #if _endian(little)
        let start = values.count
        values.append(contentsOf: repeatElement(0, count: count))
        values.withUnsafeMutableBytes { target in
            data.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[start * 8..<(start + count) * 8])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count * 8]))
            }
        }
        #else
        for index in 0..<count { if let value = double(data, at: offset + 8 * index) { values.append(value) } }
        #endif
    }
}
