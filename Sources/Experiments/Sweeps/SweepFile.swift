import Foundation

extension Sweep {
    private static let largestFile = 1 << 20, mostValues = 10_000

    /// Reads a sweep file.
    /// - Throws: `SweepError` with the file and the line of what is wrong.
    public init(at location: URL) throws(SweepError) {
        guard let data = try? Data(contentsOf: location) else { throw SweepError(location.path, "it cannot be read; is the path right?") }
        guard data.count <= Self.largestFile, let text = String(data: data, encoding: .utf8) else {
            throw SweepError(location.path, "it is no UTF-8 text of at most 1 MiB")
        }
        try self.init(text: text, file: location.path)
    }

    /// - Parameter file: what errors call it.
    public init(text: String, file: String) throws(SweepError) {
        let root: TOMLTable
        do { root = try TOMLTable(string: text) } catch { throw SweepError(file, line: error.line, "it is not TOML: \(error.description)") }
        let reader = Reader(file: file, lines: TOMLLines(text))
        let known = ["title", "plan", "method", "methods", "data", "seeds", "threads", "budget", "require", "set", "grid", "list", "random"]
        for key in root.keys.sorted() where !known.contains(key) {
            throw reader.error(key, "there is no key “\(key)”; there are \(known.filter { $0 != "method" }.joined(separator: ", ")) and [method.NAME.…]")
        }
        self.file = file
        title = try reader.text(root, "title") ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        let planName = try reader.text(root, "plan") ?? Plan.standard.rawValue
        guard let plan = Plan(rawValue: planName) else { throw reader.error("plan", "“\(planName)” is no plan; give smoke, standard or paper") }
        self.plan = plan
        methods = try reader.names(root, "methods")
        datasets = try reader.names(root, "data")
        seeds = try reader.seeds(root)
        threads = try reader.count(root, "threads", 1...1024)
        let budget = try reader.table(root, "budget")
        for key in budget.keys.sorted() where !["runs", "hours"].contains(key) { throw reader.error("budget.\(key)", "a budget has runs and hours, no “\(key)”") }
        runBudget = try reader.count(budget, "runs", 1...1_000_000, in: "budget")
        hourBudget = budget["hours"]?.number
        if let given = budget["hours"], given.number.map({ $0 > 0 && $0.isFinite }) != true { throw reader.error("budget.hours", "hours is a number above 0") }
        constraints = []
        constraintLines = []
        for text in try reader.names(root, "require") {
            do { constraints.append(try SweepConstraint(text)) } catch { throw reader.error("require", "condition “\(text)”: \(error.sentence)") }
            constraintLines.append(reader.lines["require"])
        }
        common = try reader.settings(root, path: "")
        own = [:]
        // One method may be named by `method = "…"`; a table of that name has the settings of single methods.
        switch root["method"]?.kind {
        case nil: break
        case .text(let name): methods.append(name)
        case .table(let tables):
            for name in tables.keys.sorted() {
                guard let table = tables[name]?.table else { throw reader.error("method.\(name)", "[method.\(name)] holds tables: set, grid, random, and list") }
                for key in table.keys.sorted() where !["set", "grid", "list", "random"].contains(key) {
                    throw reader.error("method.\(name).\(key)", "[method.\(name)] holds set, grid, list and random, no “\(key)”")
                }
                own[name] = try reader.settings(table, path: "method.\(name).")
                if !methods.contains(name) { methods.append(name) }
            }
        default: throw reader.error("method", "method is a name in quotes, or tables [method.NAME.…]")
        }
        guard !methods.isEmpty else { throw SweepError(file, "it names no method; give methods = [\"…\"]") }
    }

    /// Reads single keys and says what is wrong with them.
    private struct Reader {
        var file: String
        var lines: TOMLLines

        func error(_ path: String, _ sentence: String) -> SweepError { SweepError(file, line: lines[path], sentence) }

        func text(_ table: TOMLTable, _ key: String) throws(SweepError) -> String? {
            guard let value = table[key] else { return nil }
            guard let text = value.string else { throw error(key, "\(key) is a text in quotes") }
            return text
        }

        func table(_ root: TOMLTable, _ key: String) throws(SweepError) -> TOMLTable {
            guard let value = root[key] else { return TOMLTable() }
            guard let table = value.table else { throw error(key, "\(key) is a table") }
            return table
        }

        /// One text or a list of them.
        func names(_ root: TOMLTable, _ key: String) throws(SweepError) -> [String] {
            guard let value = root[key] else { return [] }
            if let name = value.string { return [name] }
            guard let items = value.array, items.allSatisfy({ $0.string != nil }) else { throw error(key, "\(key) is a list of texts in quotes") }
            let names = items.compactMap(\.string)
            if let twice = names.enumerated().first(where: { names.firstIndex(of: $1) != $0 }) { throw error(key, "\(key) names “\(twice.element)” twice") }
            return names
        }

        func count(_ table: TOMLTable, _ key: String, _ range: ClosedRange<Int>, in parent: String = "") throws(SweepError) -> Int? {
            guard let value = table[key] else { return nil }
            guard let number = value.number.flatMap({ Int(exactly: $0) }), range.contains(number) else {
                throw error(parent.isEmpty ? key : "\(parent).\(key)", "\(key) is a whole number, \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }

        /// A list of numbers, or a text such as "1..5".
        func seeds(_ root: TOMLTable) throws(SweepError) -> [UInt64] {
            guard let value = root["seeds"] else { return [] }
            let seeds = value.string.map(Self.range) ?? Self.wholeNumbers(value.array ?? [])
            guard !seeds.isEmpty else { throw error("seeds", "seeds is a list of whole numbers, or a range such as \"1..5\" of at most 10000") }
            return seeds
        }

        /// "first..last"; empty for another text.
        private static func range(_ text: String) -> [UInt64] {
            guard let dots = text.range(of: ".."), let first = UInt64(text[..<dots.lowerBound].filter { $0 != " " }),
                  let last = UInt64(text[dots.upperBound...].filter { $0 != " " }), first <= last, last - first < 10_000 else { return [] }
            return Array(first...last)
        }

        /// Each number once; empty where one of them is none.
        private static func wholeNumbers(_ items: [TOMLValue]) -> [UInt64] {
            let seeds = items.compactMap { item in item.number.flatMap { UInt64(exactly: $0) } }
            var seen: Set<UInt64> = []
            return seeds.count == items.count ? seeds.filter { seen.insert($0).inserted } : []
        }

        func settings(_ root: TOMLTable, path: String) throws(SweepError) -> Settings {
            var settings = Settings()
            let fixed = try table(root, "set")
            for name in ordered(fixed, path + "set") { settings.fixed.append(try setting(fixed, name, path + "set")) }
            let grid = try table(root, "grid")
            for name in ordered(grid, path + "grid") {
                let place = "\(path)grid.\(name)"
                guard let items = grid[name]?.array, !items.isEmpty else { throw error(place, "\(name) is a list of values to combine") }
                guard items.count <= Sweep.mostValues else { throw error(place, "\(name) has \(items.count) values; \(Sweep.mostValues) is the most") }
                settings.grid.append(Axis(name: name, values: try values(items, place), line: lines[place]))
            }
            if let list = root["list"] {
                guard let items = list.array, items.count <= Sweep.mostValues else { throw error(path + "list", "list has settings: list = [{ name = value, … }, …]") }
                for item in items {
                    guard let cell = item.table else { throw error(path + "list", "list has settings: list = [{ name = value, … }, …]") }
                    settings.list.append(try cell.keys.sorted().map { name throws(SweepError) in
                        var setting = try setting(cell, name, path + "list")
                        setting.line = lines[path + "list"]
                        return setting
                    })
                }
            }
            let random = try table(root, "random")
            for name in ordered(random, path + "random") where !["count", "seed"].contains(name) { settings.random.append(try draw(random, name, path + "random")) }
            settings.draws = try count(random, "count", 1...Sweep.mostValues, in: path + "random") ?? 0
            settings.drawSeed = UInt64(try count(random, "seed", 0...Int(Int32.max), in: path + "random") ?? 0)
            guard settings.random.isEmpty == (settings.draws == 0) else { throw error(path + "random", "random has a count and at least one parameter to draw") }
            return settings
        }

        /// The keys as they stand in the file.
        private func ordered(_ table: TOMLTable, _ path: String) -> [String] {
            table.keys.sorted { (lines["\(path).\($0)"] ?? .max, $0) < (lines["\(path).\($1)"] ?? .max, $1) }
        }

        private func setting(_ table: TOMLTable, _ name: String, _ path: String) throws(SweepError) -> Setting {
            let place = "\(path).\(name)"
            return Setting(name: name, value: try value(table[name], place), line: lines[place])
        }

        private func values(_ items: [TOMLValue], _ place: String) throws(SweepError) -> [ParameterValue] {
            try items.map { item throws(SweepError) in try value(item, place) }
        }

        private func value(_ value: TOMLValue?, _ place: String) throws(SweepError) -> ParameterValue {
            switch value?.kind {
            case .text(let text): return .text(text)
            case .boolean(let truth): return .boolean(truth)
            case .number(let number): return Int(exactly: number).map { .integer($0) } ?? .real(number)
            default: throw error(place, "a setting is a number, a text in quotes, true or false")
            }
        }

        private func draw(_ table: TOMLTable, _ name: String, _ path: String) throws(SweepError) -> Draw {
            let place = "\(path).\(name)"
            func wrong() -> SweepError { error(place, "\(name) is drawn from { from = 0.001, to = 0.1, scale = \"log\" } or from { of = [1, 2, 3] }") }
            guard let range = table[name]?.table, range.keys.allSatisfy({ ["from", "to", "scale", "of"].contains($0) }) else { throw wrong() }
            if let items = range["of"]?.array {
                guard !items.isEmpty, range.keys.count == 1 else { throw wrong() }
                return Draw(name: name, source: .choice(try values(items, place)), line: lines[place])
            }
            guard let from = range["from"]?.number, let to = range["to"]?.number, from.isFinite, to.isFinite, from < to else { throw wrong() }
            switch range["scale"]?.kind {
            case nil, .text("linear"): return Draw(name: name, source: .uniform(from, to), line: lines[place])
            case .text("log"):
                guard from > 0 else { throw error(place, "a logarithmic range of \(name) begins above 0") }
                return Draw(name: name, source: .logarithmic(from, to), line: lines[place])
            default: throw wrong()
            }
        }
    }
}
