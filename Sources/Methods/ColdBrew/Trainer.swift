import Datasets
import Experiments
import Foundation
import Tensors

/// One run: a list of stages over shared material, with a state that a checkpoint keeps after each.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let material = try Material(context, settings)
        var trainer = Trainer(context: context, settings: settings, material: material,
                              state: try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState())
        let stages = stages(settings)
        try trainer.state.check(nodes: material.graph.count, outputs: material.outputs, neighbours: settings.neighbours, stages: stages.count)
        if trainer.state.finishedStages == 0 { trainer.reportGraph() }
        for (index, stage) in stages.enumerated() where index >= trainer.state.finishedStages {
            context.stage(stage.name, index + 1, of: stages.count)
            try stage.run(&trainer)
            trainer.state.finishedStages = index + 1
            try context.saveCheckpoint(stage.name) { try trainer.state.encoded() }
        }
        context.finish(trainer.state.results)
    }

    private static func stages(_ settings: Settings) -> [Stage] {
        let gcn = Stage(name: "GCN") { try $0.trainNetwork("GCN", hasEmbedding: false, $0.material.propagation) }
        let teacher = Stage(name: "teacher") { try $0.trainTeacher() }
        if settings.task == .depth { return [gcn, teacher, Stage(name: "report") { $0.report(["GCN", "teacher"]) }] }
        func perceptron(_ name: String, _ hidden: [Int], distils: Bool = false) -> Stage {
            Stage(name: name) { try $0.trainPerceptron(name, hidden: hidden, distils: distils) }
        }
        func classifier(_ name: String, usesNeighbours: Bool, usesGuess: Bool) -> Stage {
            Stage(name: name) { try $0.trainClassifier(name, usesNeighbours: usesNeighbours, usesGuess: usesGuess) }
        }
        let student = [
            Stage(name: "ξ₁") { try $0.trainGuess() }, Stage(name: "neighbours") { try $0.findNeighbours() },
            Stage(name: "ξ₂") { try $0.trainClassifier("student", usesNeighbours: true, usesGuess: settings.usesGuess) },
            perceptron("MLP 256", [settings.studentWidth]),
        ]
        let baselines = [
            perceptron("MLP 128", [128, 128]), perceptron("distilled MLP", [settings.studentWidth], distils: true),
            Stage(name: "GraphMLP") { try $0.trainGraphMLP() }, Stage(name: "GraphSAGE") { try $0.trainSAGE() },
            classifier("student, ê only", usesNeighbours: false, usesGuess: true), classifier("student, ẽ only", usesNeighbours: true, usesGuess: false),
        ]
        if settings.task == .links {
            let sage = baselines.filter { $0.name == "GraphSAGE" || $0.name.hasPrefix("student") }
            return [gcn, teacher] + student + (settings.baselines ? sage : []) + [Stage(name: "report") { trainer in
                if let links = trainer.material.links {
                    trainer.reportLinks(["GCN", "teacher", "GraphSAGE", "MLP 256", "ξ₁ alone", "student", "student, ê only", "student, ẽ only"], links)
                }
                trainer.reportNeighbours()
            }]
        }
        let last = [
            Stage(name: "label propagation") { try $0.propagateLabels("label propagation", $0.material.reduced) },
            Stage(name: "whole graph") { try $0.trainWholeGraph() },
            Stage(name: "report") { trainer in
                trainer.report(["GCN", "teacher", "GraphSAGE", "MLP 256", "MLP 128", "distilled MLP", "GraphMLP", "ξ₁ alone", "student",
                                "student, ê only", "student, ẽ only", "label propagation"])
                try trainer.reportContribution()
                trainer.reportNeighbours()
            },
        ]
        return [gcn, teacher] + student + (settings.baselines ? baselines : []) + last
    }

    // MARK: - Predictions

    /// Accuracy in percent of `logits` on `nodes`; rows are nodes. A node without a prediction counts as wrong.
    func accuracy(_ logits: [Float], _ nodes: [Int]) -> Double {
        100 * Double(nodes.count { prediction(logits, $0) == material.graph.labels[$0] }) / Double(max(1, nodes.count))
    }

    /// The class with the largest number; nil where all are the same, as label propagation leaves a node that no label reaches.
    func prediction(_ logits: [Float], _ node: Int) -> Int? {
        let row = logits[node * material.classes..<(node + 1) * material.classes]
        var best = row.startIndex, isFlat = true
        for place in row.indices.dropFirst() {
            if row[place] != row[row.startIndex] { isFlat = false }
            if row[place] > row[best] { best = place }
        }
        return isFlat && row.count > 1 ? nil : best - row.startIndex
    }

    /// Validation accuracy and cross-entropy of the logits of all nodes; of links, the rank of held-out edges.
    func validation(_ logits: Tensor<Float>) throws -> Validation {
        if let links = material.links { return linkValidation(logits, links) }
        let loss = try logits.crossEntropy(targets(material.validation)).scalar
        return Validation(score: accuracy(logits.withScalars { Array($0) }, material.validation), loss: Double(loss))
    }

    /// Labels at `nodes`, -1 (left out) elsewhere.
    func targets(_ nodes: [Int]) -> [Int32] {
        var targets = [Int32](repeating: -1, count: material.graph.count)
        for node in nodes { targets[node] = Int32(material.graph.labels[node]) }
        return targets
    }

    /// Graphs of fewer nodes are taken whole in each step, larger ones in batches.
    static let wholeBelow = 20_000, batchSize = 4096

    /// Places of the nodes of a step among `count`; nil for all.
    func batch(of count: Int, _ random: RandomSource) -> [Int]? {
        guard count >= Self.wholeBelow else { return nil }
        var random = random.stream("batch")
        return (0..<Self.batchSize).map { _ in random.integer(below: count) }
    }
}
