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
        let files = DatasetFiles(root: .embedded("tpt-48"))
        return try StateTables { try files.read($0) }
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

    /// The states as domains. Coordinates that one of them lacks are left out for all.
    func domains(_ codes: [String]) -> [DomainDataset.Domain] {
        let isComplete = codes.allSatisfy { coordinates[$0] != nil }
        return codes.map { .init(name: $0, title: titles[$0], position: positions[$0], coordinates: isComplete ? coordinates[$0] ?? [] : []) }
    }

    /// One series a state: a column that names it, perhaps others, then numbers, the same number of them in every row.
    /// - Parameters:
    ///   - first: the column of the first number.
    ///   - code: the two letters of a state by what its column says; nil for anything else.
    ///   - value: what is taken of a number; nil for one that cannot be.
    ///   - needed: what the numbers are to be, for the words of an error.
    static func series(_ file: DatasetFiles.File, first: Int, least: Int, code: (String) -> String?, value: (Double) -> Double?, needed: String) throws
        -> (codes: [String], values: [[Double]]) {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(delimiter: ",", header: .present))
        var reader = text.rows(), codes: [String] = [], seen: Set<String> = [], values: [[Double]] = []
        while let row = try reader.next() {
            let line = Line(file: file.name, number: row.line), name = row.fields.first.map { DomainTables.trimmed(text.text($0)) } ?? ""
            guard let code = code(name), seen.insert(code).inserted else { throw line.failure("“\(harmless(String(name.prefix(40))))” is no state, or stands twice; list each once") }
            let series = row.fields.dropFirst(first).compactMap { text.number($0).flatMap { $0.isFinite ? value($0) : nil } }
            guard series.count == row.fields.count - first, series.count >= least, series.count == values.first?.count ?? series.count else {
                throw line.failure("should have \(values.first?.count ?? max(least, row.fields.count - first)) \(needed); mend it")
            }
            codes.append(code)
            values.append(series)
        }
        return (codes, values)
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
            let file = try files.read(name)
            sums.append((name, file.checksum))
            return file
        }
        let temperatures = try open("temperature.csv"), edges = try open("state_edges.txt")
        // Only the series and the graph must be there; the program has the rest.
        let needed = ["state_names.csv", "state_layout.csv", "state_latlon_normalised.csv", "tasks.csv"]
        let tables = try needed.allSatisfy(files.contains) ? StateTables(open) : .embedded()
        let (codes, values) = try StateTables.series(temperatures, first: 1, least: 1, code: { $0.isEmpty ? nil : $0 }, value: { $0 }, needed: "finite numbers")
        // The published edge list also names the District of Columbia, which has no series.
        let adjacency = try GraphOfDomains.read(edges, names: codes, samples: temperatures.name, ignored: ["DC"])
        return try DomainDataset(
            identifier: identifier, checksum: DatasetFiles.checksum(sums), domains: tables.domains(codes), adjacency: adjacency, tasks: tables.tasks(for: codes),
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
        // Name, number of the state, then the years; logarithms turn equal growth into equal steps.
        let (names, values) = try StateTables.series(table, first: 2, least: 80, code: { codes[$0] }, value: { $0 > 0 ? naturalLogarithm($0) : nil }, needed: "incomes above 0")
        let adjacency = try GraphOfDomains.read(graph, names: names, samples: table.name)
        return try DomainDataset(
            identifier: identifier, checksum: DatasetFiles.checksum(of: [table, graph]), domains: states.domains(names),
            adjacency: adjacency, tasks: states.tasks(for: names, without: ["W-to-E"]),
            // 2009 is left over after eight groups of ten years.
            content: .series(values: values.map { Array($0.prefix(80)) }, .init(inputs: 5, outputs: 5, period: 10, step: "year", unit: "log $", removesLevel: true)),
            notes: ["logarithms of the incomes, 1929 to 2008"], file: table.name)
    }
}
