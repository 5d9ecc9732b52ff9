import Tensors

/// The sizes of generator and discriminator (section 2.1 and the notation there).
package struct NetworkShape: Sendable, Equatable, Codable {
    /// How noise enters the generator.
    package enum Noise: String, Sendable, Codable, CaseIterable {
        /// Through the first block alone, pooled to eight small numbers (paper).
        case pooled
        /// Into every block, at unit variance, times a learnt vector of channels.
        case multi
    }
    package enum Upsampling: String, Sendable, Codable, CaseIterable { case linear, nearest }

    /// L, a power of two, at least 16.
    package var window: Int
    /// C.
    package var channels: Int
    /// E, the width of an id's vector.
    package var embedding: Int
    /// N, how many series have a vector.
    package var series: Int
    /// How many time features a step has.
    package var features: Int
    /// The size of keys and values; 0 leaves self-attention out.
    package var attention: Int
    /// L_C, how many values before the window the generator sees; 0 for none.
    package var context: Int
    package var noise: Noise
    package var upsampling: Upsampling

    package init(window: Int, channels: Int = 32, embedding: Int = 10, series: Int, features: Int = 5, attention: Int = 1, context: Int = 0, noise: Noise = .pooled,
                 upsampling: Upsampling = .linear) {
        (self.window, self.channels, self.embedding, self.series, self.features) = (window, channels, embedding, series, features)
        (self.attention, self.context, self.noise, self.upsampling) = (attention, context, noise, upsampling)
    }

    /// K, the number of resolutions 8, 16, … L.
    package var resolutions: Int { max(1, window.trailingZeroBitCount - 2) }
    /// The length of resolution k, 8 · 2^k.
    package func length(_ k: Int) -> Int { 8 << k }

    static let slope = 0.01
}

/// What both networks are told about the windows of a batch: which series, when, and (variant C) what came before.
package struct WindowConditions<Scalar: TensorScalar> {
    package let identifiers: [Int32]
    /// Time features [batch, 8 · 2^k, features] for each resolution k, averaged.
    package let features: [Tensor<Scalar>]
    /// [batch, L_C], the last values before the window.
    package let context: Tensor<Scalar>?

    /// - Parameter features: [batch, L, features] at full resolution.
    package init(identifiers: [Int32], features: Tensor<Scalar>, context: Tensor<Scalar>?, shape: NetworkShape) throws {
        self.identifiers = identifiers
        self.features = try (0..<shape.resolutions).map { try features.pooled(to: shape.length($0)) }
        self.context = context
    }

    package var count: Int { identifiers.count }

    /// [φ(i) repeated ; X] at resolution k, followed by `rest`: [batch, 8 · 2^k, E + features + rest's channels].
    func joined(_ table: Tensor<Scalar>, _ k: Int, with rest: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let embedding = try table.gathered(identifiers)
        let length = features[k].shape[1]
        let repeated = try embedding.expandingAxis(at: 1).broadcast(to: [count, length, embedding.shape[1]])
        return try .concatenated([repeated, features[k], rest], axis: 2)
    }
}

extension Tensor {
    /// P_m: sequences [batch, length, channels] averaged along time to a length that divides theirs.
    package func pooled(to length: Int) throws -> Tensor {
        shape[1] == length ? self : try averagePool1d(size: shape[1] / length)
    }
}
