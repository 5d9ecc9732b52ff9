/// The path of a metric series: the metric, then the arm ("test error/reweighted").
enum SeriesPath {
    static func metric(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path }
    static func arm(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }
}
