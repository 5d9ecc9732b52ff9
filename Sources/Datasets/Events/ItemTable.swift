/// Titles and kinds of items by their names: `u.item` (bars, Latin-1), `movies.dat` (`::`), `movies.csv`, `.item` (a header of `name:type`).
struct ItemTable {
    private var titles: [String: String] = [:]
    private var kinds: [String: String] = [:]

    /// Knows nothing.
    init() {}

    /// Reads a table of items. Latin-1 is converted where the bytes are not UTF-8.
    /// - Parameter kindNames: `u.genre`, which names the last columns of `u.item` (1: the item is of that kind).
    /// - Throws: `DatasetError` with the line for a row without a name or title.
    init(_ file: DatasetFiles.File, kindNames: DatasetFiles.File? = nil) throws {
        let isUTF8 = UTF8Span.isValid(file.bytes[...]), hasColons = DoubleColons.isUsed(file.bytes)
        let hasBars = !hasColons && file.name.hasSuffix("u.item")
        let text = try DelimitedText(file: file.name, bytes: DoubleColons.separated(file.bytes), format: DelimitedFormat(
            delimiter: hasColons ? DoubleColons.mark : hasBars ? "|" : nil, quoting: hasBars || hasColons ? DelimitedFormat.Quoting.none : nil, header: .absent,
            encoding: isUTF8 ? .utf8 : .latin1))
        let names = try kindNames.map(Self.kindNames) ?? []
        var reader = text.rows(), isFirst = true
        var title = 1, kind: Int? = 2
        while let row = try reader.next() {
            if isFirst {
                isFirst = false
                let header = row.fields.map { EventTable.columnName(text.text($0)) }
                if let found = header.firstIndex(where: { $0.hasSuffix("title") || $0 == "name" }) {
                    title = found
                    kind = header.firstIndex { ["class", "genre", "genres", "category", "categories"].contains($0) }
                    continue
                }
            }
            guard row.fields.count > title, row.fields[0].end > row.fields[0].start else {
                throw DatasetError(file: file.name, place: "line \(row.line)", "has no name and title of an item; mend the line")
            }
            let name = text.text(row.fields[0])
            titles[name] = text.text(row.fields[title])
            if hasBars {
                let flags = row.fields.suffix(names.count)
                if !names.isEmpty, row.fields.count > names.count {
                    kinds[name] = zip(names, flags).filter { text.text($1) == "1" }.map { $0.0 }.joined(separator: "|")
                }
            } else if let kind, kind < row.fields.count {
                // The table of RecBole separates kinds by blanks.
                kinds[name] = text.text(row.fields[kind]).replacing(" ", with: file.name.hasSuffix(".item") ? "|" : " ")
            }
        }
    }

    /// `name|number`, one a line.
    private static func kindNames(_ file: DatasetFiles.File) throws -> [String] {
        try PlainGraph.readClassNames(file).map { String($0.prefix { $0 != "|" }) }
    }

    func titles(of names: NodeTexts) -> NodeTexts? { aligned(titles, names) }
    func kinds(of names: NodeTexts) -> NodeTexts? { aligned(kinds, names) }

    private func aligned(_ values: [String: String], _ names: NodeTexts) -> NodeTexts? {
        values.isEmpty ? nil : NodeTexts((0..<names.count).map { values[names[$0]] ?? "" })
    }
}
