extension [Double] {
    /// The value below which a share of these sorted numbers lies, between the two nearest in proportion; NaN without any.
    /// - Parameter share: 0 … 1.
    package func quantile(_ share: Double) -> Double {
        let place = share * Double(count - 1)
        guard let last, place >= 0 else { return first ?? .nan }
        guard place < Double(count - 1) else { return last }
        let index = Int(place)
        return self[index] + (place - Double(index)) * (self[index + 1] - self[index])
    }

    /// The middle one of these numbers in any order, or the mean of the middle two; NaN without any.
    package var median: Double { sorted().quantile(0.5) }
}
