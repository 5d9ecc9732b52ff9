/// How many colours a terminal can show, from none to 24-bit.
public enum ColorDepth: Int, Sendable, Comparable, CaseIterable {
    case none = 0
    case colors8 = 8
    case colors16 = 16
    case colors256 = 256
    case trueColor = 16_777_216

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

    /// What `--color` says.
    public enum Option: String, Sendable, CaseIterable {
        case auto, always, never
        case colors16 = "16"
        case colors256 = "256"
        case trueColor = "true"
    }

    /// The depth to draw with, by the ladder: a flag, then `NO_COLOR`, then `COLORTERM`, then the terminal's description.
    ///
    /// - Parameters:
    ///   - option: the flag; anything but `auto` beats the environment.
    ///   - environment: `NO_COLOR` (set and not empty: no colour), `COLORTERM` (`truecolor` or `24bit`), `TERM`.
    ///   - terminalColors: the number of colours of the terminal's description (terminfo `colors`), 0 or less for none.
    public static func resolve(_ option: Option = .auto, environment: [String: String], terminalColors: Int) -> ColorDepth {
        switch option {
        case .never: return .none
        case .colors16: return .colors16
        case .colors256: return .colors256
        case .trueColor: return .trueColor
        case .auto where environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false: return .none
        case .auto, .always: break
        }
        let capable: ColorDepth
        if ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased() ?? "") {
            capable = .trueColor
        } else {
            capable = switch terminalColors {
            case 16_777_216...: .trueColor
            case 256...: .colors256
            case 16...: .colors16
            case 8...: .colors8
            default: .none
            }
        }
        return option == .always ? max(capable, .colors8) : capable
    }
}
