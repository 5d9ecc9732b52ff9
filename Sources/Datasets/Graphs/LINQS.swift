/// The LINQS text layout: a `.content` file of paper, zeros and ones, class name; a `.cites` file of cited and citing paper.
enum LINQS {
    static func read(_ files: DatasetFiles, content: String, cites: String, identifier: String) throws -> GraphDataset {
        let contentFile = try files.read(content), citesFile = try files.read(cites)
        var lines = TextLines(contentFile)
        var numbers: [String: Int] = [:], names: [String] = []
        var builder = SparseFeatures.Builder()
        var width: Int?
        while lines.advance() {
            if lines.isBlank { continue }
            let paper = lines.text(lines.field()) ?? ""
            guard !paper.isEmpty, numbers.updateValue(numbers.count, forKey: paper) == nil else { throw lines.failure("has no name of its own for its paper; name each once") }
            var column = 0
            var last = lines.field()
            while !lines.isAtEnd {
                guard last.count == 1, lines.bytes[last.lowerBound] & 0xFE == 0x30 else { throw lines.failure("feature \(column + 1) is neither 0 nor 1; mend it") }
                if lines.bytes[last.lowerBound] == 0x31 { builder.add(column: Int32(truncatingIfNeeded: column), value: 1) }
                column += 1
                last = lines.field()
            }
            guard column > 0, column <= 10_000_000, width == nil || width == column else { throw lines.failure("has \(column) features where \(width ?? 1) are needed; give every paper the same") }
            width = column
            guard let name = lines.text(last), !name.isEmpty else { throw lines.failure("has no class name at its end; give one") }
            names.append(name)
            _ = builder.endRow()
        }
        guard !names.isEmpty else { throw DatasetError(file: contentFile.name, "lists no papers; give one a line") }
        var from: [Int32] = [], to: [Int32] = [], unknown = 0
        lines = TextLines(citesFile)
        while lines.advance() {
            if lines.isBlank { continue }
            guard let a = lines.text(lines.field()), let b = lines.text(lines.field()), lines.isAtEnd, !b.isEmpty else { throw lines.failure("two papers with a tab between them are needed; mend the line") }
            // The published Citeseer cites papers that it does not hold.
            guard let first = numbers[a], let second = numbers[b] else { unknown += 1; continue }
            from.append(Int32(truncatingIfNeeded: first))
            to.append(Int32(truncatingIfNeeded: second))
        }
        let (labels, classNames) = classes(of: names)
        let checksum = DatasetFiles.checksum([(content, contentFile.checksum), (cites, citesFile.checksum)])
        return try GraphDataset(identifier: identifier, checksum: checksum, adjacency: Adjacency(count: names.count, from: from, to: to),
                                features: builder.finish(width: width), labels: labels, classNames: classNames,
                                notes: unknown > 0 ? ["\(grouped(unknown)) citations of papers that are not in \(content) were left out"] : [], file: contentFile.name)
    }
}
