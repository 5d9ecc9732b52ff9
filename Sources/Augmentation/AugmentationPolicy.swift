import Foundation
import Tensors

/// A stack of layers, each a probability for every one of the 139 operations; an operation is drawn from each layer, independently,
/// and they are applied in order (Deep AutoAugment, section 3).
public struct AugmentationPolicy: Sendable, Equatable {
    /// One list of 139 numbers a layer, each summing to one.
    public let layers: [[Double]]
    /// Running sums of each layer.
    private let sums: [[Double]]

    /// Layers whose sum is within 0.001 of one are renormalised.
    /// - Throws: `AugmentationError` when there is no layer, one has another length, a number is negative or none, or the sum is off.
    public init(layers: [[Double]]) throws(AugmentationError) {
        guard !layers.isEmpty else { throw AugmentationError("a policy needs at least one layer; it has none") }
        guard layers.count <= 64 else { throw AugmentationError("a policy of \(layers.count) layers; at most 64 are taken") }
        for (place, layer) in layers.enumerated() {
            let count = PolicyOperation.all.count
            guard layer.count == count else { throw AugmentationError("layer \(place + 1) of the policy has \(layer.count) probabilities; there are \(count) operations") }
            if let bad = layer.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
                throw AugmentationError("layer \(place + 1) of the policy gives \(PolicyOperation.all[bad].label) the probability \(layer[bad]); give a number from 0 to 1")
            }
            let sum = layer.reduce(0, +)
            guard abs(sum - 1) <= 1e-3 else { throw AugmentationError("the probabilities of layer \(place + 1) of the policy sum to \(sum), not to 1") }
        }
        self.init(sound: layers)
    }

    /// Layers that are known to be probabilities of all operations.
    init(sound layers: [[Double]]) {
        self.layers = layers.map { layer in
            let sum = layer.reduce(0, +)
            // Rounding of the last digits stays, so that a file comes back bit for bit.
            return abs(sum - 1) < 1e-9 ? layer : layer.map { $0 / sum }
        }
        sums = self.layers.map { layer in
            var total = 0.0
            return layer.map { total += $0; return total }
        }
    }

    /// So many layers in which all operations are equally probable: the space without a search.
    public static func uniform(layers: Int) throws(AugmentationError) -> AugmentationPolicy {
        let count = PolicyOperation.all.count
        return try AugmentationPolicy(layers: Array(repeating: Array(repeating: 1 / Double(count), count: count), count: max(0, layers)))
    }

    /// The index of an operation, drawn from a layer.
    public func draw(layer: Int, _ random: inout RandomSource) -> Int {
        let sums = sums[layer], number = random.uniform() * (sums.last ?? 1)
        var low = 0, high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > number { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// An operation from each layer.
    public func drawChain(_ random: inout RandomSource) -> [PolicyOperation] { layers.indices.map { PolicyOperation.all[draw(layer: $0, &random)] } }

    /// - sum p ln p of a layer, in nats; 0 to ln 139 = 4.934.
    public static func entropy(_ layer: [Double]) -> Double { -layer.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) } }

    /// The probability of each transform in a layer, over its magnitudes.
    public static func transformSums(_ layer: [Double]) -> [(transform: PixelTransform, probability: Double)] {
        PixelTransform.allCases.map { transform in
            (transform, zip(PolicyOperation.all, layer).reduce(0) { $0 + ($1.0.transform == transform ? $1.1 : 0) })
        }
    }

    /// Half the sum of the differences of two layers: 0 where they are equal, 1 where they share nothing.
    public static func totalVariation(_ a: [Double], _ b: [Double]) -> Double { 0.5 * zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }
}
