import Foundation

/// Numbers that are too many for memory: a file that is read through the page cache and takes part of memory only while there is room.
///
///     let writer = try NumberFileWriter<Float>(in: folder)
///     try writer.append([1, 2, 3])
///     let numbers = try writer.finish()
///     numbers.withSpan { $0[2] }    // 3
///
/// The file has no name any more once it is open, so it goes when the last `NumberFile` goes or the process ends, however it ends.
public final class NumberFile<Element: BitwiseCopyable & Sendable>: Sendable {
    /// How many numbers there are.
    public let count: Int
    // Nothing writes to the mapping, and it lives as long as this object.
    nonisolated(unsafe) private let address: UnsafeMutableRawPointer?

    fileprivate init(descriptor: Int32, count: Int) throws(NumberFileError) {
        self.count = count
        guard count > 0 else { address = nil; return }
        let mapped = mmap(nil, count * MemoryLayout<Element>.stride, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw NumberFileError("a file of \(count) numbers cannot be mapped (\(NumberFileError.reason)); free address space (ulimit -v)") }
        address = mapped
    }

    deinit {
        if let address { munmap(address, count * MemoryLayout<Element>.stride) }
    }

    /// The numbers, for as long as `body` runs.
    public func withSpan<Result>(_ body: (Span<Element>) throws -> Result) rethrows -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeBufferPointer(start: UnsafePointer(address?.assumingMemoryBound(to: Element.self)), count: count).span)
    }

    /// A copy of a part.
    /// - Parameter range: inside 0 ..< `count`; anything else is our own mistake.
    public func copy(_ range: Range<Int>) -> [Element] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        defer { withExtendedLifetime(self) {} }
        return Array(UnsafeBufferPointer(start: UnsafePointer(address?.assumingMemoryBound(to: Element.self)), count: count)[range])
    }
}

/// Writes a `NumberFile`, one piece after the other.
public final class NumberFileWriter<Element: BitwiseCopyable & Sendable> {
    public private(set) var count = 0
    private var descriptor: Int32
    private var waiting: [Element] = []

    /// - Parameter folder: where the file stands; made where it is not there.
    /// - Throws: `NumberFileError` where no file can be made.
    public init(in folder: URL) throws(NumberFileError) {
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var template = Array(folder.appendingPathComponent("numbers-XXXXXX").path.utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw NumberFileError("no file can be made in \(folder.path) (\(NumberFileError.reason)); give a folder that can be written to") }
        unlink(template)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Throws: `NumberFileError` when the disk is full or fails.
    public func append(_ numbers: some Sequence<Element>) throws(NumberFileError) {
        waiting.append(contentsOf: numbers)
        if waiting.count >= 1 << 16 { try flush() }
    }

    private func flush() throws(NumberFileError) {
        count += waiting.count
        let bytes = waiting.count * MemoryLayout<Element>.stride
        var written = 0
        while written < bytes {
            let more = waiting.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), bytes - written) }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { throw NumberFileError("numbers cannot be written to disk (\(NumberFileError.reason)); make room for \(count) of them or choose another cache folder (XDG_CACHE_HOME)") }
            written += more
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// The file with all that was appended. The writer is empty afterwards.
    public func finish() throws(NumberFileError) -> NumberFile<Element> {
        try flush()
        defer {
            close(descriptor)
            descriptor = -1
        }
        return try NumberFile(descriptor: descriptor, count: count)
    }
}

/// What the disk refused: one sentence.
public struct NumberFileError: Error, CustomStringConvertible, Equatable, Sendable {
    public let description: String
    init(_ description: String) { self.description = description }
    static var reason: String { String(cString: strerror(errno)) }
}
