import Experiments
import Foundation
import Tensors

extension Trainer {
    /// Task 1: training ends at T, the steps T … T + g - 1 are never seen, T + g … T + g + 23 are forecast. The gap is rolled through, or filled.
    mutating func forecastFar(_ gap: Int) throws {
        begin(Double(gap))
        let panel = material.panel, horizon = ForecasterSettings.horizon, count = settings.forecaster.origins
        // Origins spread over the hold-out: the first right after the training part.
        let places = ForecastPlaces(panel, series: Array(0..<panel.count)) { series in
            let first = panel.training[series].upperBound, room = panel.values[series].count - first - gap - horizon
            guard room >= 0 else { return [] }
            return (0..<count).map { first + gap + $0 * (room / max(1, count)) }
        }
        guard !places.truth.isEmpty else { return context.warning("far forecasting over \(gap) h needs a hold-out of \(gap + horizon) h; it is left out") }
        let forecaster = Forecaster(settings.forecaster, series: panel.count, random: context.random.stream("forecaster"))
        let data = ForecastData(values: panel.values, training: panel.training, hidden: panel.missing, start: panel.start)
        guard let loss = try forecaster.train(data, random: context.random.stream("forecaster"), proceed: context.proceed) else { return context.warning("no series is long enough for the forecaster; far forecasting is left out") }
        if gap == settings.gaps.first { context.note("the forecaster's loss ends at \(short(loss)) nats") }
        let starts = zip(places.series, places.origins).map { WindowKey(series: $0, start: $1 - gap) }, pasts = starts.map { past(panel, $0.series, before: $0.start) }
        let truth = starts.map { Array(panel.values[$0.series][$0.start..<$0.start + gap]) }
        func forecast(_ filled: [[Float]], paths: Int, draw: Int) throws -> [[[Float]]] {
            let histories = starts.indices.map { Forecaster.History(series: starts[$0].series, origin: places.origins[$0], values: Array((pasts[$0] + filled[$0]).suffix(Self.historyLength))) }
            return try forecaster.paths(histories, steps: horizon, paths: paths, start: panel.start, random: context.random.stream("paths", draw), proceed: context.proceed)
        }
        let total = settings.forecaster.paths
        let rolled = try forecaster.paths(starts.indices.map { .init(series: starts[$0].series, origin: starts[$0].start, values: pasts[$0]) }, steps: gap + horizon, paths: total, start: panel.start,
                                          random: context.random.stream("paths", 0), proceed: context.proceed)
        let roll = ForecastSet(paths: rolled.map { $0.map { Array($0.suffix(horizon)) } }), rolledGap = rolled.map { Self.median($0.map { Array($0.prefix(gap)) }) }
        var rows = [places.row(Double(gap), "roll through the gap", roll, fillingError: Self.rootMeanSquare(rolledGap, truth))]
        rows.append(places.row(Double(gap), Self.oracle, ForecastSet(paths: try forecast(truth, paths: total, draw: 0)), fillingError: 0, against: roll))
        // The value of the same hour in the last week that is known.
        func naive(_ place: Int, _ step: Int) -> Float {
            let past = pasts[place], week = past.suffix(ControlModels.week)
            return week.isEmpty ? 0 : week[week.startIndex + step % week.count]
        }
        let model = starts.indices.map { place in (gap..<gap + horizon).map { Double(naive(place, $0)) } }
        rows.append(places.row(Double(gap), Self.naiveModel, ForecastSet(points: model), against: roll))
        let naiveGap = starts.indices.map { place in (0..<gap).map { naive(place, $0) } }
        rows.append(places.row(Double(gap), Self.naiveGap, ForecastSet(paths: try forecast(naiveGap, paths: total, draw: 0)), fillingError: Self.rootMeanSquare(naiveGap, truth), against: roll))
        let draws = settings.forecaster.draws, each = max(1, total / draws)
        func pooled(_ name: String, _ fill: (Int) throws -> [[Float]]) throws {
            var paths = [[[Float]]](repeating: [], count: starts.count), fillings: [[[Float]]] = []
            for draw in 0..<draws {
                let filled = try fill(draw)
                guard filled.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw PSAGANError("\(name) gives values that are not finite in the stage forecast over \(gap) h; take a smaller rate than \(settings.game.rate)") }
                fillings.append(filled)
                for (place, own) in try forecast(filled, paths: each, draw: draw).enumerated() { paths[place] += own }
            }
            let middle = starts.indices.map { place in Self.median(fillings.map { $0[place] }) }
            rows.append(places.row(Double(gap), name, ForecastSet(paths: paths), fillingError: Self.rootMeanSquare(middle, truth), against: roll))
        }
        try pooled("seasonal bootstrap") { draw in
            var random = context.random.stream("bootstrap", draw)
            return try starts.map { key in try material.controls.stretch(key, steps: gap, &random) }
        }
        for (arm, generator) in try generators() where arm.variant != nil {
            try pooled(arm.name) { draw in
                var random = context.random.stream("gap \(arm.name)", draw)
                return try generator.stretches(starts, steps: gap, &random, before: { pasts[$0] }, proceed: context.proceed)
            }
        }
        state.forecasts += rows
    }

    static let oracle = "the truth (oracle)", naiveModel = "seasonal naive, no model", naiveGap = "seasonal naive gap"
}
