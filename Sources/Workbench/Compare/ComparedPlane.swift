import Charts
import Experiments

/// Two columns of a table that compared runs have left, against each other: each row is a point a side, its mean over the side's runs, and
/// moves from the baseline's point to the point of each other side.
struct ComparedPlane: Sendable {
    /// A scatter panel of a method that compared runs have the table of.
    struct Source: Sendable, Hashable {
        var title: String
        var table: String, x: String, y: String
    }

    /// A row of the table as one side has it.
    struct Spot: Sendable, Equatable {
        /// The texts of the row: what pairs it with the rows of other sides.
        var key: [String]
        /// The place of the side among the groups.
        var side: Int
        var x: Double, y: Double
        /// How many runs the means are over.
        var count: Int
    }

    private(set) var spots: [Spot] = []
    var xTitle: String, yTitle: String

    /// The planes that there are, by the panels of the methods of the runs.
    static func sources(_ models: [RunModel], methods: [any Method]) -> [Source] {
        var found: [Source] = []
        for model in models {
            guard let method = model.start.flatMap({ start in methods.first { $0.description.identifier == start.request.method } }) else { continue }
            for panel in method.panels {
                guard case .scatter(let table, let x, let y) = panel.kind, model.tables[table] != nil else { continue }
                let source = Source(title: panel.title, table: table, x: x, y: y)
                if !found.contains(source) { found.append(source) }
            }
        }
        return found
    }

    init(_ source: Source, groups: [ComparedGroup], runs: [String: RunModel]) {
        (xTitle, yTitle) = (source.x, source.y)
        for (side, group) in groups.enumerated() {
            var order: [[String]] = [], sums: [[String]: (x: Double, y: Double, count: Int)] = [:]
            for run in group.runs {
                guard let table = runs[run]?.tables[source.table], let x = table.columns.firstIndex(where: { $0.name == source.x }), let y = table.columns.firstIndex(where: { $0.name == source.y }) else { continue }
                xTitle = Self.title(table.columns[x])
                yTitle = Self.title(table.columns[y])
                for row in table.rows {
                    guard row.indices.contains(x), row.indices.contains(y), case .number(let a) = row[x], case .number(let b) = row[y], a.isFinite, b.isFinite else { continue }
                    let key = row.compactMap { cell -> String? in if case .text(let text) = cell { text } else { nil } }
                    guard !key.isEmpty else { continue }
                    if sums[key] == nil { order.append(key) }
                    let sum = sums[key] ?? (0, 0, 0)
                    sums[key] = (sum.x + a, sum.y + b, sum.count + 1)
                }
            }
            spots += order.compactMap { key in
                sums[key].map { Spot(key: key, side: side, x: $0.x / Double($0.count), y: $0.y / Double($0.count), count: $0.count) }
            }
        }
    }

    private static func title(_ column: RunEvent.Table.Column) -> String { column.unit.isEmpty ? column.name : "\(column.name) (\(column.unit))" }

    /// Beyond so many arrows only points are drawn: nobody could follow them.
    private static let mostArrows = 60

    func chart(groups: [ComparedGroup], baseline: Int) -> ScatterChart {
        var chart = ScatterChart(groups.enumerated().map { side, group in
            .init(group.name, points: spots.filter { $0.side == side }.map { SeriesPoint(step: $0.x, value: $0.y) }, slot: group.slot)
        }, xTitle: xTitle, yTitle: yTitle)
        if spots.count <= 2 * Self.mostArrows { chart.form = .markers }
        let start = Dictionary(spots.filter { $0.side == baseline }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let moves = spots.compactMap { spot -> ScatterChart.Arrow? in
            guard spot.side != baseline, let before = start[spot.key], groups.indices.contains(spot.side) else { return nil }
            return .init(from: SeriesPoint(step: before.x, value: before.y), to: SeriesPoint(step: spot.x, value: spot.y), slot: groups[spot.side].slot)
        }
        if moves.count <= Self.mostArrows { chart.arrows = moves }
        return chart
    }

    /// The row that moved farthest up and the one that moved farthest down, in words.
    func sentence(baseline: Int) -> String? {
        let start = Dictionary(spots.filter { $0.side == baseline }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let moves = spots.filter { $0.side != baseline }.compactMap { spot in start[spot.key].map { (key: spot.key, up: spot.y - $0.y) } }
        guard let most = moves.max(by: { $0.up < $1.up }), let least = moves.min(by: { $0.up < $1.up }) else { return nil }
        func words(_ move: (key: [String], up: Double)) -> String { "\(move.key.joined(separator: " × ")) \(move.up < 0 ? "−" : "+")\(NumberText.short(abs(move.up)))" }
        let up = moves.count { $0.up > 0 }, down = moves.count { $0.up < 0 }
        return moves.count == 1 ? words(most) : "\(up) up, \(down) down; most \(words(most)), least \(words(least))"
    }
}
