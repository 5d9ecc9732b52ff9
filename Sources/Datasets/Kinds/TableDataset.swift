/// A table with typed columns, as a CSV or TSV file holds it.
public struct TableDataset: Dataset {
    public struct Column: Sendable, Equatable {
        public enum Values: Sendable, Equatable {
            /// A missing cell is NaN; NaN and infinities that the file spells out are kept.
            case numbers([Double])
            /// A missing cell is the empty string.
            case text([String])
        }
        public let name: String
        public let values: Values
        /// How many cells were empty or marked as missing (NA, NULL, ?).
        public let missing: Int
        public init(name: String, values: Values, missing: Int = 0) {
            self.name = name
            self.values = values
            self.missing = missing
        }
        public var count: Int {
            switch values {
            case .numbers(let values): values.count
            case .text(let values): values.count
            }
        }
        /// The numbers; nil for text.
        public var numbers: [Double]? {
            if case .numbers(let values) = values { return values }
            return nil
        }
    }

    public let identifier: String
    public let checksum: String
    public let columns: [Column]
    /// The number of rows.
    public let count: Int
    /// What a reader should know about the table, shown first among the facts.
    public let notes: [DatasetPreview.Fact]

    /// - Throws: `DatasetError` when columns differ in length, or there is none.
    public init(identifier: String, checksum: String, columns: [Column], notes: [DatasetPreview.Fact] = [], file: String = "") throws {
        guard let first = columns.first, first.count > 0 else {
            throw DatasetError(file: file.isEmpty ? identifier : file, "has no rows; give a file with data")
        }
        if let odd = columns.first(where: { $0.count != first.count }) {
            throw DatasetError(file: file.isEmpty ? identifier : file, "column \(odd.name) has \(odd.count) rows where \(first.name) has \(first.count); give columns of one length")
        }
        self.identifier = identifier
        self.checksum = checksum
        self.columns = columns
        count = first.count
        self.notes = notes
    }

    /// The column of that name, nil when there is none.
    public subscript(name: String) -> Column? { columns.first { $0.name == name } }

    public var memoryBytes: Int {
        columns.reduce(0) { sum, column in
            switch column.values {
            case .numbers(let values): sum + 8 * values.count
            case .text(let values): sum + 48 * values.count
            }
        }
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let missing = columns.reduce(0) { $0 + $1.missing }
        preview.facts = notes + [
            .init("rows", grouped(count)),
            .init("columns", "\(grouped(columns.count)), \(grouped(columns.count { $0.numbers != nil })) of them numbers"),
            .init("missing cells", grouped(missing)),
            .init("checksum", checksum),
        ]
        preview.columns = columns.prefix(64).map { column in
            var sketch = DatasetPreview.Column(name: column.name)
            if let numbers = column.numbers { sketch.sketch(numbers) } else { sketch.missing = column.missing }
            return sketch
        }
        preview.rows = (0..<min(50, count)).map { row in
            columns.prefix(64).map { column in
                switch column.values {
                case .numbers(let values): values[row].isNaN ? "" : shortNumber(values[row])
                case .text(let values): String(values[row].prefix(200))
                }
            }
        }
        preview.classes = likelyClasses()
        return preview
    }

    /// The balance of the last column that looks like a class: whole or textual, 2 to 50 different values, each several times.
    private func likelyClasses() -> [DatasetPreview.ClassCount] {
        let named = columns.last { ["label", "class", "target", "y", "species", "split"].contains($0.name.lowercased()) }
        guard let column = named ?? columns.last, column.missing == 0 else { return [] }
        var counts: [String: Int] = [:]
        switch column.values {
        case .numbers(let values):
            for value in values {
                guard value == value.rounded() else { return [] }
                counts[shortNumber(value), default: 0] += 1
                if counts.count > 50 { return [] }
            }
        case .text(let values):
            for value in values {
                counts[value, default: 0] += 1
                if counts.count > 50 { return [] }
            }
        }
        guard counts.count >= 2, counts.count * 3 <= count else { return [] }
        return counts.sorted { naturalOrder($0.key, $1.key) }.map { .init(name: $0.key, count: $0.value) }
    }
}

/// A number as a preview writes it: whole numbers without a point, others with at most six digits.
func shortNumber(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let text = "\(value)"
    if text.count <= 9 { return text }
    let magnitude = abs(value)
    guard magnitude >= 1e-4, magnitude < 1e9 else { return text }
    let scale: Double = magnitude >= 1000 ? 1e2 : magnitude >= 1 ? 1e4 : 1e6
    return "\((value * scale).rounded() / scale)"
}

/// "2" before "10"; otherwise by letters.
func naturalOrder(_ a: String, _ b: String) -> Bool {
    if let x = Double(a), let y = Double(b) { return x < y }
    return a < b
}
