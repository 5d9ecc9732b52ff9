/// Several series over the same steps of a clock, such as the load of each transformer an hour.
public struct SeriesDataset: Dataset {
    public let identifier: String
    public let checksum: String
    /// What each series is called.
    public let names: [String]
    /// The values of each series from its first step on; series may differ in length.
    public let values: [[Double]]
    /// The moment of the first step, seconds since 1970-01-01 of the clock that it was written by; nil where the file has no stamps. All
    /// series begin at the same step.
    public let start: Double?
    /// Seconds from step to step.
    public let step: Double
    /// What follows each series and was published apart from it, to be predicted; empty where there is none.
    public let continuations: [[Double]]
    public let notes: [String]

    /// The number of series.
    public var count: Int { names.count }
    /// The steps of the longest series.
    public var length: Int { values.reduce(0) { max($0, $1.count) } }

    /// - Throws: `DatasetError` when there is no series, one is empty, a value is not finite, or the parts differ in number.
    public init(identifier: String, checksum: String, names: [String], values: [[Double]], start: Double? = nil, step: Double = 3600,
                continuations: [[Double]] = [], notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard !names.isEmpty, names.count == values.count, continuations.isEmpty || continuations.count == values.count, step > 0 else {
            throw DatasetError(file: file, "has \(names.count) names, \(values.count) series and \(continuations.count) continuations; give one of each a series")
        }
        var constant = 0
        for (name, series) in zip(names, values) {
            guard let first = series.first else { throw DatasetError(file: file, place: "series \(name)", "has no values; leave it out") }
            if let bad = series.firstIndex(where: { !$0.isFinite }) { throw DatasetError(file: file, place: "series \(name)", "step \(bad + 1) is not finite; mend it") }
            if series.allSatisfy({ $0 == first }) { constant += 1 }
        }
        if let odd = continuations.firstIndex(where: { $0.contains { !$0.isFinite } }) { throw DatasetError(file: file, place: "series \(names[odd])", "its continuation has a value that is not finite; mend it") }
        self.identifier = identifier
        self.checksum = checksum
        self.names = names
        self.values = values
        self.start = start
        self.step = step
        self.continuations = continuations
        self.notes = notes + (constant > 0 ? ["\(grouped(constant)) series never change"] : [])
    }

    public var memoryBytes: Int { (values + continuations).reduce(0) { $0 + 8 * $1.count } }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let shortest = values.reduce(Int.max) { min($0, $1.count) }
        let unit = step == 3600 ? "hours" : step == 86_400 ? "days" : step == 60 ? "minutes" : "steps of \(shortNumber(step)) s"
        preview.facts = [
            .init("series", grouped(count)),
            .init("length", (shortest == length ? grouped(length) : "\(grouped(shortest)) to \(grouped(length))") + " " + unit),
            .init("from", start.flatMap { first in
                guard let from = TimeStamp.text(ofSeconds: first), let to = TimeStamp.text(ofSeconds: first + step * Double(length - 1)) else { return nil }
                return "\(from) to \(to)"
            } ?? "no time stamps"),
            .init("to predict", continuations.isEmpty ? "" : "\(grouped(continuations.reduce(0) { max($0, $1.count) })) further \(unit) of each"),
        ].filter { !$0.value.isEmpty }
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        preview.columns = zip(names, values).prefix(64).map { name, series in
            var column = DatasetPreview.Column(name: harmless(name))
            column.sketch(series)
            return column
        }
        // Two weeks of the first series, so that a day can be seen.
        preview.lines = zip(names, values).prefix(4).map { .init(name: harmless($0), values: Array($1.prefix(336))) }
        return preview
    }
}
