import CZlib
import Testing

/// Packs test data with zlib.
enum Deflate {
    /// A gzip file with one member.
    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] { try pack(bytes, windowBits: 31) }
    /// A zlib stream, as in PNG.
    static func zlib(_ bytes: [UInt8]) throws -> [UInt8] { try pack(bytes, windowBits: 15) }

    private static func pack(_ bytes: [UInt8], windowBits: Int32) throws -> [UInt8] {
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + 1024)
        var stream = z_stream()
        try #require(deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { deflateEnd(&stream) }
        let (inputCount, outputCount) = (UInt32(input.count), UInt32(output.count))
        let code = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                (stream.next_in, stream.avail_in) = (source.baseAddress, inputCount)
                (stream.next_out, stream.avail_out) = (target.baseAddress, outputCount)
                return deflate(&stream, Z_FINISH)
            }
        }
        try #require(code == Z_STREAM_END)
        return Array(output.prefix(output.count - Int(stream.avail_out)))
    }
}
