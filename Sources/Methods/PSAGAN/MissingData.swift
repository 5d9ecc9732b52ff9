import Experiments
import Foundation
import Tensors

extension Trainer {
    /// Task 2: a stretch of every series is taken out of training; generators and forecaster learn from what is left, the stretch is
    /// filled, the forecaster is trained anew on the filled panel and forecasts the days after it.
    mutating func forecastStretches(_ length: Int) throws {
        let whole = material.panel, label = "stretch of \(length) h"
        begin(Double(length))
        var random = context.random.stream("stretches", length)
        var missing: [Range<Int>?] = []
        for series in 0..<whole.count {
            let training = whole.training[series], first = training.lowerBound + 192, last = training.upperBound - 72 - length
            guard 3 * length <= training.count, first <= last else {
                throw PSAGANError("a stretch of \(length) h does not fit into \(whole.names[series]), which trains on \(training.count) h: it may be a third of them and lies between the first 192 and the last 72; take shorter stretches")
            }
            let start = first + random.integer(below: last - first + 1)
            missing.append(start..<start + length)
        }
        let panel = whole.with(missing: missing), places = places(panel, series: Array(0..<panel.count))
        let keys = panel.missing.enumerated().compactMap { series, range in range.map { WindowKey(series: series, start: $0.lowerBound) } }
        let truth = keys.map { Array(panel.values[$0.series][$0.start..<$0.start + length]) }
        var base: ForecastSet?
        func score(_ name: String, _ filled: [[Float]]?) throws {
            var values = panel.values
            for (key, filling) in zip(keys, filled ?? masked(panel, keys, length)) { values[key.series].replaceSubrange(key.start..<key.start + length, with: filling) }
            let data = ForecastData(values: values, training: panel.training, hidden: filled == nil ? panel.missing : Array(repeating: nil, count: panel.count), start: panel.start)
            guard let set = try forecasts(data, places) else { return }
            state.forecasts.append(places.row(Double(length), name, set, fillingError: filled.map { Self.rootMeanSquare($0, truth) }, against: base))
            base = base ?? set
        }
        try score("mask only", nil)
        try score("linear interpolation", keys.map { key in
            let before = panel.values[key.series][key.start - 1], after = panel.values[key.series][key.start + length]
            return (0..<length).map { before + (after - before) * Float($0 + 1) / Float(length + 1) }
        })
        try score("seasonal naive", keys.map { key in (0..<length).map { panel.values[key.series][key.start - ControlModels.week + $0 % ControlModels.week] } })
        for arm in settings.arms {
            let generator = try trained(arm, label, panel)
            var draw = context.random.stream("fill \(arm.name)")
            try score(arm.name, finite(generator.stretches(keys, steps: length, &draw, before: { past(panel, keys[$0].series, before: keys[$0].start) }, proceed: context.proceed), arm.name, label))
        }
    }

    /// A stage that was interrupted begins anew, but for generators that are done: its rows come again.
    mutating func begin(_ setting: Double) { state.forecasts.removeAll { $0.setting == setting } }

    /// Where nothing is filled in, lags read the mean of what is there.
    private func masked(_ panel: SeriesPanel, _ keys: [WindowKey], _ length: Int) -> [[Float]] {
        keys.map { key in
            let seen = panel.training[key.series].filter { !(key.start..<key.start + length).contains($0) }
            return Array(repeating: seen.reduce(0) { $0 + panel.values[key.series][$1] } / Float(max(1, seen.count)), count: length)
        }
    }

    private func finite(_ fillings: [[Float]], _ arm: String, _ stage: String) throws -> [[Float]] {
        guard fillings.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw PSAGANError("\(arm) gives values that are not finite in the stage \(stage); take a smaller rate than \(settings.game.rate)") }
        return fillings
    }

    /// Hours that a cold series is extended to.
    static let coldLength = 264

    /// Task 3: a share of the series keeps its last L + 32 training hours; generators learn from what is left and extend the cold series
    /// backward to 264 h; the forecaster is trained anew, and the cold series are scored.
    mutating func forecastCold(_ share: Double) throws {
        begin(100 * share)
        let whole = material.panel, kept = settings.window + 32, label = "\(Int((100 * share).rounded())) % cold"
        var random = context.random.stream("cold")
        let count = max(1, min(whole.count - 1, Int((share * Double(whole.count)).rounded()))), cold = random.permutation(whole.count).prefix(count).sorted()
        var training = whole.training
        for series in cold { training[series] = max(training[series].lowerBound, training[series].upperBound - kept)..<training[series].upperBound }
        let panel = whole.with(training: training), places = places(panel, series: cold), missing = Self.coldLength - kept
        guard missing > 0, cold.allSatisfy({ whole.training[$0].count >= Self.coldLength }) else {
            throw PSAGANError("a cold start keeps \(kept) h and extends them to \(Self.coldLength) h, which is \(missing > 0 ? "more than some series have" : "no extension"); take a shorter window or other data")
        }
        let keys = cold.map { WindowKey(series: $0, start: panel.training[$0].upperBound - Self.coldLength) }
        let truth = keys.map { Array(panel.values[$0.series][$0.start..<$0.start + missing]) }
        var base: ForecastSet?
        func score(_ name: String, _ filled: [[Float]]?) throws {
            var values = panel.values, ranges = panel.training
            for (key, filling) in zip(keys, filled ?? []) {
                values[key.series].replaceSubrange(key.start..<key.start + missing, with: filling)
                ranges[key.series] = key.start..<panel.training[key.series].upperBound
            }
            let data = ForecastData(values: values, training: ranges, hidden: Array(repeating: nil, count: panel.count), start: panel.start)
            // The forecaster may not look at what was cut off either.
            let seen = ForecastPlaces(panel, series: cold) { number in (0..<settings.forecaster.origins).map { panel.training[number].upperBound + $0 * ForecasterSettings.horizon } }
            let forecaster = Forecaster(settings.forecaster, series: panel.count, random: context.random.stream("forecaster"))
            guard try forecaster.train(data, random: context.random.stream("forecaster"), proceed: context.proceed) != nil else { return }
            let histories = zip(seen.series, seen.origins).map { series, origin in
                Forecaster.History(series: series, origin: origin, values: Array(values[series][max(ranges[series].lowerBound, origin - Self.historyLength)..<origin]))
            }
            let set = ForecastSet(paths: try forecaster.paths(histories, steps: ForecasterSettings.horizon, paths: settings.forecaster.paths, start: panel.start, random: context.random.stream("paths"), proceed: context.proceed))
            state.forecasts.append(places.row(100 * share, name, set, fillingError: filled.map { Self.rootMeanSquare($0, truth) }, against: base))
            base = base ?? set
        }
        try score("no extension", nil)
        try score("seasonal naive backward", keys.map { key in
            let known = panel.training[key.series]
            return (0..<missing).map { offset in
                // The same hour of the first day that is known.
                let shift = (key.start + offset - known.lowerBound) % 24
                return panel.values[key.series][known.lowerBound + (shift + 24) % 24]
            }
        })
        let warm = (0..<panel.count).filter { !cold.contains($0) }, profiles = warm.map { ControlModels.profile(panel, $0) }
        try score("profile of the warm series", keys.map { key in
            (0..<missing).map { offset in Float(profiles.reduce(0) { $0 + $1[(key.start + offset) % ControlModels.week] } / Double(max(1, warm.count))) }
        })
        for arm in settings.arms where arm.variant?.hasContext == false {
            let generator = try trained(arm, label, panel)
            var draw = context.random.stream("extend \(arm.name)")
            try score(arm.name, finite(generator.stretches(keys, steps: missing, &draw, before: { _ in [] }, proceed: context.proceed), arm.name, label))
        }
    }

    /// Task 4: generators and forecaster have the first share of each series alone; half of the forecaster's windows are then synthetic.
    mutating func forecastLow(_ share: Double) throws {
        begin(100 * share)
        let whole = material.panel, label = "\(Int((100 * share).rounded())) % of the data", stretch = 168 + ForecasterSettings.context + ForecasterSettings.horizon
        let training = whole.training.map { $0.lowerBound..<$0.lowerBound + max(1, Int(share * Double($0.count))) }
        let panel = whole.with(training: training), places = ForecastPlaces(panel, series: Array(0..<panel.count)) { number in
            (0..<settings.forecaster.origins).map { whole.training[number].upperBound + $0 * ForecasterSettings.horizon }
        }
        guard training.allSatisfy({ $0.count >= stretch }) else { throw PSAGANError("\(Int((100 * share).rounded())) % of some series are fewer than \(stretch) h, which a forecaster needs; take larger low-shares or other data") }
        var data = ForecastData(values: panel.values, training: training, hidden: Array(repeating: nil, count: panel.count), start: panel.start)
        guard let base = try forecasts(data, places) else { return }
        state.forecasts.append(places.row(100 * share, "real data alone", base))
        for arm in settings.arms {
            let generator = try trained(arm, label, panel)
            var draw = context.random.stream("more \(arm.name)")
            // As many steps again as there are real ones, in stretches as long as a window of the forecaster with its lags.
            let keys = training.enumerated().flatMap { series, range in
                (0..<max(1, range.count / stretch)).map { _ in WindowKey(series: series, start: range.lowerBound + draw.integer(below: range.count - stretch + 1)) }
            }
            let made = try finite(generator.stretches(keys, steps: stretch, &draw, before: { past(panel, keys[$0].series, before: keys[$0].start) }, proceed: context.proceed), arm.name, label)
            data.synthetic = zip(keys, made).map { .init(key: $0, values: $1) }
            if let set = try forecasts(data, places) { state.forecasts.append(places.row(100 * share, arm.name, set, against: base)) }
        }
    }
}
