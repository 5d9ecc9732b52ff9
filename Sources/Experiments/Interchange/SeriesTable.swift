/// The series of a log of another program, by the names that the log repeats with every point: a million points make a million names,
/// of which no text is made and no hash. After a series mostly the same one follows as before, so that one is looked at first.
struct SeriesTable: Sendable {
    struct Series: Sendable {
        let name: String
        /// Programs log what is their own under names that begin with "_".
        let isOwn: Bool
        /// Points since they were last taken.
        fileprivate(set) var steps: [Double] = []
        fileprivate(set) var values: [Double] = []
        /// The value of the last point that counts as a result.
        fileprivate(set) var newest: Double?
        /// The series whose point came after this one's.
        fileprivate var successor = 0
        fileprivate let bytes: [UInt8]

        fileprivate init(name: String) {
            self.name = name
            isOwn = name.hasPrefix("_")
            bytes = Array(name.utf8)
        }
    }

    private(set) var all: [Series] = []
    private var places: [String: Int] = [:]
    private var last = 0
    /// Series with new points, in the order in which they came.
    private var grown: [Int] = []

    /// The place of the series that a range of bytes names.
    mutating func place(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        if all.indices.contains(last) {
            let guess = all[last].successor
            let name = all[guess].bytes
            if Self.isEqual(name.span, bytes, range) {
                last = guess
                return guess
            }
        }
        let found = place(ProtobufFields.text(bytes, range))
        if all.indices.contains(last) { all[last].successor = found }
        last = found
        return found
    }

    /// The place of the series of a name.
    mutating func place(_ name: String) -> Int {
        if let place = places[name] { return place }
        places[name] = all.count
        all.append(Series(name: name))
        return all.count - 1
    }

    private static func isEqual(_ name: Span<UInt8>, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard name.count == range.count else { return false }
        var index = 0
        while index < name.count, name[index] == bytes[range.lowerBound + index] { index += 1 }
        return index == name.count
    }

    /// - Parameter isResult: whether the series' last value is one of the run's results.
    mutating func add(_ place: Int, step: Double, value: Double, isResult: Bool) {
        if all[place].steps.isEmpty { grown.append(place) }
        all[place].steps.append(step)
        all[place].values.append(value)
        if isResult { all[place].newest = value }
    }

    /// The points since the last call, series by series.
    mutating func take() -> [RunEvent.MetricBatch] {
        defer { grown = [] }
        return grown.map { place in
            let batch = RunEvent.MetricBatch(series: all[place].name, steps: all[place].steps, values: all[place].values)
            (all[place].steps, all[place].values) = ([], [])
            return batch
        }
    }
}
