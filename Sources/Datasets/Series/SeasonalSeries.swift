import Foundation
import Tensors

/// Generates hourly series with a day and a week in them and noise that remembers: the embedded default of the generators of series.
///
/// Series i of kind k = i mod 4: `x = a₁ sin(2π(t - p)/24) + a₂ sin(4π(t - p)/24 + φ₂) + w sin(2πt/168 + φ₃)` with p in 0 ... 24, a₁ in 0.6 ... 1.2,
/// a₂ in 0.1 ... 0.5, w in 0.1 ... 0.5 (0 for k = 3), phases in 0 ... 6; k = 1 keeps what is positive, k = 2 halves days 5 and 6 of each week.
/// Noise `e = ρ e' + s sqrt(1 - ρ²) n` with ρ in 0.5 ... 0.9, s in 0.05 ... 0.2; the value is 10^U(0,3) (x + e + 3).
public struct SeasonalSeries: Sendable {
    public var series: Int
    public var length: Int

    /// 24 series of 1,500 hours.
    public static let standard = SeasonalSeries(series: 24, length: 1500)

    public init(series: Int, length: Int) {
        self.series = series
        self.length = length
    }

    /// - Throws: `DatasetError` when there is no series or no step, or more values than are held.
    public func generate(identifier: String, seed: UInt64) throws -> SeriesDataset {
        guard series > 0, length > 0, elementCount([series, length], limit: SeriesTable.valueLimit) != nil else {
            throw DatasetError(file: identifier, "cannot be generated with \(series) series of \(length) hours; take one or more of each, at most \(grouped(SeriesTable.valueLimit)) values")
        }
        let root = RandomSource(seed: seed)
        let words = "\(identifier) \(series) \(length) \(seed) version 1"
        let kinds = ["wave", "humps", "working week", "days only"]
        return try SeriesDataset(
            identifier: identifier, checksum: SHA256.hexadecimal(of: Array(words.utf8)), names: (0..<series).map { "\(kinds[$0 % 4]) \($0 / 4 + 1)" },
            values: (0..<series).map { one($0, root.stream("series", $0)) },
            // A Monday at midnight.
            start: 86_400 * Double(TimeStamp.dayNumber(2024, 1, 1)), step: 3600, notes: ["generated, seed \(seed)"])
    }

    private func one(_ number: Int, _ source: RandomSource) -> [Double] {
        var random = source
        func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
        let kind = number % 4
        let phase = uniform(0, 24), day = uniform(0.6, 1.2), halfDay = uniform(0.1, 0.5), drawn = uniform(0.1, 0.5), week = kind == 3 ? 0 : drawn
        let second = uniform(0, 6), third = uniform(0, 6), memory = uniform(0.5, 0.9), noise = uniform(0.05, 0.2), scale = pow(10, uniform(0, 3))
        var error = 0.0
        return (0..<length).map { step in
            let t = Double(step)
            var x = day * sin(2 * .pi * (t - phase) / 24) + halfDay * sin(4 * .pi * (t - phase) / 24 + second) + week * sin(2 * .pi * t / 168 + third)
            if kind == 1 { x = max(x, 0) }
            if kind == 2, step / 24 % 7 >= 5 { x *= 0.5 }
            error = memory * error + noise * (1 - memory * memory).squareRoot() * random.normal()
            return scale * (x + error + 3)
        }
    }
}
