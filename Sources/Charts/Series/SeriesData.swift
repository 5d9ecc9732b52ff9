/// One point of a series.
public struct SeriesPoint: Sendable, Hashable {
    /// The place on the x axis: a training step, an epoch, seconds, or any metric.
    public var step: Double
    public var value: Double

    public init(step: Double, value: Double) {
        self.step = step
        self.value = value
    }
}

/// The points of one curve, kept in order of their steps, made for growing and for being drawn again and again.
///
///     var loss = SeriesData()
///     loss.append(step: 0, value: 2.3)
///
/// A value: a copy is independent. Points lie in chunks of about a thousand, and a copy shares all of them; appending to
/// one of two copies copies the last chunk and the list of chunks, never the points before. Each chunk knows its least and
/// greatest values, so that a chart of w dot columns looks at about w chunk ends instead of at each point, and loses no
/// spike. About 17 bytes a point.
///
/// Steps may arrive in any order: one that is below the last is put in its place (in arrival order among equals) at the
/// cost of moving a chunk. A point whose *step* is not finite has no place and is dropped and counted; one whose *value* is
/// not finite is kept as a gap.
public struct SeriesData: Sendable {
    private(set) var chunks: [SeriesChunk] = []
    /// The number of points.
    public private(set) var count = 0
    /// Points that were dropped because their step was NaN or infinite.
    public private(set) var droppedCount = 0
    private var extent = Extent()
    /// Shared with copies that hold the same points; see `smoothing(factor:scale:)`.
    private var cache = SmoothingCache()

    public init() {}

    /// Makes a series of pairs; a longer list's rest is left out.
    public init(steps: some Sequence<Double>, values: some Sequence<Double>) {
        append(steps: steps, values: values)
    }

    /// Makes a series with the steps 0, 1, 2, …
    public init(values: some Sequence<Double>) {
        for (index, value) in values.enumerated() { append(step: Double(index), value: value) }
    }

    public var isEmpty: Bool { count == 0 }

    /// How many values are NaN or infinite.
    public var nonFiniteCount: Int { extent.nonFinite }

    /// The first and the last step, nil without points.
    public var stepRange: ClosedRange<Double>? {
        guard let first = chunks.first, let last = chunks.last else { return nil }
        return first.firstStep...last.lastStep
    }

    /// The least and greatest finite value, nil where there is none.
    public var valueRange: ClosedRange<Double>? { extent.positions(on: .linear) }

    /// The point with the greatest step.
    public var last: SeriesPoint? { chunks.last?.points.last }

    /// Adds a point. Constant time where the step is not below the last one.
    public mutating func append(step: Double, value: Double) {
        guard step.isFinite else { droppedCount += 1; return }
        let point = SeriesPoint(step: step, value: value)
        detachCache()
        count += 1
        extent.add(value)
        guard let end = chunks.indices.last else {
            chunks.append(SeriesChunk())
            chunks[0].append(point)
            return
        }
        if step >= chunks[end].lastStep {
            if chunks[end].isFull { chunks.append(SeriesChunk()) }
            chunks[chunks.count - 1].append(point)
        } else {
            insert(point)
        }
    }

    /// Adds pairs; a longer list's rest is left out.
    public mutating func append(steps: some Sequence<Double>, values: some Sequence<Double>) {
        for (step, value) in zip(steps, values) { append(step: step, value: value) }
    }

    /// Calls `body` with each point whose step lies in the range, in order.
    public func forEach(in range: ClosedRange<Double>? = nil, _ body: (SeriesPoint) -> Void) {
        var index = range.map { chunkIndex(notBelow: $0.lowerBound) } ?? 0
        while index < chunks.count {
            let chunk = chunks[index]
            if let range, chunk.firstStep > range.upperBound { return }
            let start = range.map { chunk.firstIndex(notBelow: $0.lowerBound) } ?? 0
            for point in chunk.points[start...] {
                if let range, point.step > range.upperBound { return }
                body(point)
            }
            index += 1
        }
    }

    /// The point whose step is closest to `step`, the earlier of two; nil without points.
    public func nearest(to step: Double) -> SeriesPoint? {
        guard let place = place(nearest: step) else { return nil }
        return chunks[place.chunk].points[place.index]
    }

    /// The first step above (`forward`) or the last step below the given one: how a cursor walks along a curve.
    public func neighbour(of step: Double, forward: Bool) -> Double? {
        guard step.isFinite else { return nil }
        var index = chunkIndex(notBelow: step)
        if forward {
            while index < chunks.count {
                let points = chunks[index].points
                if let next = points[chunks[index].firstIndex(notBelow: step)...].first(where: { $0.step > step }) { return next.step }
                index += 1
            }
            return nil
        }
        index = min(index, chunks.count - 1)
        while index >= 0 {
            let before = chunks[index].firstIndex(notBelow: step) - 1
            if before >= 0 { return chunks[index].points[before].step }
            index -= 1
        }
        return nil
    }
}

extension SeriesData {
    /// A point's place in the chunks.
    struct Place: Hashable, Comparable {
        var chunk: Int
        var index: Int
        static func < (left: Place, right: Place) -> Bool { (left.chunk, left.index) < (right.chunk, right.index) }
    }

    /// The first chunk that reaches `step`, the count where none does.
    func chunkIndex(notBelow step: Double) -> Int {
        var low = 0, high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].lastStep < step { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first point with a step of at least `step`; one past the end where there is none.
    func place(notBelow step: Double) -> Place {
        let chunk = chunkIndex(notBelow: step)
        return Place(chunk: chunk, index: chunk < chunks.count ? chunks[chunk].firstIndex(notBelow: step) : 0)
    }

    func place(before place: Place) -> Place? {
        if place.index > 0 { return Place(chunk: place.chunk, index: place.index - 1) }
        guard place.chunk > 0 else { return nil }
        return Place(chunk: place.chunk - 1, index: chunks[place.chunk - 1].points.count - 1)
    }

    func place(nearest step: Double) -> Place? {
        guard count > 0, !step.isNaN else { return nil }
        let after = place(notBelow: step)
        guard after.chunk < chunks.count else { return place(before: after) }
        guard let before = place(before: after) else { return after }
        let next = chunks[after.chunk].points[after.index].step
        let previous = chunks[before.chunk].points[before.index].step
        return next - step < step - previous ? after : before
    }

    /// The extent of all points, or of those in a range of steps. Looks at chunk and leaf ends only.
    func extent(in range: ClosedRange<Double>?) -> Extent {
        guard let range else { return extent }
        var result = Extent()
        var index = chunkIndex(notBelow: range.lowerBound)
        while index < chunks.count, chunks[index].firstStep <= range.upperBound {
            let chunk = chunks[index]
            if chunk.firstStep >= range.lowerBound, chunk.lastStep <= range.upperBound {
                result.merge(chunk.extent)
            } else {
                for point in chunk.points[chunk.firstIndex(notBelow: range.lowerBound)...] {
                    if point.step > range.upperBound { break }
                    result.add(point.value)
                }
            }
            index += 1
        }
        return result
    }

    /// The exponential average of all points in the scale's own distance; kept and extended as the series grows.
    func smoothing(factor: Double, scale: AxisScale) -> SmoothedSeries {
        cache.smoothed(self, factor: factor, scale: scale)
    }

    private mutating func insert(_ point: SeriesPoint) {
        // Behind equals: the last chunk that starts at or below the step.
        var low = 0, high = chunks.count
        while low < high {
            let middle = (low + high) / 2
            if chunks[middle].firstStep <= point.step { low = middle + 1 } else { high = middle }
        }
        let index = max(0, low - 1)
        cache.cut(toChunks: index)
        if chunks[index].isFull {
            let upper = chunks[index].split()
            chunks.insert(upper, at: index + 1)
            chunks[point.step >= upper.firstStep ? index + 1 : index].insert(point)
        } else {
            chunks[index].insert(point)
        }
    }

    /// A cache is for one sequence of points: before this copy takes another way than its twin, it takes its own.
    private mutating func detachCache() {
        if !isKnownUniquelyReferenced(&cache) { cache = cache.copy() }
    }
}
