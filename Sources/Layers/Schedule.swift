import Foundation

/// How the learning rate changes over the steps, as a factor of its base.
public enum Schedule: Sendable, Hashable, Codable {
    case constant
    /// Times `factor` every `every` steps.
    case step(every: Int, factor: Double)
    /// Half a cosine from 1 down to `floor` over `steps`.
    case cosine(steps: Int, floor: Double = 0)
    /// Up from 0 over `warmup` steps, then linearly down to 0 at `steps`.
    case linearWarmup(warmup: Int, steps: Int)
    /// The same, but step t of the warm-up has t / warmup, so that the very first has rate 0 (the transformers library's linear schedule).
    case linearWarmupFromZero(warmup: Int, steps: Int)
    /// Up from 0 over `warmup` steps, then half a cosine down to `floor` at `steps`.
    case cosineWarmup(warmup: Int, steps: Int, floor: Double = 0)

    /// The factor of step `step`, counted from 0.
    public func factor(_ step: Int) -> Double {
        let step = max(0, step)
        switch self {
        case .constant: return 1
        case .step(let every, let factor): return pow(factor, Double(step / max(1, every)))
        case .cosine(let steps, let floor): return Self.cosine(Double(step) / Double(max(1, steps)), floor)
        case .linearWarmup(let warmup, let steps):
            if step < warmup { return Double(step + 1) / Double(max(1, warmup)) }
            return max(0, Double(steps - step) / Double(max(1, steps - warmup)))
        case .linearWarmupFromZero(let warmup, let steps):
            if step < warmup { return Double(step) / Double(max(1, warmup)) }
            return max(0, Double(steps - step) / Double(max(1, steps - warmup)))
        case .cosineWarmup(let warmup, let steps, let floor):
            if step < warmup { return Double(step + 1) / Double(max(1, warmup)) }
            return Self.cosine(Double(step - warmup) / Double(max(1, steps - warmup)), floor)
        }
    }

    private static func cosine(_ share: Double, _ floor: Double) -> Double {
        floor + (1 - floor) * 0.5 * (1 + cos(Double.pi * min(1, share)))
    }
}
