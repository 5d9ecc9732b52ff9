extension NumberFormat {
    /// The unit in which an axis' labels count, so that it is written once.
    func axisUnit(for range: ClosedRange<Double>, scale: AxisScale) -> Prefix {
        // A log axis spans many prefixes: each label carries its own.
        guard scale == .linear else { return .none }
        let size = max(abs(range.lowerBound), abs(range.upperBound))
        switch self {
        case .automatic, .fixed: return .none
        case .si: return .si(for: size)
        case .percent: return Prefix(divisor: 0.01, name: "%")
        case .duration: return .duration(for: size)
        case .bytes: return .binary(for: size)
        }
    }

    /// Labels of evenly spaced numbers, already divided by `axisUnit`: all with the same digits after the point.
    func axisLabels(_ numbers: [Double]) -> [String] {
        if case .fixed(let digits) = self { return numbers.map { Decimal.fixed($0, digits) } }
        let size = numbers.reduce(0) { max($0, abs($1)) }
        guard size > 0 else { return numbers.map { _ in "0" } }
        if size >= 1e15 || size < 1e-3 { return scientificLabels(numbers, exponent: Decimal.exponent(of: size)) }
        if size >= 1e4 {
            let prefix = Prefix.si(for: size)
            let shares = numbers.map { $0 / prefix.divisor }
            let digits = Decimal.digitsNeeded(shares, limit: 4)
            if digits < 4 { return shares.map { $0 == 0 ? "0" : Decimal.fixed($0, digits) + prefix.name } }
        }
        let digits = Decimal.digitsNeeded(numbers, limit: 13)
        return numbers.map { Decimal.fixed($0, digits) }
    }

    private func scientificLabels(_ numbers: [Double], exponent: Int) -> [String] {
        let mantissas = numbers.map { Decimal.shifted($0, down: exponent) }
        let digits = Decimal.digitsNeeded(mantissas, limit: 12)
        return mantissas.map { $0 == 0 ? "0" : Decimal.fixed($0, digits) + "e" + Decimal.integer(exponent) }
    }

    /// Labels of 1, 2 and 5 times powers of ten.
    func decadeLabels(_ values: [Double]) -> [String] {
        switch self {
        case .automatic, .fixed:
            let exponents = values.map(Decimal.exponent)
            guard let low = exponents.min(), let high = exponents.max(), low >= -3, high < 12 else {
                return values.map { Decimal.scientific($0, digits: 2) }
            }
            return values.map { value in
                guard value >= 1000 else { return Decimal.plain(value, significant: 2) }
                let prefix = Prefix.si(for: value)
                return Decimal.plain(value / prefix.divisor, significant: 3) + prefix.name
            }
        default: return values.map { string($0, significant: 2) }
        }
    }
}

extension NumberFormat {
    /// Numbers of one column or one set of bars: the same digits after the point, so that points line up when the texts are
    /// set flush right. Numbers too far apart in size for that are written one by one.
    /// - Parameters:
    ///   - digits: digits after the point; nil takes as many as the numbers need, four significant ones of the smallest at most.
    func columnLabels(_ values: [Double], digits: Int? = nil) -> [String] {
        if case .fixed(let digits) = self { return values.map { Decimal.fixed($0, digits) } }
        if case .percent = self { return NumberFormat.automatic.columnLabels(values.map { $0 * 100 }, digits: digits ?? 1).map { $0 + " %" } }
        guard self == .automatic else { return values.map { string($0) } }
        if let digits { return values.map { Decimal.fixed($0, digits) } }
        var largest = 0.0, smallest = Double.infinity
        for value in values where value.isFinite && value != 0 {
            largest = max(largest, abs(value))
            smallest = min(smallest, abs(value))
        }
        guard largest > 0 else { return values.map { Decimal.fixed($0, 0) } }
        if largest >= 1e9 || largest < 1e-4 { return values.map { Decimal.scientific($0, digits: 4) } }
        let limit = min(7, max(3 - Decimal.exponent(of: largest), 2 - Decimal.exponent(of: smallest)))
        var chosen = max(0, limit)
        for digits in 0..<max(0, limit) {
            let factor = Decimal.power(digits)
            let tolerance = max(largest * factor * 1e-12, 1e-9)
            if values.allSatisfy({ !$0.isFinite || abs($0 * factor - ($0 * factor).rounded()) <= tolerance }) { chosen = digits; break }
        }
        if smallest * Decimal.power(chosen) < 0.5 { return values.map { string($0) } }
        return values.map { Decimal.fixed($0, chosen) }
    }
}
