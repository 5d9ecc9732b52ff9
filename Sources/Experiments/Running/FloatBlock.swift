import Foundation

/// Numbers in single precision as a checkpoint keeps them: four bytes each, the lowest first.
package struct FloatBlock: Codable, Sendable, Equatable {
    package var bytes: Data

    package init(_ floats: [Float]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * floats.count)
        for value in floats {
            let bits = value.bitPattern
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
        }
        self.bytes = Data(bytes)
    }

    package var floats: [Float] {
        let bytes = [UInt8](self.bytes)
        return (0..<bytes.count / 4).map { place in
            Float(bitPattern: UInt32(bytes[4 * place]) | UInt32(bytes[4 * place + 1]) << 8 | UInt32(bytes[4 * place + 2]) << 16 | UInt32(bytes[4 * place + 3]) << 24)
        }
    }
}
