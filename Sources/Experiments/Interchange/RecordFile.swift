import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// Reads a growing file of records from where it stopped: what TensorBoard's and W&B's logs share.
struct RecordFile: Sendable {
    let location: URL
    /// Bytes that were taken.
    private(set) var offset: UInt64
    /// The file's end was seen to hold part of a record.
    private(set) var isTorn = false
    /// A sentence about damage; reading ends there.
    private(set) var damage: String?
    private let handle: FileHandle

    /// What a parser made of the bytes that are there: how many it used, and why it cannot go on.
    struct Taken {
        var used: Int
        var isTorn: Bool
        var damage: String?
    }

    /// - Throws: `InterchangeError` where it cannot be opened.
    init(_ location: URL) throws {
        guard let handle = try? FileHandle(forReadingFrom: location) else { throw InterchangeError("\(location.path): cannot be read; check that it is there and yours") }
        self.location = location
        self.handle = handle
        offset = 0
    }

    /// The file's size now.
    var size: UInt64 { (try? handle.seekToEnd()) ?? offset }

    /// How much is well read at a time: large enough that calls cost nothing, small enough to stay in the processor's cache.
    static let piece = 1 << 20

    /// Reads on, at most about `limit` bytes, more where one record is longer.
    /// - Parameter take: is given bytes from a record's start and their place in the file.
    /// - Returns: whether anything was used.
    mutating func read(limit: Int = RecordFile.piece, _ take: (Span<UInt8>, UInt64) throws -> Taken) throws -> Bool {
        guard damage == nil else { return false }
        var wanted = limit
        while true {
            let size = size
            let bytes = read(Int(clamping: min(UInt64(wanted), size > offset ? size - offset : 0)))
            guard !bytes.isEmpty else { return false }
            let taken = try take(bytes.span, offset)
            offset += UInt64(taken.used)
            isTorn = taken.isTorn
            damage = taken.damage.map { "\(location.path): \($0)" }
            // A record longer than what was read: read more, as long as there is more.
            if taken.used == 0, taken.isTorn, bytes.count == wanted, wanted < 1 << 30 {
                wanted *= 4
                continue
            }
            return taken.used > 0
        }
    }

    /// So many bytes from where reading stands, fewer at the end. `FileHandle` reads in blocks of 4 KiB, which costs more than all else.
    private func read(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(handle.fileDescriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(clamping: offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}

/// What keeps a log of another program from being read or written, in a sentence.
public struct InterchangeError: Error, CustomStringConvertible, Sendable, Equatable {
    public var description: String
    init(_ description: String) { self.description = description }
}
