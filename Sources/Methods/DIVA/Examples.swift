import Datasets
import Experiments
import Tensors

/// The labelled examples of a data set, be they pictures or feature rows that a user brings. Rows are numbered over the training
/// part, then the test part.
package enum Examples: Sendable {
    case images(ImageDataset)
    case features(FeatureDataset)

    /// - Throws: `DatasetError` when the set cannot be opened; `DIVAError` when it is of another kind or has no labels.
    package init(_ dataset: any Dataset) throws {
        switch dataset {
        case let images as ImageDataset: self = .images(images)
        case let features as FeatureDataset:
            guard !features.labels.isEmpty else {
                throw DIVAError("\(features.identifier) has no labels; DIVA needs the class of each row, add the set again with its labels")
            }
            self = .features(features)
        default:
            throw DIVAError("\(dataset.identifier) holds neither pictures nor features; choose a data set of labelled pictures or features")
        }
    }

    package var checksum: String {
        switch self {
        case .images(let set): set.checksum
        case .features(let set): set.checksum
        }
    }
    package var classNames: [String] {
        switch self {
        case .images(let set): set.classNames
        case .features(let set): set.classNames
        }
    }
    package var trainingCount: Int {
        switch self {
        case .images(let set): set.training.count
        case .features(let set): set.count
        }
    }
    /// 0 where there is no published test part.
    package var testCount: Int {
        switch self {
        case .images(let set): set.test?.count ?? 0
        case .features: 0
        }
    }
    package var count: Int { trainingCount + testCount }

    func label(_ row: Int) -> Int {
        switch self {
        case .images(let set): set.label(at: row) ?? 0
        case .features(let set): set.labels[row]
        }
    }

    func thumbnail(_ row: Int) -> Thumbnail? {
        switch self {
        case .images(let set): set.thumbnail(at: row)
        case .features: nil
        }
    }

    /// The pictures, where there are some.
    /// - Throws: `ParameterError` that names the setting which asked for them.
    func pictures(for parameter: String) throws -> ImageDataset {
        guard case .images(let images) = self else {
            throw ParameterError("parameter \(parameter) needs pictures, and this data set holds features; take another value or another data set")
        }
        return images
    }

    /// Brightness from 0 to 1, or the features as they are. rows.count x D.
    func inputs(_ rows: [Int]) throws -> Matrix {
        switch self {
        case .images(let set): return try Pictures(set, rows: rows).matrix()
        case .features(let set):
            var values: [Double] = []
            values.reserveCapacity(rows.count * set.dimension)
            for row in rows {
                let range = row * set.dimension..<(row + 1) * set.dimension
                switch set.values {
                case .float32(let all): values.append(contentsOf: all[range].lazy.map(Double.init))
                case .float64(let all): values.append(contentsOf: all[range])
                }
            }
            return Matrix(rows: rows.count, columns: set.dimension, values: values)
        }
    }
}
