import Layers
import Tensors

/// A generator with its weights: gives windows for series and times (section 2.7).
package struct TrainedGenerator {
    let generator: Generator<Float>
    let sampler: WindowSampler

    /// Windows one after the other, at full length.
    /// - Parameter context: the values before a window; nil takes the real ones.
    func windows(_ keys: [WindowKey], _ random: inout RandomSource, context: ((WindowKey) -> ArraySlice<Float>)? = nil, proceed: () throws -> Void) throws -> [Float] {
        let depth = sampler.shape.resolutions - 1, block = 128
        var windows: [Float] = []
        windows.reserveCapacity(keys.count * sampler.shape.window)
        for first in stride(from: 0, to: keys.count, by: block) {
            try proceed()
            let part = Array(keys[first..<min(keys.count, first + block)])
            let conditions = try context.map { try sampler.conditions(part, context: $0) } ?? sampler.conditions(part)
            let z = Tensor<Float>.normal([part.count, sampler.shape.window, 1], from: &random)
            windows += try generator(conditions, noise: z, depth: depth, mode: .inference).scalars
        }
        return windows
    }
}
