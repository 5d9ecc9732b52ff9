/// Domains in tables: `points.csv` (domain, inputs, label or number), `edges.tsv` (two domains a line) or a GAL file, and
/// `domains.csv` (domain, role, and numbers that are known of the domain; docs/data.md has the layout).
///
/// Lines are kept, so that whatever is wrong is named with its file and line.
struct DomainTables {
    var points: DatasetFiles.File
    var edges: DatasetFiles.File
    var domains: DatasetFiles.File?

    func read(identifier: String) throws -> DomainDataset {
        let rows = try readRows()
        let table = try domains.map { try readDomains($0) }
        var notes: [String] = []
        let names: [String]
        if let table {
            names = table.names
            let listed = Set(names)
            if let stray = rows.domains.indices.first(where: { !listed.contains(rows.domains[$0]) }), let file = domains {
                throw DatasetError(file: points.name, place: "line \(rows.lines[stray])", "names the domain \(harmless(rows.domains[stray])), which \(file.name) does not list; list it there")
            }
        } else {
            var seen: Set<String> = []
            names = rows.domains.filter { seen.insert($0).inserted }.sorted(by: naturalOrder)
        }
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var members = [[Int]](repeating: [], count: names.count)
        for (row, name) in rows.domains.enumerated() { if let domain = numbers[name] { members[domain].append(row) } }
        if let table, let file = domains, let empty = members.firstIndex(where: \.isEmpty) {
            throw DatasetError(file: file.name, place: "line \(table.lines[empty])", "the domain \(harmless(names[empty])) has no samples in \(points.name); add some, or leave it out")
        }
        let adjacency = try GraphOfDomains.read(edges, names: names, samples: points.name)
        let content = try content(rows, members, table)
        var tasks: [DomainDataset.Task] = []
        if let table, !table.roles.isEmpty, let file = domains {
            guard table.roles.contains(.source) else { throw DatasetError(file: file.name, "no domain has the role source; give at least one") }
            guard table.roles.contains(.target) else { throw DatasetError(file: file.name, "no domain has the role target; give at least one") }
            tasks = [.init(name: "as given", roles: table.roles)]
            let reached = adjacency.hops(from: table.roles.indices.filter { table.roles[$0] == .source })
            let lost = reached.indices.filter { reached[$0] == nil }
            if !lost.isEmpty { notes.append("no path leads from a source to \(Self.list(lost.map { names[$0] }))") }
            try checkSources(rows, members, table)
            notes += Self.targetClasses(content, table.roles)
        }
        let domains = names.indices.map { domain in
            DomainDataset.Domain(name: harmless(names[domain]), position: table?.positions[domain], coordinates: table?.coordinates[domain] ?? [])
        }
        return try DomainDataset(identifier: identifier, checksum: DatasetFiles.checksum(of: [points, edges] + (self.domains.map { [$0] } ?? [])), domains: domains,
                                 adjacency: adjacency, tasks: tasks, content: content, notes: notes, file: points.name)
    }

    // MARK: - Samples

    private struct Rows {
        var domains: [String] = []
        var lines: [Int] = []
        var width = 0
        /// Rows of `width` numbers.
        var inputs: [Double] = []
        /// What stands in the last column; nil where it is empty.
        var outputs: [String?] = []
    }

    private func readRows() throws -> Rows {
        let text = try DelimitedText(file: points.name, bytes: points.bytes, format: DelimitedFormat())
        var rows = Rows(), reader = text.rows()
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: points.name, place: "line \(row.line)", sentence) }
            if rows.domains.isEmpty {
                rows.width = row.fields.count - 2
                guard rows.width >= 1 else { throw failure("has \(row.fields.count) fields where domain, at least one input and a label (or an empty field) are needed; mend the table") }
            }
            guard row.fields.count == rows.width + 2 else {
                throw failure("has \(row.fields.count) fields where the first row has \(rows.width + 2): domain, \(rows.width) inputs and a label; give equally many inputs")
            }
            let name = Self.trimmed(text.text(row.fields[0]))
            guard !name.isEmpty else { throw failure("has no domain; name it") }
            for column in 1...rows.width {
                guard let value = text.number(row.fields[column]), value.isFinite, abs(value) < 1e30 else {
                    throw failure("input \(column) (\(harmless(String(text.text(row.fields[column]).prefix(40))))) is no finite number; mend it")
                }
                rows.inputs.append(value)
            }
            rows.domains.append(name)
            rows.lines.append(row.line)
            let last = row.fields[rows.width + 1]
            rows.outputs.append(text.isMissing(last) ? nil : Self.trimmed(text.text(last)))
        }
        guard !rows.domains.isEmpty else { throw DatasetError(file: points.name, "has no rows; give domain, inputs and label, one sample a line") }
        return rows
    }

    /// Whole numbers of at most fifty values, or words, are classes; other numbers are to be predicted.
    private func content(_ rows: Rows, _ members: [[Int]], _ table: DomainTable?) throws -> DomainDataset.Content {
        let given = rows.outputs.indices.filter { rows.outputs[$0] != nil }
        let values = rows.outputs.map { text in text.flatMap { text -> Double? in
            let bytes = Array(text.utf8)
            return parseDecimal(bytes, 0, bytes.count)
        } }
        func inputs(_ members: [Int]) -> [Double] { members.flatMap { rows.inputs[$0 * rows.width..<($0 + 1) * rows.width] } }
        guard given.allSatisfy({ values[$0] != nil }) else {
            // One word among numbers is a slip, not a class.
            if let word = given.first(where: { values[$0] == nil }), given.count(where: { values[$0] != nil }) > given.count / 2 {
                throw DatasetError(file: points.name, place: "line \(rows.lines[word])", "the label \(harmless(String((rows.outputs[word] ?? "").prefix(40)))) is no number where most are; mend it")
            }
            let names = Set(given.compactMap { rows.outputs[$0] }).sorted(by: naturalOrder)
            guard names.count <= 50 else { throw DatasetError(file: points.name, "has \(names.count) classes by name where at most 50 are read; mend the last column") }
            let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
            return .classified(width: rows.width, inputs: members.map(inputs), labels: members.map { $0.map { rows.outputs[$0].flatMap { numbers[$0] } ?? -1 } },
                               classNames: names.map(harmless))
        }
        if let bad = given.first(where: { !(values[$0]?.isFinite ?? true) || abs(values[$0] ?? 0) > 1e30 }) {
            throw DatasetError(file: points.name, place: "line \(rows.lines[bad])", "the label is no finite number; mend it")
        }
        let whole = given.allSatisfy { values[$0] == values[$0]?.rounded() }
        if whole, !given.isEmpty, Set(given.map { values[$0] ?? 0 }).count <= 50 {
            if let bad = given.first(where: { !(0..<50).contains(values[$0] ?? 0) }) {
                throw DatasetError(file: points.name, place: "line \(rows.lines[bad])", "the label \(shortNumber(values[bad] ?? 0)) is outside 0 ... 49; number the classes from 0")
            }
            let labels = members.map { $0.map { values[$0].map { Int($0) } ?? -1 } }
            let classes = (labels.joined().max() ?? 0) + 1
            return .classified(width: rows.width, inputs: members.map(inputs), labels: labels, classNames: (0..<max(2, classes)).map(String.init))
        }
        return .measured(width: rows.width, inputs: members.map(inputs), outputs: members.map { $0.map { values[$0] ?? .nan } })
    }

    private func checkSources(_ rows: Rows, _ members: [[Int]], _ table: DomainTable) throws {
        for (domain, role) in table.roles.enumerated() where role == .source {
            if let row = members[domain].first(where: { rows.outputs[$0] == nil }) {
                throw DatasetError(file: points.name, place: "line \(rows.lines[row])", "has no label, and its domain \(harmless(rows.domains[row])) is a source; give one, or make the domain a target")
            }
        }
    }

    /// A warning for each class that only targets have: nothing can learn it.
    static func targetClasses(_ content: DomainDataset.Content, _ roles: [DomainDataset.Role]) -> [String] {
        guard case .classified(_, _, let labels, let names) = content else { return [] }
        func classes(_ role: DomainDataset.Role) -> Set<Int> { Set(roles.indices.filter { roles[$0] == role }.flatMap { labels[$0] }).filter { $0 >= 0 } }
        return classes(.target).subtracting(classes(.source)).sorted().map { "the class \(names[$0]) stands in targets only; no source can teach it" }
    }

    static func list(_ names: [String]) -> String { harmless(names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")) }
    static func trimmed(_ text: String) -> String { String(text.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "\r" }.reversed()) }
}

/// The table of domains: name, role, position and further numbers.
struct DomainTable {
    var names: [String] = []
    var lines: [Int] = []
    /// Empty where the table has no column `role`.
    var roles: [DomainDataset.Role] = []
    var positions: [DomainDataset.Position?] = []
    var coordinates: [[Double]] = []
}

extension DomainTables {
    /// Columns `domain` (else the first), `role`, `pos_x` and `pos_y`; other columns of numbers are coordinates.
    func readDomains(_ file: DatasetFiles.File) throws -> DomainTable {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(header: .present))
        let header = (text.header ?? []).map { Self.trimmed($0).lowercased() }
        let nameColumn = header.firstIndex(of: "domain") ?? 0, roleColumn = header.firstIndex(of: "role")
        let places = header.firstIndex(of: "pos_x").flatMap { x in header.firstIndex(of: "pos_y").map { (x, $0) } }
        var table = DomainTable(), reader = text.rows(), seen: Set<String> = [], points: [(Double, Double)?] = []
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(row.line)", sentence) }
            guard row.fields.count == header.count else { throw failure("has \(row.fields.count) fields where the first line names \(header.count); mend the line") }
            let name = Self.trimmed(text.text(row.fields[nameColumn]))
            guard !name.isEmpty, seen.insert(name).inserted else { throw failure("has no domain of its own (\(harmless(name))); name each once") }
            table.names.append(name)
            table.lines.append(row.line)
            if let roleColumn {
                let word = Self.trimmed(text.text(row.fields[roleColumn])).lowercased()
                guard let role = DomainDataset.Role(rawValue: word) else { throw failure("the role \(harmless(String(word.prefix(40)))) is neither source nor target; mend it") }
                table.roles.append(role)
            }
            points.append(places.flatMap { x, y in text.number(row.fields[x]).flatMap { a in text.number(row.fields[y]).map { (a, $0) } } })
            table.coordinates.append(header.indices.compactMap { column in
                let isOther = column != nameColumn && column != roleColumn && column != places?.0 && column != places?.1
                return isOther ? text.number(row.fields[column]).flatMap { $0.isFinite && abs($0) < 1e30 ? $0 : nil } : nil
            })
        }
        guard !table.names.isEmpty else { throw DatasetError(file: file.name, "lists no domains; give one a line") }
        // Numbers that some domains lack describe none.
        if Set(table.coordinates.map(\.count)).count > 1 { table.coordinates = table.names.map { _ in [] } }
        table.positions = MapPositions.unit(points)
        return table
    }
}

/// Positions of a table of places in the unit square, y downwards.
enum MapPositions {
    static func unit(_ points: [(x: Double, y: Double)?]) -> [DomainDataset.Position?] {
        let known = points.compactMap { $0 }.filter { $0.x.isFinite && $0.y.isFinite && abs($0.x) < 1e30 && abs($0.y) < 1e30 }
        guard known.count == points.count, let left = known.map(\.x).min(), let right = known.map(\.x).max(), let low = known.map(\.y).min(), let high = known.map(\.y).max() else {
            return points.map { _ in nil }
        }
        return known.map { .init(x: right > left ? ($0.x - left) / (right - left) : 0.5, y: high > low ? (high - $0.y) / (high - low) : 0.5) }
    }
}
