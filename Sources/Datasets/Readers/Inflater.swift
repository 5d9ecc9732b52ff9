import CZlib

/// Unpacks deflate data piece by piece with zlib, with a bound on what may come out.
enum Inflater {
    enum Format: Int32 {
        /// Bare deflate, as in zip members.
        case raw = -15
        /// zlib wrapping, as in PNG.
        case zlib = 15
        /// gzip wrapping with checksum.
        case gzip = 31
    }

    /// Unpacks `count` bytes of `source` from `offset` on; several gzip members in a row are joined.
    /// - Parameters:
    ///   - expected: the announced unpacked size: another size is an error.
    ///   - limit: the largest size that may come out.
    static func inflate(_ source: ByteSource, from offset: Int = 0, count: Int? = nil, format: Format, expected: Int? = nil,
                        limit: Int, place: String? = nil) throws -> [UInt8] {
        func failure(_ sentence: String) -> DatasetError { DatasetError(file: source.name, place: place, sentence) }
        if let expected, expected > limit || expected < 0 {
            throw failure("announces \(expected) unpacked bytes, more than the \(limit) that are read into memory")
        }
        let total = count ?? (source.count - offset)
        let ceiling = min(expected ?? limit, limit)
        let stream = try Stream(format: format, source: source.name)
        var output: [UInt8] = []
        // An announced size is only believed as far as deflate could reach it (1032 : 1).
        if let expected { output.reserveCapacity(total < limit / 1032 ? min(expected, total * 1032) : expected) }
        var consumed = 0
        var isFinished = false
        while consumed < total {
            let piece = try source.read(at: offset + consumed, count: min(1 << 18, total - consumed))
            var start = 0
            // Input may be used up while output still waits inside zlib: go on until it has nothing more to give.
            var isOutputWaiting = false
            while start < piece.count || isOutputWaiting {
                if isFinished {
                    isOutputWaiting = false
                    guard format == .gzip else { throw failure("has \(total - consumed - start) bytes after its end; it is damaged, fetch it again") }
                    // Zero padding after the last member is customary; anything else must be a further member.
                    if piece[start] == 0 { start += 1; continue }
                    try stream.reset()
                    isFinished = false
                }
                let step = stream.step(piece, from: start)
                output.append(contentsOf: stream.chunk.prefix(step.produced))
                start += step.consumed
                isOutputWaiting = step.produced == stream.chunk.count && step.code == Z_OK
                guard output.count <= ceiling else {
                    throw failure(expected == nil ? "unpacks to more than \(limit) bytes; it is refused"
                                  : "unpacks to more than the \(ceiling) bytes that it announces; it is damaged, fetch it again")
                }
                if output.count > 32 << 20, output.count / Limits.unpackingRatio > consumed + start {
                    throw failure("unpacks to more than \(Limits.unpackingRatio) times its size; it is refused")
                }
                switch step.code {
                case Z_STREAM_END: isFinished = true
                case Z_OK, Z_BUF_ERROR:
                    if step.consumed == 0 && step.produced == 0 && start < piece.count {
                        throw failure("cannot be unpacked at byte \(consumed + start); it is damaged, fetch it again")
                    }
                default:
                    throw failure("is not valid compressed data near byte \(consumed + start) (\(step.message)); it is damaged, fetch it again")
                }
            }
            consumed += piece.count
        }
        guard isFinished else { throw failure("ends in the middle of its compressed data; it is cut short, fetch it again") }
        if let expected, output.count != expected {
            throw failure("unpacks to \(output.count) bytes where \(expected) are announced; it is damaged, fetch it again")
        }
        return output
    }

    /// zlib's state; it remembers its own address, hence a class with a fixed place for it.
    private final class Stream {
        private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        private(set) var chunk = [UInt8](repeating: 0, count: 1 << 18)

        init(format: Format, source: String) throws {
            state.initialize(to: z_stream())
            guard inflateInit2_(state, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                throw DatasetError(file: source, "cannot be unpacked: zlib has no memory; close other programs")
            }
        }

        deinit {
            inflateEnd(state)
            state.deallocate()
        }

        func reset() throws { _ = inflateReset(state) }

        /// Feeds `input` from `start` on until it is used up or `chunk` is full.
        func step(_ input: [UInt8], from start: Int) -> (code: Int32, consumed: Int, produced: Int, message: String) {
            let capacity = chunk.count
            var code = Z_DATA_ERROR
            let offered = input.count - start
            input.withUnsafeBufferPointer { source in
                chunk.withUnsafeMutableBufferPointer { target in
                    state.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.advanced(by: start))
                    state.pointee.avail_in = UInt32(offered)
                    state.pointee.next_out = target.baseAddress
                    state.pointee.avail_out = UInt32(capacity)
                    code = CZlib.inflate(state, Z_NO_FLUSH)
                }
            }
            let message = state.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
            return (code, offered - Int(state.pointee.avail_in), capacity - Int(state.pointee.avail_out), message)
        }
    }
}

/// gzip files.
public enum Gzip {
    /// Whether bytes start with gzip's mark.
    public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.prefix(2).elementsEqual([0x1F, 0x8B]) }

    /// Unpacks a gzip file, checksum tested, in pieces.
    /// - Parameter limit: the largest unpacked size; a file that would exceed it (or 400 times its own size) is refused.
    public static func decompress(_ source: ByteSource, limit: Int = Limits.fileBytes) throws -> [UInt8] {
        guard source.count >= 2, Gzip.isGzip(try source.read(at: 0, count: 2)) else {
            throw DatasetError(file: source.name, "does not start with gzip's mark (1f 8b); it is not a gzip file")
        }
        return try Inflater.inflate(source, format: .gzip, limit: limit)
    }
}

/// CRC-32 of bytes, as zip, PNG and W&B's logs store it.
package func crc32Checksum(_ bytes: some Sequence<UInt8>) -> UInt32 { crc32Checksum(Array(bytes).span) }

/// The same of bytes where they lie.
package func crc32Checksum(_ bytes: Span<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in UInt32(truncatingIfNeeded: crc32_z(crc32_z(0, nil, 0), buffer.baseAddress, buffer.count)) }
}
