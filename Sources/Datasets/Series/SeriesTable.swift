/// Reads series out of tables: a column a series with or without a column of time stamps (ETTh1, electricity, a user's own), or a row a
/// series (M4).
enum SeriesTable {
    private static let clockNames: Set<String> = ["date", "time", "timestamp", "datetime", "ds", "hour"]
    /// The most values of one set: 800 MB of them.
    static let valueLimit = 100_000_000

    /// A column a series; the first column is the clock when its name or its first cell says so.
    /// - Parameters:
    ///   - leftOut: columns that are neither series nor clock.
    ///   - start: the moment of the first row where `leftOut` has the clock; nil reads it from the file.
    /// - Throws: `DatasetError` with line and column for a cell that is empty or no finite number, a ragged row, and stamps that repeat,
    ///   fall, leave a step out or name a zone in some lines only.
    static func columns(_ file: DatasetFiles.File, leftOut: Set<String> = [], start given: Double? = nil, step givenStep: Double = 3600, identifier: String) throws -> SeriesDataset {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(header: .absent))
        var reader = text.rows()
        guard let first = try reader.next() else { throw DatasetError(file: file.name, "has no rows; give a table with a column for each series") }
        // Names are what is neither number nor date; a table of numbers only has none.
        let hasHeader = first.fields.contains { text.number($0) == nil && TimeStamp(text.bytes[$0.start..<$0.end]) == nil && !text.isMissing($0) }
        let header = hasHeader ? first.fields.map { text.text($0) } : first.fields.indices.map { "series \($0 + 1)" }
        var row: DelimitedText.Row? = hasHeader ? try reader.next() : first
        guard let second = row else { throw DatasetError(file: file.name, "has a header and no rows; give values") }
        let looksLikeClock = second.fields.first.map { text.number($0) == nil && TimeStamp(text.bytes[$0.start..<$0.end]) != nil } ?? false
        let clock: Int? = given == nil && (looksLikeClock || (hasHeader && clockNames.contains(header[0].lowercased()) && !leftOut.contains(header[0]))) ? 0 : nil
        let chosen = header.indices.filter { $0 != clock && !leftOut.contains(header[$0]) }
        guard !chosen.isEmpty else { throw DatasetError(file: file.name, "has no column besides the clock; give a column for each series") }
        var values = [[Double]](repeating: [], count: chosen.count), stamps = Stamps(file: file.name)
        while let present = row {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(present.line)", sentence) }
            guard present.fields.count == header.count else { throw failure("has \(present.fields.count) cells where \(header.count) are expected; give every step all series") }
            if let clock { try stamps.add(present.fields[clock], text, line: present.line) }
            for (place, column) in chosen.enumerated() { values[place].append(try value(present.fields[column], text, header[column], failure)) }
            guard values[0].count * chosen.count <= valueLimit else { throw failure("is beyond the \(grouped(valueLimit)) values that are read; take fewer series or steps") }
            row = try reader.next()
        }
        return try SeriesDataset(identifier: identifier, checksum: file.checksum, names: chosen.map { header[$0] }, values: values, start: given ?? stamps.first,
                                 step: stamps.step ?? givenStep, notes: clock == nil && given == nil ? ["no time stamps: the order of the rows is the clock"] : [], file: file.name)
    }

    /// A row a series: the name, then values; empty cells at the end pad the row. A header names the columns.
    /// - Parameter continuations: a table of the same form and names with what follows.
    static func rows(_ file: DatasetFiles.File, continuations: DatasetFiles.File? = nil, identifier: String) throws -> SeriesDataset {
        let (names, values) = try readRows(file)
        var following: [[Double]] = [], checksum = file.checksum
        if let continuations {
            let (others, found) = try readRows(continuations)
            guard others == names else {
                let odd = zip(names, others).first { $0 != $1 }
                throw DatasetError(file: continuations.name, "has \(grouped(others.count)) series where \(file.name) has \(grouped(names.count))"
                    + (odd.map { ", or in another order (\($1) for \($0))" } ?? "") + "; give the parts of one set")
            }
            following = found
            checksum = DatasetFiles.checksum(of: [file, continuations])
        }
        return try SeriesDataset(identifier: identifier, checksum: checksum, names: names, values: values, continuations: following, notes: ["no time stamps"], file: file.name)
    }

    private static func readRows(_ file: DatasetFiles.File) throws -> (names: [String], values: [[Double]]) {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(header: .absent))
        var reader = text.rows(), names: [String] = [], seen: Set<String> = [], values: [[Double]] = [], total = 0, isFirst = true
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(row.line)", sentence) }
            defer { isFirst = false }
            // A header has no number in it.
            if isFirst, row.fields.dropFirst().allSatisfy({ text.number($0) == nil }) { continue }
            let name = text.text(row.fields[0])
            guard !name.isEmpty, seen.insert(name).inserted else { throw failure("has no name of its own for its series; name each once in the first cell") }
            let last = row.fields.lastIndex { !text.isMissing($0) } ?? 0
            guard last >= 1 else { throw failure("has no values; leave the series out") }
            var series: [Double] = []
            series.reserveCapacity(last)
            for column in 1...last { series.append(try value(row.fields[column], text, "\(column + 1)", failure)) }
            total += series.count
            guard total <= valueLimit else { throw failure("is beyond the \(grouped(valueLimit)) values that are read; take fewer series") }
            names.append(name)
            values.append(series)
        }
        guard !names.isEmpty else { throw DatasetError(file: file.name, "has no series; give a row for each: its name, then its values") }
        return (names, values)
    }

    private static func value(_ field: DelimitedText.Field, _ text: DelimitedText, _ column: String, _ failure: (String) -> DatasetError) throws -> Double {
        guard !text.isMissing(field) else { throw failure("column \(column) is empty; fill the gap, or leave the series out") }
        guard let number = text.number(field) else { throw failure("column \(column) holds \(text.text(field).prefix(40).debugDescription), which is no number; mend it") }
        guard number.isFinite else { throw failure("column \(column) is not finite; fill the gap, or leave the series out") }
        return number
    }

    /// Tests that stamps go up by equal steps.
    private struct Stamps {
        let file: String
        var first: Double?, step: Double?
        private var last = 0.0, lastLine = 0, hasZone = false

        init(file: String) { self.file = file }

        mutating func add(_ field: DelimitedText.Field, _ text: DelimitedText, line: Int) throws {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file, place: "line \(line)", sentence) }
            let dated = TimeStamp(text.bytes[field.start..<field.end])
            guard let moment = dated?.seconds ?? text.number(field), moment.isFinite else {
                throw failure("the time stamp \(text.text(field).prefix(40).debugDescription) is neither a date such as 2016-07-01 06:00:00 nor a number of seconds; mend it, or drop the column to use the order of the rows as the clock")
            }
            let zone = dated?.hasZone ?? false
            defer { (last, lastLine) = (moment, line) }
            guard first != nil else { (first, hasZone) = (moment, zone); return }
            guard zone == hasZone else { throw failure("\(zone ? "names a" : "names no") time zone, unlike earlier lines; write the zone everywhere or nowhere") }
            let difference = moment - last
            guard difference.isFinite else { throw failure("comes too long after line \(lastLine) to be counted; mend the time stamp") }
            guard difference > 0 else {
                throw failure("the time stamp \(difference == 0 ? "repeats" : "lies before") that of line \(lastLine); sort the rows and keep one a step, or drop the column to use the order of the rows as the clock")
            }
            guard let step else { self.step = difference; return }
            guard abs(difference - step) <= 1e-6 * step else {
                throw failure("comes \(shortNumber(difference)) s after line \(lastLine) where steps are \(shortNumber(step)) s; fill in what is missing, or drop the column to use the order of the rows as the clock")
            }
        }
    }
}
