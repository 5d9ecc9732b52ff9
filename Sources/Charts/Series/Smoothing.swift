import Synchronization

/// The exponential average of a series with bias correction (Kingma and Ba 2015, section 3), in a scale's own distance:
///
///     m = f·m + (1 − f)·position(value),   w = f·w + (1 − f),   smoothed = m / w
///
/// Values without a place on the scale leave m and w alone and stay gaps. Only the state at the start of each leaf of 64
/// points is kept, with the leaf's extremes: values inside are computed again when they are drawn. 0.6 bytes a point.
struct SmoothedSeries: Sendable {
    struct State: Sendable {
        var mean = 0.0
        var weight = 0.0

        /// Takes a value in; the smoothed position, or nil where the value has no place.
        @inline(__always) mutating func add(_ value: Double, factor: Double, scale: AxisScale) -> Double? {
            guard let position = scale.position(of: value) else { return nil }
            mean = factor * mean + (1 - factor) * position
            weight = factor * weight + (1 - factor)
            return mean / weight
        }
    }

    struct Leaf: Sendable {
        var start: State
        var minimum = Double.infinity
        var maximum = -Double.infinity
    }

    struct Chunk: Sendable {
        var leaves: [Leaf] = []
        var minimum = Double.infinity
        var maximum = -Double.infinity
        var count = 0
    }

    let factor: Double
    let scale: AxisScale
    private(set) var chunks: [Chunk] = []
    private var state = State()

    /// - Parameter factor: 0 (no smoothing) up to but not 1; values outside are moved to the nearest that works.
    init(factor: Double, scale: AxisScale) {
        self.factor = factor.isFinite ? min(max(0, factor), 0.999_999) : 0
        self.scale = scale
    }

    /// Takes in the points that the series has beyond those already seen.
    mutating func extend(over source: [SeriesChunk]) {
        var index = max(0, chunks.count - 1)
        while index < source.count {
            if index == chunks.count { chunks.append(Chunk()) }
            let points = source[index].points
            var position = chunks[index].count
            while position < points.count {
                if position % SeriesChunk.leafSize == 0 { chunks[index].leaves.append(Leaf(start: state)) }
                var leaf = chunks[index].leaves[chunks[index].leaves.count - 1]
                let end = min(points.count, (position / SeriesChunk.leafSize + 1) * SeriesChunk.leafSize)
                while position < end {
                    if let smoothed = state.add(points[position].value, factor: factor, scale: scale) {
                        if smoothed < leaf.minimum { leaf.minimum = smoothed }
                        if smoothed > leaf.maximum { leaf.maximum = smoothed }
                    }
                    position += 1
                }
                chunks[index].leaves[chunks[index].leaves.count - 1] = leaf
                chunks[index].minimum = min(chunks[index].minimum, leaf.minimum)
                chunks[index].maximum = max(chunks[index].maximum, leaf.maximum)
            }
            chunks[index].count = position
            index += 1
        }
    }

    /// Forgets all chunks from `count` on.
    mutating func cut(toChunks count: Int) {
        guard count < chunks.count else { return }
        state = chunks[count].leaves.first?.start ?? State()
        chunks.removeLast(chunks.count - count)
    }
}

/// The smoothed forms of one series, so that a redraw computes only what is new. Safe from any thread.
final class SmoothingCache: Sendable {
    /// Both scales of a factor, and the factor before it.
    private static let limit = 4
    private let entries: Mutex<[SmoothedSeries]>

    init(_ entries: [SmoothedSeries] = []) { self.entries = Mutex(entries) }

    func copy() -> SmoothingCache { SmoothingCache(entries.withLock { $0 }) }

    func cut(toChunks count: Int) {
        entries.withLock { entries in
            for index in entries.indices { entries[index].cut(toChunks: count) }
        }
    }

    func smoothed(_ data: SeriesData, factor: Double, scale: AxisScale) -> SmoothedSeries {
        let wanted = SmoothedSeries(factor: factor, scale: scale)
        return entries.withLock { entries in
            var entry = wanted
            if let index = entries.firstIndex(where: { $0.factor == wanted.factor && $0.scale == scale }) {
                // Out of the list while it grows: held once, it grows in place.
                entry = entries.remove(at: index)
            }
            entry.extend(over: data.chunks)
            if entries.count == Self.limit { entries.removeFirst() }
            entries.append(entry)
            return entry
        }
    }
}
