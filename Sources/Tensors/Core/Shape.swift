/// The sizes of a tensor's axes, outermost first; rank 0 (a scalar) to 5. Stored in place, never on the heap.
///
///     let images: Shape = [64, 32, 32, 3]      // batch, height, width, channels
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The largest number of axes.
    public static let maximumRank = 5

    /// The number of axes.
    public let rank: Int
    private var sizes: SIMD8<Int>

    /// Creates a shape from sizes that the program itself has chosen: at most 5, none negative.
    public init(_ sizes: [Int]) {
        precondition(sizes.count <= Self.maximumRank, "a shape of \(sizes.count) axes; at most 5 are possible")
        precondition(sizes.allSatisfy { $0 >= 0 }, "a negative size in \(sizes)")
        self.init(unchecked: sizes)
    }

    public init(arrayLiteral sizes: Int...) { self.init(sizes) }

    /// Creates a shape from sizes that came from outside; nil for more than 5 axes, a negative size, or a
    /// number of elements that does not fit 2^48.
    public init?(outside sizes: [Int]) {
        guard sizes.count <= Self.maximumRank, sizes.allSatisfy({ $0 >= 0 }) else { return nil }
        var count = 1
        for size in sizes {
            let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
            guard !overflow, product <= 1 << 48 else { return nil }
            count = product
        }
        self.init(unchecked: sizes)
    }

    private init(unchecked sizes: [Int]) {
        self.rank = sizes.count
        self.sizes = SIMD8(repeating: 1)
        for (axis, size) in sizes.enumerated() { self.sizes[axis] = size }
    }

    /// The size of `axis`; negative counts from the end. The axis must exist.
    public subscript(axis: Int) -> Int {
        get {
            let place = axis < 0 ? axis + rank : axis
            precondition(place >= 0 && place < rank, "axis \(axis) of \(self)")
            return sizes[place]
        }
        set {
            let place = axis < 0 ? axis + rank : axis
            precondition(place >= 0 && place < rank, "axis \(axis) of \(self)")
            sizes[place] = newValue
        }
    }

    /// The number of elements; 1 for a scalar. A number that no memory could hold is given as 2^60.
    public var count: Int { Self.product(of: self, upTo: rank) }

    @inline(__always)
    private static func product(of shape: Shape, upTo end: Int) -> Int {
        var (count, isTooLarge, isEmpty) = (1, false, false)
        for axis in 0..<end {
            let (product, overflow) = count.multipliedReportingOverflow(by: shape.sizes[axis])
            isTooLarge = isTooLarge || overflow || product > 1 << 60
            isEmpty = isEmpty || shape.sizes[axis] == 0
            count = product
        }
        return isTooLarge ? (isEmpty ? 0 : 1 << 60) : count
    }

    /// The sizes as an array.
    public var dimensions: [Int] { (0..<rank).map { sizes[$0] } }

    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }

    /// The size of the last axis; 1 for a scalar.
    public var last: Int { rank == 0 ? 1 : sizes[rank - 1] }

    /// The product of all sizes but the last.
    var leading: Int { Self.product(of: self, upTo: max(0, rank - 1)) }

    /// The strides of a contiguous tensor of this shape.
    var contiguousStrides: SIMD8<Int> {
        var strides = SIMD8<Int>(repeating: 0)
        var step = 1
        for axis in stride(from: rank - 1, through: 0, by: -1) {
            strides[axis] = step
            step &*= sizes[axis]
        }
        return strides
    }

    /// This shape with `axis` left out.
    func removing(_ axis: Int) -> Shape {
        var dimensions = dimensions
        dimensions.remove(at: axis)
        return Shape(dimensions)
    }

    /// This shape with `axis` of another size.
    func replacing(_ axis: Int, with size: Int) -> Shape {
        var copy = self
        copy[axis] = size
        return copy
    }

    /// The shape that two shapes broadcast to: sizes are matched from the last axis, 1 stretches.
    func broadcast(with other: Shape) -> Shape? {
        if self == other { return self }
        var result = rank >= other.rank ? self : other
        let difference = abs(rank - other.rank)
        let shorter = rank >= other.rank ? other : self
        for axis in 0..<shorter.rank {
            let (a, b) = (result[axis + difference], shorter[axis])
            guard a == b || a == 1 || b == 1 else { return nil }
            result[axis + difference] = a == 1 ? b : a
        }
        return result
    }
}
