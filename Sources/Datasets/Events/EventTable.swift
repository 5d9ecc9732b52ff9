/// Reads events out of the published tables and out of a user's own: `u.data` (tabs, no header), `ratings.dat` (`::`), `ratings.csv`,
/// `.inter` (a header of `name:type`), and any CSV or TSV with columns for user, item and time.
enum EventTable {
    /// Names that columns go by, small letters, without `_` and blanks.
    private static let userNames: Set<String> = ["user", "userid", "uid", "customer", "customerid", "client", "visitor", "visitorid", "session", "sessionid", "member"]
    private static let itemNames: Set<String> = ["item", "itemid", "iid", "movie", "movieid", "product", "productid", "article", "asin", "track", "trackid", "artist", "artistid"]
    private static let timeNames: Set<String> = ["time", "timestamp", "date", "datetime", "unixtime", "seconds", "t", "when"]
    private static let valueNames: Set<String> = ["rating", "value", "score", "weight", "amount", "count", "quantity", "stars"]
    /// The most events that are read.
    static let eventLimit = 50_000_000

    /// Which column holds what.
    private struct Columns {
        var user: Int, item: Int, time: Int, value: Int?
    }

    /// - Parameters:
    ///   - titles: titles and kinds of the items by name, as `ItemTable` reads them.
    /// - Throws: `DatasetError` with the line for a missing column or field, an empty name, a time that is none, zones that are named in
    ///   some lines only.
    static func read(_ file: DatasetFiles.File, titles: ItemTable = ItemTable(), identifier: String, checksum: String) throws -> EventDataset {
        let text = try DelimitedText(file: file.name, bytes: DoubleColons.separated(file.bytes), format: format(file))
        var reader = text.rows()
        guard var row = try reader.next() else { throw DatasetError(file: file.name, "has no rows; give a table of user, item and time") }
        let names = row.fields.map { columnName(text.text($0)) }
        let columns: Columns
        if let user = names.firstIndex(where: userNames.contains), let item = names.firstIndex(where: itemNames.contains), let time = names.firstIndex(where: timeNames.contains) {
            columns = Columns(user: user, item: item, time: time, value: names.firstIndex(where: valueNames.contains))
            guard let first = try reader.next() else { throw DatasetError(file: file.name, "has a header and no rows; give at least one event") }
            row = first
        } else {
            // Without a header: user, item, time, or user, item, value, time as in MovieLens.
            let last = row.fields.count - 1
            guard (2...3).contains(last), moment(row.fields[last], text) != nil else {
                throw DatasetError(file: file.name, place: "line \(row.line)", "names no columns for user, item and time (found: \(row.fields.prefix(12).map { text.text($0) }.joined(separator: ", "))); "
                    + "give a header with `user`, `item` and `time`, or three or four columns: user, item, perhaps a value, time")
            }
            columns = Columns(user: 0, item: 1, time: last, value: last == 3 ? 2 : nil)
        }
        var events = Collected(columns: columns, text: text)
        try events.add(row, width: names.count)
        while let next = try reader.next() { try events.add(next, width: names.count) }
        return try events.dataset(titles: titles, identifier: identifier, checksum: checksum)
    }

    private static func format(_ file: DatasetFiles.File) -> DelimitedFormat {
        // The mark that stands for `::`; found out where there is none.
        DelimitedFormat(delimiter: DoubleColons.isUsed(file.bytes) ? DoubleColons.mark : nil, header: .absent)
    }

    /// `user_id:token` is `userid`.
    static func columnName(_ text: String) -> String {
        String(text.lowercased().drop { $0 == "#" || $0 == " " }.prefix { $0 != ":" }.filter { $0 != "_" && $0 != " " && $0 != "-" })
    }

    /// A number is a count of seconds or of whatever; else a date.
    fileprivate static func moment(_ field: DelimitedText.Field, _ text: DelimitedText) -> (seconds: Double, isNumber: Bool, hasZone: Bool)? {
        if let number = text.number(field) { return number.isFinite ? (number, true, false) : nil }
        return TimeStamp(text.bytes[field.start..<field.end]).map { ($0.seconds, false, $0.hasZone) }
    }

    private struct Collected {
        let columns: Columns
        let text: DelimitedText
        var users: [Int32] = [], items: [Int32] = [], times: [Double] = [], values: [Float] = []
        var userNumbers: [ArraySlice<UInt8>: Int32] = [:], itemNumbers: [ArraySlice<UInt8>: Int32] = [:]
        var userNames = NodeTexts.Builder(), itemNames = NodeTexts.Builder()
        var isNumber: Bool?, hasZone: Bool?

        init(columns: Columns, text: DelimitedText) {
            self.columns = columns
            self.text = text
        }

        mutating func add(_ row: DelimitedText.Row, width: Int) throws {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: text.file, place: "line \(row.line)", sentence) }
            guard row.fields.count == width else { throw failure("has \(row.fields.count) fields where \(width) are expected; mend the line or quote the field that holds the delimiter") }
            guard users.count < EventTable.eventLimit else { throw failure("is beyond the \(grouped(EventTable.eventLimit)) events that are read; take fewer") }
            guard let moment = EventTable.moment(row.fields[columns.time], text) else {
                throw failure("the time \(text.text(row.fields[columns.time]).debugDescription) is neither a finite number nor a date such as 2016-07-01 06:30:00; mend it")
            }
            guard isNumber ?? moment.isNumber == moment.isNumber else { throw failure("gives the time as a \(moment.isNumber ? "number" : "date") where earlier lines give it otherwise; write all times one way") }
            guard hasZone ?? moment.hasZone == moment.hasZone else {
                throw failure("\(moment.hasZone ? "names" : "names no") time zone, unlike earlier lines; write the zone everywhere or nowhere")
            }
            isNumber = moment.isNumber
            hasZone = moment.hasZone
            let user = try number(row.fields[columns.user], &userNumbers, &userNames) { failure("has no user; fill it in or leave the line out") }
            let item = try number(row.fields[columns.item], &itemNumbers, &itemNames) { failure("has no item; fill it in or leave the line out") }
            users.append(user)
            items.append(item)
            times.append(moment.seconds)
            if let column = columns.value {
                if text.isMissing(row.fields[column]) {
                    values.append(1)
                } else {
                    guard let value = text.number(row.fields[column]), Float(value).isFinite else {
                        throw failure("the value \(text.text(row.fields[column]).debugDescription) is no finite number; mend it")
                    }
                    values.append(Float(value))
                }
            }
        }

        private func number(_ field: DelimitedText.Field, _ numbers: inout [ArraySlice<UInt8>: Int32], _ names: inout NodeTexts.Builder,
                            _ failure: () -> DatasetError) throws -> Int32 {
            var (start, end) = (field.start, field.end)
            while start < end, text.bytes[start] == 0x20 { start += 1 }
            while end > start, text.bytes[end - 1] == 0x20 { end -= 1 }
            guard start < end else { throw failure() }
            let name = text.bytes[start..<end]
            if let known = numbers[name] { return known }
            let number = Int32(truncatingIfNeeded: numbers.count)
            numbers[name] = number
            names.append(field.hasEscapes ? Array(text.text(field).utf8)[...] : name)
            return number
        }

        func dataset(titles: ItemTable, identifier: String, checksum: String) throws -> EventDataset {
            let names = itemNames.finish()
            // Numbers below this are no Unix times after 1973.
            let isUnix = isNumber == false || times.allSatisfy { $0 >= 1e8 }
            return try EventDataset(
                identifier: identifier, checksum: checksum, users: users, items: items, times: times, values: values, clock: isUnix ? .unix : .plain,
                userNames: userNames.finish(), itemNames: names, itemTitles: titles.titles(of: names), itemKinds: titles.kinds(of: names), file: text.file)
        }
    }
}

/// Tables whose fields are separated by `::`, as MovieLens publishes some: the pair is replaced by one byte that no text has.
enum DoubleColons {
    static let mark: Character = "\u{1F}"

    /// Whether the first line has `::` and neither tab nor comma.
    static func isUsed(_ bytes: [UInt8]) -> Bool {
        let line = bytes.prefix { $0 != 0x0A }
        return !line.contains(0x09) && !line.contains(0x2C) && line.indices.dropLast().contains { line[$0] == 0x3A && line[$0 + 1] == 0x3A }
    }

    /// The text with the mark for each `::`; the same text where they are not used.
    static func separated(_ bytes: [UInt8]) -> [UInt8] {
        guard isUsed(bytes) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if bytes[place] == 0x3A, place + 1 < bytes.count, bytes[place + 1] == 0x3A {
                result.append(0x1F)
                place += 2
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return result
    }
}
