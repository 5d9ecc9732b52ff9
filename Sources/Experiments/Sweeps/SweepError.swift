/// What is wrong in a sweep file: one sentence with the file and, where it has one, the line.
public struct SweepError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// 1 for the first line.
    public var line: Int?
    public var sentence: String

    init(_ file: String, line: Int? = nil, _ sentence: String) {
        self.file = file
        self.line = line
        self.sentence = sentence
    }

    public var description: String { "\(file)\(line.map { ", line \($0)" } ?? ""): \(sentence)" }
}
