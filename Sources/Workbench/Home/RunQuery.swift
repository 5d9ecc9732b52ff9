import Experiments

/// What `/` filters runs by: words that must all hold.
///
///     diva !failed state:done cfg.noise>=0.2 seed:3 result<5 -f digts
///
/// A plain word is a regular expression over the row's text, `!` inverts, `-f` makes the words after it fuzzy. A field is
/// followed by `:` or `=` (part of the text, or the number) or by `<`, `<=`, `>`, `>=` (numbers). Fields: state, method, data,
/// plan, seed, study, id, tag, note, result and `cfg.NAME`.
public struct RunQuery: Sendable {
    private enum Test {
        case text(String, isFuzzy: Bool)
        case field(String, Comparison, String)
    }
    private enum Comparison: String, CaseIterable {
        case atMost = "<=", atLeast = ">=", below = "<", above = ">", contains = ":", equal = "="
    }
    private let tests: [(test: Test, isInverted: Bool)]
    public let text: String

    public static let fields = ["state:", "method:", "data:", "plan:", "seed:", "study:", "id:", "tag:", "note:", "result<", "cfg."]

    public init(_ text: String) {
        self.text = text
        var tests: [(Test, Bool)] = []
        var isFuzzy = false
        for word in text.split(separator: " ") {
            var word = word
            if word == "-f" {
                isFuzzy = true
                continue
            }
            let isInverted = word.first == "!" && word.count > 1
            if isInverted { word = word.dropFirst() }
            tests.append((Self.test(word, isFuzzy: isFuzzy), isInverted))
        }
        self.tests = tests
    }

    public var isEmpty: Bool { tests.isEmpty }

    private static func test(_ word: Substring, isFuzzy: Bool) -> Test {
        for comparison in Comparison.allCases {
            guard let range = word.firstRange(of: comparison.rawValue), range.lowerBound > word.startIndex else { continue }
            let name = word[..<range.lowerBound].lowercased()
            guard ["state", "method", "data", "plan", "seed", "study", "id", "tag", "note", "result"].contains(name) || name.hasPrefix("cfg.") else { continue }
            return .field(name, comparison, String(word[range.upperBound...]))
        }
        return .text(String(word), isFuzzy: isFuzzy)
    }

    public func matches(_ run: RunRow) -> Bool {
        tests.allSatisfy { test, isInverted in Self.holds(test, run) != isInverted }
    }

    private static func holds(_ test: Test, _ run: RunRow) -> Bool {
        switch test {
        case .text(let word, let isFuzzy):
            let text = "\(run.state.word) \(run.name) \(run.request.plan.rawValue) \(run.identifier) \(run.failure ?? "") \((run.tags ?? []).joined(separator: " ")) \(run.note ?? "")"
            if isFuzzy { return FuzzyMatch.score(word, in: text) != nil }
            return TextPattern(word).matches(text)
        case .field(let name, let comparison, let wanted):
            // Half-typed: `state:` alone holds for all.
            guard !wanted.isEmpty, let value = value(name, run) else { return wanted.isEmpty }
            if let number = Double(wanted), let own = Double(value) {
                return switch comparison {
                case .atMost: own <= number
                case .atLeast: own >= number
                case .below: own < number
                case .above: own > number
                case .contains, .equal: own == number
                }
            }
            switch comparison {
            case .contains: return value.lowercased().contains(wanted.lowercased())
            case .equal: return value.lowercased() == wanted.lowercased()
            default: return false
            }
        }
    }

    private static func value(_ name: String, _ run: RunRow) -> String? {
        switch name {
        case "state": "\(run.state.word) \(run.state.rawValue)"
        case "method": run.request.method
        case "data": run.request.dataset
        case "plan": run.request.plan.rawValue
        case "seed": String(run.request.seed)
        case "study": run.study
        case "id": run.identifier
        case "tag": run.tags?.joined(separator: " ")
        case "note": run.note
        case "result": run.headlineResult.map { String($0.value) }
        default: run.request.values[String(name.dropFirst(4))].map { value in
                switch value {
                case .integer(let number): String(number)
                case .real(let number): String(number)
                case .boolean, .text: value.display
                }
            }
        }
    }
}

/// A regular expression that a person typed: where it is not one (half-typed, `(`), the letters themselves are looked for.
struct TextPattern {
    private let expression: Regex<AnyRegexOutput>?
    private let letters: String

    init(_ pattern: String) {
        letters = pattern.lowercased()
        let isPlain = pattern.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
        // A long pattern may take exponential time: it is taken as letters.
        expression = isPlain || pattern.count > 40 ? nil : (try? Regex(pattern))?.ignoresCase()
    }

    func matches(_ text: String) -> Bool {
        if let expression, let match = try? expression.firstMatch(in: text) { return !match.range.isEmpty || letters.isEmpty }
        if expression != nil { return false }
        return text.lowercased().contains(letters)
    }
}
