import Datasets
import Foundation
import Tensors
import Testing

/// Graphs in the plain layout, LINQS text, geom-gcn text and Planetoid pickles.
@Suite struct GraphTests {
    func graph(_ identifier: String, _ library: DatasetLibrary) throws -> GraphDataset { try library.open(identifier, as: GraphDataset.self) }

    /// A folder `citeseer` with these files, opened.
    func opened(nodes: String, edges: String, features: String? = nil, splits: String? = nil, classes: String? = nil) throws -> GraphDataset {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("citeseer")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let count = nodes.split(separator: "\n").count { !$0.hasPrefix("#") }
            let files = ["nodes.tsv": nodes, "edges.tsv": edges, "features.txt": features ?? String(repeating: "\n", count: count),
                         "splits.tsv": splits ?? (0..<count).map { "\($0)\tt\n" }.joined(), "classes.txt": classes]
            for (name, text) in files { try text.map { try Data($0.utf8).write(to: place.appendingPathComponent(name)) } }
            return try graph("citeseer", DatasetLibrary(folders: [folder]))
        }
    }

    @Test func `Cora ships with its published counts`() throws {
        let cora = try graph("cora", DatasetLibrary(folders: []))
        #expect(cora.count == 2708 && cora.edgeCount == 5278 && cora.features.width == 1433 && cora.features.indices.count == 49_216)
        #expect(cora.preview().classes.map(\.count) == [351, 217, 418, 818, 426, 298, 180])
        #expect(cora.publicSplit.count { $0 == .training } == 140 && cora.publicSplit.count { $0 == .validation } == 500)
        #expect(cora.splits.count == 10)
        // Directed edges and self-loops, as the paper counts them.
        #expect(2 * cora.edgeCount + cora.count == 13_264)
        #expect(abs((cora.homophily ?? 0) - 0.825) < 0.001)
        let preview = cora.preview()
        #expect(preview.degreeHistogram.count == 169 && preview.degreeHistogram[0] == 0 && preview.degreeHistogram.reduce(0, +) == 2708)
        #expect(preview.nodeCount > 100 && !preview.edges.isEmpty && preview.edges.allSatisfy { $0.allSatisfy((0..<preview.nodeCount).contains) })
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `the Planetoid pickles hold the graphs of the plain layout`() throws {
        for set in ["cora", "citeseer"] {
            let plain = try graph(set, TestData.library), pickled = try graph("\(set)-planetoid", TestData.library)
            #expect(plain.adjacency.neighbours == pickled.adjacency.neighbours && plain.adjacency.starts == pickled.adjacency.starts)
            #expect(plain.labels == pickled.labels && plain.publicSplit == pickled.publicSplit)
            #expect(plain.features.indices == pickled.features.indices && plain.features.starts == pickled.features.starts)
        }
        let citeseer = try graph("citeseer", TestData.library)
        #expect(2 * citeseer.edgeCount + citeseer.count == 12_431 && citeseer.labels.count { $0 < 0 } == 15)
        let pubmed = try graph("pubmed", TestData.library)
        #expect(2 * pubmed.edgeCount + pubmed.count == 108_365)
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `LINQS and geom-gcn text are read with their counts`() throws {
        let cora = try graph("cora-linqs", TestData.library), plain = try graph("cora", TestData.library)
        #expect(cora.count == 2708 && cora.edgeCount == 5278 && cora.features.width == 1433 && cora.features.indices.count == 49_216)
        #expect(cora.preview().classes.map(\.count).sorted() == plain.preview().classes.map(\.count).sorted())
        let cornell = try graph("geom-gcn-raw", TestData.library)
        #expect(cornell.count == 183 && cornell.features.width == 1703 && cornell.classNames.count == 5)
    }

    @Test func `loops, repeats and second directions are left out and counted`() throws {
        let read = try opened(nodes: "# id\tlabel\n0\t0\n1\t1\n2\t-1\n", edges: "# src\tdst\n0\t1\n1\t0\n0\t1\n2\t2\n1\t2\n", features: "0 3\n\n1:0.5 2:-1e-1\n")
        #expect(read.edgeCount == 2 && Array(read.adjacency.neighbours(of: 1)) == [0, 2] && read.labels == [0, 1, -1])
        #expect(read.notes == ["1 loops were left out", "2 repeated edges (or second directions) were left out"])
        #expect(read.features.values == [1, 1, 0.5, -0.1] && read.features.width == 4)
    }

    @Test func `a user's own folder in the plain layout opens under its name, features or not`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("shop")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Data("0\t0\n1\t1\n".utf8).write(to: place.appendingPathComponent("nodes.tsv"))
            try Data("0\t1\n".utf8).write(to: place.appendingPathComponent("edges.tsv"))
            let library = DatasetLibrary(folders: [folder]), shop = try graph("shop", library)
            #expect(library.entry("shop")?.kind == .graph && shop.edgeCount == 1 && shop.features.width == 0)
        }
    }

    @Test func `bad lines are named with file, line and way out`() throws {
        let nodes = "0\t0\n1\t1\n"
        func failure(_ body: () throws -> GraphDataset) -> String { #expect(throws: DatasetError.self, performing: body)?.description ?? "" }
        let edge = failure { try opened(nodes: nodes, edges: "0\t1\n0\t7\n") }
        #expect(edge.contains("edges.tsv, line 2: node 7 is outside 0 ... 1"))
        #expect(failure { try opened(nodes: "0\t0\n2\t1\n", edges: "") }.contains("nodes.tsv, line 2: node 1 is needed here"))
        #expect(failure { try opened(nodes: "0\tx\n", edges: "") }.contains("nodes.tsv, line 1: the label of node 0"))
        #expect(failure { try opened(nodes: nodes, edges: "0 99999999999999999999\n") }.contains("edges.tsv, line 1"))
        #expect(failure { try opened(nodes: nodes, edges: "", features: "1\n1:x\n") }.contains("features.txt, line 2: the value of column 1"))
        #expect(failure { try opened(nodes: nodes, edges: "", features: "1 1\n\n") }.contains("features.txt, line 1: names a feature twice"))
        #expect(failure { try opened(nodes: nodes, edges: "", features: "# width 4\n1\n4\n") }.contains("features.txt, line 3: column 4 is outside the declared 0 ... 3"))
        #expect(failure { try opened(nodes: nodes, edges: "", features: "1\n") }.contains("has 1 lines for 2 nodes"))
        #expect(failure { try opened(nodes: nodes, edges: "", splits: "0\tts\n1\tt\n") }.contains("splits.tsv, line 2"))
        #expect(failure { try opened(nodes: nodes, edges: "", classes: "one\n") }.contains("names 1 classes"))
        #expect(failure { try opened(nodes: "", edges: "") }.contains("lists no nodes"))
    }

    @Test func `bad lines of the published text forms are named with file, line and way out`() throws {
        func failure(_ set: String, _ files: [String: String]) throws -> String {
            try withTemporaryFolder { folder in
                for (name, text) in files {
                    let file = folder.appendingPathComponent("\(set)/\(name)")
                    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: file)
                }
                return #expect(throws: DatasetError.self) { try graph(set, DatasetLibrary(folders: [folder])) }?.description ?? ""
            }
        }
        func linqs(_ content: String, _ cites: String = "") throws -> String { try failure("cora-linqs", ["cora.content": content, "cora.cites": cites]) }
        #expect(try linqs("a\t1\t0\tx\na\t0\t0\ty\n").contains("cora.content, line 2: has no name of its own"))
        #expect(try linqs("a\t1\t2\tx\n").contains("cora.content, line 1: feature 2 is neither 0 nor 1"))
        #expect(try linqs("a\t1\t0\tx\nb\t0\ty\n").contains("cora.content, line 2: has 1 features where 2 are needed"))
        #expect(try linqs("a\t1\t0\tx\nb\t0\t0\ty\n", "a\n").contains("cora.cites, line 1: two papers with a tab"))
        func geom(_ nodes: String, _ edges: String = "from\tto\n") throws -> String {
            try failure("geom-gcn-raw", ["cornell/out1_node_feature_label.txt": nodes, "cornell/out1_graph_edges.txt": edges])
        }
        let header = "node_id\tfeature\tlabel\n"
        #expect(try geom(header + "x\t1,0\t0\n").contains("out1_node_feature_label.txt, line 2: a node number and a tab"))
        #expect(try geom(header + "0\t1,0\t0\n0\t1,0\t1\n").contains("line 3: node 0 stands twice"))
        #expect(try geom(header + "0\t1,0\t0\n2\t1,0\t1\n").contains("lacks node 1 of 0 ... 1"))
        #expect(try geom(header + "0\t1,0\n").contains("line 2: "))
        #expect(try geom(header + "0\t1,0\t0\n1\t1,0\t1\n", "from\tto\n0\t2\n").contains("out1_graph_edges.txt, line 2: node 2 is outside 0 ... 1"))
    }

    @Test func `a large graph that is kept in files has the neighbours of the same graph in memory`() {
        var state: UInt64 = 7
        func node() -> Int32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int32((state >> 33) % 50)
        }
        let from = (0..<400).map { _ in node() }, to = (0..<400).map { _ in node() }
        let memory = Adjacency(count: 60, from: from, to: to), files = Adjacency(count: 60, from: from, to: to, edgesInMemory: 0)
        #expect(memory.memoryBytes > 0 && files.memoryBytes == 0, "the second one is in files")
        #expect(files == memory && files.starts == memory.starts && files.neighbours == memory.neighbours && files.degree(59) == 0)
        #expect((0..<60).allSatisfy { files.neighbours(of: $0).elementsEqual(memory.neighbours(of: $0)) })
        #expect(Adjacency(count: 60, from: from, to: Array(to.dropLast()) + [59], edgesInMemory: 0) != memory)
    }

    @Test func `a folder of the Open Graph Benchmark opens with its split, texts and vectors, and what is wrong in it is named`() throws {
        let whole = [
            "raw/edge.csv": "0,1\n1,2\n2,0\n2,2\n1,0\n", "raw/node-label.csv": "1\n0\nnan\n3.0\n", "raw/node-feat.csv": "0.5,-1\n1,0\n2,2\n0,1e-3\n",
            "split/time/train.csv": "0\n", "split/time/valid.csv": "1\n", "split/time/test.csv": "2\n3\n",
            "mapping/nodeidx2paperid.csv": "node idx,paper id\n0,9657784\n1,2963012544\n2,39886162\n3,7\n",
            "titleabs.tsv": "200971\tno node\tat all\n2963012544\tGraphs\tof many nodes\n7\tSeven\t\n9657784\tEvasion\tattacks, \"quoted\n",
        ]
        func opened(_ changes: [String: String?] = [:], set: String = "ogbn-arxiv") throws -> GraphDataset {
            try withTemporaryFolder { folder in
                for (name, text) in whole.merging(changes.compactMapValues { $0 }, uniquingKeysWith: { $1 }) where changes[name] != .some(nil) {
                    let file = folder.appendingPathComponent("\(set)/\(name)")
                    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: file)
                }
                return try graph(set, DatasetLibrary(folders: [folder]))
            }
        }
        let arxiv = try opened()
        #expect(arxiv.count == 4 && arxiv.edgeCount == 3 && arxiv.labels == [1, 0, -1, 3] && arxiv.classNames.count == 4)
        #expect(arxiv.publicSplit == [.training, .validation, .test, .test])
        #expect(arxiv.features.width == 2 && arxiv.features.values == [0.5, -1, 1, 0, 2, 2, 0, 0.001])
        #expect(arxiv.texts.map { texts in (0..<4).map { texts[$0] } } == ["Evasion attacks, \"quoted", "Graphs of many nodes", "", "Seven "])
        #expect(arxiv.notes.contains("1 of 4 papers have no title in titleabs.tsv"))
        let bundle = try opened(["X.all.txt": "a\nb\n\nd\n", "titleabs.tsv": nil, "split/time/train.csv": nil])
        #expect(bundle.texts?[3] == "d" && bundle.publicSplit.isEmpty && bundle.notes.contains { $0.contains("published split is not known") })
        func failure(_ changes: [String: String?]) -> String { #expect(throws: DatasetError.self) { try opened(changes) }?.description ?? "" }
        #expect(failure(["raw/edge.csv": "0,1\n0;1\n"]).contains("raw/edge.csv, line 2: two node numbers"))
        #expect(failure(["raw/edge.csv": "0,4\n"]).contains("line 1: node 4 is outside 0 ... 3"))
        #expect(failure(["raw/node-label.csv": "1\nx\n"]).contains("node-label.csv, line 2: is no label"))
        #expect(failure(["raw/node-label.csv": ""]).contains("lists no nodes"))
        #expect(failure(["raw/node-feat.csv": "1,2\n1\n1,2\n1,2\n"]).contains("node-feat.csv, line 2: has 1 features"))
        #expect(failure(["raw/node-feat.csv": "1,2\n"]).contains("has 1 rows for 4 nodes"))
        #expect(failure(["split/time/test.csv": "0\n"]).contains("test.csv, line 1: node 0 is in two parts"))
        #expect(failure(["split/time/test.csv": "9\n"]).contains("is no node of 0 ... 3"))
        #expect(failure(["mapping/nodeidx2paperid.csv": nil]).contains("unpack the whole archive"))
        #expect(failure(["mapping/nodeidx2paperid.csv": "header\n0 1\n"]).contains("nodeidx2paperid.csv, line 2"))
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `a cut or altered pickle gives an error, never a trap`() throws {
        let raw = try #require(TestData.folder).appendingPathComponent("planetoid-raw")
        let parts = ["x", "y", "tx", "ty", "allx", "ally", "graph", "test.index"]
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("planetoid-raw")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for part in parts { try Data(contentsOf: raw.appendingPathComponent("ind.cora.\(part)")).write(to: place.appendingPathComponent("ind.cora.\(part)")) }
            for part in ["ty", "tx", "graph"] {
                let file = place.appendingPathComponent("ind.cora.\(part)")
                let whole = try Data(contentsOf: file)
                for cut in [0, 1, 40, 200, 420, whole.count / 2, whole.count - 1] {
                    try whole.prefix(cut).write(to: file)
                    #expect(throws: DatasetError.self) { try graph("cora-planetoid", DatasetLibrary(folders: [folder])) }
                }
                for place in stride(from: 0, to: min(whole.count, 500), by: 23) {
                    var altered = whole
                    altered[place] = altered[place] ^ 0x5A
                    try altered.write(to: file)
                    _ = try? graph("cora-planetoid", DatasetLibrary(folders: [folder]))
                }
                try whole.write(to: file)
            }
            let evil = Data("cos\nsystem\n(S'true'\ntR.".utf8)
            try evil.write(to: place.appendingPathComponent("ind.cora.y"))
            let error = #expect(throws: DatasetError.self) { try graph("cora-planetoid", DatasetLibrary(folders: [folder])) }
            #expect(error?.description.contains("nothing was executed") == true)
        }
    }

    @Test func `the generated graphs have a head, a tail and isolated nodes, the same each time`() throws {
        let library = DatasetLibrary(folders: [])
        let blocks = try graph("power-law-blocks", library)
        let degrees = (0..<blocks.count).map(blocks.degree)
        #expect(blocks.count == 3000 && degrees.contains(0) && (degrees.max() ?? 0) > 40)
        #expect((blocks.homophily ?? 0) > 0.7)
        #expect(try graph("power-law-blocks", DatasetLibrary(folders: [])).adjacency.neighbours == blocks.adjacency.neighbours)
        let small = try graph("small-blocks", library)
        #expect(small.count == 150 && small.publicSplit.count { $0 == .training } == 30 && small.features.width == 30)
    }

    @Test func `matrices that hand values on to neighbours, on a path of three nodes and one alone`() throws {
        let graph = Adjacency(count: 4, from: [0, 1], to: [1, 2])
        let mean: SparseMatrix<Double> = try graph.meanOverNeighbours(), normalised: SparseMatrix<Double> = try graph.normalisedWithLoops()
        #expect(mean.starts == [0, 1, 3, 4, 4] && mean.indices == [1, 0, 2, 1] && mean.values == [1, 0.5, 0.5, 1])
        #expect(normalised.starts == [0, 2, 5, 7, 8] && normalised.indices == [0, 1, 0, 1, 2, 1, 2, 3])
        let side = 1 / 6.0.squareRoot()
        #expect(zip(normalised.values, [0.5, side, side, 1 / 3.0, side, side, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `rows of features: dense, of norm 1, as a matrix`() throws {
        let rows = SparseFeatures(dense: [3, 4, 0, 0], width: 2).unitRows()
        #expect(zip(rows.values, [0.6, 0.8, 0, 0] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(rows.row(1).map(\.column) == [0, 1])
        let matrix: SparseMatrix<Float> = try rows.matrix()
        #expect(matrix.rows == 2 && matrix.columns == 2 && matrix.starts == [0, 2, 4] && matrix.values == rows.values)
        var builder = SparseFeatures.Builder()
        builder.append([(2, 5), (0, 1)])
        #expect(builder.finish(width: 7) == { var b = SparseFeatures.Builder(); b.add(column: 0, value: 1); b.add(column: 2, value: 5); _ = b.endRow(); return b.finish(width: 7) }())
    }

    /// Set LATHE_BIG_GRAPH to a number of edges to time a graph of that size.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LATHE_BIG_GRAPH"] != nil, "LATHE_BIG_GRAPH is not set"))
    func `a large graph in the plain layout is read in time`() throws {
        let edges = Int(ProcessInfo.processInfo.environment["LATHE_BIG_GRAPH"] ?? "") ?? 10_000_000, nodes = 1_000_000
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("squirrel")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Data((0..<nodes).map { "\($0)\t\($0 % 7)\n" }.joined().utf8).write(to: place.appendingPathComponent("nodes.tsv"))
            try Data(String(repeating: "1\n", count: nodes).utf8).write(to: place.appendingPathComponent("features.txt"))
            try Data((0..<nodes).map { "\($0)\tt\n" }.joined().utf8).write(to: place.appendingPathComponent("splits.tsv"))
            var state: UInt64 = 1
            var text = Data()
            for _ in 0..<edges {
                state = state &* 6364136223846793005 &+ 1442695040888963407
                text.append(contentsOf: "\((state >> 33) % UInt64(nodes))\t\((state >> 13) % UInt64(nodes))\n".utf8)
            }
            try text.write(to: place.appendingPathComponent("edges.tsv"))
            text = Data()
            let start = ContinuousClock.now
            let read = try graph("squirrel", DatasetLibrary(folders: [folder]))
            print("\(read.edgeCount) edges in \(start.duration(to: .now))")
            #expect(read.edgeCount > edges * 9 / 10)
        }
    }
}
