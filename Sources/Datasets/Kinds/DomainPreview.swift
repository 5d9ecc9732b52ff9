extension DomainDataset {
    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let degrees = domains.indices.map { adjacency.neighbours(of: $0).count }
        preview.facts = [.init("domains", grouped(domains.count)), .init("edges", grouped(edgeCount))]
        switch content {
        case .classified(let width, let inputs, let labels, let classNames):
            preview.facts += [.init("samples", "\(grouped(count)), \(smallest(labels.map(\.count)))"), .init("inputs", "\(width)"), .init("classes", "\(classNames.count)")]
            var counts = [Int](repeating: 0, count: classNames.count), unknown = 0
            for label in labels.joined() { if label >= 0 { counts[label] += 1 } else { unknown += 1 } }
            if unknown > 0 { preview.facts.append(.init("without label", grouped(unknown))) }
            preview.classes = zip(classNames, counts).map { .init(name: $0, count: $1) }
            sketch(width, inputs, into: &preview)
            preview.columns.append(DatasetPreview.Column(name: "label"))
            preview.rows = rows(width, inputs) { domain, row in labels[domain][row] < 0 ? "" : classNames[labels[domain][row]] }
        case .measured(let width, let inputs, let outputs):
            preview.facts += [.init("samples", "\(grouped(count)), \(smallest(outputs.map(\.count)))"), .init("inputs", "\(width)"), .init("output", "a number")]
            sketch(width, inputs, into: &preview)
            var column = DatasetPreview.Column(name: "y")
            column.sketch(outputs.joined())
            preview.columns.append(column)
            preview.rows = rows(width, inputs) { domain, row in outputs[domain][row].isNaN ? "" : shortNumber(outputs[domain][row]) }
        case .series(let values, let series):
            preview.facts += [
                .init("series", "\(grouped(values.first?.count ?? 0)) \(series.step)s each, \(series.unit)"),
                .init("example", "\(series.inputs) \(series.step)s given, the next \(series.outputs) asked for"),
            ]
            preview.lines = zip(domains, values).prefix(8).map { .init(name: $0.title, values: $1) }
        }
        preview.facts += tasks.map { task in
            let hops = hops(from: task.roles)
            let levels = [1, 2].map { level in hops.count { $0 == level } } + [hops.count { ($0 ?? 0) >= 3 }]
            let unreachable = hops.count { $0 == nil }
            return .init("task \(task.name)", "\(task.roles.count { $0 == .source }) sources; targets 1, 2, 3 or more hops away: "
                + levels.map(String.init).joined(separator: ", ") + (unreachable > 0 ? "; \(unreachable) cannot be reached" : ""))
        }
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        preview.degreeHistogram = [Int](repeating: 0, count: min(degrees.max() ?? 0, 4096) + 1)
        for degree in degrees where degree <= 4096 { preview.degreeHistogram[degree] += 1 }
        preview.nodeCount = min(domains.count, 300)
        for domain in 0..<preview.nodeCount {
            for neighbour in adjacency.neighbours(of: domain) where Int(neighbour) > domain && Int(neighbour) < preview.nodeCount && preview.edges.count < 2000 {
                preview.edges.append([domain, Int(neighbour)])
            }
        }
        return preview
    }

    private func smallest(_ counts: [Int]) -> String {
        let low = counts.min() ?? 0, high = counts.max() ?? 0
        return low == high ? "\(grouped(low)) a domain" : "\(grouped(low)) to \(grouped(high)) a domain"
    }

    private func sketch(_ width: Int, _ inputs: [[Double]], into preview: inout DatasetPreview) {
        preview.columns = [DatasetPreview.Column(name: "domain")]
        for column in 0..<min(width, 12) {
            var sketch = DatasetPreview.Column(name: "x\(column + 1)")
            sketch.sketch(inputs.flatMap { rows in stride(from: column, to: rows.count, by: width).map { rows[$0] } })
            preview.columns.append(sketch)
        }
    }

    /// The first rows of the first domains: name, inputs, output.
    private func rows(_ width: Int, _ inputs: [[Double]], output: (Int, Int) -> String) -> [[String]] {
        domains.indices.prefix(10).flatMap { domain in
            (0..<min(3, inputs[domain].count / width)).map { row in
                [domains[domain].name] + (0..<min(width, 12)).map { shortNumber(inputs[domain][row * width + $0]) } + [output(domain, row)]
            }
        }
    }
}
