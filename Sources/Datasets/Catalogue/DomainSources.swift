extension DatasetCatalogue {
    /// Graphs of domains, each with labelled points or a series of its own.
    static let domainSources: [DatasetSource] = [
        DatasetSource(
            identifier: "dg-15", title: "DG-15, 15 synthetic domains", kind: .domains, rows: 1500, shape: "15 domains x 100 points in the plane, 56 edges",
            origin: "GRDA, github.com/Wang-ML-Lab/GRDA", licence: "MIT (identical file in Wang-ML-Lab/VDI)",
            obtain: "put domains.csv, edges.tsv and points.csv (docs/data.md) into {data}/dg-15",
            places: [.folder(["dg-15"], files: ["points.csv", "domains.csv", "edges.tsv"])], read: tableOf("points.csv")),
        DatasetSource(
            identifier: "dg-60", title: "DG-60, 60 synthetic domains", kind: .domains, rows: 6000, shape: "60 domains x 100 points in the plane, 545 edges",
            origin: "GRDA, github.com/Wang-ML-Lab/GRDA", licence: "no licence stated",
            obtain: "put domains.csv, edges.tsv and points.csv (docs/data.md) into {data}/dg-60",
            places: [.folder(["dg-60"], files: ["points.csv", "domains.csv", "edges.tsv"])], read: tableOf("points.csv")),
        DatasetSource(
            identifier: "tpt-48", title: "TPT-48, monthly temperature of 48 states", kind: .domains, rows: 48, shape: "48 states x 144 months, 106 neighbour pairs",
            origin: "github.com/Wang-ML-Lab/VDI", licence: "MIT",
            obtain: "put temperature.csv, state_edges.txt and tasks.csv (docs/data.md) into {data}/tpt-48",
            places: [.folder(["tpt-48"], files: ["temperature.csv", "state_edges.txt", "tasks.csv"])], read: tableOf("temperature.csv")),
        DatasetSource(
            identifier: "us-income", title: "Income of 48 states, 1929 to 2009", kind: .domains, rows: 48, shape: "48 states x 81 years, contiguity",
            origin: "US Bureau of Economic Analysis, in libpysal", licence: "BSD-3-Clause, figures in the public domain",
            obtain: "pip download --no-deps -d {data} libpysal",
            places: [.folder(["us-income"], files: ["usjoin.csv", "states48.gal"]),
                     .archive(namePrefix: "libpysal-", nameSuffix: ".whl", memberPrefix: "libpysal/examples/us_income/")],
            read: tableOf("usjoin.csv")),
    ]
}
