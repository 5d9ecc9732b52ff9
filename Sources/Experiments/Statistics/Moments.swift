/// Mean, standard deviation and number of some values.
public struct Moments: Sendable, Equatable, Codable {
    public var mean: Double
    /// With n - 1; nil for a single value.
    public var standardDeviation: Double?
    public var count: Int

    /// - Returns: nil for no values.
    public init?(_ values: some Collection<Double>) {
        guard !values.isEmpty else { return nil }
        count = values.count
        let mean = values.reduce(0, +) / Double(count)
        self.mean = mean
        if count > 1 {
            standardDeviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
        }
    }

    public var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
}
