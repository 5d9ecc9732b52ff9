import Foundation

/// How the learning rate and the adversary's weight change over the epochs (section 2.6).
package struct RateSchedule: Sendable, Equatable {
    package var rate: Double
    /// The rate halves every so many epochs.
    package var halfLife: Double
    /// So many first epochs in which the rate rises linearly.
    package var warmUp: Int

    package init(rate: Double, halfLife: Double, warmUp: Int = 0) {
        self.rate = rate
        self.halfLife = halfLife
        self.warmUp = warmUp
    }

    /// The rate of an epoch, counted from 0.
    package func rate(epoch: Int) -> Double {
        if epoch < warmUp { return rate * Double(epoch + 1) / Double(warmUp) }
        return rate * pow(0.5, Double(epoch - warmUp) / halfLife)
    }

    /// 2 / (1 + exp(-10 t)) - 1 with t = epoch / epochs.
    package static func ramp(_ t: Double) -> Double { 2 / (1 + exp(-10 * t)) - 1 }
}
