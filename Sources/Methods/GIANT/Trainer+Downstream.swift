import Experiments
import Tensors

/// The only part of a run that reads labels.
extension Trainer {
    var models: [DownstreamModel] {
        switch settings.models {
        case .standard: [.perceptron, .sage, .simplified, .corrected]
        case .perceptron: [.perceptron]
        case .arxiv: [.perceptron, .sage, .attention, .distilled]
        case .products: [.perceptron, .sampled]
        case .papers: [.perceptron, .simplified, .gated]
        case .all: DownstreamModel.allCases
        case .logistic: [.logistic]
        }
    }

    func labelled(share: Double? = nil) throws -> LabelledNodes {
        try LabelledNodes(graph, training: share ?? settings.labelShare, validation: settings.validationShare, random: context.random.stream("labels"))
    }

    private func downstream(_ nodes: LabelledNodes, _ models: [DownstreamModel]) throws -> Downstream {
        try Downstream(labels: graph.labels, classes: material.classes, training: nodes.training, validation: nodes.validation, graph: graph.adjacency, models: models,
                       options: settings.downstream, proceed: context.proceed)
    }

    func accuracy(_ predicted: [Int], _ nodes: [Int]) -> Double {
        100 * Double(nodes.count { predicted[$0] == graph.labels[$0] }) / Double(max(1, nodes.count))
    }

    mutating func trainDownstream(_ features: String) throws {
        let nodes = try labelled(), vectors = try vectors(features), models = self.models, downstream = try downstream(nodes, models)
        var found: [DownstreamModel: Tensor<Float>] = [:]
        for (place, model) in models.enumerated() {
            context.progress(Double(place), of: Double(models.count), unit: "models")
            // The same stream for all features: differences pair up.
            let scores = try downstream.scores(model, vectors, base: found[model == .distilled ? .attention : .perceptron], random: context.random.stream("downstream \(model.rawValue)")) { epoch, loss in
                if epoch % 10 == 0 { context.metric("downstream loss/\(features), \(model.rawValue)", step: Double(epoch), value: loss) }
            }
            if model == .perceptron || model == .attention { found[model] = scores }
            let predicted = Downstream.predictions(scores)
            state.set("classes/\(features)/\(model.rawValue)", predicted.map { Float($0) })
            state.results.append(.init(name: "\(model.rawValue) accuracy", arm: features, unit: "%", value: accuracy(predicted, nodes.test), better: .higher,
                                       baseline: features == "LSA" ? nil : "LSA"))
        }
        reportAccuracy()
    }

    /// Accuracy of an MLP against the share of labels, on the nodes that test at every share.
    mutating func trainLabelRates() throws {
        let rates = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4].filter { $0 + settings.validationShare < 0.95 && $0 * Double(graph.count) >= Double(2 * material.classes) }
        let model: DownstreamModel = models.contains(.perceptron) ? .perceptron : .logistic
        let shown = ["LSA", "GIANT", "GIANT‖LSA", "embeddings", "embeddings‖LSA"].filter { name in name.split(separator: "‖").allSatisfy { state.has("vectors/\($0)") } }
        // Training nodes are drawn first, so what tests at the largest share tests at every smaller one.
        guard let largest = rates.last, let test = try? labelled(share: largest).test else { return }
        for (place, rate) in rates.enumerated() {
            guard let nodes = try? labelled(share: rate) else { continue }
            context.progress(Double(place), of: Double(rates.count), unit: "label rates")
            let downstream = try downstream(nodes, [model])
            for features in shown {
                let scores = try downstream.scores(model, vectors(features), random: context.random.stream("label rate", place))
                context.metric("learning curve/\(features)", step: 100 * rate, value: accuracy(Downstream.predictions(scores), test), unit: "%")
            }
        }
    }
}
