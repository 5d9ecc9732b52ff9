/// Labelled feature vectors: N rows of D numbers, such as the penultimate layer of a network.
public struct FeatureDataset: Dataset {
    /// The numbers, row by row, in the precision of the file.
    public enum Values: Sendable, Equatable {
        case float32([Float])
        case float64([Double])
        public var count: Int {
            switch self {
            case .float32(let values): values.count
            case .float64(let values): values.count
            }
        }
    }

    public let identifier: String
    public let checksum: String
    /// `count * dimension` numbers, all finite.
    public let values: Values
    /// D.
    public let dimension: Int
    /// Column names, or none.
    public let featureNames: [String]
    /// The class of each row, 0 ..< classes; empty when the set has no labels.
    public let labels: [Int]
    /// Class names in label order.
    public let classNames: [String]
    /// N.
    public let count: Int

    /// - Throws: `DatasetError` for an empty set, lengths that do not fit together, a number that is not finite (with row and
    ///   column), or a label that is no class.
    public init(identifier: String, checksum: String, values: Values, dimension: Int, featureNames: [String] = [], labels: [Int] = [],
                classNames: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard dimension > 0, values.count > 0, values.count.isMultiple(of: dimension) else {
            throw DatasetError(file: file, "has \(values.count) numbers in rows of \(dimension), which makes no table of features; give N x D numbers")
        }
        count = values.count / dimension
        guard labels.isEmpty || labels.count == count else {
            throw DatasetError(file: file, "has \(labels.count) labels for \(count) rows; give one label a row")
        }
        if let bad = labels.firstIndex(where: { $0 < 0 || $0 >= classNames.count }) {
            throw DatasetError(file: file, place: "row \(bad + 1)", "has label \(labels[bad]), outside 0 ... \(classNames.count - 1); mend the label")
        }
        let bad: Int? = switch values {
        case .float32(let values): values.firstIndex { !$0.isFinite }
        case .float64(let values): values.firstIndex { !$0.isFinite }
        }
        if let bad {
            let column = bad % dimension
            let name = column < featureNames.count ? featureNames[column] : String(column + 1)
            throw DatasetError(file: file, place: "row \(bad / dimension + 1), column \(name)", "the number is missing or not finite; fill or drop it")
        }
        self.identifier = identifier
        self.checksum = checksum
        self.values = values
        self.dimension = dimension
        self.featureNames = featureNames.count == dimension ? featureNames : []
        self.labels = labels
        self.classNames = classNames
    }

    /// All numbers as Float64, row by row.
    public func doubles() -> [Double] {
        switch values {
        case .float32(let values): values.map(Double.init)
        case .float64(let values): values
        }
    }

    /// All numbers as Float32, row by row.
    public func floats() -> [Float] {
        switch values {
        case .float32(let values): values
        case .float64(let values): values.map(Float.init)
        }
    }

    public var memoryBytes: Int { 8 * (values.count + labels.count) }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let precision = if case .float32 = values { "Float32" } else { "Float64" }
        preview.facts = [
            .init("rows", grouped(count)),
            .init("features", "\(grouped(dimension)) x \(precision)"),
            .init("classes", labels.isEmpty ? "no labels" : grouped(classNames.count)),
            .init("checksum", checksum),
        ]
        let shown = min(dimension, 24)
        preview.columns = (0..<shown).map { column in
            var sketch = DatasetPreview.Column(name: featureNames.isEmpty ? "\(column)" : featureNames[column])
            // At most about 20,000 rows tell the shape of a column.
            sketch.sketch(stride(from: 0, to: count, by: max(1, count / 20_000)).map { value($0, column) })
            return sketch
        }
        preview.rows = (0..<min(50, count)).map { row in (0..<shown).map { shortNumber(value(row, $0)) } }
        if !labels.isEmpty {
            preview.columns.append(.init(name: "label"))
            for row in preview.rows.indices { preview.rows[row].append(classNames[labels[row]]) }
            var counts = [Int](repeating: 0, count: classNames.count)
            for label in labels { counts[label] += 1 }
            preview.classes = zip(classNames, counts).map { .init(name: $0, count: $1) }
        }
        return preview
    }

    private func value(_ row: Int, _ column: Int) -> Double {
        switch values {
        case .float32(let values): Double(values[row * dimension + column])
        case .float64(let values): values[row * dimension + column]
        }
    }
}

/// Labels as they stand in a file made into classes 0 ..< K: names in natural order, whole numbers 0 ..< K keep their value.
func classes(of texts: [String]) -> (labels: [Int], names: [String]) {
    let names = Set(texts).sorted(by: naturalOrder)
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return (texts.map { indices[$0] ?? 0 }, names)
}
