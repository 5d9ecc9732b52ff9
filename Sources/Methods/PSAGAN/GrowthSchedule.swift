/// When a block is added and how far it has faded in (section 2.6).
package struct GrowthSchedule: Sendable, Equatable {
    /// s_1 < s_2 < …: block j counts in epochs after s_j.
    package var points: [Int]
    /// Epochs over which a new block fades in; at least 1.
    package var fade: Int

    package init(points: [Int], fade: Int) {
        self.points = points
        self.fade = max(1, fade)
    }

    /// The short schedule: K - 1 growth events at j · epochs / (K + 1), so that the last resolution gets twice a stage, each fading in
    /// during the first half of its stage.
    package init(epochs: Int, resolutions: Int, fade: Int? = nil) {
        let parts = resolutions + 1
        self.init(points: (1..<max(1, resolutions)).map { $0 * epochs / parts - 1 }, fade: fade ?? epochs / (2 * parts))
    }

    /// All blocks from the start.
    package static func grown(resolutions: Int) -> GrowthSchedule { GrowthSchedule(points: Array(repeating: -2, count: max(0, resolutions - 1)), fade: 1) }

    /// The resolution in training at an epoch.
    package func depth(_ epoch: Int) -> Int { points.count { epoch > $0 } }

    /// The share of the newest block.
    package func alpha(_ epoch: Int) -> Double {
        let depth = depth(epoch)
        guard depth > 0 else { return 1 }
        return min(1, Double(epoch - points[depth - 1]) / Double(fade))
    }
}
