/// geom-gcn's text layout: `out1_graph_edges.txt` (header, two node ids a line, directed) and `out1_node_feature_label.txt`
/// (header, then id, features with commas, label).
///
/// Features are zeros and ones, one a column, or (the graph "film") the columns of those that are one. Rows of different lengths,
/// or a number above one, tell the second form.
enum GeomGCN {
    static func read(_ files: DatasetFiles, folder: String, identifier: String) throws -> GraphDataset {
        let names = (nodes: folder + "out1_node_feature_label.txt", edges: folder + "out1_graph_edges.txt")
        let nodeFile = try files.read(names.nodes), edgeFile = try files.read(names.edges)
        var lines = TextLines(nodeFile)
        var rows: [Int: (fields: [Int32], label: Int, line: Int)] = [:]
        _ = lines.advance()
        var isDense = true, width: Int?
        var declared: Int?
        if let header = lines.text(lines.start..<lines.end), let colon = header.firstIndex(of: ":") {
            declared = Int(header[header.index(after: colon)...].prefix { $0.isNumber })
        }
        while lines.advance() {
            if lines.isBlank { continue }
            guard let id = lines.number(), lines.take(0x09), id < Adjacency.nodeLimit else { throw lines.failure("a node number and a tab are needed at the start; mend the line") }
            var fields: [Int32] = []
            while !lines.isAtEnd, !lines.take(0x09) {
                guard let number = lines.number(), number < 10_000_000 else { throw lines.failure("feature \(fields.count + 1) is no whole number below 10,000,000; mend it") }
                fields.append(Int32(truncatingIfNeeded: number))
                if number > 1 { isDense = false }
                guard lines.take(UInt8(ascii: ",")) || (!lines.isAtEnd && lines.bytes[lines.position] == 0x09) else { throw lines.failure("after feature \(fields.count) a comma or a tab is needed; mend it") }
            }
            guard let label = lines.number(), label < 65_536, lines.isAtEnd else { throw lines.failure("ends without a label from 0 to 65535; mend it") }
            if let width, width != fields.count { isDense = false }
            width = fields.count
            guard rows.updateValue((fields, label, lines.line), forKey: id) == nil else { throw lines.failure("node \(id) stands twice; list each once") }
        }
        guard !rows.isEmpty else { throw DatasetError(file: nodeFile.name, "lists no nodes; give one a line after the header") }
        var builder = SparseFeatures.Builder(), labels: [Int] = []
        for node in 0..<rows.count {
            guard let row = rows[node] else { throw DatasetError(file: nodeFile.name, "lacks node \(node) of 0 ... \(rows.count - 1); list every node once") }
            for (place, field) in row.fields.enumerated() {
                if !isDense { builder.add(column: field, value: 1) } else if field == 1 { builder.add(column: Int32(truncatingIfNeeded: place), value: 1) }
            }
            guard builder.endRow() else { throw DatasetError(file: nodeFile.name, place: "line \(row.line)", "names a feature twice; name each once") }
            labels.append(row.label)
        }
        var from: [Int32] = [], to: [Int32] = []
        lines = TextLines(edgeFile)
        _ = lines.advance()
        while lines.advance() {
            if lines.isBlank { continue }
            guard let a = lines.number(), lines.takeSpace(), let b = lines.number(), lines.isAtEnd else { throw lines.failure("two node numbers with a tab between them are needed; mend the line") }
            guard a < labels.count, b < labels.count else { throw lines.failure("node \(max(a, b)) is outside 0 ... \(labels.count - 1); mend the edge or list the node") }
            from.append(Int32(truncatingIfNeeded: a))
            to.append(Int32(truncatingIfNeeded: b))
        }
        let checksum = DatasetFiles.checksum([(names.nodes, nodeFile.checksum), (names.edges, edgeFile.checksum)])
        return try GraphDataset(identifier: identifier, checksum: checksum, adjacency: Adjacency(count: labels.count, from: from, to: to),
                                features: builder.finish(width: isDense ? width : declared), labels: labels,
                                classNames: (0...(labels.max() ?? 0)).map(String.init), file: nodeFile.name)
    }
}
