import Foundation

/// A user's own sets in the search folders: folders with a `dataset.json`, graphs in the plain layout, and loose tables and arrays.
enum UserDatasets {
    /// Every own set as a catalogue entry with its reader. Reads the small descriptions, nothing else.
    static func sources(in folders: [URL]) -> [DatasetSource] {
        var sources: [DatasetSource] = []
        for folder in folders {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() where !name.hasPrefix(".") {
                let url = folder.appendingPathComponent(name)
                if let source = isFolder(url) ? described(url, in: folder) ?? plainGraph(url) ?? domainFolder(url) ?? factorFolder(url) ?? encoderFolder(url) : loose(url) { sources.append(source) }
            }
        }
        return sources
    }

    // MARK: - With a description

    private static func described(_ url: URL, in folder: URL) -> DatasetSource? {
        let files = DatasetFiles(root: .folder(url, boundary: folder))
        let description = url.appendingPathComponent(DatasetManifest.fileName)
        guard isFile(description) else { return nil }
        let name = url.lastPathComponent
        do {
            let manifest = try manifest(description, boundary: folder)
            return DatasetSource(
                identifier: name, title: name, kind: manifest.kind, rows: manifest.rows, shape: manifest.shape,
                origin: "\(manifest.origin), \(manifest.added.prefix(10))", licence: "your own", obtain: nil,
                places: [.folder([name], files: manifest.files.map(\.name))]
            ) { _, identifier in try open(manifest, files, identifier) }
        } catch {
            // A set that cannot be read is shown with its reason rather than hidden.
            return DatasetSource(identifier: name, title: "\(name) (its description cannot be read)", kind: .table, rows: nil,
                                 shape: "\(error)", origin: url.path, licence: "your own", obtain: nil,
                                 places: [.folder([name], files: [DatasetManifest.fileName])]) { _, _ in throw error }
        }
    }

    private static func manifest(_ url: URL, boundary: URL) throws -> DatasetManifest {
        let bytes = try ByteSource(file: url, within: boundary).readAll(limit: 1 << 20)
        struct Version: Codable { var version: Int }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: Data(bytes)) else {
            throw DatasetError(file: url.path, "is no description of a data set; remove the folder and add the files again")
        }
        guard version.version == DatasetManifest.currentVersion else {
            throw DatasetError(file: url.path, "has version \(version.version) where this program reads \(DatasetManifest.currentVersion); use a newer Lathe")
        }
        guard let manifest = try? decoder.decode(DatasetManifest.self, from: Data(bytes)) else {
            throw DatasetError(file: url.path, "lacks parts of a data set's description; remove the folder and add the files again")
        }
        if let bad = manifest.files.first(where: { $0.name.contains("/") || $0.name.hasPrefix(".") || $0.name.isEmpty }) {
            throw DatasetError(file: url.path, "names the file \(bad.name.debugDescription), which is not in its folder; remove the folder and add the files again")
        }
        return manifest
    }

    private static func open(_ manifest: DatasetManifest, _ files: DatasetFiles, _ identifier: String) throws -> any Dataset {
        let dataset = try manifest.layout.read(files, names: manifest.files.map(\.name), identifier: identifier, labelColumn: manifest.labelColumn)
        guard dataset.checksum == manifest.checksum else {
            throw DatasetError(file: files.path ?? identifier, "its files were changed after they were added; remove the folder and add the files again")
        }
        return dataset
    }

    // MARK: - Graphs

    /// A folder in the plain graph layout; its name is the identifier.
    private static func plainGraph(_ url: URL) -> DatasetSource? {
        let name = url.lastPathComponent, needed = ["nodes.tsv", "edges.tsv"]
        let files = DatasetFiles(folder: url)
        guard needed.allSatisfy(files.contains) else { return nil }
        let hasTexts = files.contains("text.txt")
        return DatasetSource(identifier: name, title: name, kind: hasTexts ? .textGraph : .graph, rows: nil,
                             shape: hasTexts ? "graph with texts in the plain layout" : "graph in the plain layout",
                             origin: "folder in \(url.deletingLastPathComponent().path)", licence: "your own", obtain: nil,
                             places: [.folder([name], files: needed)], read: PlainGraph.read)
    }

    /// A folder in the domain layout: `points.csv`, `edges.tsv` and perhaps `domains.csv`; its name is the identifier.
    private static func domainFolder(_ url: URL) -> DatasetSource? {
        let name = url.lastPathComponent, needed = ["points.csv", "edges.tsv"]
        let files = DatasetFiles(folder: url)
        guard needed.allSatisfy(files.contains) else { return nil }
        let all = needed + (files.contains("domains.csv") ? ["domains.csv"] : [])
        return DatasetSource(identifier: name, title: name, kind: .domains, rows: nil, shape: "domains in the domain layout",
                             origin: "folder in \(url.deletingLastPathComponent().path)", licence: "your own", obtain: nil,
                             places: [.folder([name], files: all)]) { files, identifier in
            try DatasetLayout.domains.read(files, names: all, identifier: identifier, labelColumn: nil)
        }
    }

    /// A folder with `images.npy` and `factors.csv`, in which images of any number may lie; its name is the identifier.
    private static func factorFolder(_ url: URL) -> DatasetSource? {
        let name = url.lastPathComponent, needed = ["images.npy", "factors.csv"]
        guard needed.allSatisfy({ isFile(url.appendingPathComponent($0)) }) else { return nil }
        return DatasetSource(identifier: name, title: name, kind: .factors, rows: nil, shape: "images with known factors",
                             origin: "folder in \(url.deletingLastPathComponent().path)", licence: "your own", obtain: nil,
                             places: [.folder([name], files: needed)]) { files, identifier in
            try DatasetLayout.factors.read(files, names: needed, identifier: identifier, labelColumn: nil)
        }
    }

    /// A folder with a sentence encoder as it is published: `config.json`, `vocab.txt` and `model.safetensors`; its name is the identifier.
    private static func encoderFolder(_ url: URL) -> DatasetSource? {
        let name = url.lastPathComponent, files = DatasetFiles(folder: url)
        guard SentenceEncoderFiles.names.allSatisfy(files.contains) else { return nil }
        return DatasetSource(identifier: name, title: name, kind: .weights, rows: nil, shape: "sentence encoder", origin: "folder in \(url.deletingLastPathComponent().path)",
                             licence: "your own", obtain: nil, places: [.folder([name], files: SentenceEncoderFiles.names)], read: SentenceEncoderFiles.read)
    }

    // MARK: - Loose files

    private static let looseEndings = [".csv", ".tsv", ".csv.gz", ".tsv.gz", ".npy", ".npz"]

    /// A table or array that lies in a search folder as it is; its name without the ending is the identifier.
    private static func loose(_ url: URL) -> DatasetSource? {
        let name = url.lastPathComponent
        guard let ending = looseEndings.first(where: { name.lowercased().hasSuffix($0) }), isFile(url) else { return nil }
        let isTable = ending.contains("sv")
        return DatasetSource(identifier: String(name.dropLast(ending.count)), title: name, kind: isTable ? .table : .features, rows: nil,
                             shape: isTable ? "table" : "array", origin: "file in \(url.deletingLastPathComponent().path)", licence: "your own",
                             obtain: nil, places: [.file([name])]) { files, identifier in
            try (isTable ? DatasetLayout.table : .features).read(files, names: [name], identifier: identifier, labelColumn: nil)
        }
    }

    // MARK: - Words

    static func kind(of dataset: any Dataset) -> DatasetKind {
        switch dataset {
        case is ImageDataset: .images
        case is FeatureDataset: .features
        case is WeightsFile: .weights
        case is EventDataset: .events
        case is SeriesDataset: .series
        case is TrajectoryDataset: .trajectories
        case is FactorDataset: .factors
        case is PairDataset: .pairs
        case let graph as GraphDataset: graph.texts == nil ? .graph : .textGraph
        case is DomainDataset: .domains
        default: .table
        }
    }

    static func shape(of dataset: any Dataset) -> String {
        switch dataset {
        case let images as ImageDataset:
            "\(images.width) x \(images.height) \(images.channels == 1 ? "grey" : "colour"), \(images.classNames.count) classes"
        case let features as FeatureDataset:
            "\(features.dimension) features" + (features.labels.isEmpty ? "" : ", \(features.classNames.count) classes")
        case let graph as GraphDataset:
            "\(grouped(graph.count)) nodes" + (graph.texts == nil ? "" : " with text") + ", \(grouped(graph.edgeCount)) edges"
                + (graph.features.width == 0 ? "" : ", \(grouped(graph.features.width)) features") + ", \(graph.classNames.count) classes"
        case let domains as DomainDataset: "\(grouped(domains.domains.count)) domains, \(grouped(domains.edgeCount)) edges, \(grouped(domains.count)) samples"
        case let events as EventDataset: "\(grouped(events.userCount)) users, \(grouped(events.itemCount)) items, \(grouped(events.count)) events"
        case let series as SeriesDataset: "\(grouped(series.count)) series x \(grouped(series.length)) steps"
        case let paths as TrajectoryDataset: "\(grouped(paths.recordings.count)) recordings, \(grouped(paths.trackCount)) tracks"
        case let factors as FactorDataset: "\(factors.side) x \(factors.side) \(factors.channels == 1 ? "grey" : "colour"), \(factors.factors.map { "\($0.size)" }.joined(separator: " x ")) values"
        case let pairs as PairDataset: "\(grouped(pairs.count)) sentence pairs, \(grouped(pairs.pairs.count { $0.score != nil })) scored"
        case let table as TableDataset: "\(table.columns.count) columns"
        default: "\(dataset.count) parts"
        }
    }
}
