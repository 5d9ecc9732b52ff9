/// The files of the Planetoid release (Yang, Cohen, Salakhutdinov, ICML 2016): `x`, `tx`, `allx` features, `y`, `ty`, `ally` one-hot
/// labels, `graph` neighbours, all pickled by Python 2, and `test.index`.
///
/// Rows of `allx` are the first nodes; row r of `tx` belongs to the node on line r of `test.index`. Nodes in the range of the test
/// nodes that no line names (15 in Citeseer) have no features and no label. The public split: the rows of `x` train, the next 500
/// validate, the named nodes test.
enum Planetoid {
    static let parts = ["x", "y", "tx", "ty", "allx", "ally", "graph", "test.index"]

    static func read(_ files: DatasetFiles, set: String, identifier: String, classNames: [String]) throws -> GraphDataset {
        var checksums: [(name: String, checksum: String)] = []
        func open(_ part: String) throws -> DatasetFiles.File {
            let file = try files.read("ind.\(set).\(part)", limit: 1 << 28)
            checksums.append(("ind.\(set).\(part)", file.checksum))
            return file
        }
        let training = try PickledArrays(open("y")).array()
        let all = try PickledArrays(open("allx")).sparseRows(), allLabels = try labels(open("ally"))
        let test = try PickledArrays(open("tx")).sparseRows(), testLabels = try labels(open("ty"))
        let graph = try open("graph")
        let indexFile = try open("test.index")
        var lines = TextLines(indexFile), order: [Int] = []
        while lines.advance() {
            if lines.isBlank { continue }
            guard let node = lines.number(), lines.isAtEnd else { throw lines.failure("a node number is needed; mend the line") }
            order.append(node)
        }
        guard all.rows.count == allLabels.count, test.rows.count == testLabels.count, order.count == test.rows.count, all.columns == test.columns,
              Set(order).count == order.count, let first = order.min(), let last = order.max(), first == all.rows.count, last < first + 10 * order.count,
              training.shape.first ?? 0 <= all.rows.count else {
            throw DatasetError(file: indexFile.name, "does not fit the other files: \(all.rows.count) and \(test.rows.count) rows of features, \(order.count) test nodes; fetch all eight files anew")
        }
        let count = last + 1
        var rows = all.rows + Array(repeating: [], count: count - first)
        var labels = allLabels + [Int](repeating: -1, count: count - first)
        for (row, node) in order.enumerated() {
            rows[node] = test.rows[row]
            labels[node] = testLabels[row]
        }
        var builder = SparseFeatures.Builder()
        for (node, row) in rows.enumerated() {
            for entry in row { builder.add(column: entry.column, value: entry.value) }
            guard builder.endRow() else { throw DatasetError(file: indexFile.name, "node \(node) has a feature twice; fetch the files again") }
        }
        var from: [Int32] = [], to: [Int32] = []
        for (a, b) in try PickledArrays(graph).edges() {
            guard (0..<count).contains(a), (0..<count).contains(b) else { throw DatasetError(file: graph.name, "node \(max(a, b)) is outside 0 ... \(count - 1); fetch the files again") }
            from.append(Int32(a))
            to.append(Int32(b))
        }
        let trainingCount = training.shape.first ?? 0
        var split = [GraphDataset.Part](repeating: .unused, count: count)
        for node in 0..<trainingCount { split[node] = .training }
        for node in trainingCount..<min(trainingCount + 500, first) { split[node] = .validation }
        for node in order { split[node] = .test }
        let classCount = (labels.max() ?? -1) + 1
        return try GraphDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), adjacency: Adjacency(count: count, from: from, to: to),
                                features: builder.finish(width: all.columns), labels: labels,
                                classNames: classNames.count >= classCount ? classNames : (0..<classCount).map(String.init), publicSplit: split, file: indexFile.name)
    }

    /// One-hot rows to labels; a row of zeros has none.
    private static func labels(_ file: DatasetFiles.File) throws -> [Int] {
        let array = try PickledArrays(file).array()
        guard array.shape.count == 2, array.shape[1] > 0 else { throw DatasetError(file: file.name, "is no table of one-hot labels; fetch it again") }
        let width = array.shape[1]
        return (0..<array.shape[0]).map { row in
            (0..<width).first { array.values[row * width + $0] != 0 } ?? -1
        }
    }
}
