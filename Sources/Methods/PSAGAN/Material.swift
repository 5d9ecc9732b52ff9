import Datasets
import Experiments
import Tensors

/// Real windows of one part of the data, twice, without a window in common: what synthetic ones are compared with, and the floor.
struct WindowSample: Sendable {
    /// `fit` of the training range, `hold` after it.
    var name: String
    var keys: [WindowKey], others: [WindowKey]
    var real: [Float], otherReal: [Float]
}

/// Everything a run works on, a function of the request alone.
struct Material {
    let panel: SeriesPanel
    let length: Int
    let fit: WindowSample, hold: WindowSample
    let controls: ControlModels

    init(_ context: RunContext, _ settings: Settings) throws {
        let dataset = try context.library.open(context.request.dataset, as: SeriesDataset.self)
        let panel = try SeriesPanel(dataset, holdOut: settings.holdOut, window: settings.window, context: settings.context, seriesLimit: settings.seriesLimit, lengthLimit: settings.lengthLimit)
        self.panel = panel
        length = settings.window
        // Distances belong to the ruler, so their windows do not change with the run's seed.
        let random = RandomSource(seed: UInt64(truncatingIfNeeded: settings.embedder.seed)).stream("windows")
        fit = Self.sample("fit", panel, settings, random.stream("fit")) { panel.starts($0, length: settings.window, before: settings.context) }
        hold = Self.sample("hold", panel, settings, random.stream("hold")) { [panel.heldOutStarts($0, length: settings.window)] }
        controls = try ControlModels(panel, length: length, proceed: context.proceed)
    }

    /// Twice n different windows, series uniform, then start uniform; n is at most half of what there is.
    private static func sample(_ name: String, _ panel: SeriesPanel, _ settings: Settings, _ source: RandomSource, starts: (Int) -> [Range<Int>]) -> WindowSample {
        var random = source
        let places = (0..<panel.count).map(starts), total = places.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
        let wanted = min(settings.windows, total / 2)
        var keys: [WindowKey] = []
        if total < 8 * wanted {
            let all = places.enumerated().flatMap { series, ranges in ranges.flatMap { $0.map { WindowKey(series: series, start: $0) } } }
            keys = random.permutation(all.count).prefix(2 * wanted).map { all[$0] }
        } else {
            let usable = places.indices.filter { !places[$0].allSatisfy(\.isEmpty) }
            var seen: Set<WindowKey> = []
            while keys.count < 2 * wanted {
                let series = usable[random.integer(below: usable.count)], ranges = places[series]
                var rest = random.integer(below: ranges.reduce(0) { $0 + $1.count }), start = 0
                for range in ranges {
                    if rest < range.count { start = range.lowerBound + rest; break }
                    rest -= range.count
                }
                let key = WindowKey(series: series, start: start)
                if seen.insert(key).inserted { keys.append(key) }
            }
        }
        func values(_ keys: ArraySlice<WindowKey>) -> [Float] { keys.flatMap { panel.values[$0.series][$0.start..<$0.start + settings.window] } }
        return WindowSample(name: name, keys: Array(keys.prefix(wanted)), others: Array(keys.dropFirst(wanted)), real: values(keys.prefix(wanted)), otherReal: values(keys.dropFirst(wanted)))
    }
}
