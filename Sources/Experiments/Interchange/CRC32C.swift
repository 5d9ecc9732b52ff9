/// CRC-32C (Castagnoli's polynomial, reflected), eight bytes a step, as TFRecord uses it; zlib has only the other one.
enum CRC32C {
    /// Table k (256 entries from 256 k on) holds the checksum of a byte that k zero bytes follow.
    private static let table: [UInt32] = {
        var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            tables[0][byte] = value
        }
        for byte in 0..<256 {
            for k in 1..<8 { tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][Int(tables[k - 1][byte] & 0xFF)] }
        }
        return tables.flatMap { $0 }
    }()

    static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        let table = table.span
        var value: UInt32 = 0xFFFF_FFFF, index = 0
        let count = bytes.count
        while index + 8 <= count {
            let low = value ^ (UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24)
            let a = table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)] ^ table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
            let b = table[768 + Int(bytes[index + 4])] ^ table[512 + Int(bytes[index + 5])] ^ table[256 + Int(bytes[index + 6])] ^ table[Int(bytes[index + 7])]
            value = a ^ b
            index += 8
        }
        while index < count {
            value = value >> 8 ^ table[Int((value ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        return value ^ 0xFFFF_FFFF
    }

    /// The form in which TFRecord keeps Castagnoli's: turned by 15 bits, plus a constant.
    static func masked(_ bytes: Span<UInt8>) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xA282_EAD8
    }
}
