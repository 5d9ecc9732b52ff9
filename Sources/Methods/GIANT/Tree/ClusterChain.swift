/// The sizes of a hierarchical label tree (section 2.4): all integers, so a tree of 111 million labels is exact.
package enum TreeShape {
    /// How often the labels are halved: the smallest depth >= 1 with `labels` <= `maximumLeaf` x 2^depth; 0 where one leaf holds all.
    /// - Throws: `GIANTError` when there would be more leaves than labels or a size is out of range.
    package static func depth(labels: Int, maximumLeaf: Int) throws -> Int {
        guard maximumLeaf >= 2 else { throw GIANTError("parameter max-leaf: a leaf of \(maximumLeaf) labels cannot be; give 2 or more") }
        guard labels >= 1 else { throw GIANTError("a tree of no labels cannot be; give a graph with nodes") }
        if maximumLeaf >= labels { return 0 }
        var depth = 1
        while labels > maximumLeaf << depth { depth += 1 }
        guard 1 << depth <= labels else { throw GIANTError("parameter max-leaf: \(1 << depth) leaves are more than the \(labels) labels; take larger leaves") }
        return depth
    }

    /// The numbers of clusters of the levels, from the top to the leaves: consecutive leaf codes are grouped by `splits` until at most
    /// `minimumCodes` clusters remain. A level of one cluster would teach nothing and is left out.
    package static func levels(leaves: Int, splits: Int, minimumCodes: Int) throws -> [Int] {
        guard splits >= 2 else { throw GIANTError("parameter splits: a cluster cannot have \(splits) children; give 2 or more") }
        guard minimumCodes >= 1 else { throw GIANTError("parameter min-codes: \(minimumCodes) clusters cannot be; give 1 or more") }
        var levels = [leaves]
        while let top = levels.first, top > minimumCodes, top > splits { levels.insert((top + splits - 1) / splits, at: 0) }
        return levels
    }
}

/// Which cluster each label belongs to, at every level, from one array of leaf codes: cluster of label j at level t of T is
/// code_j / splits^(T - t). No matrix of labels x clusters is ever made.
package struct ClusterChain: Sendable, Equatable {
    /// The leaf of each label.
    package let codes: [Int32]
    /// K_1 < K_2 < ... < K_T.
    package let levels: [Int]
    package let splits: Int

    package init(codes: [Int32], leaves: Int, splits: Int, minimumCodes: Int) throws {
        self.codes = codes
        self.splits = splits
        levels = try TreeShape.levels(leaves: leaves, splits: splits, minimumCodes: minimumCodes)
    }

    package var labels: Int { codes.count }

    /// What a leaf code is divided by to give the cluster at a level (0 is the top).
    package func divisor(_ level: Int) -> Int32 {
        var divisor: Int32 = 1
        for _ in level..<levels.count - 1 { divisor *= Int32(splits) }
        return divisor
    }

    /// The cluster of a label.
    package func cluster(of label: Int, at level: Int) -> Int32 { codes[label] / divisor(level) }

    /// The clusters at `level` + 1 below a cluster of `level`.
    package func children(of cluster: Int32, at level: Int) -> Range<Int32> {
        let first = cluster * Int32(splits)
        return first..<max(first, min(first + Int32(splits), Int32(levels[level + 1])))
    }

    /// The labels of each leaf.
    package func members() -> [[Int32]] {
        var members = [[Int32]](repeating: [], count: levels[levels.count - 1])
        for (label, code) in codes.enumerated() { members[Int(code)].append(Int32(label)) }
        return members
    }
}
