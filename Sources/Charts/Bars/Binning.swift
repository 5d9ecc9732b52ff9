/// Bins of equal width over a range, and how many values of each group fall into them.
package struct Binning: Sendable, Equatable {
    package var range: ClosedRange<Double>
    /// One list of counts a group.
    package var counts: [[Int]]
    /// Values that are NaN or infinite.
    package var skipped: Int

    package var binCount: Int { counts.first?.count ?? 0 }

    /// Chooses the bins for a plot of `columns` cells.
    ///
    /// Whole numbers over a range that fits get a bin each. Otherwise the width is that of Freedman and Diaconis
    /// (2 · IQR · n^(−1/3)), with bins of a whole number of cells. The quartiles are those of at most 1024 evenly picked values.
    package init(_ groups: [[Double]], columns: Int, isSymmetric: Bool) {
        var extent = Extent()
        var isWhole = true
        for values in groups {
            for value in values {
                extent.add(value)
                if isWhole, value.isFinite, value != value.rounded() { isWhole = false }
            }
        }
        skipped = extent.nonFinite
        let columns = max(1, columns)
        var fitted = AxisRange.fitting(extent.positions(on: .linear), scale: .linear, padding: 0)
        let least = extent.minimum, greatest = extent.maximum
        var bins: Int
        if isWhole, extent.minimum <= extent.maximum, greatest - least + 1 <= Double(min(columns, 64)), !isSymmetric {
            fitted = (least - 0.5)...(greatest + 0.5)
            bins = Int(greatest - least) + 1
        } else {
            if isSymmetric {
                let reach = max(abs(fitted.lowerBound), abs(fitted.upperBound))
                fitted = -reach...reach
            }
            bins = Self.freedmanDiaconis(groups, range: fitted, columns: columns)
            let cells = max(1, columns / bins)
            bins = max(1, columns / cells)
            // Zero lies between two bins.
            if isSymmetric, bins > 1 { bins -= bins % 2 }
        }
        range = fitted
        let half = fitted.upperBound / 2 - fitted.lowerBound / 2
        counts = groups.map { values in
            var counts = Array(repeating: 0, count: bins)
            for value in values where value.isFinite {
                let share = (value / 2 - fitted.lowerBound / 2) / half * Double(bins)
                guard share >= 0, share <= Double(bins) else { continue }
                counts[min(bins - 1, Int(share))] += 1
            }
            return counts
        }
    }

    private static func freedmanDiaconis(_ groups: [[Double]], range: ClosedRange<Double>, columns: Int) -> Int {
        let total = groups.reduce(0) { $0 + $1.count }
        let stride = max(1, total / 1024)
        var sample: [Double] = []
        for values in groups {
            for index in Swift.stride(from: 0, to: values.count, by: stride) where values[index].isFinite { sample.append(values[index]) }
        }
        guard sample.count >= 4 else { return min(columns, 8) }
        sample.sort()
        let spread = sample[sample.count * 3 / 4] / 2 - sample[sample.count / 4] / 2
        let width = 2 * spread / cubeRoot(Double(total))
        let half = range.upperBound / 2 - range.lowerBound / 2
        guard width > 0, half / width < Double(columns) else { return columns }
        return min(columns, max(5, Int((half / width).rounded(.up))))
    }

    private static func cubeRoot(_ number: Double) -> Double {
        var root = max(1, number.squareRoot())
        for _ in 0..<40 { root -= (root * root * root - number) / (3 * root * root) }
        return root
    }
}
