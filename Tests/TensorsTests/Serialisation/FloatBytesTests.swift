import Foundation
import Tensors
import Testing

@Suite struct FloatBytesTests {
    @Test func `numbers are four bytes each, the lowest first, and come back as they were`() {
        let numbers: [Float] = [1, -2.5, .infinity, .leastNonzeroMagnitude, 0]
        let bytes = numbers.littleEndianBytes
        #expect(Array(bytes.prefix(8)) == [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0])
        #expect([Float](littleEndianBytes: bytes) == numbers)
        #expect([Float](littleEndianBytes: [Float.nan].littleEndianBytes)[0].isNaN)
        // A part of other bytes, and a rest that is no number.
        let part = (Data([9, 9, 9]) + bytes + Data([7, 7])).dropFirst(3)
        #expect([Float](littleEndianBytes: part) == numbers)
        #expect([Float](littleEndianBytes: Data([1, 2])).isEmpty && [Float]().littleEndianBytes.isEmpty)
    }
}
