import Charts
import Experiments

/// How curves are looked at: scales, smoothing, the shown range and the reading cursor. Panels of curves and the
/// comparison share it.
package struct CurveView: Sendable, Equatable {
    /// The factors of the exponential average that `s` and `S` step through.
    package static let smoothingSteps = [0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995]

    package var xScale: AxisScale
    package var yScale: AxisScale
    package var smoothingStep = 0
    /// The shown steps; nil shows all and follows the newest point.
    package var xRange: ClosedRange<Double>?
    /// The step that is read off; nil without a cursor.
    package var cursor: Double?
    /// The curve on top, by name.
    package var selected: String?

    package init(xScale: AxisScale = .linear, yScale: AxisScale = .linear) {
        self.xScale = xScale
        self.yScale = yScale
    }

    package var smoothing: Double { Self.smoothingSteps[min(max(0, smoothingStep), Self.smoothingSteps.count - 1)] }

    /// What the frame says after the title.
    package var status: String {
        var parts: [String] = []
        if xScale == .logarithmic { parts.append("log x") }
        if yScale == .logarithmic { parts.append("log y") }
        if smoothingStep > 0 { parts.append("smoothed \(smoothing)") }
        if xRange != nil { parts.append("zoomed, 0 fits") }
        return parts.joined(separator: " · ")
    }

    package static let actions: [ActionID] = ["chart.cursorBack", "chart.cursorForward", "chart.logY", "chart.smoothMore",
                                              "chart.smoothLess", "chart.zoomIn", "chart.zoomOut", "chart.fit", "chart.logX"]

    /// Does what was asked of curves with the given names and points.
    /// - Returns: false for an action that is not about curves.
    package mutating func perform(_ action: ActionID, curves: [(name: String, data: SeriesData)]) -> Bool {
        let all = Self.range(of: curves)
        switch action {
        case "chart.logX": xScale = xScale == .linear ? .logarithmic : .linear
        case "chart.logY": yScale = yScale == .linear ? .logarithmic : .linear
        case "chart.smoothMore": smoothingStep = min(smoothingStep + 1, Self.smoothingSteps.count - 1)
        case "chart.smoothLess": smoothingStep = max(smoothingStep - 1, 0)
        case "chart.fit":
            xRange = nil
            cursor = nil
        case "chart.zoomIn", "chart.zoomOut":
            guard let shown = xRange ?? all, shown.lowerBound < shown.upperBound else { return true }
            let factor = action == "chart.zoomIn" ? 0.5 : 2
            let centre = cursor.flatMap { shown.contains($0) ? $0 : nil }
            xRange = kept(shown.zoomed(by: factor, around: centre, scale: zoomScale(shown)), inside: all)
        case "left", "right":
            // Without a zoom there is nothing to pan: the keys read along the curve instead.
            guard let shown = xRange else { return step(forward: action == "right", by: 1, curves) }
            let moved = shown.panned(by: action == "right" ? 0.25 : -0.25, scale: zoomScale(shown))
            if let all, moved.upperBound < all.lowerBound || moved.lowerBound > all.upperBound { return true }
            xRange = moved
        case "chart.cursorBack": return step(forward: false, by: 1, curves)
        case "chart.cursorForward": return step(forward: true, by: 1, curves)
        case "page.up", "half.up": return step(forward: false, by: 10, curves)
        case "page.down", "half.down": return step(forward: true, by: 10, curves)
        case "first": cursor = all?.lowerBound
        case "last": cursor = all?.upperBound
        case "up", "down":
            guard !curves.isEmpty else { return true }
            let place = curves.firstIndex { $0.name == selected }
            let next = place.map { $0 + (action == "down" ? 1 : -1) } ?? (action == "down" ? 0 : curves.count - 1)
            selected = curves.indices.contains(next) ? curves[next].name : nil
        default: return false
        }
        keepCursorVisible()
        return true
    }

    /// A log axis cannot show a range that reaches zero: such a range is zoomed as a linear one.
    private func zoomScale(_ range: ClosedRange<Double>) -> AxisScale { range.lowerBound > 0 ? xScale : .linear }

    /// Zooming out past everything is seeing everything.
    private func kept(_ range: ClosedRange<Double>, inside all: ClosedRange<Double>?) -> ClosedRange<Double>? {
        guard let all else { return nil }
        return range.lowerBound <= all.lowerBound && range.upperBound >= all.upperBound ? nil : range
    }

    private mutating func step(forward: Bool, by count: Int, _ curves: [(name: String, data: SeriesData)]) -> Bool {
        guard let all = Self.range(of: curves) else { return true }
        guard var place = cursor else {
            cursor = xRange.map { min(max($0.upperBound, all.lowerBound), all.upperBound) } ?? all.upperBound
            return true
        }
        // The selected curve's own points where there is one, else the next point of any.
        let walked = curves.filter { $0.name == selected }
        let sources = walked.isEmpty ? curves : walked
        for _ in 0..<count {
            let next = sources.compactMap { $0.data.neighbour(of: place, forward: forward) }
            guard let nearest = forward ? next.min() : next.max() else { break }
            place = nearest
        }
        cursor = place
        keepCursorVisible()
        return true
    }

    private mutating func keepCursorVisible() {
        guard let cursor, let shown = xRange, !shown.contains(cursor), cursor.isFinite else { return }
        let width = shown.upperBound - shown.lowerBound
        let low = cursor < shown.lowerBound ? cursor - width * 0.1 : cursor - width * 0.9
        guard low.isFinite, (low + width).isFinite, low < low + width else { return }
        xRange = low...(low + width)
    }

    package static func range(of curves: [(name: String, data: SeriesData)]) -> ClosedRange<Double>? {
        var range: ClosedRange<Double>?
        for (_, data) in curves {
            guard let own = data.stepRange else { continue }
            range = range.map { min($0.lowerBound, own.lowerBound)...max($0.upperBound, own.upperBound) } ?? own
        }
        return range
    }

    /// Sets a chart up to be looked at this way.
    package func apply(to chart: inout LineChart, isFocused: Bool) {
        chart.xScale = xScale
        chart.yScale = yScale
        chart.view = ViewWindow(x: xRange)
        chart.cursor = isFocused ? cursor : nil
        for index in chart.series.indices { chart.series[index].smoothing = smoothing }
        chart.selected = selected.flatMap { name in chart.series.firstIndex { $0.name == name } }
    }
}
