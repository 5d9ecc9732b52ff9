import Datasets
import Experiments
import Tensors

/// The labelled examples of a data set, be they pictures or feature rows that a user brings. Rows are numbered over the training
/// part, then the test part.
package enum Examples: Sendable {
    case images(ImageDataset)
    case features(FeatureDataset)
    case texts(LabelledTexts)

    /// - Throws: `DatasetError` when the set cannot be opened; `DIVAError` when it is of another kind or has no labels.
    package init(_ dataset: any Dataset) throws {
        switch dataset {
        case let images as ImageDataset: self = .images(images)
        case let features as FeatureDataset:
            guard !features.labels.isEmpty else {
                throw DIVAError("\(features.identifier) has no labels; DIVA needs the class of each row, add the set again with its labels")
            }
            self = .features(features)
        case let graph as GraphDataset: self = .texts(try LabelledTexts(graph))
        default:
            throw DIVAError("\(dataset.identifier) holds neither pictures nor features nor texts; choose a data set of labelled pictures, features or texts")
        }
    }

    package var checksum: String {
        switch self {
        case .images(let set): set.checksum
        case .features(let set): set.checksum
        case .texts(let set): set.checksum
        }
    }
    package var classNames: [String] {
        switch self {
        case .images(let set): set.classNames
        case .features(let set): set.classNames
        case .texts(let set): set.classNames
        }
    }
    package var trainingCount: Int {
        switch self {
        case .images(let set): set.training.count
        case .features(let set): set.count
        case .texts(let set): set.count
        }
    }
    /// 0 where there is no published test part.
    package var testCount: Int {
        switch self {
        case .images(let set): set.test?.count ?? 0
        case .features, .texts: 0
        }
    }
    package var count: Int { trainingCount + testCount }

    func label(_ row: Int) -> Int {
        switch self {
        case .images(let set): set.label(at: row) ?? 0
        case .features(let set): set.labels[row]
        case .texts(let set): set.label(row)
        }
    }

    func thumbnail(_ row: Int) -> Thumbnail? {
        switch self {
        case .images(let set): set.thumbnail(at: row)
        case .features, .texts: nil
        }
    }

    /// The text of an example in a few words, where it has one.
    func caption(_ row: Int) -> String? {
        guard case .texts(let texts) = self else { return nil }
        return String(texts.text(row).prefix(80))
    }

    /// The texts, where there are some.
    /// - Throws: `ParameterError` that names the setting which asked for them.
    func texts(for parameter: String) throws -> LabelledTexts {
        guard case .texts(let texts) = self else { throw ParameterError("parameter \(parameter) needs texts, and this data set holds \(isPictures ? "pictures" : "features"); take another value or another data set") }
        return texts
    }

    private var isPictures: Bool { if case .images = self { true } else { false } }

    /// The pictures, where there are some.
    /// - Throws: `ParameterError` that names the setting which asked for them.
    func pictures(for parameter: String) throws -> ImageDataset {
        guard case .images(let images) = self else {
            throw ParameterError("parameter \(parameter) needs pictures, and this data set holds \(isTexts ? "texts" : "features"); take another value or another data set")
        }
        return images
    }

    private var isTexts: Bool { if case .texts = self { true } else { false } }

    /// Brightness from 0 to 1, or the features as they are. rows.count x D.
    func inputs(_ rows: [Int]) throws -> Matrix {
        switch self {
        case .images(let set): return try Pictures(set, rows: rows).matrix()
        case .texts: throw ParameterError("parameter features: texts become numbers by a sentence encoder; take sentence")
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
