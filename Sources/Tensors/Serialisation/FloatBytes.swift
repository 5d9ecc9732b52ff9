import Foundation

extension Array where Element == Float {
    /// Four bytes a number, the lowest first.
    package var littleEndianBytes: Data {
        #if _endian(little)
        withUnsafeBufferPointer { Data(buffer: $0) }
        #else
        map(\.bitPattern.littleEndian).withUnsafeBufferPointer { Data(buffer: $0) }
        #endif
    }

    /// The numbers of such bytes; a rest of fewer than four is left out.
    package init(littleEndianBytes bytes: Data) {
        let count = bytes.count / 4
        self.init(unsafeUninitializedCapacity: count) { numbers, filled in
            _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(numbers), count: 4 * count)
            filled = count
        }
        #if !_endian(little)
        for place in indices { self[place] = Float(bitPattern: UInt32(littleEndian: self[place].bitPattern)) }
        #endif
    }
}
