import Foundation

/// The labelled places of one axis.
package struct AxisTicks: Sendable, Equatable {
    package struct Tick: Sendable, Equatable {
        package var value: Double
        /// The cell along the axis, from its lower end.
        package var cell: Int
        package var label: String
    }

    /// How labels lie along the axis.
    package enum Direction: Sendable {
        /// Side by side: as wide as their text, centred on the tick, at least two blanks apart.
        case horizontal
        /// One below the other: at least two rows from tick to tick.
        case vertical
    }

    package var ticks: [Tick] = []
    /// What the labels count in besides the axis' own unit: "k", "MiB", "%"; written once.
    package var prefix = ""

    var labelWidth: Int { ticks.map(\.label.columnWidth).max() ?? 0 }

    /// The ticks of a range over `cells` cells.
    /// - Parameter isWhole: whether the axis counts, so that nothing lies between two whole numbers.
    package init(_ range: ClosedRange<Double>, scale: AxisScale, format: NumberFormat, cells: Int, direction: Direction, isWhole: Bool = false) {
        guard cells > 0 else { return }
        let mapping = AxisMapping(range, scale: scale, dots: cells)
        let unit = format.axisUnit(for: range, scale: scale)
        prefix = unit.name
        let layout = TickLayout(mapping: mapping, cells: cells, direction: direction)
        let target = direction == .vertical ? max(2, (Double(cells) + 2) / 4) : max(2, Double(cells) / 11)
        if scale == .logarithmic {
            ticks = Self.logarithmic(range, format: format, layout: layout)
            if !ticks.isEmpty { return }
        }
        let scaled = Self.divided(range, by: unit.divisor)
        var found: [Tick] = []
        _ = WilkinsonTicks.numbers(in: scaled, target: target) { numbers in
            let values = numbers.map { $0 * unit.divisor }
            if isWhole, !values.allSatisfy({ $0 == $0.rounded() }) { return false }
            guard let ticks = layout.ticks(values: values, labels: format.axisLabels(numbers)) else { return false }
            found = ticks
            return true
        }
        ticks = found.isEmpty ? Self.single(scaled, unit: unit, format: format, layout: layout) : found
    }

    private static func divided(_ range: ClosedRange<Double>, by divisor: Double) -> ClosedRange<Double> {
        let low = range.lowerBound / divisor, high = range.upperBound / divisor
        return low.isFinite && high.isFinite && low < high ? low...high : range
    }

    /// One label where two have no room: zero if it is inside, else the roundest number near the middle.
    private static func single(_ range: ClosedRange<Double>, unit: Prefix, format: NumberFormat, layout: TickLayout) -> [Tick] {
        let middle = range.lowerBound / 2 + range.upperBound / 2
        var number = middle
        if range.contains(0) {
            number = 0
        } else {
            for digits in 1...15 {
                let exponent = Decimal.exponent(of: middle) - digits + 1
                let rounded = Decimal.shifted(Decimal.shifted(middle, down: exponent).rounded(), down: -exponent)
                if range.contains(rounded) { number = rounded; break }
            }
        }
        return layout.ticks(values: [number * unit.divisor], labels: format.axisLabels([number])) ?? []
    }

    // MARK: Log axes

    /// Decades, with 2 and 5 between them where there is room, every n-th decade where there is less. Empty where fewer than
    /// three of 1, 2 and 5 times a power of ten lie inside: such a short range reads better with evenly spaced numbers.
    private static func logarithmic(_ range: ClosedRange<Double>, format: NumberFormat, layout: TickLayout) -> [Tick] {
        let lowest = Int(log10(range.lowerBound).rounded(.down)), highest = Int(log10(range.upperBound).rounded(.up))
        func values(_ mantissas: [Double], _ exponents: some Sequence<Int>) -> [Double] {
            exponents.flatMap { exponent in mantissas.map { Decimal.shifted($0, down: -exponent) } }
                .filter { range.contains($0) && $0 > 0 }
        }
        let fine = highest - lowest <= 8 ? values([1, 2, 5], lowest...max(lowest, highest)) : []
        if highest - lowest <= 8 {
            guard fine.count >= 3 else { return [] }
            if let ticks = layout.ticks(values: fine, labels: format.decadeLabels(fine)) { return ticks }
        }
        let decades = values([1], lowest...max(lowest, highest))
        for stride in 1...max(1, decades.count / 2) {
            // Powers that the stride divides, so that 1 is among them, or else those that leave two labels at all.
            for phase in 0..<stride {
                let first = ((phase - Decimal.exponent(of: decades.first ?? 1)) % stride + stride) % stride
                let chosen = Swift.stride(from: first, to: decades.count, by: stride).map { decades[$0] }
                guard chosen.count >= 2 else { continue }
                if let ticks = layout.ticks(values: chosen, labels: format.decadeLabels(chosen)) { return ticks }
            }
        }
        // No room for two: the decade that is nearest to the middle.
        let candidates = decades.isEmpty ? fine : decades
        guard !candidates.isEmpty else { return [] }
        let middle = [candidates[candidates.count / 2]]
        return layout.ticks(values: middle, labels: format.decadeLabels(middle)) ?? []
    }
}

/// Puts labels along an axis and refuses those that touch.
struct TickLayout {
    let mapping: AxisMapping
    let cells: Int
    let direction: AxisTicks.Direction

    /// The ticks, or nil where two labels would touch or say the same.
    func ticks(values: [Double], labels: [String]) -> [AxisTicks.Tick]? {
        var ticks: [AxisTicks.Tick] = []
        ticks.reserveCapacity(values.count)
        var previousEnd = -10
        for (value, label) in zip(values, labels) {
            guard let dot = mapping.dot(of: value) else { return nil }
            let cell = Int(dot.rounded())
            guard cell >= 0, cell < cells else { continue }
            switch direction {
            case .vertical:
                if cell - previousEnd < 2 { return nil }
                previousEnd = cell
            case .horizontal:
                let start = Self.labelStart(cell: cell, width: label.columnWidth)
                if start - previousEnd < 2 { return nil }
                previousEnd = start + label.columnWidth
            }
            if let last = ticks.last, last.label == label { return nil }
            // Multiples of a step may miss the range's end by a rounding.
            let inside = min(max(value, mapping.range.lowerBound), mapping.range.upperBound)
            ticks.append(.init(value: inside, cell: cell, label: label))
        }
        return ticks
    }

    /// Where a label centred on its tick begins.
    static func labelStart(cell: Int, width: Int) -> Int { cell - (width - 1) / 2 }
}
