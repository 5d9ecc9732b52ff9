import CKernels

/// CRC-32C (Castagnoli's polynomial), as TFRecord uses it.
package enum CRC32C {
    /// - Parameter plainly: without the processor's instruction for it.
    package static func checksum(_ bytes: Span<UInt8>, plainly: Bool = false) -> UInt32 {
        bytes.withUnsafeBufferPointer { lathe_crc32c($0.baseAddress, $0.count, plainly ? 1 : 0) }
    }

    /// The form in which TFRecord keeps it: turned by 15 bits, plus a constant.
    static func masked(_ bytes: Span<UInt8>) -> UInt32 {
        let value = checksum(bytes)
        return (value >> 15 | value << 17) &+ 0xA282_EAD8
    }
}
