/// Reads a table of text into typed columns: a column is numeric when every cell that is not missing is a number.
public enum TableReader {
    /// Reads a CSV or TSV text that is already unpacked.
    /// - Throws: `DatasetError` with the line for a wrong encoding, a row of another length, or a quote without end.
    public static func read(_ bytes: [UInt8], file: String, identifier: String, checksum: String,
                            format: DelimitedFormat = DelimitedFormat(), notes: [DatasetPreview.Fact] = []) throws -> TableDataset {
        let columns = try readColumns(bytes, file: file, format: format)
        return try TableDataset(identifier: identifier, checksum: checksum, columns: columns, notes: notes, file: file)
    }

    /// The columns of a table of text.
    public static func readColumns(_ bytes: [UInt8], file: String, format: DelimitedFormat = DelimitedFormat()) throws -> [TableDataset.Column] {
        let text = try DelimitedText(file: file, bytes: bytes, format: format)
        let layout = try Layout(text, format)
        var builders = layout.isNumeric.map { ColumnBuilder(isNumeric: $0, capacity: layout.rowCount) }
        var reader = text.rows()
        while let row = try reader.next() {
            for column in builders.indices {
                if column < row.fields.count { builders[column].append(row.fields[column], text) } else { builders[column].appendMissing() }
            }
        }
        return builders.enumerated().map { index, builder in
            TableDataset.Column(name: layout.names[index], values: builder.isNumeric ? .numbers(builder.numbers) : .text(builder.texts),
                                missing: builder.missing)
        }
    }

    /// The first pass: how many rows and columns there are, and which columns are numeric.
    private struct Layout {
        var rowCount = 0
        var isNumeric: [Bool]
        var names: [String]

        init(_ text: DelimitedText, _ format: DelimitedFormat) throws {
            var reader = text.rows()
            let header = text.header ?? (format.columnNames.isEmpty ? nil : format.columnNames)
            var width = header?.count
            isNumeric = [Bool](repeating: true, count: width ?? 0)
            var hasValue = isNumeric.map { _ in false }
            while let row = try reader.next() {
                rowCount += 1
                let expected = width ?? row.fields.count
                if width == nil || (format.allowsRaggedRows && row.fields.count > isNumeric.count) {
                    width = max(expected, row.fields.count)
                    let more = max(0, row.fields.count - isNumeric.count)
                    isNumeric += [Bool](repeating: true, count: more)
                    hasValue += [Bool](repeating: false, count: more)
                } else if row.fields.count != expected, !format.allowsRaggedRows {
                    throw DatasetError(file: text.file, place: "line \(row.line)", "has \(row.fields.count) fields where \(expected) are expected "
                        + "(delimiter \(Self.name(text.delimiter))); mend the line or quote the field that holds the delimiter")
                }
                for (column, field) in row.fields.enumerated() where column < isNumeric.count && isNumeric[column] && !text.isMissing(field) {
                    hasValue[column] = true
                    if text.number(field) == nil { isNumeric[column] = false }
                }
            }
            // A column without any value says nothing of its type: text.
            for column in isNumeric.indices where !hasValue[column] { isNumeric[column] = false }
            let given = header ?? []
            names = isNumeric.indices.map { $0 < given.count && !given[$0].isEmpty ? given[$0] : "column \($0 + 1)" }
            // Padding of ragged rows must not outgrow the file by much.
            guard elementCount([rowCount, isNumeric.count], limit: min(Limits.elements, 4 * text.bytes.count + 1 << 16)) != nil else {
                throw DatasetError(file: text.file, "has \(rowCount) rows of \(isNumeric.count) columns, more than are read; split the file")
            }
        }

        private static func name(_ delimiter: UInt8) -> String {
            switch delimiter {
            case 0x09: "tab"
            case 0x20: "space"
            default: "\"\(Character(Unicode.Scalar(delimiter)))\""
            }
        }
    }

    private struct ColumnBuilder {
        let isNumeric: Bool
        var numbers: [Double] = []
        var texts: [String] = []
        var missing = 0

        init(isNumeric: Bool, capacity: Int) {
            self.isNumeric = isNumeric
            if isNumeric { numbers.reserveCapacity(capacity) } else { texts.reserveCapacity(capacity) }
        }

        mutating func append(_ field: DelimitedText.Field, _ text: DelimitedText) {
            if isNumeric {
                let isMissing = text.isMissing(field)
                if isMissing { missing += 1 }
                numbers.append(isMissing ? .nan : text.number(field) ?? .nan)
            } else if field.start == field.end {
                appendMissing()
            } else {
                texts.append(text.text(field))
            }
        }

        mutating func appendMissing() {
            missing += 1
            if isNumeric { numbers.append(.nan) } else { texts.append("") }
        }
    }
}
