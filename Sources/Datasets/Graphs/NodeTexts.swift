import Foundation
import Tensors

/// One text a node, all in one piece of UTF-8: a million texts cost their bytes and one number each. More than 64 MiB of text go to a file without a name
/// in the folder for temporary files, where there is one, and are read through the page cache.
///
///     let texts = NodeTexts(["gcc compiler for c", "", "numpy arrays"])
///     texts[2]              // "numpy arrays"
///     texts.bytes(of: 1)    // empty
public struct NodeTexts: Sendable, Equatable {
    private enum Storage: Sendable {
        case memory([UInt8])
        case file(NumberFile<UInt8>)
    }
    private let storage: Storage
    /// Text i stands at `starts[i] ..< starts[i + 1]` of all bytes.
    public let starts: [Int]
    /// Above so many bytes texts are kept in a file.
    static let bytesInMemory = 64 << 20

    /// The number of texts.
    public var count: Int { starts.count - 1 }

    public init(_ texts: [String]) {
        var builder = Builder()
        for text in texts { builder.append(text.utf8) }
        self = builder.finish()
    }

    init(bytes: [UInt8], starts: [Int], bytesInMemory: Int = NodeTexts.bytesInMemory) {
        self.starts = starts
        // Without room on the disk they stay in memory.
        if bytes.count > bytesInMemory, let writer = try? NumberFileWriter<UInt8>(in: FileManager.default.temporaryDirectory), (try? writer.append(bytes)) != nil, let file = try? writer.finish() {
            storage = .file(file)
        } else {
            storage = .memory(bytes)
        }
    }

    public static func == (left: NodeTexts, right: NodeTexts) -> Bool {
        left.starts == right.starts && (0..<left.count).allSatisfy { left.bytes(of: $0) == right.bytes(of: $0) }
    }

    /// The bytes of all texts together.
    public var byteCount: Int { starts.last ?? 0 }
    /// What of them is in memory.
    var bytesHeld: Int {
        if case .memory(let bytes) = storage { bytes.count } else { 0 }
    }

    /// The text of a node.
    public subscript(node: Int) -> String { String(decoding: bytes(of: node), as: UTF8.self) }

    /// The text of a node in UTF-8.
    public func bytes(of node: Int) -> ArraySlice<UInt8> {
        switch storage {
        case .memory(let bytes): bytes[starts[node]..<starts[node + 1]]
        case .file(let file): file.copy(starts[node]..<starts[node + 1])[...]
        }
    }

    /// Collects texts in order.
    public struct Builder {
        private var bytes: [UInt8] = []
        private var starts = [0]
        public init() {}

        public mutating func reserve(bytes byteCount: Int, texts: Int) {
            bytes.reserveCapacity(byteCount)
            starts.reserveCapacity(texts + 1)
        }

        /// Adds a text.
        /// - Parameter text: UTF-8, which the caller has made or checked.
        public mutating func append(_ text: some Sequence<UInt8>) {
            bytes.append(contentsOf: text)
            starts.append(bytes.count)
        }

        public func finish() -> NodeTexts { NodeTexts(bytes: bytes, starts: starts) }
    }

    /// How many texts are empty and how many repeat an earlier one that is not.
    func emptyAndRepeated() -> (empty: Int, repeated: Int) {
        var empty = 0, repeated = 0
        var seen: Set<ArraySlice<UInt8>> = []
        for node in 0..<count {
            let text = bytes(of: node)
            if text.isEmpty { empty += 1 } else if !seen.insert(text).inserted { repeated += 1 }
        }
        return (empty, repeated)
    }

    /// The number of words of a text: runs of bytes between spaces and tabs.
    public func wordCount(of node: Int) -> Int {
        var count = 0, isInside = false
        for byte in bytes(of: node) {
            let isSpace = byte == 0x20 || byte == 0x09
            if !isSpace && !isInside { count += 1 }
            isInside = !isSpace
        }
        return count
    }
}

/// A vector a node from elsewhere, such as the output of a text encoder.
public struct NodeEmbeddings: Sendable, Equatable {
    /// The length of each vector.
    public let width: Int
    /// The vectors, row by row.
    public let values: [Float]
    /// The number of rows.
    public var count: Int { width == 0 ? 0 : values.count / width }

    /// nil when the values do not make whole rows.
    public init?(width: Int, values: [Float]) {
        guard width > 0, values.count.isMultiple(of: width) else { return nil }
        self.width = width
        self.values = values
    }
}
