/// The path of a metric series: the metric, then the arm ("test error/reweighted").
enum SeriesPattern {
    /// Whether a panel's pattern, a path or a beginning with `*`, names a series.
    static func matches(_ pattern: String, _ path: String) -> Bool {
        pattern.last == "*" ? path.hasPrefix(pattern.dropLast()) : pattern == path
    }

    static func metric(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path }
    static func arm(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }
}
