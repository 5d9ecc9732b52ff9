import Tensors

/// Whether a pass trains, in which case dropout acts and batch statistics are taken, or only computes.
public enum ForwardMode: Sendable, Hashable {
    /// Dropout is off; batch normalisation uses its running statistics.
    case inference
    /// Dropout draws its masks from `seed`; use another seed in each step, such as the step's number mixed with the run's seed.
    case training(seed: UInt64)

    public var isTraining: Bool { self != .inference }

    /// A seed of its own for the layer with this number.
    package func seed(_ layer: Int) -> UInt64 {
        guard case .training(let seed) = self else { return 0 }
        return RandomSource.block(counter: UInt64(bitPattern: Int64(layer)), stream: 0x6472_6f70, key: seed).0
    }
}
