extension DatasetPreview.Column {
    /// Fills range and histogram from numbers; those that are not finite count as missing.
    mutating func sketch(_ values: some Collection<Double>, bins: Int = 24) {
        var low = Double.infinity, high = -Double.infinity
        var finite = 0
        for value in values {
            guard value.isFinite else { missing += 1; continue }
            finite += 1
            low = min(low, value)
            high = max(high, value)
        }
        guard finite > 0 else { return }
        minimum = low
        maximum = high
        histogram = [Int](repeating: 0, count: bins)
        // Halves keep the width finite for values near the largest Double.
        let width = high / 2 - low / 2
        for value in values where value.isFinite {
            let place = width > 0 ? (value / 2 - low / 2) / width * Double(bins) : 0
            histogram[min(bins - 1, max(0, Int(place)))] += 1
        }
    }
}
