import Datasets
import Foundation
import Tensors

/// Sparse rows of all nodes (TF-IDF, label embeddings), in memory or, of large graphs, in files of compressed rows that are read through the page cache: the
/// shards of section 7. Algorithms see both alike.
package struct FeatureRows: Sendable {
    private enum Storage: Sendable {
        case memory(SparseFeatures)
        case files(starts: NumberFile<Int>, indices: NumberFile<Int32>, values: NumberFile<Float>)
    }
    private let storage: Storage
    package let count: Int, width: Int, entryCount: Int

    package init(_ rows: SparseFeatures) {
        storage = .memory(rows)
        (count, width, entryCount) = (rows.count, rows.width, rows.entryCount)
    }

    /// The entries of row i stand at `starts[i] ..< starts[i + 1]` of indices and values, columns rising.
    package func withSpans<Result>(_ body: (_ starts: Span<Int>, _ indices: Span<Int32>, _ values: Span<Float>) throws -> Result) rethrows -> Result {
        switch storage {
        case .memory(let rows): try body(rows.starts.span, rows.indices.span, rows.values.span)
        case .files(let starts, let indices, let values):
            try starts.withSpan { starts in try indices.withSpan { indices in try values.withSpan { try body(starts, indices, $0) } } }
        }
    }

    /// Row i as pairs, columns rising.
    package func row(_ i: Int) -> [(column: Int32, value: Float)] {
        withSpans { starts, indices, values in (starts[i]..<starts[i + 1]).map { (indices[$0], values[$0]) } }
    }

    /// All rows in memory: for algorithms that need them at once, such as a decomposition.
    package func inMemory() -> SparseFeatures {
        if case .memory(let rows) = storage { return rows }
        var builder = SparseFeatures.Builder()
        builder.reserve(rows: count, entries: entryCount)
        for i in 0..<count { builder.append(row(i)) }
        return builder.finish(width: width)
    }

    /// All rows for products with tensors.
    package func matrix<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> { try inMemory().matrix() }

    /// Collects rows in order.
    package struct Builder {
        private enum Target {
            case memory(SparseFeatures.Builder)
            case files(starts: NumberFileWriter<Int>, indices: NumberFileWriter<Int32>, values: NumberFileWriter<Float>)
        }
        private var target: Target
        private var rows = 0, entries = 0

        /// - Parameter folder: where the files stand; nil keeps the rows in memory.
        package init(in folder: URL?) throws {
            guard let folder else { target = .memory(SparseFeatures.Builder()); return }
            target = .files(starts: try NumberFileWriter(in: folder), indices: try NumberFileWriter(in: folder), values: try NumberFileWriter(in: folder))
            if case .files(let starts, _, _) = target { try starts.append([0]) }
        }

        /// Of rows in memory: makes room at once, where arrays that grow by doubling would need half as much again.
        package mutating func reserve(rows: Int, entries: @autoclosure () -> Int) {
            guard case .memory(var builder) = target else { return }
            builder.reserve(rows: rows, entries: entries())
            target = .memory(builder)
        }

        /// Adds a row, columns rising.
        package mutating func append(_ row: [(column: Int32, value: Float)]) throws {
            rows += 1
            entries += row.count
            switch target {
            case .memory(var builder):
                // The builder is held once, so that it is not copied.
                target = .memory(SparseFeatures.Builder())
                builder.append(row)
                target = .memory(builder)
            case .files(let starts, let indices, let values):
                try starts.append(CollectionOfOne(entries))
                try indices.append(row.lazy.map(\.column))
                try values.append(row.lazy.map(\.value))
            }
        }

        package mutating func finish(width: Int) throws -> FeatureRows {
            switch target {
            case .memory(let builder): FeatureRows(builder.finish(width: width))
            case .files(let starts, let indices, let values):
                FeatureRows(storage: .files(starts: try starts.finish(), indices: try indices.finish(), values: try values.finish()), count: rows, width: width, entryCount: entries)
            }
        }
    }

    private init(storage: Storage, count: Int, width: Int, entryCount: Int) {
        self.storage = storage
        (self.count, self.width, self.entryCount) = (count, width, entryCount)
    }
}

/// Where an encoder finds the bags of words of a batch.
package protocol BagSource<Scalar> {
    associatedtype Scalar: TensorScalar
    var columns: Int { get }
    /// The rows at `chosen`, in that order.
    func bags(_ chosen: [Int32]) throws -> SparseMatrix<Scalar>
}

extension SparseMatrix: BagSource {
    package func bags(_ chosen: [Int32]) throws -> SparseMatrix { try gathered(chosen) }
}

extension FeatureRows: BagSource {
    package var columns: Int { width }

    package func bags(_ chosen: [Int32]) throws -> SparseMatrix<Float> {
        var starts: [Int32] = [0], columns: [Int32] = [], found: [Float] = []
        starts.reserveCapacity(chosen.count + 1)
        try withSpans { places, indices, values in
            for row in chosen {
                guard row >= 0, Int(row) < count else { throw GIANTError("a row is outside the \(count) texts") }
                for entry in places[Int(row)]..<places[Int(row) + 1] {
                    columns.append(indices[entry])
                    found.append(values[entry])
                }
                starts.append(Int32(columns.count))
            }
        }
        return try SparseMatrix(rows: chosen.count, columns: width, starts: starts, indices: columns, values: found)
    }
}
