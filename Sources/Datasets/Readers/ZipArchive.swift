/// A zip archive (a wheel and an NPZ file are zip archives), members read one by one from where they lie.
///
/// Stored and deflated members, zip64 sizes, CRC-32 tested. An archive with a member name that leads out of it ("../x",
/// "/x") is refused as a whole; encrypted members are refused when asked for.
public struct ZipArchive: Sendable {
    public struct Member: Sendable, Hashable {
        public let name: String
        /// Unpacked size in bytes, as announced.
        public let byteCount: Int
        let compressedCount: Int
        let headerOffset: Int
        let method: UInt16
        let isEncrypted: Bool
        let checksum: UInt32
    }

    public let source: ByteSource
    /// The members in the order of the directory; folders are left out.
    public let members: [Member]
    private let indices: [String: Int]

    /// Reads the directory at the archive's end.
    /// - Throws: `DatasetError` when there is none, it is damaged, or a name leads out of the archive.
    public init(_ source: ByteSource) throws {
        self.source = source
        let directory = try Self.findDirectory(source)
        var cursor = ByteCursor(file: source.name, bytes: try source.read(at: directory.offset, count: directory.byteCount))
        var members: [Member] = []
        var indices: [String: Int] = [:]
        for _ in 0..<directory.count {
            let member = try Self.readEntry(&cursor, base: directory.offset)
            if member.name.hasSuffix("/") { continue }
            guard indices.updateValue(members.count, forKey: member.name) == nil else {
                throw DatasetError(file: source.name, place: "member \(member.name)", "stands twice in the archive; it is damaged, fetch it again")
            }
            members.append(member)
        }
        self.members = members
        self.indices = indices
    }

    /// The member of that name, nil when there is none.
    public func member(_ name: String) -> Member? { indices[name].map { members[$0] } }

    /// Unpacks a member and tests its checksum.
    /// - Parameter limit: the largest unpacked size.
    public func read(_ name: String, limit: Int = Limits.fileBytes) throws -> [UInt8] {
        guard let member = member(name) else {
            throw DatasetError(file: source.name, "has no member \(name); is it the right archive and version?")
        }
        return try read(member, limit: limit)
    }

    /// Unpacks a member and tests its checksum.
    public func read(_ member: Member, limit: Int = Limits.fileBytes) throws -> [UInt8] {
        let place = "member \(member.name)"
        func failure(_ sentence: String) -> DatasetError { DatasetError(file: source.name, place: place, sentence) }
        guard !member.isEncrypted else { throw failure("is encrypted; unpack the archive by hand") }
        guard member.byteCount <= limit else {
            throw failure("announces \(member.byteCount) bytes, more than the \(limit) that are read into memory")
        }
        var header = ByteCursor(file: source.name, bytes: try source.read(at: member.headerOffset, count: 30))
        guard try header.littleEndian(UInt32.self) == 0x0403_4b50 else { throw failure("does not start where the directory says; the archive is damaged, fetch it again") }
        try header.skip(22)
        let nameCount = Int(try header.littleEndian(UInt16.self)), extraCount = Int(try header.littleEndian(UInt16.self))
        let start = member.headerOffset + 30 + nameCount + extraCount
        guard start <= source.count, member.compressedCount <= source.count - start else {
            throw failure("ends behind the end of the archive; it is cut short, fetch it again")
        }
        let bytes: [UInt8]
        switch member.method {
        case 0:
            guard member.compressedCount == member.byteCount else { throw failure("is stored but announces two sizes; the archive is damaged, fetch it again") }
            bytes = try source.read(at: start, count: member.byteCount)
        case 8:
            bytes = try Inflater.inflate(source, from: start, count: member.compressedCount, format: .raw,
                                         expected: member.byteCount, limit: limit, place: place)
        default:
            throw failure("is packed with method \(member.method); only stored and deflate are read, unpack the archive by hand")
        }
        guard crc32Checksum(bytes) == member.checksum else { throw failure("has a wrong checksum; the archive is damaged, fetch it again") }
        return bytes
    }

    // MARK: - Directory (PKWARE APPNOTE 4.3.12 to 4.3.16)

    private struct Directory {
        var offset: Int
        var byteCount: Int
        var count: Int
    }

    private static func findDirectory(_ source: ByteSource) throws -> Directory {
        func failure(_ sentence: String) -> DatasetError { DatasetError(file: source.name, sentence) }
        let tailCount = min(source.count, 22 + 65_535)
        let tail = try source.read(at: source.count - tailCount, count: tailCount)
        var start = tailCount - 22
        while start >= 0 {
            // The comment that follows must reach exactly to the end.
            if tail[start] == 0x50, tail[start + 1] == 0x4b, tail[start + 2] == 5, tail[start + 3] == 6,
               Int(tail[start + 20]) | Int(tail[start + 21]) << 8 == tailCount - start - 22 { break }
            start -= 1
        }
        guard start >= 0 else { throw failure("has no zip directory at its end; it is not a zip archive, or cut short: fetch it again") }
        var end = ByteCursor(file: source.name, bytes: tail, from: start + 10)
        var directory = Directory(offset: 0, byteCount: 0, count: Int(try end.littleEndian(UInt16.self)))
        directory.byteCount = Int(try end.littleEndian(UInt32.self))
        directory.offset = Int(try end.littleEndian(UInt32.self))
        if directory.count == 0xFFFF || directory.byteCount == 0xFFFF_FFFF || directory.offset == 0xFFFF_FFFF {
            directory = try zip64Directory(source, endOffset: source.count - tailCount + start) ?? directory
        }
        guard directory.offset <= source.count, directory.byteCount <= source.count - directory.offset,
              directory.count <= directory.byteCount / 46 else {
            throw failure("has a zip directory that does not fit into the file; it is damaged, fetch it again")
        }
        return directory
    }

    private static func zip64Directory(_ source: ByteSource, endOffset: Int) throws -> Directory? {
        guard endOffset >= 20 else { return nil }
        var locator = ByteCursor(file: source.name, bytes: try source.read(at: endOffset - 20, count: 20))
        guard try locator.littleEndian(UInt32.self) == 0x0706_4b50 else { return nil }
        try locator.skip(4)
        guard let recordOffset = Int(exactly: try locator.littleEndian(UInt64.self)) else { throw locator.failure("is damaged, fetch it again") }
        var record = ByteCursor(file: source.name, bytes: try source.read(at: recordOffset, count: 56))
        guard try record.littleEndian(UInt32.self) == 0x0606_4b50 else { throw record.failure("the zip64 record is missing; it is damaged, fetch it again") }
        try record.skip(28)
        guard let count = Int(exactly: try record.littleEndian(UInt64.self)), let size = Int(exactly: try record.littleEndian(UInt64.self)),
              let offset = Int(exactly: try record.littleEndian(UInt64.self)) else {
            throw record.failure("the zip64 record holds impossible sizes; it is damaged, fetch it again")
        }
        return Directory(offset: offset, byteCount: size, count: count)
    }

    private static func readEntry(_ cursor: inout ByteCursor, base: Int) throws -> Member {
        func failure(_ sentence: String) -> DatasetError {
            DatasetError(file: cursor.file, place: "byte \(base + cursor.position)", sentence + "; the archive is damaged, fetch it again")
        }
        guard try cursor.littleEndian(UInt32.self) == 0x0201_4b50 else { throw failure("no directory entry stands here") }
        try cursor.skip(4)
        let flags = try cursor.littleEndian(UInt16.self), method = try cursor.littleEndian(UInt16.self)
        try cursor.skip(4)
        let checksum = try cursor.littleEndian(UInt32.self)
        var compressed = UInt64(try cursor.littleEndian(UInt32.self)), size = UInt64(try cursor.littleEndian(UInt32.self))
        let nameCount = Int(try cursor.littleEndian(UInt16.self)), extraCount = Int(try cursor.littleEndian(UInt16.self))
        let commentCount = Int(try cursor.littleEndian(UInt16.self))
        try cursor.skip(8)
        var offset = UInt64(try cursor.littleEndian(UInt32.self))
        guard let name = String(validating: try cursor.take(nameCount), as: UTF8.self) else { throw failure("a member's name is not UTF-8") }
        var extra = ByteCursor(file: cursor.file, bytes: Array(try cursor.take(extraCount)))
        while extra.remaining >= 4 {
            let identifier = try extra.littleEndian(UInt16.self), count = Int(try extra.littleEndian(UInt16.self))
            var field = ByteCursor(file: cursor.file, bytes: Array(try extra.take(count)))
            guard identifier == 1 else { continue }
            if size == 0xFFFF_FFFF { size = try field.littleEndian(UInt64.self) }
            if compressed == 0xFFFF_FFFF { compressed = try field.littleEndian(UInt64.self) }
            if offset == 0xFFFF_FFFF { offset = try field.littleEndian(UInt64.self) }
        }
        try cursor.skip(commentCount)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\\"), !name.contains("\0"), !parts.contains("..") else {
            throw DatasetError(file: cursor.file, "has a member named \(name.debugDescription), which leads out of the archive; it is refused")
        }
        guard let byteCount = Int(exactly: size), let compressedCount = Int(exactly: compressed), let headerOffset = Int(exactly: offset) else {
            throw failure("member \(name) announces an impossible size")
        }
        return Member(name: name, byteCount: byteCount, compressedCount: compressedCount, headerOffset: headerOffset,
                      method: method, isEncrypted: flags & 1 != 0, checksum: checksum)
    }
}
