import Layers
import Tensors

/// A generator with its weights: gives windows for series and times (section 2.7).
protocol WindowGenerator {
    /// Whether it looks at the values before a window.
    var hasContext: Bool { get }
    /// Windows one after the other, at full length.
    /// - Parameter contexts: for each window the values before it; nil takes the real ones.
    func windows(_ keys: [WindowKey], _ random: inout RandomSource, contexts: [[Float]]?, proceed: () throws -> Void) throws -> [Float]
    var length: Int { get }
}

extension WindowGenerator {
    func windows(_ keys: [WindowKey], _ random: inout RandomSource, proceed: () throws -> Void) throws -> [Float] { try windows(keys, &random, contexts: nil, proceed: proceed) }

    /// Stretches of so many steps from each key on, as consecutive windows; a generator with context sees the end of the window before.
    /// - Parameter before: the values before each stretch.
    func stretches(_ keys: [WindowKey], steps: Int, _ random: inout RandomSource, before: (Int) -> [Float], proceed: () throws -> Void) throws -> [[Float]] {
        var made = [[Float]](repeating: [], count: keys.count)
        for first in stride(from: 0, to: steps, by: length) {
            let shifted = keys.map { WindowKey(series: $0.series, start: $0.start + first) }, known = made
            let windows = try windows(shifted, &random, contexts: keys.indices.map { first == 0 ? before($0) : Array(known[$0].suffix(length)) }, proceed: proceed)
            for place in keys.indices { made[place] += windows[place * length..<(place + 1) * length] }
        }
        return made.map { Array($0.prefix(steps)) }
    }
}

/// PSA-GAN as a generator of windows.
struct TrainedGenerator: WindowGenerator {
    let generator: Generator<Float>
    let sampler: WindowSampler

    var length: Int { sampler.shape.window }
    var hasContext: Bool { sampler.shape.context > 0 }

    func windows(_ keys: [WindowKey], _ random: inout RandomSource, contexts: [[Float]]?, proceed: () throws -> Void) throws -> [Float] {
        let depth = sampler.shape.resolutions - 1, block = 128
        var windows: [Float] = []
        windows.reserveCapacity(keys.count * length)
        for first in stride(from: 0, to: keys.count, by: block) {
            try proceed()
            let part = Array(keys[first..<min(keys.count, first + block)])
            let conditions = try contexts.map { try sampler.conditions(part, contexts: Array($0[first..<first + part.count])) } ?? sampler.conditions(part)
            let z = Tensor<Float>.normal([part.count, length, 1], from: &random)
            windows += try generator(conditions, noise: z, depth: depth, mode: .inference).scalars
        }
        return windows
    }
}

/// A baseline as a generator of windows: it is not told which and when.
struct UnconditionalGenerator: WindowGenerator {
    let model: any WindowModel
    let length: Int
    let hasContext = false

    func windows(_ keys: [WindowKey], _ random: inout RandomSource, contexts: [[Float]]?, proceed: () throws -> Void) throws -> [Float] {
        var windows: [Float] = []
        for first in stride(from: 0, to: keys.count, by: 128) {
            try proceed()
            windows += try model.windows(min(128, keys.count - first), &random)
        }
        return windows
    }
}
