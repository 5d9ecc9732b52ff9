/// A counter-based random source with named streams (Philox 4x32-10; Salmon et al., "Parallel Random
/// Numbers: As Easy as 1, 2, 3", SC 2011).
///
/// A value is a pure function of (seed, stream, counter). Two streams with different names never
/// disturb each other: a draw added in one place of a method does not shift the draws of another.
///
///     let random = RandomSource(seed: 7)
///     var noise = random.stream("label noise")
///     let flipped = noise.uniform() < 0.2
///
/// The state is the counter alone, so a checkpoint of a source is `(seed, stream, counter)`.
public struct RandomSource: RandomNumberGenerator, Sendable, Codable, Hashable {
    /// The run's seed.
    public let seed: UInt64
    /// The path of stream names from the root, hashed; 0 at the root.
    public let streamIdentifier: UInt64
    /// How many 128-bit blocks were drawn.
    public private(set) var counter: UInt64 = 0
    private var buffer: UInt64 = 0
    private var isBuffered = false

    /// Creates the root source of a run.
    public init(seed: UInt64) {
        self.seed = seed
        self.streamIdentifier = 0
    }

    private init(seed: UInt64, streamIdentifier: UInt64) {
        self.seed = seed
        self.streamIdentifier = streamIdentifier
    }

    /// A source of its own for `name`, at its beginning, whatever was drawn from this one.
    public func stream(_ name: String) -> RandomSource {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ streamIdentifier
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 32
        return RandomSource(seed: seed, streamIdentifier: hash == 0 ? 1 : hash)
    }

    /// A source of its own for `name` and a number, such as an epoch or an example.
    public func stream(_ name: String, _ index: Int) -> RandomSource { stream("\(name)#\(index)") }

    public mutating func next() -> UInt64 {
        if isBuffered {
            isBuffered = false
            return buffer
        }
        let block = Self.block(counter: counter, stream: streamIdentifier, key: seed)
        counter &+= 1
        buffer = block.1
        isBuffered = true
        return block.0
    }

    /// Philox 4x32 with ten rounds: 128 bits for one counter value.
    public static func block(counter: UInt64, stream: UInt64, key: UInt64) -> (UInt64, UInt64) {
        var c0 = UInt32(truncatingIfNeeded: counter), c1 = UInt32(truncatingIfNeeded: counter >> 32)
        var c2 = UInt32(truncatingIfNeeded: stream), c3 = UInt32(truncatingIfNeeded: stream >> 32)
        var k0 = UInt32(truncatingIfNeeded: key), k1 = UInt32(truncatingIfNeeded: key >> 32)
        for _ in 0..<10 {
            let p0 = UInt64(c0) &* 0xD251_1F53, p1 = UInt64(c2) &* 0xCD9E_8D57
            (c0, c1, c2, c3) = (UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
                                UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0))
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (UInt64(c1) << 32 | UInt64(c0), UInt64(c3) << 32 | UInt64(c2))
    }

    /// A number in [0, 1) with 53 random bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0 ..< `bound`, without bias; `bound` must be positive.
    public mutating func integer(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// A number from the standard normal distribution (Box-Muller, one of the pair).
    public mutating func normal() -> Double {
        let radius = (-2 * logarithm(1 - uniform())).squareRoot()
        return radius * cosine(2 * .pi * uniform())
    }

    /// The numbers 0 ..< `count` in random order (Fisher-Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        order.shuffle(using: &self)
        return order
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

package func logarithm(_ x: Double) -> Double { log(x) }
private func cosine(_ x: Double) -> Double { cos(x) }
