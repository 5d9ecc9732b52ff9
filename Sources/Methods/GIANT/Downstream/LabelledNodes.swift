import Datasets
import Tensors

/// Which nodes train, validate and test the downstream models.
package struct LabelledNodes: Sendable, Equatable {
    package let training: [Int], validation: [Int], test: [Int]

    /// Drawn by class: of each class a share trains (one node at least), a share of the whole validates, the rest tests. Where nodes come in groups
    /// (packages of one source) whole groups are drawn instead, so that siblings never stand on both sides.
    ///
    /// - Throws: `GIANTError` when a part is empty or fewer than two classes train.
    package init(_ graph: GraphDataset, training share: Double, validation: Double, random: RandomSource) throws {
        var parts = [UInt8](repeating: 0, count: graph.count)   // 0 test, 1 training, 2 validation
        if graph.groups.isEmpty {
            for label in graph.classNames.indices {
                var random = random.stream("class", label)
                let members = graph.labels.indices.filter { graph.labels[$0] == label }
                let order = random.permutation(members.count).map { members[$0] }
                let first = max(1, Int((share * Double(members.count)).rounded())), second = Int((validation * Double(members.count)).rounded())
                for node in order.prefix(first) { parts[node] = 1 }
                for node in order.dropFirst(first).prefix(second) { parts[node] = 2 }
            }
        } else {
            let groups = Int(graph.groups.max() ?? -1) + 1
            var random = random.stream("groups"), part = [UInt8](repeating: 0, count: groups)
            let order = random.permutation(groups), first = max(1, Int((share * Double(groups)).rounded())), second = max(1, Int((validation * Double(groups)).rounded()))
            for group in order.prefix(first) { part[group] = 1 }
            for group in order.dropFirst(first).prefix(second) { part[group] = 2 }
            for node in 0..<graph.count { parts[node] = part[Int(graph.groups[node])] }
        }
        func nodes(_ wanted: UInt8) -> [Int] { graph.labels.indices.filter { graph.labels[$0] >= 0 && parts[$0] == wanted } }
        self.training = nodes(1)
        self.validation = nodes(2)
        test = nodes(0)
        guard Set(self.training.map { graph.labels[$0] }).count >= 2, !self.validation.isEmpty, !test.isEmpty else {
            throw GIANTError("drawing labels of \(graph.identifier) leaves \(self.training.count) nodes to train, \(self.validation.count) to validate and \(test.count) to test; "
                + "two classes must train and no part may be empty: change labels or validation")
        }
    }

    package init(training: [Int], validation: [Int], test: [Int]) {
        self.training = training
        self.validation = validation
        self.test = test
    }
}
