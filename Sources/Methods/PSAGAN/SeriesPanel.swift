import Datasets
import Foundation

/// A window of one series: which, and at which step it begins.
package struct WindowKey: Sendable, Hashable, Codable {
    package var series: Int
    package var start: Int
    package init(series: Int, start: Int) { (self.series, self.start) = (series, start) }
}

/// Hourly series scaled to [0, 1] by what trains, with the part that trains marked (section 4).
package struct SeriesPanel: Sendable {
    package let identifier: String
    package let names: [String]
    /// Values as they came, and scaled; values after the training part may leave [0, 1] and are never clipped.
    package let original: [[Double]]
    package let values: [[Float]]
    /// What is undone when values go back: value = low + range · scaled.
    package let low: [Double], range: [Double]
    /// The steps of each series that train, and in them what is missing.
    package let training: [Range<Int>]
    package let missing: [Range<Int>?]
    /// The moment of step 0, seconds since 1970.
    package let start: Double
    package let notes: [String], warnings: [String]

    package var count: Int { names.count }

    /// The steps kept for testing in the sets that the plans name; elsewhere a sixth of the shortest series, 60 … 1464. Where only the
    /// first steps are read, at most half of them.
    static func holdOut(_ dataset: SeriesDataset, lengthLimit: Int) -> Int {
        let shortest = dataset.values.map(\.count).min() ?? 0
        let whole = switch dataset.identifier {
        case "m4-hourly": 192
        case "hourly-seasonal": 264
        case "auckland-pedestrians": 1464
        default: min(1464, max(60, shortest / 6))
        }
        return lengthLimit > 0 && lengthLimit < shortest ? min(whole, max(60, lengthLimit / 2)) : whole
    }

    /// - Parameters:
    ///   - holdOut: steps at the end that do not train; 0 takes the plan's.
    ///   - window, context: L and L_C: shorter series are left out, with a note.
    ///   - seriesLimit, lengthLimit: at most so many series and first steps; 0 for all.
    /// - Throws: `PSAGANError` for steps that are no hours, a hold-out that is too short, and fewer than two series that are long enough.
    package init(_ dataset: SeriesDataset, holdOut wanted: Int, window: Int, context: Int, seriesLimit: Int = 0, lengthLimit: Int = 0) throws {
        guard dataset.step == 3600 else {
            throw PSAGANError("\(dataset.identifier) has steps of \(Int(min(1e9, dataset.step))) s where PSA-GAN takes hours; bring hourly series, or drop the column of time stamps to count rows as hours")
        }
        let hold = wanted > 0 ? wanted : Self.holdOut(dataset, lengthLimit: lengthLimit), least = max(60, window)
        guard hold >= least else { throw PSAGANError("parameter hold-out: \(hold) steps are fewer than \(least), which a window and a judgement need; take more") }
        let needed = window + context + 168
        var names: [String] = [], original: [[Double]] = []
        var isShort = 0
        for (name, series) in zip(dataset.names, dataset.values).prefix(seriesLimit > 0 ? seriesLimit : Int.max) {
            let cut = Array(series.prefix(lengthLimit > 0 ? lengthLimit : Int.max))
            guard cut.count >= needed + hold else { isShort += 1; continue }
            names.append(name)
            original.append(cut)
        }
        guard names.count >= 2 else {
            throw PSAGANError("\(dataset.identifier) has \(names.count) series of at least \(needed + hold) steps (window \(window), context \(context), a week, hold-out \(hold)) where two are needed; take a shorter window or hold-out")
        }
        var notes = dataset.notes
        if isShort > 0 { notes.append("\(isShort) of \(isShort + names.count) series are shorter than \(needed + hold) steps and were left out") }
        if dataset.start == nil { notes.append("the order of the rows is the clock, from a Monday at midnight") }
        // A Monday at midnight where there are no stamps.
        self.init(identifier: dataset.identifier, names: names, original: original, training: original.map { 0..<$0.count - hold }, missing: Array(repeating: nil, count: names.count),
                  start: dataset.start.flatMap { abs($0) < 2e11 ? $0 : nil } ?? 86_400 * Double(TimeStamp.dayNumber(2024, 1, 1)), notes: notes)
    }

    private init(identifier: String, names: [String], original: [[Double]], training: [Range<Int>], missing: [Range<Int>?], start: Double, notes: [String]) {
        var values: [[Float]] = [], lows: [Double] = [], ranges: [Double] = [], warnings: [String] = []
        for (number, series) in original.enumerated() {
            let seen = training[number].filter { step in missing[number].map { !$0.contains(step) } ?? true }.map { series[$0] }
            let low = seen.min() ?? 0, range = (seen.max() ?? 1) - low
            if range <= 0 { warnings.append("\(names[number]) never changes while training; it is left unscaled and says nothing about shapes") }
            lows.append(low)
            ranges.append(range > 0 ? range : 1)
            values.append(series.map { Float(($0 - low) / (range > 0 ? range : 1)) })
        }
        self.identifier = identifier
        self.names = names
        self.original = original
        self.values = values
        (low, range) = (lows, ranges)
        self.training = training
        self.missing = missing
        self.start = start
        self.notes = notes
        self.warnings = warnings
    }

    /// The same series where other steps train or are missing; scaled anew, since nobody knows what is missing.
    package func with(training: [Range<Int>]? = nil, missing: [Range<Int>?]? = nil) -> SeriesPanel {
        SeriesPanel(identifier: identifier, names: names, original: original, training: training ?? self.training, missing: missing ?? self.missing, start: start, notes: [])
    }

    /// Where a stretch of `length` steps may begin in the training part of a series without touching what is missing; `before` steps
    /// ahead of it must be there as well.
    package func starts(_ series: Int, length: Int, before: Int = 0) -> [Range<Int>] {
        let training = training[series]
        func within(_ part: Range<Int>) -> Range<Int>? {
            let first = part.lowerBound + before, last = part.upperBound - length
            return first <= last ? first..<last + 1 : nil
        }
        guard let gap = missing[series] else { return [within(training)].compactMap { $0 } }
        return [within(training.lowerBound..<max(training.lowerBound, gap.lowerBound)), within(min(gap.upperBound, training.upperBound)..<training.upperBound)].compactMap { $0 }
    }

    /// Where a window may begin after the training part.
    package func heldOutStarts(_ series: Int, length: Int) -> Range<Int> {
        let first = training[series].upperBound, last = values[series].count - length
        return first..<max(first, last + 1)
    }
}
