/// The least and greatest value of a run of points, what is needed to draw it on a log axis too, and how many have no place.
struct Extent: Sendable, Hashable {
    var minimum = Double.infinity
    var maximum = -Double.infinity
    /// The least value above zero: the low end on a log axis.
    var minimumPositive = Double.infinity
    /// NaN and infinities.
    var nonFinite = 0
    /// Finite values at or below zero.
    var nonPositive = 0

    @inline(__always) mutating func add(_ value: Double) {
        guard value.isFinite else { nonFinite += 1; return }
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
        if value > 0 {
            if value < minimumPositive { minimumPositive = value }
        } else {
            nonPositive += 1
        }
    }

    @inline(__always) mutating func merge(_ other: Extent) {
        if other.minimum < minimum { minimum = other.minimum }
        if other.maximum > maximum { maximum = other.maximum }
        if other.minimumPositive < minimumPositive { minimumPositive = other.minimumPositive }
        nonFinite += other.nonFinite
        nonPositive += other.nonPositive
    }

    /// The values that a scale can show, as positions on it: log10 on a log axis. Nil where there is none.
    func positions(on scale: AxisScale) -> ClosedRange<Double>? {
        switch scale {
        case .linear: return minimum <= maximum ? minimum...maximum : nil
        case .logarithmic:
            guard minimumPositive <= maximum, let low = scale.position(of: minimumPositive),
                  let high = scale.position(of: maximum) else { return nil }
            return low...max(low, high)
        }
    }

    /// How many of the points have no place on the scale.
    func placeless(on scale: AxisScale) -> Int { scale == .linear ? nonFinite : nonFinite + nonPositive }
}

/// Up to `capacity` points in order of their steps, with the extents of its leaves of `leafSize` points: the two lower
/// levels of a series' min/max pyramid. 16 bytes a point and 0.6 for the extents.
struct SeriesChunk: Sendable {
    static let capacity = 1024
    static let leafSize = 64

    private(set) var points: [SeriesPoint] = []
    private(set) var leaves: [Extent] = []
    private(set) var extent = Extent()
    private(set) var firstStep = Double.infinity
    private(set) var lastStep = -Double.infinity

    init() {}

    init(_ points: ArraySlice<SeriesPoint>) {
        self.points = Array(points)
        rebuild(from: 0)
    }

    var isFull: Bool { points.count >= Self.capacity }

    /// Adds a point whose step is not below the last one's.
    @inline(__always) mutating func append(_ point: SeriesPoint) {
        if points.isEmpty { firstStep = point.step }
        // Doubling once more would leave half of a full chunk's memory empty.
        if points.count == Self.capacity / 2 { points.reserveCapacity(Self.capacity) }
        if points.count % Self.leafSize == 0 { leaves.append(Extent()) }
        points.append(point)
        leaves[leaves.count - 1].add(point.value)
        extent.add(point.value)
        lastStep = point.step
    }

    /// Puts a point behind those with the same or a smaller step.
    mutating func insert(_ point: SeriesPoint) {
        let index = firstIndex(above: point.step)
        points.insert(point, at: index)
        rebuild(from: index / Self.leafSize)
    }

    /// Cuts the upper half off.
    mutating func split() -> SeriesChunk {
        let half = points.count / 2
        let upper = SeriesChunk(points[half...])
        points = Array(points[..<half])
        rebuild(from: 0)
        return upper
    }

    /// The first point with a step of at least `step`, the count where there is none.
    @inline(__always) func firstIndex(notBelow step: Double, from start: Int = 0) -> Int {
        var low = start, high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].step < step { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func firstIndex(above step: Double) -> Int {
        var low = 0, high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].step <= step { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func rebuild(from firstLeaf: Int) {
        leaves.removeLast(max(0, leaves.count - firstLeaf))
        var start = leaves.count * Self.leafSize
        while start < points.count {
            var leaf = Extent()
            for point in points[start..<min(start + Self.leafSize, points.count)] { leaf.add(point.value) }
            leaves.append(leaf)
            start += Self.leafSize
        }
        extent = Extent()
        for leaf in leaves { extent.merge(leaf) }
        firstStep = points.first?.step ?? .infinity
        lastStep = points.last?.step ?? -.infinity
    }
}
