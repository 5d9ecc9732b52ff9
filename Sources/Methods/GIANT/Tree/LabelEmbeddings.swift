import Datasets
import Foundation
import Tensors

/// What describes each label (node) when labels are clustered.
package enum LabelEmbeddings {
    /// Positive-instance feature aggregation, PIFA (section 2.3): Z = rownorm(Ŷ' X) with Ŷ = Y with rows of norm 1. Label j is described
    /// by the texts of the training nodes that link to it.
    ///
    /// - Parameters:
    ///   - features: X, a row a node.
    ///   - isTraining: which nodes are instances, such as those with 1 <= degree < 1000.
    ///   - normalisesRows: whether the rows of Y have norm 1.
    ///   - largest: at most so many entries of each row are kept, the largest in size; nil keeps all.
    ///   - folder: where the rows are kept; nil: in memory.
    /// - Returns: a row a node; zeros where no instance links to it.
    package static func aggregated(_ features: FeatureRows, over graph: Adjacency, isTraining: [Bool], normalisesRows: Bool = true, largest: Int? = nil, in folder: URL? = nil,
                                   proceed: (Int) throws -> Void = { _ in }) throws -> FeatureRows {
        var sums = [Float](repeating: 0, count: features.width), marks = [Int32](repeating: -1, count: features.width), reached: [Int32] = []
        var builder = try FeatureRows.Builder(in: folder)
        try features.withSpans { starts, indices, values in
            builder.reserve(rows: graph.count, entries: (0..<graph.count).reduce(0) { sum, node in
                sum + min(largest ?? features.width, graph.neighbours(of: node).reduce(0) { $0 + starts[Int($1) + 1] - starts[Int($1)] })
            })
            for node in 0..<graph.count {
                if node % 256 == 0 { try proceed(node) }
                reached.removeAll(keepingCapacity: true)
                for neighbour in graph.neighbours(of: node) where isTraining[Int(neighbour)] {
                    let weight: Float = normalisesRows ? 1 / Float(graph.degree(Int(neighbour))).squareRoot() : 1
                    for entry in starts[Int(neighbour)]..<starts[Int(neighbour) + 1] {
                        let column = Int(indices[entry])
                        if marks[column] != Int32(node) {
                            marks[column] = Int32(node)
                            sums[column] = 0
                            reached.append(indices[entry])
                        }
                        sums[column] += weight * values[entry]
                    }
                }
                try builder.append(Self.unitRow(reached, sums, largest))
            }
        }
        return try builder.finish(width: features.width)
    }

    /// The same of rows in memory.
    package static func aggregated(_ features: SparseFeatures, over graph: Adjacency, isTraining: [Bool], normalisesRows: Bool = true, largest: Int? = nil) throws -> SparseFeatures {
        try aggregated(FeatureRows(features), over: graph, isTraining: isTraining, normalisesRows: normalisesRows, largest: largest).inMemory()
    }

    private static func unitRow(_ reached: [Int32], _ sums: [Float], _ largest: Int?) -> [(column: Int32, value: Float)] {
        var columns = reached
        columns.sort()
        if let largest, columns.count > largest {
            var sizes = columns.map { abs(sums[Int($0)]) }
            let least = BisectingClusters.element(columns.count - largest, of: &sizes, count: columns.count)
            // Of the entries as large as the least that stays the lower columns stay.
            var room = largest - columns.count { abs(sums[Int($0)]) > least }
            columns.removeAll { column in
                let size = abs(sums[Int(column)])
                if size == least { room -= 1 }
                return size < least || size == least && room < 0
            }
        }
        var squares = 0.0
        for column in columns { squares += Double(sums[Int(column)]) * Double(sums[Int(column)]) }
        guard squares > 0 else { return [] }
        let factor = Float(1 / squares.squareRoot())
        return columns.map { ($0, sums[Int($0)] * factor) }
    }

    /// Rows projected on `width` random directions of ±1: what replaces X on graphs whose label embeddings would not fit.
    package static func sketched(_ features: FeatureRows, width: Int = 64, in folder: URL? = nil, random: RandomSource) throws -> FeatureRows {
        let signs = (0..<features.width).map { column in RandomSource.block(counter: UInt64(column), stream: random.streamIdentifier, key: random.seed).0 }
        var builder = try FeatureRows.Builder(in: folder)
        try features.withSpans { starts, indices, values in
            var sums = [Float](repeating: 0, count: width)
            for row in 0..<features.count {
                for c in 0..<width { sums[c] = 0 }
                for entry in starts[row]..<starts[row + 1] {
                    let bits = signs[Int(indices[entry])], value = values[entry]
                    for c in 0..<width { sums[c] += bits >> UInt64(c & 63) & 1 == 0 ? value : -value }
                }
                try builder.append(sums.enumerated().map { (Int32($0.offset), $0.element) })
            }
        }
        return try builder.finish(width: width)
    }
}
