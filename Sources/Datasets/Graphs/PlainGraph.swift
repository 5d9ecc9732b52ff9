/// The plain graph layout: `nodes.tsv`, `edges.tsv` and, where they are, `text.txt`, `features.txt`, `splits.tsv`, `classes.txt`,
/// `embeddings.npy` (docs/data.md has the layout).
enum PlainGraph {
    /// The files of the layout; the first two are always there.
    static let fileNames = ["nodes.tsv", "edges.tsv", "text.txt", "features.txt", "splits.tsv", "classes.txt", "embeddings.npy"]

    static func read(_ files: DatasetFiles, identifier: String) throws -> GraphDataset {
        var checksums: [(name: String, checksum: String)] = []
        func open(_ name: String) throws -> DatasetFiles.File {
            let file = try files.read(name)
            checksums.append((name, file.checksum))
            return file
        }
        func optional(_ name: String) throws -> DatasetFiles.File? {
            files.contains(name) ? try open(name) : nil
        }
        let nodes = try readNodes(open("nodes.tsv"))
        let count = nodes.labels.count
        let adjacency = try readEdges(open("edges.tsv"), nodes: count)
        let texts = try optional("text.txt").map { try readTexts($0, nodes: count) }
        let features = try optional("features.txt").map { try readFeatures($0, nodes: count) } ?? SparseFeatures(none: count)
        let splits = try optional("splits.tsv").map { try readSplits($0, nodes: count) } ?? []
        let embeddings = try optional("embeddings.npy").map { try readEmbeddings($0, nodes: count) }
        let largest = nodes.labels.max() ?? -1
        var names = (0..<(largest + 1)).map(String.init)
        if let file = try optional("classes.txt") {
            names = try readClassNames(file)
            guard names.count > largest else {
                throw DatasetError(file: file.name, "names \(names.count) classes where nodes.tsv has labels up to \(largest); name one a line")
            }
        }
        return try GraphDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), adjacency: adjacency, features: features,
                                labels: nodes.labels, classNames: names, publicSplit: nodes.split, splits: splits, texts: texts,
                                names: nodes.names, groups: nodes.groups, embeddings: embeddings, notes: nodes.notes)
    }

    /// What `nodes.tsv` says of the nodes.
    struct Nodes {
        var labels: [Int] = []
        var split: [GraphDataset.Part] = []
        var names: NodeTexts?
        var groups: [Int32] = []
        /// What stands after `# note:`: what was left out when the files were made.
        var notes: [String] = []
    }

    /// id, label, then perhaps a letter of the split or a name, then perhaps a word for the group; the ids are 0, 1, 2, … in order.
    static func readNodes(_ file: DatasetFiles.File) throws -> Nodes {
        var lines = TextLines(file)
        var labels: [Int] = [], split: [GraphDataset.Part] = []
        var names = NodeTexts.Builder(), hasNames = false
        var groupNumbers: [ArraySlice<UInt8>: Int32] = [:], groups: [Int32] = [], notes: [String] = []
        while lines.advance() {
            if lines.isComment, notes.count < 20, let text = lines.text(lines.start..<lines.end), text.hasPrefix("# note: ") { notes.append(String(text.dropFirst(8))) }
            if lines.isComment || lines.isBlank { continue }
            guard let id = lines.number(), id == labels.count else {
                throw lines.failure("node \(labels.count) is needed here; list every node once, in order")
            }
            guard labels.count < Adjacency.nodeLimit else { throw lines.failure("is node \(grouped(id)), more than the \(grouped(Adjacency.nodeLimit)) nodes that are read; take a part of the graph") }
            let isSeparated = lines.takeSpace(), isNegative = lines.take(UInt8(ascii: "-"))
            guard isSeparated, let label = lines.number(), label < 65_536, !isNegative || label == 1 else {
                throw lines.failure("the label of node \(id) is no whole number from -1 (none) to 65535; mend it")
            }
            labels.append(isNegative ? -1 : label)
            // A third column is the split where it is one of its letters in every line, else the node's name.
            if !lines.take(0x09) { _ = lines.takeSpace() }
            let name = lines.field()
            guard UTF8Span.isValid(lines.bytes[name]) else { throw lines.failure("the name of node \(id) is not UTF-8; save the file as UTF-8") }
            if name.count == 1, let part = part(lines.bytes[name.lowerBound]) { split.append(part) }
            hasNames = hasNames || !name.isEmpty
            names.append(lines.bytes[name])
            let group = lines.field()
            if !group.isEmpty {
                guard groups.count == labels.count - 1 else { throw lines.failure("has a group where earlier nodes have none; give one to every node or to none") }
                let number = groupNumbers[lines.bytes[group]] ?? Int32(truncatingIfNeeded: groupNumbers.count)
                groupNumbers[lines.bytes[group]] = number
                groups.append(number)
            } else if !groups.isEmpty {
                throw lines.failure("has no group where earlier nodes have one; give one to every node or to none")
            }
        }
        guard !labels.isEmpty else { throw DatasetError(file: file.name, "lists no nodes; give id and label, one node a line") }
        let isSplit = split.count == labels.count
        return Nodes(labels: labels, split: isSplit ? split : [], names: hasNames && !isSplit ? names.finish() : nil, groups: groups, notes: notes)
    }

    /// Line i is the text of node i.
    static func readTexts(_ file: DatasetFiles.File, nodes: Int) throws -> NodeTexts {
        var lines = TextLines(file)
        var texts = NodeTexts.Builder()
        texts.reserve(bytes: file.bytes.count, texts: nodes)
        var count = 0
        while lines.advance() {
            let text = lines.bytes[lines.start..<lines.end]
            guard UTF8Span.isValid(text) else { throw lines.failure("is not UTF-8; save the file as UTF-8") }
            if count < nodes { texts.append(text) }
            count += 1
        }
        guard count == nodes else {
            throw DatasetError(file: file.name, "has \(grouped(count)) lines for \(grouped(nodes)) nodes; give one line a node, an empty one where there is no text")
        }
        return texts.finish()
    }

    /// One name a line.
    static func readClassNames(_ file: DatasetFiles.File) throws -> [String] {
        var lines = TextLines(file), names: [String] = []
        while lines.advance() {
            if lines.isBlank { continue }
            guard let name = lines.text(lines.start..<lines.end) else { throw lines.failure("is not UTF-8; save the file as UTF-8") }
            guard names.count < 65_536 else { throw lines.failure("is beyond the 65,536 classes that are read; take fewer") }
            names.append(name)
        }
        return names
    }

    /// N x D numbers of type `<f4` in C order.
    static func readEmbeddings(_ file: DatasetFiles.File, nodes: Int) throws -> NodeEmbeddings {
        let array = try NPY.read(file.bytes, file: file.name)
        guard case .float32(let values) = array.values, array.shape.count == 2, array.shape[0] == nodes, let embeddings = NodeEmbeddings(width: array.shape[1], values: values) else {
            throw DatasetError(file: file.name, "holds an array of shape \(array.shape) and type \(array.typeName) where \(nodes) x D numbers of type float32 are needed, "
                + "a row for each of the \(grouped(nodes)) nodes; save it anew")
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw DatasetError(file: file.name, place: "row \(bad / embeddings.width)", "column \(bad % embeddings.width) is not finite; mend the embedding")
        }
        return embeddings
    }

    static func readEdges(_ file: DatasetFiles.File, nodes: Int) throws -> Adjacency {
        var lines = TextLines(file)
        var from: [Int32] = [], to: [Int32] = []
        // The shortest line has four bytes.
        from.reserveCapacity(min(file.bytes.count / 8, Adjacency.edgeLimit))
        to.reserveCapacity(min(file.bytes.count / 8, Adjacency.edgeLimit))
        while lines.advance() {
            if lines.isComment || lines.isBlank { continue }
            guard let a = lines.number(), lines.takeSpace(), let b = lines.number(), lines.isAtEnd || lines.takeSpace() else {
                throw lines.failure("two node numbers with a tab between them are needed; mend the line")
            }
            guard a < nodes, b < nodes else { throw lines.failure("node \(max(a, b)) is outside 0 ... \(nodes - 1), the nodes of nodes.tsv; mend the edge or list the node") }
            guard from.count < Adjacency.edgeLimit else {
                throw lines.failure("is beyond the \(grouped(Adjacency.edgeLimit)) edges that are read; take a part of the graph")
            }
            from.append(Int32(truncatingIfNeeded: a))
            to.append(Int32(truncatingIfNeeded: b))
        }
        return Adjacency(count: nodes, from: from, to: to)
    }

    /// Line i belongs to node i: `column` (value 1) or `column:value`; a `# width D` line at the top declares the columns.
    static func readFeatures(_ file: DatasetFiles.File, nodes: Int) throws -> SparseFeatures {
        var lines = TextLines(file)
        var builder = SparseFeatures.Builder()
        var width: Int?
        while lines.advance() {
            if lines.isComment {
                let words = (lines.text(lines.start..<lines.end) ?? "").split(separator: " ")
                if words.count == 3, words[1] == "width" {
                    guard let declared = Int(words[2]), (1...10_000_000).contains(declared) else { throw lines.failure("declares a width that is no number from 1 to 10,000,000") }
                    width = declared
                }
                continue
            }
            guard builder.rowCount < nodes else {
                if lines.isBlank { continue }
                throw lines.failure("has features for a node beyond the \(grouped(nodes)) of nodes.tsv; give one line a node")
            }
            _ = lines.takeSpace()
            while !lines.isAtEnd {
                guard let column = lines.number(), column < 10_000_000 else { throw lines.failure("a feature's column is no whole number below 10,000,000; mend it") }
                if let width, column >= width { throw lines.failure("column \(column) is outside the declared 0 ... \(width - 1); mend it") }
                var value = 1.0
                if lines.take(UInt8(ascii: ":")) {
                    let range = lines.field(separator: 0x20)
                    guard let number = parseDecimal(lines.bytes, range.lowerBound, range.upperBound), Float(number).isFinite else {
                        throw lines.failure("the value of column \(column) is no finite number; mend it")
                    }
                    value = number
                } else if !lines.isAtEnd, !lines.takeSpace() {
                    throw lines.failure("after column \(column) a space or `:value` is needed; mend it")
                }
                _ = lines.takeSpace()
                builder.add(column: Int32(truncatingIfNeeded: column), value: Float(value))
                guard builder.entryCount < Limits.elements else { throw lines.failure("is beyond the \(Limits.elements) feature values that are read; leave out the rare ones") }
            }
            guard builder.endRow() else { throw lines.failure("names a feature twice; name each once") }
        }
        guard builder.rowCount == nodes else {
            throw DatasetError(file: file.name, "has \(grouped(builder.rowCount)) lines for \(grouped(nodes)) nodes; give one line a node, an empty one for zeros")
        }
        return builder.finish(width: width)
    }

    /// id and one letter a split.
    static func readSplits(_ file: DatasetFiles.File, nodes: Int) throws -> [[GraphDataset.Part]] {
        var lines = TextLines(file)
        var splits: [[GraphDataset.Part]] = []
        var row = 0
        while lines.advance() {
            if lines.isComment || lines.isBlank { continue }
            guard let id = lines.number(), id == row, row < nodes, lines.takeSpace() else {
                throw lines.failure(row < nodes ? "node \(row) is needed here; list every node once, in order" : "lists more than the \(nodes) nodes of nodes.tsv")
            }
            let letters = lines.bytes[lines.position..<lines.end]
            if row == 0 { splits = [[GraphDataset.Part]](repeating: [], count: letters.count) }
            guard letters.count == splits.count, letters.count <= 100 else { throw lines.failure("has \(letters.count) letters where \(splits.count) are needed (at most 100); give one for each split") }
            for (split, letter) in letters.enumerated() {
                guard let part = part(letter) else { throw lines.failure("has a letter other than t, v, s and -; mend it") }
                splits[split].append(part)
            }
            row += 1
        }
        guard row == nodes else { throw DatasetError(file: file.name, "has \(grouped(row)) lines for \(grouped(nodes)) nodes; give one line a node") }
        return splits
    }

    private static func part(_ letter: UInt8) -> GraphDataset.Part? {
        switch letter {
        case UInt8(ascii: "t"): .training
        case UInt8(ascii: "v"): .validation
        case UInt8(ascii: "s"): .test
        case UInt8(ascii: "-"): .unused
        default: nil
        }
    }
}
