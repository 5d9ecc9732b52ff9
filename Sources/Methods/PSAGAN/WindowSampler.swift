import Tensors

/// Draws windows out of a panel's training part and makes tensors of windows (section 2.6: series uniform, then start uniform).
package struct WindowSampler: Sendable {
    package let panel: SeriesPanel
    package let shape: NetworkShape
    package let calendar: CalendarFeatures
    /// The series of which a window can be drawn, and where.
    private let places: [(series: Int, starts: [Range<Int>], count: Int)]
    /// Time features of every step of the longest series, row by row.
    private let features: [Float]
    private let steps: Int

    /// - Throws: `PSAGANError` when no series has a window.
    package init(_ panel: SeriesPanel, _ shape: NetworkShape, _ calendar: CalendarFeatures) throws {
        self.panel = panel
        self.shape = shape
        self.calendar = calendar
        places = (0..<panel.count).compactMap { series in
            let starts = panel.starts(series, length: shape.window, before: shape.context), count = starts.reduce(0) { $0 + $1.count }
            return count > 0 ? (series, starts, count) : nil
        }
        guard !places.isEmpty else { throw PSAGANError("no series of \(panel.identifier) has a window of \(shape.window) steps to train on; take a shorter window") }
        steps = panel.values.reduce(0) { max($0, $1.count) }
        features = (0..<steps).flatMap { step in calendar.features(start: panel.start, index: step).map { Float($0) } }
    }

    package func draw(_ count: Int, _ random: inout RandomSource) -> [WindowKey] {
        (0..<count).map { _ in
            let place = places[random.integer(below: places.count)]
            return WindowKey(series: place.series, start: Self.pick(place.starts, random.integer(below: place.count)))
        }
    }

    private static func pick(_ ranges: [Range<Int>], _ number: Int) -> Int {
        var rest = number
        for range in ranges {
            if rest < range.count { return range.lowerBound + rest }
            rest -= range.count
        }
        return ranges[0].lowerBound
    }

    /// Windows as they are, [windows, L, 1].
    package func real(_ keys: [WindowKey]) -> Tensor<Float> {
        Tensor(shape: [keys.count, shape.window, 1], keys.flatMap { panel.values[$0.series][$0.start..<$0.start + shape.window] })
    }

    package func conditions(_ keys: [WindowKey]) throws -> WindowConditions<Float> {
        try conditions(keys, contexts: shape.context > 0 ? keys.map { key in Array(panel.values[key.series][max(0, key.start - shape.context)..<max(0, key.start)]) } : [])
    }

    /// - Parameter contexts: for each window the values before it, at least L_C of them where there are as many; not used without context.
    package func conditions(_ keys: [WindowKey], contexts given: [[Float]]) throws -> WindowConditions<Float> {
        let width = calendar.width
        var rows: [Float] = []
        rows.reserveCapacity(keys.count * shape.window * width)
        for key in keys {
            if key.start >= 0, key.start + shape.window <= steps {
                rows += features[key.start * width..<(key.start + shape.window) * width]
            } else {
                for step in key.start..<key.start + shape.window { rows += calendar.features(start: panel.start, index: step).map { Float($0) } }
            }
        }
        var contexts: Tensor<Float>?
        if shape.context > 0 {
            contexts = Tensor(shape: [keys.count, shape.context], given.flatMap { values -> [Float] in
                let before = Array(values.suffix(shape.context))
                // Only where a series begins: its first value goes on to the left.
                return Array(repeating: before.first ?? 0, count: shape.context - before.count) + before
            })
        }
        return try WindowConditions(identifiers: keys.map { Int32($0.series) }, features: Tensor(shape: [keys.count, shape.window, width], rows), context: contexts, shape: shape)
    }
}
