import Datasets

/// The texts of a graph's nodes that have a class, numbered from 0; behind them each class by its name, as one more example of it.
package struct LabelledTexts: Sendable {
    package let identifier: String
    package let checksum: String
    package let classNames: [String]
    private let texts: NodeTexts
    /// The node of each example.
    private let nodes: [Int]
    private let labels: [Int]

    /// Examples without those that are names of classes.
    package var count: Int { nodes.count }

    /// - Throws: `DIVAError` when the graph has no texts or no classes.
    package init(_ graph: GraphDataset) throws {
        guard let texts = graph.texts, !graph.classNames.isEmpty else {
            throw DIVAError("\(graph.identifier) has no \(graph.texts == nil ? "texts" : "classes"); DIVA takes pictures, features or texts, each with its class")
        }
        nodes = graph.labels.indices.filter { graph.labels[$0] >= 0 }
        labels = nodes.map { graph.labels[$0] }
        (identifier, checksum, classNames, self.texts) = (graph.identifier, graph.checksum, graph.classNames, texts)
    }

    func label(_ row: Int) -> Int { row < count ? labels[row] : row - count }

    /// The text of an example; of a class its name, hyphens and underscores as blanks.
    func text(_ row: Int) -> String {
        row < count ? texts[nodes[row]] : String(classNames[row - count].map { "-_".contains($0) ? " " : $0 })
    }
}
