import Charts
import Experiments

/// What the x axis of compared curves is.
enum ComparedAxis: Sendable, Equatable {
    case step
    /// Another series of the same run, matched by step.
    case series(String)

    var title: String {
        switch self {
        case .step: "step"
        case .series(let path): path
        }
    }
}

/// A curve of a comparison: one run's, or the mean over the seeds of a side with the range between them.
package struct ComparedCurve: Sendable {
    var name: String
    var slot: Int
    var data: SeriesData
    var band: LineChart.Band?

    /// The curve of a run over the chosen axis.
    static func data(_ curve: RunCurve, over axis: ComparedAxis, in model: RunModel) -> SeriesData {
        guard case .series(let path) = axis else { return curve.data }
        guard let other = model.series[path]?.data else { return SeriesData() }
        var result = SeriesData()
        curve.data.forEach { point in
            if let place = other.nearest(to: point.step), place.step == point.step { result.append(step: place.value, value: point.value) }
        }
        return result
    }

    /// Points that a mean has at most; beyond, neighbours share a point: mean of the means, range of the ranges.
    package static let pointLimit = 20_000

    /// The pointwise mean over runs with the least and greatest value as a band.
    ///
    /// Runs that were measured at the same steps are averaged step by step; others are first read off at the union of their steps
    /// by straight lines, where all of them reach. Values that are not finite are left out of the mean.
    package static func mean(_ curves: [SeriesData]) -> (mean: SeriesData, band: LineChart.Band) {
        let points = curves.filter { !$0.isEmpty }.map { data in
            var list: [SeriesPoint] = []
            list.reserveCapacity(data.count)
            data.forEach { list.append($0) }
            return list
        }
        guard let first = points.first else { return (SeriesData(), .init(lower: SeriesData(), upper: SeriesData())) }
        let isAligned = points.allSatisfy { other in
            other.count == first.count && zip(other, first).allSatisfy { $0.step == $1.step }
        }
        let steps = isAligned ? first.map(\.step) : commonSteps(points)
        let columns = isAligned ? points.map { $0.map(\.value) } : points.map { values(of: $0, at: steps) }
        let width = max(1, (steps.count + pointLimit - 1) / pointLimit)
        var mean = SeriesData(), lower = SeriesData(), upper = SeriesData()
        var start = 0
        while start < steps.count {
            let end = min(steps.count, start + width)
            var sum = 0.0, count = 0.0, low = Double.infinity, high = -Double.infinity
            for index in start..<end {
                for column in columns where column[index].isFinite {
                    sum += column[index]
                    count += 1
                    low = min(low, column[index])
                    high = max(high, column[index])
                }
            }
            let step = steps[start + (end - start) / 2]
            mean.append(step: step, value: count > 0 ? sum / count : .nan)
            if count > 0 {
                lower.append(step: step, value: low)
                upper.append(step: step, value: high)
            }
            start = end
        }
        return (mean, .init(lower: lower, upper: upper))
    }

    /// All steps of all runs between the latest start and the earliest end.
    private static func commonSteps(_ points: [[SeriesPoint]]) -> [Double] {
        let low = points.compactMap(\.first?.step).max() ?? 0, high = points.compactMap(\.last?.step).min() ?? 0
        var steps = points.flatMap { $0.map(\.step) }.filter { $0 >= low && $0 <= high }
        steps.sort()
        return steps.reduce(into: []) { kept, step in if kept.last != step { kept.append(step) } }
    }

    /// Straight lines between the points of one run, read off at rising steps.
    private static func values(of points: [SeriesPoint], at steps: [Double]) -> [Double] {
        var index = 0
        return steps.map { step in
            while index + 1 < points.count, points[index + 1].step <= step { index += 1 }
            guard index < points.count else { return .nan }
            let left = points[index]
            guard left.step < step, index + 1 < points.count else { return left.value }
            let right = points[index + 1]
            let share = (step - left.step) / (right.step - left.step)
            return left.value + share * (right.value - left.value)
        }
    }
}
