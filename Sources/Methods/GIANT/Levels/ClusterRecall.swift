import Tensors

/// How well the encoder finds the clusters of a row's neighbours.
package enum ClusterRecall {
    /// R@k = mean of |top k ∩ positive| / |positive| over rows, those without positives left out; nil without any row.
    package static func recall(_ ranked: [[Int32]], _ positives: [Set<Int32>], at k: Int) -> Double? {
        mean(zip(ranked, positives).compactMap { row, positive in
            positive.isEmpty ? nil : Double(row.prefix(k).count { positive.contains($0) }) / Double(positive.count)
        })
    }

    /// P@k = mean of |top k ∩ positive| / k over rows, those without positives left out; nil without any row.
    package static func precision(_ ranked: [[Int32]], _ positives: [Set<Int32>], at k: Int) -> Double? {
        mean(zip(ranked, positives).compactMap { row, positive in
            positive.isEmpty ? nil : Double(row.prefix(k).count { positive.contains($0) }) / Double(k)
        })
    }

    private static func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

    /// The k clusters of highest logit for each row, the lower cluster first among equal ones.
    package static func ranked(_ logits: Tensor<Float>, _ k: Int) -> [[Int32]] {
        let rows = logits.shape[0], columns = logits.shape[1]
        return logits.withScalars { values in
            (0..<rows).map { row in
                var best: [(value: Float, column: Int32)] = []
                for column in 0..<columns {
                    let value = values[row * columns + column]
                    if best.count == k, let last = best.last, value <= last.value { continue }
                    var place = best.count
                    while place > 0, best[place - 1].value < value { place -= 1 }
                    best.insert((value, Int32(column)), at: place)
                    if best.count > k { best.removeLast() }
                }
                return best.map(\.column)
            }
        }
    }
}
