/// What is wrong with a theme file: one sentence with the file, the line and what to do.
public struct ThemeError: Error, CustomStringConvertible, Sendable, Equatable {
    public var description: String

    init(file: String, line: Int?, _ sentence: String) {
        description = line.map { "\(file), line \($0): \(sentence)" } ?? "\(file): \(sentence)"
    }
}
