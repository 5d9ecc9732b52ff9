import Experiments
import Foundation

/// What the arrow keys make of a number: the next round value of a size that fits the range.
enum ParameterStep {
    static func next(_ spec: ParameterSpec, _ value: ParameterValue, _ direction: Int) -> ParameterValue {
        switch (spec.kind, value) {
        case (.integer(let low, let high), .integer(let number)):
            let (width, isHuge) = high.subtractingReportingOverflow(low)
            // Wide ranges by factors, narrow ones one by one.
            guard isHuge || width > 200, number >= 10 else {
                let (sum, overflow) = number.addingReportingOverflow(direction)
                return .integer(overflow ? number : min(max(sum, low), high))
            }
            let next = factor(Double(number), direction)
            guard next < 9e15 else { return value }
            return .integer(min(max(Int(next.rounded()), low), high))
        case (.real(let low, let high, let logarithmic), .real(let number)):
            if logarithmic {
                if number <= 0 { return .real(direction > 0 ? min(max(low, 1e-6), high) : low) }
                return .real(min(max(factor(number, direction), low), high))
            }
            let step = round((high - low) / 20)
            guard step > 0, step.isFinite else { return value }
            let moved = ((number / step).rounded() + Double(direction)) * step
            return .real(min(max(tidy(moved, step), low), high))
        default: return value
        }
    }

    /// The next of 1, 2, 5, 10, …
    private static func factor(_ value: Double, _ direction: Int) -> Double {
        var decade = pow(10, floor(log10(value)))
        let digit = value / decade
        if direction > 0 {
            for next in [2.0, 5, 10] where next > digit * 1.0001 { return tidy(next * decade, decade) }
            return tidy(20 * decade, decade)
        }
        for next in [5.0, 2, 1] where next < digit * 0.9999 { return tidy(next * decade, decade) }
        decade /= 10
        return tidy(5 * decade, decade)
    }

    /// 1, 2 or 5 times a power of ten, at most `size`.
    private static func round(_ size: Double) -> Double {
        guard size > 0, size.isFinite else { return 0 }
        let decade = pow(10, floor(log10(size)))
        let digit = size / decade
        return tidy((digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * decade, decade)
    }

    /// Without the rounding noise below the step's last digit: 0.30000000000000004 is 0.3.
    private static func tidy(_ value: Double, _ step: Double) -> Double {
        Double(String(format: "%.\(max(0, min(17, Int(ceil(-log10(step))) + 1)))f", value)) ?? value
    }
}
