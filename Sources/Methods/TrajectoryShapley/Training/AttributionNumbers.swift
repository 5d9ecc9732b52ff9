import Foundation

/// Numbers in double precision as a checkpoint keeps them: eight bytes each, the lowest first.
struct DoubleBlock: Codable, Sendable {
    var bytes: Data

    init(_ numbers: [Double]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * numbers.count)
        for number in numbers { for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(shift))) } }
        self.bytes = Data(bytes)
    }

    var numbers: [Double] {
        let bytes = [UInt8](self.bytes)
        return (0..<bytes.count / 8).map { place in Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[8 * place + $1]) << UInt64(8 * $1) }) }
    }
}

/// Attributions as one row of numbers, for checkpoints; reading is total.
struct AttributionNumbers {
    private(set) var numbers: [Double]
    private var place = 0

    init(_ attributions: [TargetAttribution]) {
        numbers = []
        for attribution in attributions {
            write(attribution.real)
            write(attribution.null)
            write(attribution.stranger)
            write(attribution.table)
            write(attribution.codeGap.map { [$0] } ?? [])
        }
    }

    init(reading numbers: [Double]) { self.numbers = numbers }

    private mutating func write(_ values: [Double]) { numbers += [Double(values.count)] + values }
    private mutating func write(_ games: [GameValues]) {
        numbers.append(Double(games.count))
        for game in games {
            write(game.values)
            write(game.errors)
            write(game.givenPast)
            numbers += [game.empty, game.full, game.pastOnly]
        }
    }

    /// - Returns: nil when the numbers are none of so many attributions.
    mutating func attributions(_ count: Int) -> [TargetAttribution]? {
        var result: [TargetAttribution] = []
        for _ in 0..<max(0, count) {
            guard let real = games(), let null = games(), let stranger = values(), let table = values(), let gap = values(), gap.count <= 1 else { return nil }
            result.append(TargetAttribution(real: real, null: null, stranger: stranger, table: table, codeGap: gap.first))
        }
        return place == numbers.count ? result : nil
    }

    private mutating func number() -> Double? {
        guard place < numbers.count else { return nil }
        place += 1
        return numbers[place - 1]
    }

    private mutating func values() -> [Double]? {
        guard let count = number(), let length = Int(exactly: count), length >= 0, length <= numbers.count - place else { return nil }
        place += length
        return Array(numbers[place - length..<place])
    }

    private mutating func games() -> [GameValues]? {
        guard let count = number(), let length = Int(exactly: count), (0...8).contains(length) else { return nil }
        var games: [GameValues] = []
        for _ in 0..<length {
            guard let values = values(), let errors = self.values(), let given = self.values(), let empty = number(), let full = number(), let pastOnly = number() else { return nil }
            games.append(GameValues(values: values, errors: errors, givenPast: given, empty: empty, full: full, pastOnly: pastOnly))
        }
        return games
    }
}
