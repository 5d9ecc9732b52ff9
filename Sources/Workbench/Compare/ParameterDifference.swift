import Experiments

/// The settings of compared groups side by side.
struct ParameterDifference: Sendable, Equatable {
    struct Row: Sendable, Equatable {
        var name: String
        /// One value a group; nil where the group has no such setting.
        var values: [String?]
        var differs: Bool { Set(values).count > 1 }
    }

    var rows: [Row]

    /// - Parameter groups: for each group the start of each of its runs.
    init(_ groups: [[RunEvent.RunStart]]) {
        var rows: [Row] = []
        func add(_ name: String, _ value: ([RunEvent.RunStart]) -> String?) { rows.append(Row(name: name, values: groups.map(value))) }
        for name in Set(groups.compactMap(\.first).flatMap(\.values.keys)).sorted() { add(name) { $0.first?.values[name]?.display } }
        add("method") { $0.first?.request.method }
        add("data") { $0.first?.request.dataset }
        add("data checksum") { $0.first.map { String($0.datasetChecksum.prefix(12)) } }
        add("plan") { $0.first?.request.plan.rawValue }
        add("condition") { $0.first?.request.condition }
        add("seeds") { $0.map { String($0.request.seed) }.joined(separator: " ") }
        add("threads") { Self.all($0.map { String($0.request.threads) }) }
        add("build") { Self.all($0.map(\.build)) }
        add("machine") { Self.all($0.map(\.machine)) }
        self.rows = rows.filter { $0.values.contains { $0 != nil && $0 != "" } }
    }

    /// The one value, or all that occur.
    private static func all(_ values: [String]) -> String {
        var seen: [String] = []
        for value in values where !seen.contains(value) { seen.append(value) }
        return seen.joined(separator: ", ")
    }

    var differing: [Row] { rows.filter(\.differs) }
}
