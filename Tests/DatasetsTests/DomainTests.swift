import Datasets
import Foundation
import Testing

/// Domains: the published sets with the counts and constants of their sources, generated ones, and a user's own tables.
@Suite struct DomainTests {
    func domains(_ identifier: String, _ library: DatasetLibrary = DatasetLibrary(folders: [])) throws -> DomainDataset { try library.open(identifier, as: DomainDataset.self) }

    func levels(_ set: DomainDataset, _ task: String) throws -> (sources: Int, levels: [Int]) {
        let roles = try #require(set.tasks.first { $0.name == task }).roles, hops = set.hops(from: roles)
        return (roles.count { $0 == .source }, [1, 2].map { level in hops.count { $0 == level } } + [hops.count { ($0 ?? 0) >= 3 }])
    }

    /// A folder `shops` with these files, opened.
    func opened(points: String, edges: String, domains table: String? = nil) throws -> DomainDataset {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("shops")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (name, text) in ["points.csv": points, "edges.tsv": edges, "domains.csv": table] { try text.map { try Data($0.utf8).write(to: place.appendingPathComponent(name)) } }
            return try domains("shops", DatasetLibrary(folders: [folder]))
        }
    }

    @Test func `DG-15 ships with its counts, hops and means`() throws {
        let set = try domains("dg-15")
        #expect(set.domains.count == 15 && set.edgeCount == 56 && set.count == 1500)
        let roles = try #require(set.tasks.first).roles
        #expect(roles.indices.filter { roles[$0] == .source } == [0, 3, 4, 8, 12, 14])
        #expect(set.hops(from: roles) == [0, 2, 1, 0, 0, 1, 1, 2, 0, 2, 1, 1, 0, 1, 0])
        guard case .classified(let width, let inputs, let labels, let names) = set.content else { return #expect(Bool(false), "classes are expected") }
        #expect(width == 2 && names == ["0", "1"] && labels.allSatisfy { $0 == Array(repeating: 0, count: 50) + Array(repeating: 1, count: 50) })
        for (column, mean, deviation) in [(0, -0.01260, 1.46886), (1, 0.00505, 1.53450)] {
            let values = inputs.flatMap { rows in stride(from: column, to: rows.count, by: 2).map { rows[$0] } }
            let average = values.reduce(0, +) / 1500
            #expect(abs(average - mean) < 1e-5)
            #expect(abs((values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 1500).squareRoot() - deviation) < 1e-5)
        }
        let preview = set.preview()
        #expect(preview.nodeCount == 15 && preview.edges.count == 56 && preview.classes.map(\.count) == [750, 750])
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `DG-60 and the incomes have their published graphs`() throws {
        let sixty = try domains("dg-60", TestData.library)
        #expect(sixty.domains.count == 60 && sixty.edgeCount == 545 && sixty.count == 6000)
        let roles = try #require(sixty.tasks.first).roles
        #expect(roles.indices.filter { roles[$0] == .source } == [2, 14, 23, 33, 41, 59])
        #expect(try levels(sixty, "as given").levels == [18, 26, 10])
        let income = try domains("us-income", TestData.library)
        #expect(income.domains.count == 48 && income.edgeCount == 107 && income.tasks.map(\.name) == ["N-to-S", "E-to-W"])
        guard case .series(let values, let series) = income.content else { return #expect(Bool(false), "series are expected") }
        #expect(values.allSatisfy { $0.count == 80 } && series.removesLevel && abs(values[0][0] - log(323)) < 1e-12)
    }

    @Test func `TPT-48 ships with 48 states, 105 pairs and the levels of its three tasks`() throws {
        let set = try domains("tpt-48")
        #expect(set.domains.count == 48 && set.edgeCount == 105)
        for (task, sources, expected) in [("W-to-E", 6, [4, 6, 32]), ("N-to-S", 24, [10, 6, 8]), ("E-to-W", 24, [8, 7, 9])] {
            let found = try levels(set, task)
            #expect(found.sources == sources && found.levels == expected, "\(task): \(found)")
        }
        guard case .series(let values, let series) = set.content else { return #expect(Bool(false), "series are expected") }
        #expect(values.allSatisfy { $0.count == 144 } && series.unit == "°F")
        let california = try #require(set.domains.first { $0.name == "CA" })
        #expect(california.title == "California" && california.position?.x == 0 && set.domains.allSatisfy { $0.position != nil && $0.coordinates.count == 2 })
    }

    @Test func `generated domains are connected, shuffled and the same for a seed`() throws {
        for (identifier, count, share) in [("dg-15-generated", 15, 0.5), ("dg-15-skewed", 15, 0.75), ("dg-60-generated", 60, 0.5), ("dg-6", 6, 0.5)] {
            let set = try domains(identifier)
            #expect(set.domains.count == count && !set.adjacency.isComplete)
            let roles = try #require(set.tasks.first).roles
            #expect(set.hops(from: roles).allSatisfy { $0 != nil })
            guard case .classified(_, let inputs, let labels, _) = set.content else { return #expect(Bool(false), "classes are expected") }
            #expect(labels.allSatisfy { Double($0.count { $0 == 0 }) / Double($0.count) == share })
            #expect(labels.contains { Array($0.prefix(5)) != Array(repeating: 0, count: 5) })
            // Class 0 lies on the domain's own side: points within the unit disc around r(cos θ, sin θ).
            let angle = set.domains[0].coordinates[0], sides = labels[0].indices.map { inputs[0][2 * $0] * cos(angle) + inputs[0][2 * $0 + 1] * sin(angle) }
            #expect(zip(sides, labels[0]).allSatisfy { ($0 > -0.001) == ($1 == 0) })
        }
        #expect(try SpiralDomains.small.generate(identifier: "a", seed: 3).content == SpiralDomains.small.generate(identifier: "a", seed: 3).content)
        #expect(try SpiralDomains.small.generate(identifier: "a", seed: 3).content != SpiralDomains.small.generate(identifier: "a", seed: 4).content)
    }

    let shops = "domain,price,size,y\nnorth,1,2,0\nnorth,2,1,1\neast,1,1,0\neast,2,2,1\nsouth,3,1,\nsouth,1,3,\n"
    let lines = "north\teast\neast\tsouth\n"
    let roles = "domain,role\nnorth,source\neast,source\nsouth,target\n"

    @Test func `a user's own tables open as domains, with and without roles`() throws {
        let set = try opened(points: shops, edges: lines, domains: roles)
        #expect(set.domains.map(\.name) == ["north", "east", "south"] && set.edgeCount == 2)
        #expect(set.hops(from: set.tasks[0].roles) == [0, 0, 1])
        guard case .classified(let width, _, let labels, _) = set.content else { return #expect(Bool(false), "classes are expected") }
        #expect(width == 2 && labels == [[0, 1], [0, 1], [-1, -1]])
        let loose = try opened(points: shops, edges: lines)
        #expect(loose.tasks.isEmpty && loose.domains.map(\.name) == ["east", "north", "south"])
        let measured = try opened(points: shops.replacingOccurrences(of: "1,2,0", with: "1,2,0.25"), edges: lines, domains: roles)
        guard case .measured(_, _, let outputs) = measured.content else { return #expect(Bool(false), "numbers are expected") }
        #expect(outputs[0] == [0.25, 1] && outputs[2].allSatisfy(\.isNaN))
        let words = try opened(points: "d,x,y\na,1,cat\na,2,dog\nb,1,cat\n", edges: "a b\n", domains: "domain,role\na,source\nb,target\n")
        guard case .classified(_, _, let named, let names) = words.content else { return #expect(Bool(false), "classes are expected") }
        #expect(names == ["cat", "dog"] && named == [[0, 1], [0]])
    }

    @Test func `loops, repeats, unreachable domains and classes of targets alone are told, not fatal`() throws {
        let set = try opened(points: shops.replacingOccurrences(of: "south,3,1,", with: "south,3,1,2"), edges: "# a\tb\nnorth\teast\neast\tnorth\neast\teast\n", domains: roles)
        #expect(set.edgeCount == 1 && set.adjacency.loops == 1 && set.adjacency.repeats == 1)
        #expect(set.hops(from: set.tasks[0].roles) == [0, 0, nil])
        #expect(set.notes.contains { $0.contains("no path leads from a source to south") } && set.notes.contains { $0.contains("class 2 stands in targets only") })
        #expect(set.notes.contains { $0.contains("1 loops") })
    }

    @Test(arguments: [
        ("edge", "edges.tsv, line 2", "names the domain west, which has no samples"),
        ("triple", "edges.tsv, line 1", "3 names"),
        ("no samples", "domains.csv, line 5", "the domain west has no samples"),
        ("no source", "domains.csv", "no domain has the role source"),
        ("no target", "domains.csv", "no domain has the role target"),
        ("role", "domains.csv, line 3", "neither source nor target"),
        ("twice", "domains.csv, line 3", "name each once"),
        ("unlisted", "points.csv, line 2", "does not list"),
        ("inputs", "points.csv, line 4", "give equally many inputs"),
        ("label", "points.csv, line 3", "outside 0 ... 49"),
        ("word", "points.csv, line 5", "is no number where most are"),
        ("source label", "points.csv, line 3", "its domain north is a source"),
        ("infinite", "points.csv, line 3", "no finite number"),
        ("encoding", "points.csv", "UTF-8"),
    ])
    func `each slip in a user's tables is named with file and line`(slip: String, place: String, part: String) throws {
        var (points, edges, table) = (shops, lines, roles)
        switch slip {
        case "edge": edges += "north\twest\n"; edges = "north\teast\nnorth\twest\n"
        case "triple": edges = "north\teast\tsouth\n"
        case "no samples": table += "west,target\n"
        case "no source": table = table.replacingOccurrences(of: "source", with: "target")
        case "no target": table = table.replacingOccurrences(of: "target", with: "source")
        case "role": table = table.replacingOccurrences(of: "east,source", with: "east,both")
        case "twice": table = table.replacingOccurrences(of: "east,source", with: "north,source")
        case "unlisted": table = "domain,role\neast,source\nsouth,target\n"
        case "inputs": points = points.replacingOccurrences(of: "east,1,1,0", with: "east,1,0")
        case "label": points = points.replacingOccurrences(of: "north,2,1,1", with: "north,2,1,-1")
        case "word": points = points.replacingOccurrences(of: "east,2,2,1", with: "east,2,2,one")
        case "source label": points = points.replacingOccurrences(of: "north,2,1,1", with: "north,2,1,")
        case "infinite": points = points.replacingOccurrences(of: "north,2,1,1", with: "north,inf,1,1")
        default: break
        }
        let error = #expect(throws: DatasetError.self) {
            guard slip == "encoding" else { _ = try opened(points: points, edges: edges, domains: table); return }
            try withTemporaryFolder { folder in
                for (name, bytes) in ["points.csv": Array(points.utf8) + [0x6E, 0x2C, 0xFF, 0x0A], "edges.tsv": Array(edges.utf8)] { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
                let imported = DatasetImport(files: ["points.csv", "edges.tsv"].map(folder.appendingPathComponent), name: "mine", layout: .domains)
                _ = try imported.add(to: DatasetLibrary(folders: [folder.appendingPathComponent("data")]))
            }
        }
        #expect(error?.description.contains(place) == true && error?.description.contains(part) == true, "\(slip): \(error?.description ?? "")")
    }

    @Test func `own files are added as domains, the graph as edges or as GAL`() throws {
        try withTemporaryFolder { folder in
            let files = ["samples.csv": shops, "edges.tsv": lines, "roles.csv": roles, "graph.gal": "3\n0 1\n1\n1 2\n0 2\n2 1\n1\n"]
            for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
            let library = DatasetLibrary(folders: [folder.appendingPathComponent("data")])
            let entry = try DatasetImport(files: ["samples.csv", "edges.tsv", "roles.csv"].map(folder.appendingPathComponent), name: "shops").add(to: library)
            #expect(entry.kind == .domains && entry.shape == "3 domains, 2 edges, 6 samples")
            let second = try DatasetImport(files: ["samples.csv", "graph.gal", "roles.csv"].map(folder.appendingPathComponent), name: "neighbours", layout: .domains).add(to: library)
            #expect(try domains(second.identifier, library).adjacency == domains("shops", library).adjacency)
        }
    }

    @Test(arguments: [
        ("4\n0 0\n1 0\n2 0\n", "graph.gal, line 1", "number of domains"), ("3\n0 1\n1\n1 0\n2 0\n", "graph.gal, line 3", "does not name 0"),
        ("3\n0 2\n1\n1 0\n2 0\n", "graph.gal, line 3", "the 2 neighbours"), ("3\n0 1\n7\n", "graph.gal, line 3", "from 0 to 2"), ("3\n0 1\n", "graph.gal, line 2", "are missing"),
        ("3\n0 0\n0 0\n", "graph.gal, line 3", "a second time"), ("3\n0 0\n", "graph.gal", "1 of 3"), ("", "graph.gal", "is empty"), ("3\n0 -1\n", "graph.gal, line 2", "how many neighbours"),
    ])
    func `a wrong GAL file is named with its line`(text: String, place: String, part: String) throws {
        try withTemporaryFolder { folder in
            for (name, text) in ["samples.csv": shops, "graph.gal": text, "roles.csv": roles] { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
            let error = #expect(throws: DatasetError.self) {
                try DatasetImport(files: ["samples.csv", "graph.gal", "roles.csv"].map(folder.appendingPathComponent), name: "x", layout: .domains)
                    .add(to: DatasetLibrary(folders: [folder.appendingPathComponent("data")]))
            }
            #expect(error?.description.contains(place) == true && error?.description.contains(part) == true, "\(error?.description ?? "")")
        }
    }
}
