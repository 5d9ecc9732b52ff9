/// What is known of the 48 contiguous states of the USA besides any series: names, a place on a grid, latitude and longitude, the
/// published divisions into sources and targets. Ships with TPT-48.
struct StateTables {
    /// Two letters to "California".
    var titles: [String: String] = [:]
    var positions: [String: DomainDataset.Position] = [:]
    /// Latitude and longitude scaled to 0 … 1.
    var coordinates: [String: [Double]] = [:]
    /// Sources of each task, in the order of the tasks' names here.
    var sources: [(task: String, states: Set<String>)] = []

    /// The division of GRDA's own table, E(24) to W(24); the published file has the two others.
    private static let eastern: Set<String> = ["VT", "NH", "ME", "NY", "MA", "CT", "RI", "NJ", "PA", "DE", "MD", "OH", "IN", "MI", "KY", "WV", "VA", "TN", "NC", "SC", "GA", "FL", "AL", "MO"]

    /// The tables inside the program.
    static func embedded() throws -> StateTables {
        let files = DatasetFiles(root: .embedded)
        return try StateTables { try files.read("tpt-48/\($0)") }
    }

    init(_ file: (String) throws -> DatasetFiles.File) throws {
        for (line, fields) in try Self.rows(file("state_names.csv"), columns: 2) {
            guard !fields[1].isEmpty else { throw line.failure("lacks the two letters of a state; mend it") }
            titles[fields[1]] = fields[0]
        }
        var names: [String] = [], points: [(Double, Double)?] = []
        for (line, fields) in try Self.rows(file("state_layout.csv"), columns: 3) {
            guard let x = Double(fields[1]), let y = Double(fields[2]), abs(x) < 1e6, abs(y) < 1e6 else { throw line.failure("has a place that is no number; mend it") }
            names.append(fields[0])
            points.append((x, y))
        }
        for (name, position) in zip(names, MapPositions.unit(points)) { positions[name] = position }
        for (line, fields) in try Self.rows(file("state_latlon_normalised.csv"), columns: 4) {
            guard let latitude = Double(fields[1]), let longitude = Double(fields[2]), latitude.isFinite, longitude.isFinite else { throw line.failure("has a place that is no number; mend it") }
            coordinates[fields[0]] = [latitude, longitude]
        }
        var tasks: [String: Set<String>] = [:]
        for (line, fields) in try Self.rows(file("tasks.csv"), columns: 3) {
            guard let role = DomainDataset.Role(rawValue: fields[2]) else { throw line.failure("has the role \(harmless(fields[2])), which is neither source nor target; mend it") }
            if role == .source { tasks[fields[0], default: []].insert(fields[1]) }
        }
        sources = ["N-to-S", "W-to-E"].compactMap { name in tasks[name].map { (name, $0) } } + [("E-to-W", Self.eastern)]
    }

    struct Line {
        let file: String, number: Int
        func failure(_ sentence: String) -> DatasetError { DatasetError(file: file, place: "line \(number)", sentence) }
    }

    /// The rows below the header, fields without the spaces around them.
    static func rows(_ file: DatasetFiles.File, columns: Int) throws -> [(Line, [String])] {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(delimiter: ",", header: .present))
        var reader = text.rows(), rows: [(Line, [String])] = []
        while let row = try reader.next() {
            let line = Line(file: file.name, number: row.line)
            guard row.fields.count == columns else { throw line.failure("has \(row.fields.count) fields where \(columns) are needed; mend it") }
            rows.append((line, row.fields.map { DomainTables.trimmed(text.text($0)) }))
        }
        return rows
    }

    func domain(_ code: String) -> DomainDataset.Domain {
        .init(name: code, title: titles[code], position: positions[code], coordinates: coordinates[code] ?? [0, 0])
    }

    func tasks(for codes: [String], without: Set<String> = []) -> [DomainDataset.Task] {
        sources.filter { !without.contains($0.task) }.map { task, states in .init(name: task, roles: codes.map { states.contains($0) ? .source : .target }) }
    }
}

/// TPT-48: 144 monthly temperatures of 48 states; the first half of a year gives the second.
enum StateTemperatures {
    static func read(_ files: DatasetFiles, identifier: String) throws -> DomainDataset {
        var sums: [(name: String, checksum: String)] = []
        func open(_ name: String) throws -> DatasetFiles.File {
            let file = try files.read(files.path == nil ? "tpt-48/\(name)" : name)
            sums.append((name, file.checksum))
            return file
        }
        let temperatures = try open("temperature.csv"), edges = try open("state_edges.txt")
        // Only the series and the graph must be there; the program has the rest.
        let needed = ["state_names.csv", "state_layout.csv", "state_latlon_normalised.csv", "tasks.csv"]
        let tables = try files.path != nil && !needed.allSatisfy(files.contains) ? StateTables.embedded() : StateTables(open)
        var codes: [String] = [], values: [[Double]] = []
        let text = try DelimitedText(file: temperatures.name, bytes: temperatures.bytes, format: DelimitedFormat(delimiter: ",", header: .present))
        var reader = text.rows()
        while let row = try reader.next() {
            let line = StateTables.Line(file: temperatures.name, number: row.line)
            let code = row.fields.first.map { DomainTables.trimmed(text.text($0)) } ?? ""
            guard !code.isEmpty, !codes.contains(code) else { throw line.failure("has no state of its own; list each once") }
            let series = row.fields.dropFirst().compactMap { text.number($0).flatMap { $0.isFinite ? $0 : nil } }
            guard series.count == row.fields.count - 1, series.count == values.first?.count ?? series.count else {
                throw line.failure("should have \(values.first?.count ?? row.fields.count - 1) finite numbers; mend it")
            }
            codes.append(code)
            values.append(series)
        }
        // The published edge list also names the District of Columbia, which has no series.
        let adjacency = try GraphOfDomains.read(edges, names: codes, samples: temperatures.name, ignored: ["DC"])
        return try DomainDataset(
            identifier: identifier, checksum: DatasetFiles.checksum(sums), domains: codes.map(tables.domain), adjacency: adjacency, tasks: tables.tasks(for: codes),
            content: .series(values: values, .init(inputs: 6, outputs: 6, period: 12, step: "month", unit: "°F", removesLevel: false)),
            notes: ["edges of DC, which has no series, are left out"], file: temperatures.name)
    }
}

/// Yearly income of 48 states, 1929 to 2009, with contiguity in a GAL file: five years give the growth of the next five.
enum StateIncome {
    static func read(_ files: DatasetFiles, identifier: String) throws -> DomainDataset {
        let table = try files.read("usjoin.csv"), graph = try files.read("states48.gal")
        let states = try StateTables.embedded()
        let codes = Dictionary(states.titles.map { ($1, $0) }) { first, _ in first }
        var names: [String] = [], values: [[Double]] = []
        let text = try DelimitedText(file: table.name, bytes: table.bytes, format: DelimitedFormat(delimiter: ",", header: .present))
        var reader = text.rows()
        while let row = try reader.next() {
            let line = StateTables.Line(file: table.name, number: row.line)
            let name = row.fields.first.map { DomainTables.trimmed(text.text($0)) } ?? ""
            guard let code = codes[name], !names.contains(code) else { throw line.failure("“\(harmless(String(name.prefix(40))))” is none of the 48 states, or stands twice; mend it") }
            // Name, number of the state, then the years; logarithms turn equal growth into equal steps.
            let series = row.fields.dropFirst(2).compactMap { text.number($0).flatMap { $0 > 0 && $0.isFinite ? naturalLogarithm($0) : nil } }
            guard series.count == row.fields.count - 2, series.count >= 80, series.count == values.first?.count ?? series.count else {
                throw line.failure("should have \(values.first?.count ?? 81) incomes above 0; mend it")
            }
            names.append(code)
            values.append(series)
        }
        let adjacency = try GraphOfDomains.read(graph, names: names, samples: table.name)
        return try DomainDataset(
            identifier: identifier, checksum: DatasetFiles.checksum([("usjoin.csv", table.checksum), ("states48.gal", graph.checksum)]), domains: names.map(states.domain),
            adjacency: adjacency, tasks: states.tasks(for: names, without: ["W-to-E"]),
            // 2009 is left over after eight groups of ten years.
            content: .series(values: values.map { Array($0.prefix(80)) }, .init(inputs: 5, outputs: 5, period: 10, step: "year", unit: "log $", removesLevel: true)),
            notes: ["logarithms of the incomes, 1929 to 2008"], file: table.name)
    }
}
