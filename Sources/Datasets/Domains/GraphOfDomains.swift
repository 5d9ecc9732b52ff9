/// Reads which domains are close: an edge list (two names a line), or a GAL file (neighbours by number).
enum GraphOfDomains {
    /// - Parameters:
    ///   - names: the domains, in the order of their numbers.
    ///   - samples: the file that holds their samples, for the words of an error.
    ///   - ignored: names that may stand in the list and are left out.
    static func read(_ file: DatasetFiles.File, names: [String], samples: String, ignored: Set<String> = []) throws -> Adjacency {
        file.name.lowercased().hasSuffix(".gal") ? try readGAL(file, count: names.count) : try readEdges(file, names: names, samples: samples, ignored: ignored)
    }

    /// Two domains a line with a tab, spaces, a comma or a semicolon between them; lines that start with "#" are remarks, and a
    /// first line that names no domain at all is a header.
    static func readEdges(_ file: DatasetFiles.File, names: [String], samples: String, ignored: Set<String>) throws -> Adjacency {
        let numbers = Dictionary(names.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        var lines = TextLines(file), from: [Int32] = [], to: [Int32] = []
        var isFirst = true
        while lines.advance() {
            if lines.isComment || lines.isBlank { continue }
            guard let text = lines.text(lines.start..<lines.end) else { throw lines.failure("is no UTF-8 text; save the file as UTF-8") }
            let words = ends(text)
            if words.isEmpty { continue }
            guard words.count == 2 else { throw lines.failure("has \(words.count) names where two domains with a tab or comma between them are needed; mend the line") }
            let known = words.map { numbers[$0] }
            defer { isFirst = false }
            if isFirst, known.allSatisfy({ $0 == nil }), !words.contains(where: ignored.contains), words.allSatisfy({ Int($0) == nil }) { continue }
            if words.contains(where: ignored.contains) { continue }
            guard let a = known[0], let b = known[1] else {
                let stray = known[0] == nil ? words[0] : words[1]
                throw lines.failure("names the domain \(harmless(String(stray.prefix(40)))), which has no samples in \(samples); mend the edge or add samples")
            }
            guard from.count < Adjacency.edgeLimit else { throw lines.failure("is beyond the \(grouped(Adjacency.edgeLimit)) edges that are read; take fewer domains") }
            from.append(a)
            to.append(b)
        }
        return Adjacency(count: names.count, from: from, to: to)
    }

    /// Tabs, commas and semicolons divide where there are any (names may hold spaces), else spaces.
    private static func ends(_ line: String) -> [String] {
        for separator in ["\t", ",", ";"] as [Character] where line.contains(separator) {
            return line.split(separator: separator, omittingEmptySubsequences: false).map { DomainTables.trimmed(String($0)) }
        }
        return line.split(separator: " ").map(String.init)
    }

    /// GAL text: the number of domains (or "0 number name column"), then for each a line "number degree" and a line of neighbours.
    /// - Throws: `DatasetError` with the line when a number is outside, a degree does not fit, or an edge has no second direction.
    static func readGAL(_ file: DatasetFiles.File, count: Int) throws -> Adjacency {
        var lines = TextLines(file)
        func words() -> [Substring] { (lines.text(lines.start..<lines.end) ?? "").split(whereSeparator: { $0 == " " || $0 == "\t" }) }
        guard lines.advance() else { throw DatasetError(file: file.name, "is empty; give the number of domains and their neighbours") }
        let first = words()
        guard let declared = first.count >= 2 && first[0] == "0" ? Int(first[1]) : first.first.flatMap({ Int($0) }), declared == count else {
            throw lines.failure("should give the number of domains, \(count) here; mend it")
        }
        var neighbours: [Int: (list: [Int], line: Int)] = [:]
        while lines.advance() {
            if lines.isBlank { continue }
            let head = words()
            guard head.count == 2, let node = Int(head[0]), (0..<count).contains(node), let degree = Int(head[1]), degree >= 0 else {
                throw lines.failure("should give a domain from 0 to \(count - 1) and how many neighbours it has; mend it")
            }
            guard neighbours[node] == nil else { throw lines.failure("gives domain \(node) a second time; list each once") }
            let line = lines.line
            guard degree > 0 else { neighbours[node] = ([], line); continue }
            guard lines.advance() else { throw DatasetError(file: file.name, place: "line \(line)", "the neighbours of domain \(node) are missing; add their line") }
            let list = words().map { Int($0) ?? -1 }
            guard list.count == degree, list.allSatisfy((0..<count).contains) else {
                throw lines.failure("should give the \(degree) neighbours of domain \(node), each from 0 to \(count - 1); mend it")
            }
            neighbours[node] = (list, lines.line)
        }
        guard neighbours.count == count else { throw DatasetError(file: file.name, "gives neighbours for \(neighbours.count) of \(count) domains; list every one") }
        var from: [Int32] = [], to: [Int32] = []
        let sets = neighbours.mapValues { Set($0.list) }
        var loops: [Int32] = []
        for node in 0..<count {
            guard let entry = neighbours[node] else { continue }
            for other in entry.list.sorted() {
                guard sets[other]?.contains(node) == true else {
                    throw DatasetError(file: file.name, place: "line \(entry.line)", "domain \(node) names \(other) as neighbour, but \(other) does not name \(node); make the file symmetric")
                }
                if node < other {
                    from.append(Int32(node))
                    to.append(Int32(other))
                } else if node == other { loops.append(Int32(node)) }
            }
        }
        return Adjacency(count: count, from: from + loops, to: to + loops)
    }
}
