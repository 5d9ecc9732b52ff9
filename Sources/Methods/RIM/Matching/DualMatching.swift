import Foundation
import Tensors

/// Matching by prices (section 2.7): the entropy-regularised linear programme
///
///     max over 0 <= π <= 1 of E_xy[sπ] + ε E_xy[H(π)],  E_y π <= α for each request,  E_x π <= β (or >= β) for each item
///
/// has the solution π = σ((s - u_x - v_y) / ε), u a price of the request and v one of the item. The prices of items are found on one table and can be applied to
/// another, request by request: that is matching online.
package struct DualMatching: Sendable {
    /// What scores are divided by: the largest of the table that was fitted.
    package let scale: Double
    /// The price of each item; not above 0 where items have bounds from below.
    package private(set) var prices: [Double]
    /// ε at the end.
    package private(set) var epsilon: Double
    /// How many items a request may have, as a share α of all.
    private let rowShare: Double
    private let columnShares: [Double]
    private let isLower: Bool
    private let tolerance: Double

    /// Where the fit stands after an epoch.
    package struct Progress: Sendable {
        package var epoch: Int
        package var epsilon: Double
        /// d(u, v), an upper bound of the value of every matching within the bounds, and the value of the present one.
        package var dual: Double, primal: Double
        /// How far the present matching is beyond the bound of the worst item, in requests.
        package var violation: Double
    }

    /// - Parameters:
    ///   - scores: the table that prices are found on.
    ///   - requests: the number of requests that the bounds of items are meant for; β = bound / requests.
    ///   - reportsEvery: the objective is computed after so many epochs, and at the end.
    package init(fitting scores: ScoreTable, _ bounds: MatchingBounds, requests: Int, epochs: Int, floor: Double, random: RandomSource, reportsEvery: Int = 5,
                 proceed: () throws -> Void = {}, onProgress: (Progress) throws -> Void = { _ in }) throws {
        let n = scores.rows, m = scores.columns
        var random = random
        scale = max(scores.largest ?? 0, 1e-300)
        rowShare = bounds.perRow / Double(max(1, m))
        columnShares = bounds.perColumn.map { $0 / Double(max(1, requests)) }
        isLower = bounds.isLower
        tolerance = 0.1 / Double(max(1, max(n, m)))
        epsilon = 1
        prices = (0..<m).map { _ in bounds.isLower ? -random.uniform() : random.uniform() }
        guard scores.values.allSatisfy(\.isFinite) else { throw RIMError("a score is not finite, so no prices can be found; take a smaller rate") }
        let s = Self.scaled(scores, scale)
        var turned = [Double](repeating: 0, count: n * m)
        for row in 0..<n { for column in 0..<m { turned[column * n + row] = s[row * m + column] } }
        var rowPrices = [Double](repeating: 0, count: n)
        var differences = [Double](repeating: 0, count: max(n, m))
        let decay = pow(floor, 1 / Double(max(1, epochs)))
        for epoch in 1...max(1, epochs) {
            epsilon *= decay
            for row in 0..<n {
                if row.isMultiple(of: 32) { try proceed() }
                for column in 0..<m { differences[column] = s[row * m + column] - prices[column] }
                rowPrices[row] = Self.rowPrice(differences[0..<m], share: rowShare, epsilon: epsilon, tolerance: tolerance, near: rowPrices[row])
            }
            for column in 0..<m {
                if column.isMultiple(of: 32) { try proceed() }
                for row in 0..<n { differences[row] = turned[column * n + row] - rowPrices[row] }
                prices[column] = Self.columnPrice(differences[0..<n], share: columnShares[column], isLower: isLower, epsilon: epsilon, tolerance: tolerance, near: prices[column])
            }
            if epoch.isMultiple(of: reportsEvery) || epoch == epochs { try onProgress(progress(epoch, s, rowPrices)) }
        }
    }

    /// Prices that were found before.
    package init(prices: [Double], scale: Double, bounds: MatchingBounds, requests: Int, epsilon: Double) {
        (self.prices, self.scale, self.epsilon) = (prices, scale, epsilon)
        rowShare = bounds.perRow / Double(max(1, prices.count))
        columnShares = bounds.perColumn.map { $0 / Double(max(1, requests)) }
        isLower = bounds.isLower
        tolerance = 0.1 / Double(max(1, max(requests, prices.count)))
    }

    /// Excluded pairs have no chance at any price.
    private static func scaled(_ scores: ScoreTable, _ scale: Double) -> [Double] {
        scores.values.indices.map { scores.isExcluded($0) ? -.infinity : scores.values[$0] / scale }
    }

    // MARK: - Prices

    /// Σ σ((d - price) / ε).
    private static func mass(_ differences: ArraySlice<Double>, _ price: Double, _ inverse: Double) -> Double {
        var sum = 0.0
        for difference in differences {
            let x = (difference - price) * inverse
            // Beyond 40 the logistic function is 0 or 1 to the last bit of a sum.
            if x > 40 { sum += 1 } else if x > -40 { sum += 1 / (1 + exp(-x)) }
        }
        return sum
    }

    /// The price at which the mean of σ((d - price) / ε) is `share`, by bisection; infinite where no price does.
    private static func root(_ differences: ArraySlice<Double>, share: Double, epsilon: Double, tolerance: Double, near start: Double) -> Double {
        var low = Double.infinity, high = -Double.infinity, allowed = 0
        for difference in differences where difference > -.infinity {
            low = min(low, difference)
            high = max(high, difference)
            allowed += 1
        }
        let wanted = share * Double(differences.count)
        guard wanted > 0, allowed > 0 else { return .infinity }
        guard wanted < Double(allowed) else { return -.infinity }
        let odds = log(wanted / (Double(allowed) - wanted)), inverse = 1 / epsilon
        low -= odds * epsilon + 0.01
        high += 0.01 - odds * epsilon
        var price = start > low && start < high ? start : (low + high) / 2
        for _ in 0..<100 {
            let excess = mass(differences, price, inverse) - wanted
            if abs(excess) < tolerance * Double(differences.count) { break }
            if excess > 0 { low = price } else { high = price }
            price = (low + high) / 2
        }
        return price
    }

    /// u of a request from s - v: the root, and 0 where that is below.
    package static func rowPrice(_ differences: ArraySlice<Double>, share: Double, epsilon: Double, tolerance: Double, near start: Double = 0) -> Double {
        // A request whose bound is not reached at price 0 has that price.
        if share > 0, mass(differences, 0, 1 / epsilon) <= share * Double(differences.count) { return 0 }
        return max(0, root(differences, share: share, epsilon: epsilon, tolerance: tolerance, near: start))
    }

    private static func columnPrice(_ differences: ArraySlice<Double>, share: Double, isLower: Bool, epsilon: Double, tolerance: Double, near start: Double) -> Double {
        let atZero = mass(differences, 0, 1 / epsilon), wanted = share * Double(differences.count)
        if isLower ? atZero >= wanted : atZero <= wanted && share > 0 { return 0 }
        let price = root(differences, share: share, epsilon: epsilon, tolerance: tolerance, near: start)
        if price == -.infinity {
            // More is asked for than there are requests that may have it: all of them.
            return min(0, (differences.lazy.filter { $0 > -.infinity }.min() ?? 0) - 40 * epsilon - 0.01)
        }
        // An item that may go to nobody.
        if price == .infinity { return isLower ? 0 : 1e6 }
        return isLower ? min(0, price) : max(0, price)
    }

    // MARK: - Value

    /// d(u, v) = mean_x(uα) + mean_y(vβ) + mean_xy(ε softplus((s - u - v) / ε)).
    package static func objective(_ s: [Double], rowPrices: [Double], columnPrices: [Double], rowShare: Double, columnShares: [Double], epsilon: Double) -> Double {
        let n = rowPrices.count, m = columnPrices.count
        var sum = 0.0
        for row in 0..<n {
            for column in 0..<m {
                let x = (s[row * m + column] - rowPrices[row] - columnPrices[column]) / epsilon
                if x > 40 { sum += epsilon * x } else if x > -40 { sum += epsilon * log1p(exp(x)) }
            }
        }
        let rows = rowPrices.reduce(0) { $0 + ($1 == .infinity ? 0 : $1 * rowShare) } / Double(max(1, n))
        return rows + zip(columnPrices, columnShares).reduce(0) { $0 + $1.0 * $1.1 } / Double(max(1, m)) + sum / Double(max(1, n * m))
    }

    private func progress(_ epoch: Int, _ s: [Double], _ rowPrices: [Double]) -> Progress {
        let n = rowPrices.count, m = prices.count
        var value = 0.0, columns = [Double](repeating: 0, count: m)
        for row in 0..<n {
            for column in 0..<m {
                let x = (s[row * m + column] - rowPrices[row] - prices[column]) / epsilon
                guard x > -40 else { continue }
                let share = x > 40 ? 1 : 1 / (1 + exp(-x))
                columns[column] += share
                value += s[row * m + column] * share
                if share < 1 { value -= epsilon * (share * log(share) + (1 - share) * log1p(-share)) }
            }
        }
        let violation = zip(columns, columnShares).reduce(0) { worst, item in
            max(worst, isLower ? item.1 * Double(n) - item.0 : item.0 - item.1 * Double(n))
        }
        return Progress(epoch: epoch, epsilon: epsilon, dual: Self.objective(s, rowPrices: rowPrices, columnPrices: prices, rowShare: rowShare, columnShares: columnShares, epsilon: epsilon),
                        primal: value / Double(max(1, n * m)), violation: violation)
    }

    // MARK: - Use

    /// π of a table: the prices of items stay, each request gets its own, one after the other.
    package func assignment(_ scores: ScoreTable, proceed: () throws -> Void = {}) rethrows -> Assignment {
        let m = scores.columns, s = Self.scaled(scores, scale)
        var result = Assignment(rows: scores.rows, columns: m), differences = [Double](repeating: 0, count: m)
        let tolerance = 0.1 / Double(max(1, max(scores.rows, m)))
        for row in 0..<scores.rows {
            if row.isMultiple(of: 32) { try proceed() }
            for column in 0..<m { differences[column] = s[row * m + column] - prices[column] }
            let price = Self.rowPrice(differences[0..<m], share: rowShare, epsilon: epsilon, tolerance: tolerance)
            guard price < .infinity else { continue }
            for column in 0..<m {
                let x = (differences[column] - price) / epsilon
                if x > -40 { result.cells.append(.init(row, column, x > 40 ? 1 : 1 / (1 + exp(-x)))) }
            }
        }
        return result
    }

    /// The same in whole pairs: of each request the best by s - v, at most k, and with upper bounds only where that is above 0.
    package func rounded(_ scores: ScoreTable, ties: TieBreak) -> Assignment {
        let m = scores.columns, count = min(m, Int(min(rowShare * Double(m) + 1e-9, Double(m))))
        var result = Assignment(rows: scores.rows, columns: m)
        for row in 0..<scores.rows {
            var best = BestPlaces(count: count)
            for column in 0..<m where !scores.isExcluded(row * m + column) {
                let worth = scores.values[row * m + column] / scale - prices[column]
                if isLower || worth > 0 { best.offer(column, score: worth, tie: ties.columns[column]) }
            }
            result.cells += best.places.map { .init(row, $0) }
        }
        return result
    }
}
