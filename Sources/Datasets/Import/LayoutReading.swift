import Foundation

extension DatasetLayout {
    /// Reads a user's own set.
    /// - Parameters:
    ///   - names: its files, in the order in which they were given.
    ///   - labelColumn: the column or array of labels; nil finds it by its name.
    package func read(_ files: DatasetFiles, names: [String], identifier: String, labelColumn: String?) throws -> any Dataset {
        guard let first = names.first else { throw DatasetError(file: identifier, "lists no files; add the set again") }
        switch self {
        case .table:
            guard names.count == 1 else { throw DatasetError(file: names[1], "is one file too many: a table is one file") }
            let file = try files.read(first)
            return try TableReader.read(file.bytes, file: file.name, identifier: identifier, checksum: file.checksum)
        case .features, .pictures:
            if Self.isTable(first) {
                guard self == .features else { throw DatasetError(file: first, "is a table; pictures come as NPY or NPZ arrays, or with --as idx or cifar") }
                return try Self.readFeatureTable(files, first, identifier, labelColumn)
            }
            return try readArrays(files, names, identifier, labelColumn)
        case .idx, .folder: return try Self.readIDX(files, names, identifier)
        case .cifar: return try Self.readBatches(files, names, identifier)
        case .domains:
            guard let parts = Self.domainParts(names), let points = parts.points, let edges = parts.edges else {
                throw DatasetError(file: names.joined(separator: ", "), "domains are a table of samples, a list of edges (with `edge` in its name, or a .gal file) "
                    + "and perhaps a table of roles (with `role` or `domain` in its name); name the files so")
            }
            return try DomainTables(points: files.read(points), edges: files.read(edges), domains: parts.domains.map { try files.read($0) }).read(identifier: identifier)
        case .events: return try Self.readEvents(files, names, identifier)
        case .series:
            guard names.count == 1 else { throw DatasetError(file: names[1], "is one file too many: series are one table") }
            return try SeriesTable.columns(files.read(first), identifier: identifier)
        case .factors: return try FactorFiles(files: files, names: names, identifier: identifier).read()
        case .trajectories: return try FrameTables.own(files, names, identifier: identifier)
        case .pairs: return try PairTables.own(files, names, identifier: identifier)
        case .encoder:
            guard let missing = SentenceEncoderFiles.names.first(where: { !names.contains($0) }) else { return try SentenceEncoderFiles.read(files, identifier: identifier) }
            throw DatasetError(file: first, "comes without \(missing); a sentence encoder is model.safetensors, config.json and vocab.txt")
        case .graph: return try PlainGraph.read(files, identifier: identifier)
        case .debian, .debianTen, .wordnet:
            let read = try names.map { try files.read($0) }
            let checksum = DatasetFiles.checksum(zip(names, read).map { ($0, $1.checksum) })
            return try textGraph(read).dataset(identifier: identifier, checksum: checksum, file: first)
        case .weights:
            guard names.count == 1 else { throw DatasetError(file: names[1], "is one file too many: weights are one file") }
            let file = try files.read(first)
            if first.lowercased().hasSuffix(".safetensors") {
                return try WeightsFile(identifier: identifier, checksum: file.checksum, safetensors: file.bytes, file: file.name)
            }
            return try WeightsFile(identifier: identifier, checksum: file.checksum, tensors: LegacyPyTorch.read(file.bytes, file: file.name), file: file.name)
        }
    }

    /// The graph that the files of a published form of text describe.
    func textGraph(_ files: [DatasetFiles.File]) throws -> TextGraphParts {
        switch self {
        case .debianTen: try DebianGraph.read(files, rule: .tenSections)
        case .wordnet: try WordNet.read(files)
        default: try DebianGraph.read(files, rule: .whole)
        }
    }

    private static func readEvents(_ files: DatasetFiles, _ names: [String], _ identifier: String) throws -> EventDataset {
        func isTitles(_ name: String) -> Bool {
            let lower = name.lowercased().replacing(".gz", with: "")
            return ["u.item", "movies.dat", "movies.csv"].contains(lower) || lower.hasSuffix(".item")
        }
        let titles = names.filter(isTitles), kinds = names.filter { $0.lowercased() == "u.genre" }, tables = names.filter { !isTitles($0) && $0.lowercased() != "u.genre" }
        guard tables.count == 1, titles.count <= 1 else {
            throw DatasetError(file: names.joined(separator: ", "), "\(names.count) files; events are one table of user, item and time, and at most one of the items' titles (u.item, movies.dat, movies.csv or .item)")
        }
        let events = try files.read(tables[0]), kindNames = try kinds.first.map { try files.read($0) }
        let items = try titles.first.map { try files.read($0) }
        let checksum = DatasetFiles.checksum(zip(tables + titles + kinds, [events] + [items, kindNames].compactMap { $0 }).map { ($0, $1.checksum) })
        return try EventTable.read(events, titles: items.map { try ItemTable($0, kindNames: kindNames) } ?? ItemTable(), identifier: identifier, checksum: checksum)
    }

    private static func isTable(_ name: String) -> Bool {
        let plain = name.lowercased().hasSuffix(".gz") ? String(name.lowercased().dropLast(3)) : name.lowercased()
        return [".csv", ".tsv", ".tab", ".txt"].contains { plain.hasSuffix($0) }
    }

    // MARK: - Feature tables

    private static func readFeatureTable(_ files: DatasetFiles, _ name: String, _ identifier: String, _ labelColumn: String?) throws -> FeatureDataset {
        let file = try files.read(name)
        let columns = try TableReader.readColumns(file.bytes, file: file.name)
        return try features(columns, labelColumn: labelColumn, file: file.name, identifier: identifier, checksum: file.checksum)
    }

    /// Feature vectors out of a table: one column is the label, the others must be numbers.
    static func features(_ columns: [TableDataset.Column], labelColumn: String?, file: String, identifier: String,
                         checksum: String) throws -> FeatureDataset {
        let label: Int
        if let labelColumn {
            guard let found = columns.firstIndex(where: { $0.name == labelColumn }) else {
                let names = columns.prefix(20).map(\.name).joined(separator: ", ")
                throw DatasetError(file: file, "has no column \(labelColumn); its columns are \(names)")
            }
            label = found
        } else {
            label = columns.lastIndex { labelNames.contains($0.name.lowercased()) } ?? columns.count - 1
        }
        let inputs = columns.indices.filter { $0 != label }
        guard !inputs.isEmpty else { throw DatasetError(file: file, "has one column only; features need at least one besides the label") }
        for index in inputs where columns[index].numbers == nil {
            throw DatasetError(file: file, "column \(columns[index].name) is not numeric, so it is no feature; drop it, or add the file with --as table")
        }
        guard columns[label].missing == 0 else {
            throw DatasetError(file: file, "column \(columns[label].name), the label, has \(columns[label].missing) empty cells; fill or drop those rows")
        }
        let texts: [String] = switch columns[label].values {
        case .numbers(let values): values.map(shortNumber)
        case .text(let values): values
        }
        let (labels, names) = classes(of: texts)
        guard names.count <= max(2, texts.count / 2) else {
            throw DatasetError(file: file, "column \(columns[label].name), taken for the label, has \(names.count) different values in \(texts.count) rows, "
                + "which makes no classes; name the label column `label`, or add the file with --as table")
        }
        var values: [Double] = []
        values.reserveCapacity(texts.count * inputs.count)
        let numbers = inputs.map { columns[$0].numbers ?? [] }
        for row in texts.indices { for column in numbers { values.append(column[row]) } }
        return try FeatureDataset(identifier: identifier, checksum: checksum, values: .float64(values), dimension: inputs.count,
                                  featureNames: inputs.map { columns[$0].name }, labels: labels, classNames: names, file: file)
    }

    // MARK: - Arrays

    private func readArrays(_ files: DatasetFiles, _ names: [String], _ identifier: String, _ labelColumn: String?) throws -> any Dataset {
        var arrays: [(name: String, array: NumericArray)] = []
        var checksums: [(String, String)] = []
        for name in names {
            let file = try files.read(name)
            checksums.append((name, file.checksum))
            if name.lowercased().hasSuffix(".npz") {
                arrays += try NPY.readArchive(ByteSource(name: file.name, bytes: file.bytes))
            } else if name.lowercased().hasSuffix(".safetensors") {
                arrays += try SafetensorsArrays.read(file.bytes, file: file.name)
            } else {
                arrays.append(((name as NSString).deletingPathExtension, try NPY.read(file.bytes, file: file.name)))
            }
        }
        let checksum = DatasetFiles.checksum(checksums)
        let file = names.joined(separator: ", ")
        func isTest(_ name: String) -> Bool { name.lowercased().contains("test") }
        let training = try Self.pair(arrays.filter { !isTest($0.name) }, labelColumn, file: file)
        let test = arrays.contains { isTest($0.name) } ? try Self.pair(arrays.filter { isTest($0.name) }, labelColumn, file: file) : nil
        if self == .pictures || training.inputs.shape.count > 2 {
            return try Self.pictures(training, test, identifier, checksum, file)
        }
        guard training.inputs.shape.count == 2 else {
            throw DatasetError(file: file, "holds an array of shape \(training.inputs.shape); features are N x D")
        }
        let values: FeatureDataset.Values = switch training.inputs.values {
        case .float32(let values): .float32(values)
        case .float64(let values): .float64(values)
        case .uint8(let values): .float32(values.map(Float.init))
        case .int64(let values): .float64(values.map(Double.init))
        case .text: throw DatasetError(file: file, "holds text where numbers are needed; save the features as float32")
        }
        let texts = try training.labels.map { try Self.labelTexts($0, file: file) } ?? []
        let (labels, names) = classes(of: texts)
        return try FeatureDataset(identifier: identifier, checksum: checksum, values: values, dimension: training.inputs.shape[1],
                                  labels: labels, classNames: names, file: file)
    }

    /// The inputs (two or more dimensions) and the labels (one dimension) among arrays.
    private static func pair(_ arrays: [(name: String, array: NumericArray)], _ labelColumn: String?, file: String) throws
        -> (inputs: NumericArray, labels: NumericArray?) {
        let inputs = arrays.filter { $0.array.shape.count >= 2 && $0.array.shape.last != 1 && $0.name != labelColumn }
        let labels = arrays.filter { $0.array.shape.count == 1 || ($0.array.shape.count == 2 && $0.array.shape[1] == 1) }
            .filter { labelColumn == nil || $0.name == labelColumn }
        let named = labels.count <= 1 ? labels : labels.filter { array in
            labelNames.contains { array.name.lowercased() == $0 || array.name.lowercased().hasPrefix($0 + "_") }
        }
        guard inputs.count == 1, let input = inputs.first, labels.isEmpty || named.count == 1 else {
            let list = arrays.map { "\($0.name) \($0.array.shape)" }.joined(separator: ", ")
            throw DatasetError(file: file, "holds the arrays \(list.isEmpty ? "none" : list); one of N x D (or N x height x width) and at most one of N labels "
                + "are needed: save just those, the labels named `y`")
        }
        let label = named.first?.array
        if let label, label.shape[0] != input.array.shape[0] {
            throw DatasetError(file: file, "has \(label.shape[0]) labels for \(input.array.shape[0]) rows; give one label a row")
        }
        return (input.array, label)
    }

    private static func labelTexts(_ array: NumericArray, file: String) throws -> [String] {
        if case .text(let texts) = array.values { return texts }
        guard let whole = array.integers() else { throw DatasetError(file: file, "has labels that are not whole numbers; save class numbers or names") }
        return whole.map(String.init)
    }

    private static func pictures(_ training: (inputs: NumericArray, labels: NumericArray?), _ test: (inputs: NumericArray, labels: NumericArray?)?,
                                 _ identifier: String, _ checksum: String, _ file: String) throws -> ImageDataset {
        func part(_ pair: (inputs: NumericArray, labels: NumericArray?)) throws -> (shape: [Int], pixels: [UInt8], labels: [String]) {
            guard case .uint8(let pixels) = pair.inputs.values, pair.inputs.shape.count == 3 || pair.inputs.shape.count == 4, let labels = pair.labels else {
                throw DatasetError(file: file, "pictures need bytes (uint8) of shape N x height x width or N x height x width x 3, and N labels; save them so")
            }
            return (Array(pair.inputs.shape.dropFirst()), pixels, try labelTexts(labels, file: file))
        }
        let first = try part(training), second = try test.map(part)
        if let second, second.shape != first.shape {
            throw DatasetError(file: file, "has training pictures of \(first.shape) and test pictures of \(second.shape); give one size")
        }
        let (labels, names) = classes(of: first.labels + (second?.labels ?? []))
        return try ImageDataset(
            identifier: identifier, checksum: checksum, width: first.shape[1], height: first.shape[0],
            channels: first.shape.count == 3 ? first.shape[2] : 1, classNames: names,
            training: .init(pixels: first.pixels, labels: Array(labels.prefix(first.labels.count))),
            test: second.map { .init(pixels: $0.pixels, labels: Array(labels.suffix($0.labels.count))) }, file: file)
    }

    // MARK: - IDX and CIFAR

    private static func readIDX(_ files: DatasetFiles, _ names: [String], _ identifier: String) throws -> ImageDataset {
        let meta = names.first { $0.lowercased().hasSuffix(".txt") }
        let all = names, names = names.filter { $0 != meta }
        guard names.count == 2 || names.count == 4 else {
            throw DatasetError(file: all.joined(separator: ", "), "\(all.count) files; IDX sets are a file of pictures and one of labels, or two such pairs, "
                + "and at most one text file of class names")
        }
        let read = try names.map { name in (name: name, file: try files.read(name)) }
        // Byte 3 is the number of dimensions: pictures have three or four, labels one.
        func isLabels(_ file: DatasetFiles.File) -> Bool { file.bytes.count > 3 && file.bytes[3] == 1 }
        func isTest(_ name: String) -> Bool { names.count == 4 && (name.lowercased().contains("t10k") || name.lowercased().contains("test")) }
        func pair(test: Bool) throws -> (part: ImageDataset.Part, width: Int, height: Int, channels: Int) {
            let chosen = read.filter { isTest($0.name) == test }
            guard let images = chosen.first(where: { !isLabels($0.file) }), let labels = chosen.first(where: { isLabels($0.file) }), chosen.count == 2 else {
                throw DatasetError(file: chosen.map(\.name).joined(separator: ", "), "one file of pictures and one of labels are needed for each part, "
                    + "the test part with `test` or `t10k` in its names")
            }
            return try IDX.readPart(images: (images.file.bytes, images.file.name), labels: (labels.file.bytes, labels.file.name))
        }
        let training = try pair(test: false), test = names.count == 4 ? try pair(test: true) : nil
        if let test, (test.width, test.height, test.channels) != (training.width, training.height, training.channels) {
            throw DatasetError(file: names[0], "training and test pictures differ in size; give the files of one set")
        }
        let largest = (training.part.labels + (test?.part.labels ?? [])).max() ?? 0
        guard (0..<65_536).contains(largest) else { throw DatasetError(file: names[0], "has a label of \(largest); labels count from 0 to at most 65,535") }
        var checksums = read.map { ($0.name, $0.file.checksum) }
        var classNames = (0...largest).map(String.init)
        if let meta {
            let file = try files.read(meta, limit: 1 << 20)
            classNames = Self.lines(file)
            checksums.append((meta, file.checksum))
        }
        return try ImageDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums),
                                width: training.width, height: training.height, channels: training.channels,
                                classNames: classNames, training: training.part, test: test?.part, file: names[0])
    }

    /// Class names, one a line.
    private static func lines(_ file: DatasetFiles.File) -> [String] {
        String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0) }
    }

    private static func readBatches(_ files: DatasetFiles, _ names: [String], _ identifier: String) throws -> ImageDataset {
        let batches = names.filter { $0.lowercased().hasSuffix(".bin") || $0.lowercased().hasSuffix(".bin.gz") }
        let others = names.filter { !batches.contains($0) }
        guard !batches.isEmpty, others.count <= 1 else {
            throw DatasetError(file: names.joined(separator: ", "), "CIFAR sets are .bin batches and at most one text file of class names")
        }
        var classNames = (0..<10).map(String.init)
        var checksums: [(String, String)] = []
        if let meta = others.first {
            let file = try files.read(meta, limit: 1 << 16)
            classNames = lines(file)
            checksums.append((meta, file.checksum))
            guard (1...256).contains(classNames.count) else { throw DatasetError(file: meta, "lists \(classNames.count) class names; one a line is needed") }
        }
        func read(_ names: [String]) throws -> ImageDataset.Part? {
            var pixels: [UInt8] = [], labels: [Int] = []
            for name in names {
                let file = try files.read(name)
                let part = try CIFARBinary.read(file.bytes, file: file.name, classes: classNames.count)
                pixels += part.pixels
                labels += part.labels
                checksums.append((name, file.checksum))
            }
            return names.isEmpty ? nil : .init(pixels: pixels, labels: labels)
        }
        let isTest = { (name: String) in name.lowercased().contains("test") }
        let test = try read(batches.filter(isTest))
        let training = try read(batches.filter { !isTest($0) })
        guard let main = training ?? test else { throw DatasetError(file: names[0], "holds no batch") }
        return try ImageDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), width: 32, height: 32, channels: 3,
                                classNames: classNames, training: main, test: training == nil ? nil : test, file: batches[0])
    }
}
