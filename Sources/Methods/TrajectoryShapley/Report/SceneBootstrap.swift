import Experiments
import Tensors

/// The percentile bootstrap over scenes: targets of one scene overlap and are drawn together.
struct SceneBootstrap: Sendable {
    private let members: [[Int]]
    private let draws: [[Int]]

    /// - Parameter scenes: the scene of each target.
    init(scenes: [Int], resamples: Int = 1000, random: RandomSource) {
        let groups = Dictionary(grouping: scenes.indices) { scenes[$0] }
        members = groups.keys.sorted().map { groups[$0] ?? [] }
        var random = random.stream("bootstrap over scenes")
        let count = members.count
        draws = count < 2 ? [] : (0..<resamples).map { _ in (0..<count).map { _ in random.integer(below: count) } }
    }

    /// The middle 95 % of the means of resampled scenes; nil for fewer than two scenes.
    func interval(_ values: [Double]) -> ClosedRange<Double>? {
        let sums = members.map { $0.reduce(0) { $0 + values[$1] } }
        let means = draws.map { draw -> Double in
            var sum = 0.0, count = 0
            for scene in draw {
                sum += sums[scene]
                count += members[scene].count
            }
            return sum / Double(max(1, count))
        }.sorted()
        let low = means.quantile(0.025), high = means.quantile(0.975)
        return low <= high ? low...high : nil
    }
}

/// A mean over targets with its interval over scenes.
struct Estimated: Sendable {
    var mean: Double
    var interval: ClosedRange<Double>?

    init(_ values: [Double], _ bootstrap: SceneBootstrap) {
        mean = values.reduce(0, +) / Double(max(1, values.count))
        interval = bootstrap.interval(values)
    }
}
