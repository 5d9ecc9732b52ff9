import Charts
import Foundation

/// Numbers, durations and moments in a few columns of text.
public enum NumberText {
    /// At most four significant digits with the unit: "3.1 %", "0.998", "1797".
    public static func short(_ value: Double, unit: String = "") -> String {
        let number = NumberFormat.automatic.string(value, significant: 4)
        return unit.isEmpty ? number : "\(number) \(unit)"
    }

    /// Exactly so many digits after the point.
    public static func fixed(_ value: Double, _ digits: Int) -> String { NumberFormat.fixed(digits).string(value) }

    /// Groups of three digits: "1,797".
    public static func grouped(_ count: Int) -> String {
        var digits = Array(String(count.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (count < 0 ? "−" : "") + String(digits)
    }

    /// How long a thing takes or took: "0:21", "4:05", "12 m", "2 h 10 m", "3 d 4 h"; no seconds over ten minutes.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e10 else { return "?" }
        let whole = Int(seconds.rounded())
        if whole < 600 { return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)" }
        if whole < 3600 { return "\(whole / 60) m" }
        if whole < 86_400 { return "\(whole / 3600) h \(whole / 60 % 60) m" }
        return "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }

    /// How long ago: "now", "2 m", "1 h", "3 d".
    public static func age(_ time: Double, now: Double) -> String {
        let seconds = now - time
        guard seconds.isFinite, seconds >= 60, seconds < 1e10 else { return "now" }
        let whole = Int(seconds)
        if whole < 3600 { return "\(whole / 60) m" }
        if whole < 86_400 { return "\(whole / 3600) h" }
        return "\(whole / 86_400) d"
    }

    /// Floating-point operations with a prefix: "31 GFLOP".
    public static func operations(_ count: Double) -> String {
        prefixed(count, 1000, ["", "k", "M", "G", "T", "P", "E"]) + "FLOP"
    }

    /// Bytes with a binary prefix: "140 MiB".
    public static func bytes(_ count: Double) -> String {
        prefixed(count, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi"]) + "B"
    }

    private static func prefixed(_ value: Double, _ base: Double, _ prefixes: [String]) -> String {
        guard value.isFinite, value >= 0 else { return "? " }
        var rest = value, index = 0
        while rest >= base, index < prefixes.count - 1 {
            rest /= base
            index += 1
        }
        let number = rest < 10 && index > 0 ? String(Double(Int(rest * 10)) / 10) : rest < 1e6 ? String(Int(rest)) : "many"
        return "\(number) \(prefixes[index])"
    }
}
