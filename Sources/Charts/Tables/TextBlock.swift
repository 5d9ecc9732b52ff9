import Terminal

/// Lines of text, wrapped at words: a log, notes, help.
public struct TextBlock: Chart, Sendable {
    public struct Line: Sendable, Hashable {
        public enum Kind: Sendable, Hashable { case plain, note, warning, failure }
        public var text: String
        public var kind: Kind
        /// Stands before the text in its own column: a time, a step.
        public var stamp: String

        public init(_ text: String, kind: Kind = .plain, stamp: String = "") {
            self.text = text
            self.kind = kind
            self.stamp = stamp
        }
    }

    public var lines: [Line]
    /// Rows scrolled back from the end (`followsEnd`) or down from the start.
    public var offset = 0
    /// Shows the last lines where they do not all fit.
    public var followsEnd: Bool

    public init(_ lines: [Line], followsEnd: Bool = true) {
        self.lines = lines
        self.followsEnd = followsEnd
    }

    public init(text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Line(String($0)) }
        followsEnd = false
    }
}
