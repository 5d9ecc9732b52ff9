/// How many items a request may have, and how many requests an item may or must have (section 2.7).
package struct MatchingBounds: Sendable, Equatable {
    /// k, or k μ.
    package let perRow: Double
    /// C, or C μ, of each item.
    package let perColumn: [Double]
    /// Whether the bounds of items are from below: each item gets at least so many.
    package let isLower: Bool
    /// R_min: the number of pairs that precision is measured over at least.
    package let least: Double

    /// Below 1 each item gets at least C μ requests and each request up to k items; from 1 on each item gets at most C and each request up to k μ.
    /// - Parameter popularity: training events of the items, where bounds are in proportion to 1 + them; nil for equal bounds.
    package init(multiplier: Double, itemsPerRow: Int, rowsPerItem: Int, rows: Int, columns: Int, popularity: [Double]? = nil) {
        isLower = multiplier < 1
        perRow = Double(itemsPerRow) * max(1, multiplier)
        let bound = Double(rowsPerItem) * min(1, multiplier)
        if let popularity {
            let sum = popularity.reduce(0) { $0 + 1 + $1 }
            perColumn = popularity.map { bound * Double(columns) * (1 + $0) / sum }
        } else {
            perColumn = [Double](repeating: bound, count: columns)
        }
        least = isLower ? Double(itemsPerRow * rows) : Double(rowsPerItem * columns)
    }
}
