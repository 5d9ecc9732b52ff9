/// Mean, standard deviation and number of some values.
public struct Moments: Sendable, Equatable, Codable {
    public var mean: Double
    /// With n - 1; nil for a single value.
    public var standardDeviation: Double?
    public var count: Int

    public init(mean: Double, standardDeviation: Double?, count: Int) {
        (self.mean, self.standardDeviation, self.count) = (mean, standardDeviation, count)
    }

    /// - Returns: nil for no values.
    public init?(_ values: some Collection<Double>) {
        guard let first = values.first else { return nil }
        count = values.count
        // Counted from the first value, so that equal values have a deviation of exactly 0 and not of a rounding error.
        let origin = first.isFinite ? first : 0
        let mean = values.reduce(0) { $0 + ($1 - origin) } / Double(count) + origin
        self.mean = mean
        if count > 1 {
            standardDeviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
        }
    }

    public var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
}
