import Terminal

extension LineChart {
    /// The title as it stands in the title row, with the unit and the smoothing factor: for a panel's border.
    public var annotatedTitle: String {
        let note = self.note(unitPrefix: yFormat.axisUnit(for: shownWindow.y, scale: yScale).name)
        return note.isEmpty ? title : title.isEmpty ? note : title + " " + note
    }

    /// "(nats) · smoothed 0.9".
    func note(unitPrefix: String) -> String {
        var parts: [String] = []
        let unit = unitPrefix + unit
        if !unit.isEmpty { parts.append("(\(unit))") }
        let factors = Set(series.map(\.smoothing).filter { $0 > 0 }).sorted()
        if let least = factors.first, let most = factors.last {
            let text = NumberFormat.automatic.string(least)
            parts.append("· smoothed " + (least == most ? text : text + "…" + NumberFormat.automatic.string(most)))
        }
        return parts.joined(separator: " ")
    }

    /// The ranges that the chart shows: the view's, or where it has none those that fit the data. The start for zoom and pan
    /// (`ClosedRange.zoomed`, `panned`).
    public var shownWindow: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        let x = AxisRange.usable(view.x, scale: xScale, fallback: fittingX)
        return (x, AxisRange.usable(view.y, scale: yScale, fallback: fittingY(over: x)))
    }

    private var fittingX: ClosedRange<Double> {
        var found: ClosedRange<Double>?
        for line in series {
            guard let steps = line.data.stepRange else { continue }
            var low = steps.lowerBound
            if xScale == .logarithmic {
                // The first step that has a place; the others are not drawn.
                let place = line.data.place(notBelow: Double.leastNonzeroMagnitude)
                guard place.chunk < line.data.chunks.count else { continue }
                low = line.data.chunks[place.chunk].points[place.index].step
            }
            found = Self.union(found, low...steps.upperBound)
        }
        let positions = found.flatMap { range -> ClosedRange<Double>? in
            guard let low = xScale.position(of: range.lowerBound), let high = xScale.position(of: range.upperBound) else { return nil }
            return low...max(low, high)
        }
        return AxisRange.fitting(positions, scale: xScale, padding: 0)
    }

    private func fittingY(over x: ClosedRange<Double>) -> ClosedRange<Double> {
        var found: ClosedRange<Double>?
        for line in series {
            for data in [line.data] + (line.band.map { [$0.lower, $0.upper] } ?? []) {
                if let range = data.extent(in: x).positions(on: yScale) { found = Self.union(found, range) }
            }
        }
        if let range = found {
            // A level close by is taken in; one far off would flatten the curves, it stands on the rim.
            let reach = (range.upperBound / 2 - range.lowerBound / 2)
            for reference in references {
                if case .level(let value) = reference.place, let position = yScale.position(of: value),
                   position >= range.lowerBound - reach, position <= range.upperBound + reach {
                    found = Self.union(found, position...position)
                }
            }
        }
        return AxisRange.fitting(found, scale: yScale)
    }

    private static func union(_ left: ClosedRange<Double>?, _ right: ClosedRange<Double>) -> ClosedRange<Double> {
        guard let left else { return right }
        return min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
    }
}
