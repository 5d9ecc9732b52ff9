/// A moment as files write it: `2016-07-01`, `2016-07-01 06:30`, `2014-04-07T10:51:09.277Z`, `2014-04-07T10:51:09+02:00`.
package struct TimeStamp: Equatable {
    /// Seconds since 1970-01-01 00:00, of UTC where the text names a zone, else of the clock that it was written by.
    var seconds: Double
    /// Whether the text names a zone (`Z`, `+02:00`).
    var hasZone: Bool

    /// Reads ISO 8601 with a blank or a `T` between date and time, dashes or slashes in the date, spaces around it left out; nil for
    /// anything else, and for days and hours that do not exist.
    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = Scanner(rest: bytes)
        scanner.skipBlanks()
        guard let year = scanner.digits(4), let separator = scanner.take(anyOf: [UInt8(ascii: "-"), UInt8(ascii: "/")]), let month = scanner.digits(2),
              scanner.take(anyOf: [separator]) != nil, let day = scanner.digits(2), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        seconds = 86_400 * Double(Self.dayNumber(year, month, day))
        hasZone = false
        scanner.skipBlanks()
        if scanner.rest.isEmpty { return }
        _ = scanner.take(anyOf: [UInt8(ascii: "T"), UInt8(ascii: "t")])
        guard let hour = scanner.digits(2), hour < 24, scanner.take(anyOf: [UInt8(ascii: ":")]) != nil, let minute = scanner.digits(2), minute < 60 else { return nil }
        seconds += Double(3600 * hour + 60 * minute)
        if scanner.take(anyOf: [UInt8(ascii: ":")]) != nil {
            guard let second = scanner.digits(2), second <= 60 else { return nil }
            seconds += Double(second)
            if scanner.take(anyOf: [UInt8(ascii: "."), UInt8(ascii: ",")]) != nil {
                var unit = 0.1, count = 0
                while let digit = scanner.digits(1), count < 12 {
                    seconds += unit * Double(digit)
                    unit /= 10
                    count += 1
                }
                guard count > 0 else { return nil }
            }
        }
        scanner.skipBlanks()
        if scanner.take(anyOf: [UInt8(ascii: "Z"), UInt8(ascii: "z")]) != nil {
            hasZone = true
        } else if let sign = scanner.take(anyOf: [UInt8(ascii: "+"), UInt8(ascii: "-")]) {
            guard let hours = scanner.digits(2), hours < 24 else { return nil }
            _ = scanner.take(anyOf: [UInt8(ascii: ":")])
            let minutes = scanner.rest.isEmpty ? 0 : scanner.digits(2)
            guard let minutes, minutes < 60 else { return nil }
            seconds -= (sign == UInt8(ascii: "-") ? -60 : 60) * Double(60 * hours + minutes)
            hasZone = true
        }
        scanner.skipBlanks()
        guard scanner.rest.isEmpty else { return nil }
    }

    /// The moment as `2016-07-01 06:30:00`; nil outside the years 0 to 9999.
    package static func text(ofSeconds seconds: Double) -> String? {
        guard seconds >= -62_167_219_200, seconds < 253_402_300_800 else { return nil }
        let whole = Int(seconds.rounded(.down)), day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400, second = whole - 86_400 * day
        let (year, month, dayOfMonth) = date(ofDay: day)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let padded = String("000\(year)".suffix(4))
        return "\(padded)-\(two(month))-\(two(dayOfMonth)) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    /// Days since 1970-01-01 in the Gregorian calendar: years are counted from March, so that the leap day is the last of a year.
    package static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400, yearOfEra = shifted - 400 * era
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return 146_097 * era + 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func date(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097, day = shifted - 146_097 * era
        let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153, month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + 400 * era + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func skipBlanks() {
            while let byte = rest.first, byte == 0x20 || byte == 0x0D { rest = rest.dropFirst() }
        }

        mutating func digits(_ count: Int) -> Int? {
            guard rest.count >= count, rest.prefix(count).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let value = rest.prefix(count).reduce(0) { 10 * $0 + Int($1 - 0x30) }
            rest = rest.dropFirst(count)
            return value
        }

        mutating func take(anyOf bytes: [UInt8]) -> UInt8? {
            guard let first = rest.first, bytes.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
    }
}
