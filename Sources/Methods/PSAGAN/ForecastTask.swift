import Experiments
import Foundation
import Tensors

/// What one way of filling came to in one task.
struct ForecastRow: Codable, Sendable {
    /// Hours of the gap or stretch, or a share in percent.
    var setting: Double
    var filling: String
    var deviation: Double, deviationError: Double?
    var error: Double, errorError: Double?
    /// On the original scale.
    var originalDeviation: Double, originalError: Double
    /// The mean over the quantiles 0.1 … 0.9; nil for a forecast without paths.
    var quantileLoss: Double?
    /// RMSE of what was filled in.
    var fillingError: Double?
    /// NRMSE less that of rolling through (or of the first row), with its standard error over forecasts.
    var difference: Double?, differenceError: Double?
}

/// Forecasts of one kind for the same places: point forecasts and quantiles of pooled paths.
struct ForecastSet {
    var points: [[Double]]
    /// Quantiles 0.1 … 0.9 of each step; empty for a forecast without paths.
    var quantiles: [[[Double]]] = []

    init(points: [[Double]]) { self.points = points }

    /// - Parameter paths: for each forecast its paths.
    init(paths: [[[Float]]]) {
        points = []
        quantiles = (0..<9).map { _ in [] }
        for forecast in paths {
            let steps = forecast.first?.count ?? 0
            var median: [Double] = [], levels = [[Double]](repeating: [], count: 9)
            for step in 0..<steps {
                let sorted = forecast.map { Double($0[step]) }.sorted()
                median.append(sorted.quantile(0.5))
                for level in 0..<9 { levels[level].append(sorted.quantile(Double(level + 1) / 10)) }
            }
            points.append(median)
            for level in 0..<9 { quantiles[level].append(levels[level]) }
        }
    }
}

/// Where forecasts are made, and what was true.
struct ForecastPlaces {
    var series: [Int], origins: [Int]
    var truth: [[Double]]
    let panel: SeriesPanel

    /// - Parameter origins: for each series the first steps that are forecast.
    init(_ panel: SeriesPanel, series chosen: [Int], origins: (Int) -> [Int]) {
        self.panel = panel
        (series, self.origins, truth) = ([], [], [])
        for number in chosen {
            for origin in origins(number) where origin + ForecasterSettings.horizon <= panel.values[number].count {
                series.append(number)
                self.origins.append(origin)
                truth.append(panel.values[number][origin..<origin + ForecasterSettings.horizon].map { Double($0) })
            }
        }
    }

    func row(_ setting: Double, _ filling: String, _ set: ForecastSet, fillingError: Double? = nil, against base: ForecastSet? = nil) -> ForecastRow {
        let points = set.points, count = truth.count
        func pick(_ values: [[Double]], _ kept: [Int]) -> [[Double]] { kept.map { values[$0] } }
        func original(_ values: [[Double]]) -> [[Double]] { zip(series, values).map { number, row in row.map { panel.low[number] + panel.range[number] * $0 } } }
        let all = Array(0..<count), nrmse = { (set: [[Double]], kept: [Int]) in ForecastMetrics.normalisedError(pick(truth, kept), pick(set, kept)) }
        var row = ForecastRow(
            setting: setting, filling: filling, deviation: ForecastMetrics.normalisedDeviation(truth, points),
            deviationError: ForecastMetrics.jackknife(count) { ForecastMetrics.normalisedDeviation(pick(truth, $0), pick(points, $0)) },
            error: nrmse(points, all), errorError: ForecastMetrics.jackknife(count) { nrmse(points, $0) },
            originalDeviation: ForecastMetrics.normalisedDeviation(original(truth), original(points)), originalError: ForecastMetrics.normalisedError(original(truth), original(points)),
            fillingError: fillingError)
        if !set.quantiles.isEmpty { row.quantileLoss = set.quantiles.enumerated().reduce(0) { $0 + ForecastMetrics.quantileLoss(truth, $1.element, Double($1.offset + 1) / 10) } / 9 }
        if let base {
            row.difference = row.error - nrmse(base.points, all)
            row.differenceError = ForecastMetrics.jackknife(count) { nrmse(points, $0) - nrmse(base.points, $0) }
        }
        return row
    }
}

extension Trainer {
    /// How many values before a forecast a history holds: a context and the longest lag.
    static let historyLength = ForecasterSettings.context + ForecasterSettings.reach

    /// The values of a series before a step, as far as they are used.
    func past(_ panel: SeriesPanel, _ series: Int, before step: Int) -> [Float] { Array(panel.values[series][max(0, step - Self.historyLength)..<step]) }

    /// Forecasts after the training part with a forecaster that was trained on `data`; the same start for every filling.
    func forecasts(_ data: ForecastData, _ places: ForecastPlaces) throws -> ForecastSet? {
        let forecaster = Forecaster(settings.forecaster, series: data.values.count, random: context.random.stream("forecaster"))
        guard try forecaster.train(data, random: context.random.stream("forecaster"), proceed: context.proceed) != nil else { return nil }
        let histories = zip(places.series, places.origins).map { series, origin in Forecaster.History(series: series, origin: origin, values: past(places.panel, series, before: origin)) }
        return ForecastSet(paths: try forecaster.paths(histories, steps: ForecasterSettings.horizon, paths: settings.forecaster.paths, start: data.start, random: context.random.stream("paths"), proceed: context.proceed))
    }

    /// The last forecasts of a panel: days after its training part.
    func places(_ panel: SeriesPanel, series: [Int]) -> ForecastPlaces {
        ForecastPlaces(panel, series: series) { number in (0..<settings.forecaster.origins).map { panel.training[number].upperBound + $0 * ForecasterSettings.horizon } }
    }

    static func rootMeanSquare(_ a: [[Float]], _ b: [[Float]]) -> Double { Fidelity.conditionalError(a.flatMap { $0 }, b.flatMap { $0 }) }

    /// The middle of draws at each step.
    static func median(_ draws: [[Float]]) -> [Float] {
        guard let first = draws.first else { return [] }
        return first.indices.map { step in Float(draws.map { Double($0[step]) }.median) }
    }
}
