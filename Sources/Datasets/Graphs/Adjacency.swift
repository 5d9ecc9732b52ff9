import Foundation
import Tensors

/// The neighbours of each node of an undirected graph in compressed rows, in rising order, without loops or repeats. Those of large graphs go to
/// files without a name in the folder for temporary files and are read through the page cache.
public struct Adjacency: Sendable, Equatable {
    private enum Storage: Sendable {
        case memory(starts: [Int], neighbours: [Int32])
        case files(starts: NumberFile<Int>, neighbours: NumberFile<Int32>)
    }
    private let storage: Storage
    /// The number of nodes.
    public let count: Int
    /// Undirected edges.
    public let edgeCount: Int
    /// How many loops and how many repeated edges (either direction) were left out.
    public let loops: Int, repeats: Int

    /// The most edges that are read; beyond it a graph would need more than a gigabyte.
    public static let edgeLimit = 25_000_000
    /// The most nodes that are read.
    public static let nodeLimit = 50_000_000
    /// Graphs of more edges are kept in files: 16 MiB of neighbours.
    package static let edgesInMemory = 1 << 21

    /// Makes a directed or undirected list of edges undirected.
    ///
    /// Two passes of counting sort, O(nodes + edges): each row of the second pass comes out sorted.
    /// - Parameters:
    ///   - count: at most 2^31 - 1; no file that is read (`Limits.fileBytes`) names so many nodes.
    ///   - from, to: the ends of each edge, of equal length, each in 0 ..< `count`; anything else is our own mistake.
    public init(count: Int, from: [Int32], to: [Int32]) { self.init(count: count, from: from, to: to, edgesInMemory: Self.edgesInMemory) }

    package init(count: Int, from: [Int32], to: [Int32], edgesInMemory: Int) {
        precondition(from.count == to.count && count <= Int(Int32.max))
        var loops = 0
        var starts = [Int](repeating: 0, count: count + 1)
        for (a, b) in zip(from, to) {
            if a == b { loops += 1; continue }
            starts[Int(a) + 1] += 1
            starts[Int(b) + 1] += 1
        }
        for node in 0..<count { starts[node + 1] += starts[node] }
        var next = starts
        var unsorted = [Int32](repeating: 0, count: starts[count])
        for (a, b) in zip(from, to) where a != b {
            unsorted[next[Int(a)]] = b
            next[Int(a)] += 1
            unsorted[next[Int(b)]] = a
            next[Int(b)] += 1
        }
        // The matrix is symmetric, so its transpose, whose rows fill in rising order, is itself.
        next = starts
        var sorted = [Int32](repeating: 0, count: starts[count])
        for node in 0..<count {
            for entry in starts[node]..<starts[node + 1] {
                let row = Int(unsorted[entry])
                sorted[next[row]] = Int32(node)
                next[row] += 1
            }
        }
        unsorted = []
        var kept = 0
        for node in 0..<count {
            let first = kept
            for entry in starts[node]..<starts[node + 1] where kept == first || sorted[kept - 1] != sorted[entry] {
                sorted[kept] = sorted[entry]
                kept += 1
            }
            next[node] = first
        }
        let repeats = (sorted.count - kept) / 2
        sorted.removeLast(sorted.count - kept)
        next[count] = kept
        self.count = count
        edgeCount = kept / 2
        self.loops = loops
        self.repeats = repeats
        // Without room on the disk they stay in memory.
        if kept / 2 > edgesInMemory, let files = try? Self.files(next, sorted) {
            storage = .files(starts: files.starts, neighbours: files.neighbours)
        } else {
            storage = .memory(starts: next, neighbours: sorted)
        }
    }

    private static func files(_ starts: [Int], _ neighbours: [Int32]) throws -> (starts: NumberFile<Int>, neighbours: NumberFile<Int32>) {
        func file<Number: BitwiseCopyable & Sendable>(_ numbers: [Number]) throws -> NumberFile<Number> {
            let writer = try NumberFileWriter<Number>(in: FileManager.default.temporaryDirectory)
            try writer.append(numbers)
            return try writer.finish()
        }
        return (try file(starts), try file(neighbours))
    }

    /// The neighbours of node i stand at `starts[i] ..< starts[i + 1]`.
    public var starts: [Int] {
        switch storage {
        case .memory(let starts, _): starts
        case .files(let starts, _): starts.copy(0..<starts.count)
        }
    }

    /// Both directions of every edge.
    public var neighbours: [Int32] {
        switch storage {
        case .memory(_, let neighbours): neighbours
        case .files(_, let neighbours): neighbours.copy(0..<neighbours.count)
        }
    }

    /// Bytes of memory that it holds, files left out.
    public var memoryBytes: Int {
        if case .memory = storage { 8 * edgeCount + 8 * (count + 1) } else { 0 }
    }

    /// The neighbours of a node, in rising order.
    public func neighbours(of node: Int) -> ArraySlice<Int32> {
        switch storage {
        case .memory(let starts, let neighbours): neighbours[starts[node]..<starts[node + 1]]
        case .files(let starts, let neighbours):
            neighbours.copy(starts.withSpan { $0[node]..<$0[node + 1] })[...]
        }
    }

    /// The number of a node's neighbours.
    public func degree(_ node: Int) -> Int {
        switch storage {
        case .memory(let starts, _): starts[node + 1] - starts[node]
        case .files(let starts, _): starts.withSpan { $0[node + 1] - $0[node] }
        }
    }

    public static func == (left: Adjacency, right: Adjacency) -> Bool {
        left.count == right.count && left.edgeCount == right.edgeCount && left.loops == right.loops && left.repeats == right.repeats
            && (0..<left.count).allSatisfy { left.neighbours(of: $0) == right.neighbours(of: $0) }
    }

    var notes: [String] {
        var notes: [String] = []
        if loops > 0 { notes.append("\(grouped(loops)) loops were left out") }
        if repeats > 0 { notes.append("\(grouped(repeats)) repeated edges (or second directions) were left out") }
        return notes
    }

    /// The graph without the edges that touch a node of `isolated`.
    public func removingEdges(of isolated: Set<Int>) -> Adjacency {
        var from: [Int32] = [], to: [Int32] = []
        for node in 0..<count where !isolated.contains(node) {
            for neighbour in neighbours(of: node) where Int(neighbour) > node && !isolated.contains(Int(neighbour)) {
                from.append(Int32(node))
                to.append(neighbour)
            }
        }
        return Adjacency(count: count, from: from, to: to)
    }
}
