import Foundation

/// Points of one series in a row of the store: steps and values packed as little-endian Float64, and the batches ("parts") that
/// they came in, so that the event stream can be cut and told again exactly.
///
/// The points' bytes are: format (1), step coding (1 byte: 0 plain, 1 first step and increment), count (UInt32), steps, values.
/// Most series count 0, 1, 2, … or 0, 10, 20, …: their steps take 16 bytes instead of eight a point.
struct MetricChunk: Equatable {
    struct Part: Equatable {
        var sequence: Int
        /// Seconds since 1970.
        var time: Double
        var count: Int
    }

    var steps: [Double] = []
    var values: [Double] = []
    var parts: [Part] = []

    /// A chunk is closed at this many points.
    static let capacity = 8192

    var firstSequence: Int { parts.first?.sequence ?? 0 }
    var lastSequence: Int { parts.last?.sequence ?? 0 }

    mutating func append(_ batch: RunEvent.MetricBatch, sequence: Int, time: Double) {
        let count = min(batch.steps.count, batch.values.count)
        steps.append(contentsOf: batch.steps.prefix(count))
        values.append(contentsOf: batch.values.prefix(count))
        parts.append(Part(sequence: sequence, time: time, count: count))
    }

    mutating func append(_ other: MetricChunk) {
        steps.append(contentsOf: other.steps)
        values.append(contentsOf: other.values)
        parts.append(contentsOf: other.parts)
    }

    /// The parts whose sequence passes a test, with their points.
    func filtered(_ isKept: (Int) -> Bool) -> MetricChunk {
        var chunk = MetricChunk()
        var start = 0
        for part in parts {
            if isKept(part.sequence) {
                chunk.steps.append(contentsOf: steps[start..<start + part.count])
                chunk.values.append(contentsOf: values[start..<start + part.count])
                chunk.parts.append(part)
            }
            start += part.count
        }
        return chunk
    }

    /// The metric events that the chunk was made of.
    func events(series: String, unit: String) -> [RunEvent] {
        var start = 0
        return parts.map { part in
            defer { start += part.count }
            return RunEvent(sequence: part.sequence, time: part.time, payload: .metric(.init(
                series: series, unit: unit, steps: Array(steps[start..<start + part.count]),
                values: Array(values[start..<start + part.count]))))
        }
    }

    // MARK: Bytes

    func encodedPoints() -> Data {
        var data = Data(capacity: 6 + 16 * values.count)
        let increment = Self.increment(of: steps)
        data.append(1)
        data.append(increment == nil ? 0 : 1)
        PackedNumbers.append(UInt32(truncatingIfNeeded: values.count), to: &data)
        if let increment, let first = steps.first {
            PackedNumbers.append([first, increment], to: &data)
        } else {
            PackedNumbers.append(steps, to: &data)
        }
        PackedNumbers.append(values, to: &data)
        return data
    }

    func encodedParts() -> Data {
        var data = Data(capacity: parts.count * 20)
        for part in parts {
            PackedNumbers.append(UInt64(bitPattern: Int64(part.sequence)), to: &data)
            PackedNumbers.append(part.time.bitPattern, to: &data)
            PackedNumbers.append(UInt32(truncatingIfNeeded: part.count), to: &data)
        }
        return data
    }

    /// Appends the points of an encoded chunk to a series.
    /// - Returns: the number of points, nil when the bytes are not a chunk.
    static func decodePoints(_ data: Data, steps: inout [Double], values: inout [Double]) -> Int? {
        guard data.count >= 6, data[data.startIndex] == 1 else { return nil }
        let coding = data[data.startIndex + 1]
        guard coding <= 1, let count = PackedNumbers.uint32(data, at: 2).map(Int.init) else { return nil }
        let stepBytes = coding == 1 ? 16 : 8 * count
        guard data.count == 6 + stepBytes + 8 * count else { return nil }
        if coding == 1 {
            guard let first = PackedNumbers.double(data, at: 6), let increment = PackedNumbers.double(data, at: 14) else { return nil }
            for index in 0..<count { steps.append(first + Double(index) * increment) }
        } else {
            PackedNumbers.appendDoubles(data, at: 6, count: count, to: &steps)
        }
        PackedNumbers.appendDoubles(data, at: 6 + stepBytes, count: count, to: &values)
        return count
    }

    static func decodeParts(_ data: Data) -> [Part]? {
        guard data.count.isMultiple(of: 20) else { return nil }
        return stride(from: 0, to: data.count, by: 20).compactMap { offset in
            guard let sequence = PackedNumbers.uint64(data, at: offset), let time = PackedNumbers.double(data, at: offset + 8),
                  let count = PackedNumbers.uint32(data, at: offset + 16) else { return nil }
            return Part(sequence: Int(truncatingIfNeeded: Int64(bitPattern: sequence)), time: time, count: Int(count))
        }
    }

    /// - Returns: nil when the bytes are no chunk or its parts do not add up to its points.
    init?(points: Data, parts: Data) {
        guard let count = Self.decodePoints(points, steps: &steps, values: &values), let decoded = Self.decodeParts(parts),
              decoded.reduce(0, { $0 + $1.count }) == count else { return nil }
        self.parts = decoded
    }

    init() {}

    /// The common difference where every step is, bit for bit, first + i * difference.
    private static func increment(of steps: [Double]) -> Double? {
        guard steps.count > 2, let first = steps.first, first.isFinite else { return nil }
        let increment = steps[1] - first
        guard increment.isFinite else { return nil }
        for (index, step) in steps.enumerated() where (first + Double(index) * increment).bitPattern != step.bitPattern { return nil }
        return increment
    }
}
