/// What a raster of dots needs of the points that fall into one of its columns: the line comes in at the first, goes out
/// at the last, and covers everything between the least and the greatest. Positions on the y scale.
struct DotColumn: Sendable, Equatable {
    var first = Double.nan
    var last = Double.nan
    var least = Double.infinity
    var greatest = -Double.infinity
    /// Points without a place on the y scale.
    var placeless = 0

    var hasValue: Bool { least <= greatest }
}

/// A series reduced to dot columns, with the points just outside, so that lines run on to the edges.
struct DotColumns: Sendable {
    struct Outside: Sendable {
        /// Dot coordinate, below 0 or above the last.
        var dot: Double
        /// NaN for a gap.
        var position: Double
    }
    var columns: [DotColumn]
    var before: Outside?
    var after: Outside?
}

extension SeriesData {
    /// Reduces the points in the mapping's range to its dots, from chunk and leaf extents wherever a whole one falls into a
    /// column. About 30 ns a chunk and a microsecond a column, however many points there are.
    /// - Parameter smoothed: the average to draw in place of the values (`smoothing(factor:scale:)`, same `yScale`).
    func dotColumns(over x: AxisMapping, yScale: AxisScale, smoothed: SmoothedSeries? = nil) -> DotColumns {
        if let smoothed {
            var reader = SmoothedReader(source: chunks, smoothed: smoothed)
            return reduce(over: x, yScale: yScale, reader: &reader)
        }
        var reader = RawReader(chunks: chunks, scale: yScale)
        return reduce(over: x, yScale: yScale, reader: &reader)
    }

    /// The position on the scale of the point at a place, averaged where `smoothed` is given; NaN for a gap.
    func position(at place: Place, yScale: AxisScale, smoothed: SmoothedSeries?) -> Double {
        if let smoothed {
            var reader = SmoothedReader(source: chunks, smoothed: smoothed)
            return reader.position(chunk: place.chunk, index: place.index)
        }
        return yScale.position(of: chunks[place.chunk].points[place.index].value) ?? .nan
    }

    private func reduce<Reader: PositionReader>(over x: AxisMapping, yScale: AxisScale, reader: inout Reader) -> DotColumns {
        var result = DotColumns(columns: Array(repeating: DotColumn(), count: x.dots))
        var place = place(notBelow: x.range.lowerBound)
        if let before = self.place(before: place), let dot = x.dot(of: chunks[before.chunk].points[before.index].step) {
            result.before = .init(dot: dot, position: reader.position(chunk: before.chunk, index: before.index))
        }
        for column in 0..<x.dots {
            guard place.chunk < chunks.count else { break }
            // The last column takes the upper end in.
            let limit = column == x.dots - 1 ? x.range.upperBound.nextUp : x.value(atDot: Double(column) + 0.5)
            guard chunks[place.chunk].points[place.index].step < limit else { continue }
            var summary = DotColumn()
            summary.first = reader.position(chunk: place.chunk, index: place.index)
            var final = place
            while place.chunk < chunks.count {
                let end = take(from: place, below: limit, reader: &reader, into: &summary)
                if end > place.index { final = Place(chunk: place.chunk, index: end - 1) }
                if end < chunks[place.chunk].points.count {
                    place.index = end
                    break
                }
                place = Place(chunk: place.chunk + 1, index: 0)
            }
            summary.last = reader.position(chunk: final.chunk, index: final.index)
            reader.finish(&summary)
            result.columns[column] = summary
        }
        if place.chunk < chunks.count, let dot = x.dot(of: chunks[place.chunk].points[place.index].step) {
            result.after = .init(dot: dot, position: reader.position(chunk: place.chunk, index: place.index))
        }
        return result
    }

    /// Merges the points of one chunk from a place on whose steps are below `limit`; the index after the last of them.
    @inline(__always)
    private func take<Reader: PositionReader>(from place: Place, below limit: Double, reader: inout Reader, into summary: inout DotColumn) -> Int {
        let count = chunks[place.chunk].points.count
        if chunks[place.chunk].lastStep < limit {
            if place.index == 0 {
                reader.merge(chunk: place.chunk, into: &summary)
                return count
            }
            merge(chunk: place.chunk, from: place.index, to: count, reader: &reader, into: &summary)
            return count
        }
        let end = chunks[place.chunk].firstIndex(notBelow: limit, from: place.index)
        merge(chunk: place.chunk, from: place.index, to: end, reader: &reader, into: &summary)
        return end
    }

    @inline(__always)
    private func merge<Reader: PositionReader>(chunk: Int, from start: Int, to end: Int, reader: inout Reader, into summary: inout DotColumn) {
        let leafSize = SeriesChunk.leafSize, count = chunks[chunk].points.count
        var index = start
        while index < end {
            if index % leafSize == 0, index + leafSize <= end || end == count {
                reader.merge(chunk: chunk, leaf: index / leafSize, into: &summary)
                index += leafSize
            } else {
                reader.merge(chunk: chunk, index: index, into: &summary)
                index += 1
            }
        }
    }
}

/// Gives positions of points, one by one and by the chunk or leaf.
private protocol PositionReader {
    mutating func position(chunk: Int, index: Int) -> Double
    mutating func merge(chunk: Int, index: Int, into column: inout DotColumn)
    func merge(chunk: Int, leaf: Int, into column: inout DotColumn)
    func merge(chunk: Int, into column: inout DotColumn)
    /// Turns what `merge` gathered into positions.
    func finish(_ column: inout DotColumn)
}

/// The values themselves. Extremes are gathered as values: one logarithm a column and not one a point.
private struct RawReader: PositionReader {
    let chunks: [SeriesChunk]
    let scale: AxisScale

    func position(chunk: Int, index: Int) -> Double { scale.position(of: chunks[chunk].points[index].value) ?? .nan }

    @inline(__always) func merge(chunk: Int, index: Int, into column: inout DotColumn) {
        let value = chunks[chunk].points[index].value
        guard value.isFinite, scale == .linear || value > 0 else { column.placeless += 1; return }
        if value < column.least { column.least = value }
        if value > column.greatest { column.greatest = value }
    }

    func merge(chunk: Int, leaf: Int, into column: inout DotColumn) { merge(chunks[chunk].leaves[leaf], into: &column) }
    func merge(chunk: Int, into column: inout DotColumn) { merge(chunks[chunk].extent, into: &column) }

    @inline(__always) private func merge(_ extent: Extent, into column: inout DotColumn) {
        let least = scale == .linear ? extent.minimum : extent.minimumPositive
        if least < column.least { column.least = least }
        if least <= extent.maximum, extent.maximum > column.greatest { column.greatest = extent.maximum }
        column.placeless += extent.placeless(on: scale)
    }

    func finish(_ column: inout DotColumn) {
        guard scale == .logarithmic, column.hasValue else { return }
        column.least = scale.position(of: column.least) ?? column.least
        column.greatest = scale.position(of: column.greatest) ?? column.greatest
    }
}

/// The exponential average, computed again inside of a leaf; asked in order, each point costs one step.
private struct SmoothedReader: PositionReader {
    let source: [SeriesChunk]
    let smoothed: SmoothedSeries
    private var chunk = -1
    private var next = 0
    private var state = SmoothedSeries.State()
    private var current = Double.nan

    init(source: [SeriesChunk], smoothed: SmoothedSeries) {
        self.source = source
        self.smoothed = smoothed
    }

    mutating func position(chunk: Int, index: Int) -> Double {
        if chunk == self.chunk, index == next - 1 { return current }
        let leaf = index / SeriesChunk.leafSize, start = leaf * SeriesChunk.leafSize
        if chunk != self.chunk || index < next || start > next {
            self.chunk = chunk
            next = start
            state = smoothed.chunks[chunk].leaves[leaf].start
        }
        while next <= index {
            current = state.add(source[chunk].points[next].value, factor: smoothed.factor, scale: smoothed.scale) ?? .nan
            next += 1
        }
        return current
    }

    mutating func merge(chunk: Int, index: Int, into column: inout DotColumn) {
        let position = position(chunk: chunk, index: index)
        if position.isNaN { column.placeless += 1 }
        if position < column.least { column.least = position }
        if position > column.greatest { column.greatest = position }
    }

    func merge(chunk: Int, leaf index: Int, into column: inout DotColumn) {
        let leaf = smoothed.chunks[chunk].leaves[index]
        if leaf.minimum < column.least { column.least = leaf.minimum }
        if leaf.maximum > column.greatest { column.greatest = leaf.maximum }
        column.placeless += source[chunk].leaves[index].placeless(on: smoothed.scale)
    }

    func merge(chunk: Int, into column: inout DotColumn) {
        if smoothed.chunks[chunk].minimum < column.least { column.least = smoothed.chunks[chunk].minimum }
        if smoothed.chunks[chunk].maximum > column.greatest { column.greatest = smoothed.chunks[chunk].maximum }
        column.placeless += source[chunk].extent.placeless(on: smoothed.scale)
    }

    func finish(_ column: inout DotColumn) {}
}
