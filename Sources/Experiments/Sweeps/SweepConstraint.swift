/// A condition that a cell of a sweep has to meet, such as `width * layers <= 512` or `rate < 0.1 or arms == "giant"`.
///
/// Names are parameters (a hyphen inside of a name belongs to it, so a subtraction has blanks around it), `data` and
/// `method`. There are + - * /, == != < <= > >=, `and`, `or`, `not` and parentheses.
public struct SweepConstraint: Sendable, Equatable {
    public let text: String
    private let root: Node

    private indirect enum Node: Sendable, Equatable {
        case value(Value)
        case name(String)
        case negative(Node)
        case not(Node)
        case pair(String, Node, Node)
    }

    /// What an expression comes to.
    enum Value: Sendable, Equatable {
        case number(Double), text(String), truth(Bool)
    }

    /// What is wrong with an expression.
    struct Fault: Error { var sentence: String }

    init(_ text: String) throws(Fault) {
        self.text = text
        var parser = try Parser(text)
        root = try parser.whole()
    }

    /// The names that it asks for.
    var names: Set<String> { Self.names(root) }

    private static func names(_ node: Node) -> Set<String> {
        switch node {
        case .value: []
        case .name(let name): [name]
        case .negative(let inner), .not(let inner): names(inner)
        case .pair(_, let left, let right): names(left).union(names(right))
        }
    }

    /// Whether it holds.
    /// - Throws: for a name without a value, and for what cannot be compared or counted with.
    func holds(_ value: (String) -> Value?) throws(Fault) -> Bool {
        guard case .truth(let holds) = try Self.value(root, value) else { throw Fault(sentence: "“\(text)” is neither true nor false") }
        return holds
    }

    private static func value(_ node: Node, _ lookup: (String) -> Value?) throws(Fault) -> Value {
        switch node {
        case .value(let value): return value
        case .name(let name):
            guard let value = lookup(name) else { throw Fault(sentence: "there is no “\(name)” to ask for") }
            return value
        case .negative(let inner): return .number(-(try number(inner, lookup)))
        case .not(let inner): return .truth(!(try truth(inner, lookup)))
        case .pair("and", let left, let right): return try truth(left, lookup) ? .truth(try truth(right, lookup)) : .truth(false)
        case .pair("or", let left, let right): return try truth(left, lookup) ? .truth(true) : .truth(try truth(right, lookup))
        case .pair("==", let left, let right): return .truth(try areEqual(left, right, lookup))
        case .pair("!=", let left, let right): return .truth(!(try areEqual(left, right, lookup)))
        case .pair(let sign, let left, let right):
            let (left, right) = (try number(left, lookup), try number(right, lookup))
            return switch sign {
            case "<": .truth(left < right)
            case "<=": .truth(left <= right)
            case ">": .truth(left > right)
            case ">=": .truth(left >= right)
            case "+": .number(left + right)
            case "-": .number(left - right)
            case "*": .number(left * right)
            default: .number(left / right)
            }
        }
    }

    private static func areEqual(_ left: Node, _ right: Node, _ lookup: (String) -> Value?) throws(Fault) -> Bool {
        let left = try value(left, lookup), right = try value(right, lookup)
        return left == right
    }

    private static func number(_ node: Node, _ lookup: (String) -> Value?) throws(Fault) -> Double {
        guard case .number(let number) = try value(node, lookup) else { throw Fault(sentence: "a number is expected where there is a text or a truth value") }
        return number
    }

    private static func truth(_ node: Node, _ lookup: (String) -> Value?) throws(Fault) -> Bool {
        guard case .truth(let truth) = try value(node, lookup) else { throw Fault(sentence: "true or false is expected where there is a number or a text") }
        return truth
    }

    /// Descends by precedence: or, and, not, comparison, sum, product, sign.
    private struct Parser {
        private enum Token: Equatable {
            case number(Double), text(String), word(String), sign(String)
        }

        private static let deepest = 64
        private var tokens: [Token] = []
        private var index = 0
        private var depth = 0

        init(_ text: String) throws(Fault) {
            var rest = Substring(text)
            while let next = rest.first {
                if next == " " || next == "\t" {
                    rest.removeFirst()
                } else if next.isASCII, next.isNumber || next == "." {
                    let word = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "e" || $0 == "E") }
                    var end = word.endIndex
                    // 1e-3: the sign belongs to the exponent.
                    if word.last == "e" || word.last == "E", end < rest.endIndex, rest[end] == "-" || rest[end] == "+" {
                        end = rest[rest.index(after: end)...].prefix { $0.isASCII && $0.isNumber }.endIndex
                    }
                    let digits = rest[..<end]
                    guard let number = Double(digits) else { throw Fault(sentence: "“\(digits)” is no number") }
                    tokens.append(.number(number))
                    rest = rest[end...]
                } else if next == "\"" || next == "'" {
                    rest.removeFirst()
                    guard let end = rest.firstIndex(of: next) else { throw Fault(sentence: "a text is not closed with \(next)") }
                    tokens.append(.text(String(rest[..<end])))
                    rest = rest[rest.index(after: end)...]
                } else if next.isLetter {
                    var end = rest.startIndex
                    while end < rest.endIndex {
                        let character = rest[end]
                        let joins = character == "-" && rest.index(after: end) < rest.endIndex && (rest[rest.index(after: end)].isLetter || rest[rest.index(after: end)].isNumber)
                        guard character.isLetter || character.isNumber || character == "_" || joins else { break }
                        end = rest.index(after: end)
                    }
                    tokens.append(.word(String(rest[..<end])))
                    rest = rest[end...]
                } else if let sign = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")"].first(where: { rest.hasPrefix($0) }) {
                    tokens.append(.sign(sign))
                    rest = rest.dropFirst(sign.count)
                } else {
                    throw Fault(sentence: "“\(next)” has no place in a condition")
                }
            }
        }

        mutating func whole() throws(Fault) -> Node {
            let node = try disjunction()
            guard index == tokens.count else { throw Fault(sentence: "the condition goes on after its end; join parts with and, or") }
            return node
        }

        private var peek: Token? { index < tokens.count ? tokens[index] : nil }

        private mutating func take(_ choices: [Token]) -> Token? {
            guard let next = peek, choices.contains(next) else { return nil }
            index += 1
            return next
        }

        private mutating func disjunction() throws(Fault) -> Node {
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.deepest else { throw Fault(sentence: "parentheses lie too deep in each other") }
            var node = try conjunction()
            while take([.word("or")]) != nil { node = .pair("or", node, try conjunction()) }
            return node
        }

        private mutating func conjunction() throws(Fault) -> Node {
            var node = try negation()
            while take([.word("and")]) != nil { node = .pair("and", node, try negation()) }
            return node
        }

        private mutating func negation() throws(Fault) -> Node {
            var count = 0
            while take([.word("not")]) != nil { count += 1 }
            let node = try comparison()
            return count.isMultiple(of: 2) ? node : .not(node)
        }

        private mutating func comparison() throws(Fault) -> Node {
            let left = try sum()
            guard case .sign(let sign)? = take(["==", "!=", "<=", ">=", "<", ">"].map { .sign($0) }) else { return left }
            return .pair(sign, left, try sum())
        }

        private mutating func sum() throws(Fault) -> Node {
            var node = try product()
            while case .sign(let sign)? = take([.sign("+"), .sign("-")]) { node = .pair(sign, node, try product()) }
            return node
        }

        private mutating func product() throws(Fault) -> Node {
            var node = try signed()
            while case .sign(let sign)? = take([.sign("*"), .sign("/")]) { node = .pair(sign, node, try signed()) }
            return node
        }

        private mutating func signed() throws(Fault) -> Node {
            var count = 0
            while take([.sign("-")]) != nil { count += 1 }
            let node = try primary()
            return count.isMultiple(of: 2) ? node : .negative(node)
        }

        private mutating func primary() throws(Fault) -> Node {
            guard let next = peek else { throw Fault(sentence: "the condition ends where a value is expected") }
            index += 1
            switch next {
            case .number(let number): return .value(.number(number))
            case .text(let text): return .value(.text(text))
            case .word("true"): return .value(.truth(true))
            case .word("false"): return .value(.truth(false))
            case .word(let name): return .name(name)
            case .sign("("):
                let node = try disjunction()
                guard take([.sign(")")]) != nil else { throw Fault(sentence: "a parenthesis is not closed") }
                return node
            case .sign(let sign): throw Fault(sentence: "“\(sign)” stands where a value is expected")
            }
        }
    }
}
