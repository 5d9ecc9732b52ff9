import Experiments

/// Makes a long series short without losing a peak: of each stretch its least and its greatest value stay.
enum CurveThinning {
    /// - Parameter limit: points that stay at most; 4 or more.
    static func thin(_ series: MetricSeries, to limit: Int) -> RunSeries {
        let count = min(series.steps.count, series.values.count)
        guard count > limit, limit >= 4 else {
            return RunSeries(name: series.path, unit: series.unit, steps: Array(series.steps.prefix(count)),
                values: Array(series.values.prefix(count)))
        }
        let stretches = limit / 2
        var steps: [Double] = [], values: [Double] = []
        for stretch in 0..<stretches {
            let start = count * stretch / stretches, end = count * (stretch + 1) / stretches
            var low = start, high = start
            for index in start..<end {
                if series.values[index] < series.values[low] || !series.values[low].isFinite { low = index }
                if series.values[index] > series.values[high] || !series.values[high].isFinite { high = index }
            }
            for index in low == high ? [low] : [min(low, high), max(low, high)] {
                steps.append(series.steps[index])
                values.append(series.values[index])
            }
        }
        return RunSeries(name: series.path, unit: series.unit, steps: steps, values: values)
    }
}
