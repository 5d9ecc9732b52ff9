/// How well scores or flags find the bad examples when the truth is known.
package enum DetectionMetrics {
    /// The probability that a bad example has a larger score than a good one, ties counting one half.
    /// - Returns: nil when no example or every example is bad: there is no such pair.
    /// - Complexity: O(N log N).
    package static func areaUnderCurve(scores: [Double], isBad: [Bool]) -> Double? {
        precondition(scores.count == isBad.count)
        let bad = isBad.count(where: { $0 }), good = isBad.count - bad
        guard bad > 0, good > 0 else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var rankSum = 0.0, start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            let rank = Double(start + end + 1) / 2       // mean of the ranks start + 1 … end
            for place in start..<end where isBad[order[place]] { rankSum += rank }
            start = end
        }
        return (rankSum - Double(bad) * Double(bad + 1) / 2) / (Double(bad) * Double(good))
    }

    /// The curve of the true positive rate over the false positive rate, from (0, 0) to (1, 1), thinned to `maximumPoints`.
    /// - Returns: nil when no example or every example is bad.
    package static func receiverOperatingCurve(scores: [Double], isBad: [Bool], maximumPoints: Int = 200)
        -> (falsePositiveRate: [Double], truePositiveRate: [Double])? {
        let bad = isBad.count(where: { $0 }), good = isBad.count - bad
        guard bad > 0, good > 0 else { return nil }
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var x = [0.0], y = [0.0], hits = 0, alarms = 0
        for (place, i) in order.enumerated() {
            if isBad[i] { hits += 1 } else { alarms += 1 }
            if place + 1 < order.count, scores[order[place + 1]] == scores[i] { continue }
            let point = (Double(alarms) / Double(good), Double(hits) / Double(bad))
            // Only corners carry shape: a straight run keeps its ends.
            if x.count >= 2, (x[x.count - 1] == x[x.count - 2] && x[x.count - 1] == point.0)
                || (x.count >= 2 && y[y.count - 1] == y[y.count - 2] && y[y.count - 1] == point.1) {
                x[x.count - 1] = point.0
                y[y.count - 1] = point.1
            } else {
                x.append(point.0)
                y.append(point.1)
            }
        }
        guard x.count > maximumPoints, maximumPoints >= 2 else { return (x, y) }
        let chosen = (0..<maximumPoints).map { $0 * (x.count - 1) / (maximumPoints - 1) }
        return (chosen.map { x[$0] }, chosen.map { y[$0] })
    }

    /// Counts of a flag against the truth.
    package struct Flags: Sendable, Codable, Equatable {
        package var truePositives = 0, falsePositives = 0, falseNegatives = 0
        package init(flagged: [Bool], isBad: [Bool]) {
            precondition(flagged.count == isBad.count)
            for (flag, bad) in zip(flagged, isBad) {
                switch (flag, bad) {
                case (true, true): truePositives += 1
                case (true, false): falsePositives += 1
                case (false, true): falseNegatives += 1
                case (false, false): break
                }
            }
        }
        package var flagged: Int { truePositives + falsePositives }
        /// nil when nothing is flagged.
        package var precision: Double? { flagged == 0 ? nil : Double(truePositives) / Double(flagged) }
        /// nil when nothing is bad.
        package var recall: Double? {
            let bad = truePositives + falseNegatives
            return bad == 0 ? nil : Double(truePositives) / Double(bad)
        }
        /// 2 TP / (2 TP + FP + FN); nil when nothing is bad.
        package var f1: Double? {
            truePositives + falseNegatives == 0 ? nil
                : 2 * Double(truePositives) / Double(2 * truePositives + falsePositives + falseNegatives)
        }
    }
}
