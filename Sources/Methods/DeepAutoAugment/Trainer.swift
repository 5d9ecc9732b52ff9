import Augmentation
import Datasets
import Experiments
import Foundation
import Tensors

/// One run: a list of stages over one material, with a state that a checkpoint keeps after each, and within each.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState
    /// The policy that the arm deepaa stands for, once it is known.
    var found: AugmentationPolicy?
    /// When the stage at work began, in CPU seconds of this thread.
    private var began = 0.0

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters), request = context.request
        let given = try settings.policyFile.isEmpty ? nil : PolicyFile.read(path: settings.policyFile)
        let owner = ([request.dataset, "seed \(request.seed)"] + context.parameters.all.map { "\($0.key)=\($0.value.display)" }.sorted()).joined(separator: "\n")
        let state = try context.restoredState.map { try TrainingState(decoding: $0, owner: owner, layers: settings.layers, steps: settings.steps) } ?? TrainingState(owner: owner)
        var trainer = Trainer(context: context, settings: settings, material: try Material(context, settings), state: state, found: given)
        try trainer.run()
    }

    private init(context: RunContext, settings: Settings, material: Material, state: TrainingState, found: AugmentationPolicy?) {
        (self.context, self.settings, self.material, self.state, self.found) = (context, settings, material, state, found)
    }

    private mutating func run() throws {
        let stages = try stages()
        guard (0...stages.count).contains(state.finishedStages) else { throw CheckpointError.foreign }
        if found == nil, state.isSearched { found = try AugmentationPolicy(layers: state.search.done) }
        for (index, stage) in stages.enumerated() where index >= state.finishedStages {
            if context.stage(stage.name, index + 1, of: stages.count, after: &state.announcedStage), index == 0 { reportMaterial() }
            try stage.run(&self)
            state.finishedStages = index + 1
            try save(stage.name)
        }
        context.finish(state.results)
    }

    func save(_ name: String) throws { try context.saveCheckpoint(name) { try state.encoded() } }

    private func stages() throws -> [Stage] {
        var stages: [Stage] = []
        let arms = try settings.arms(found: found), needsSearch = found == nil && settings.task != .evaluate && settings.task != .importance
        if needsSearch || settings.task == .importance { stages.append(Stage(name: "pretrain") { try $0.pretrain() }) }
        if (needsSearch && settings.importanceImages > 0) || settings.task == .importance { stages.append(Stage(name: "importance") { try $0.importance() }) }
        if needsSearch {
            for layer in 0..<settings.layers { stages.append(Stage(name: "layer \(layer + 1)") { try $0.searchLayer(layer) }) }
        }
        if needsSearch || found != nil && settings.task != .importance { stages.append(Stage(name: "policy") { try $0.finishPolicy() }) }
        if settings.task == .all || settings.task == .evaluate { stages += arms.enumerated().map { place, arm in Stage(name: "train \(arm.name)") { try $0.judge(place) } } }
        return stages + [Stage(name: "report") { try $0.report() }]
    }

    /// Notes CPU time as part of a phase: 0 pretraining, 1 search, 2 evaluation.
    mutating func timed(_ phase: Int, _ body: (inout Trainer) throws -> Void) rethrows {
        let start = Self.processorSeconds
        defer { state.seconds[phase] += Self.processorSeconds - start }
        try body(&self)
    }

    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    // MARK: - Training of a classifier

    /// Trains to the end, or goes on where a checkpoint stands.
    mutating func trained(_ name: String, _ training: ClassifierTraining, epochs: Int, each: (ClassifierTraining, Int) throws -> Void) throws {
        var (loss, right, count) = (0.0, 0, 0)
        if let progress = state.progress {
            guard progress.name == name, training.restore(progress.training) else { throw CheckpointError.foreign }
            (loss, right, count) = (progress.loss, progress.right, progress.count)
        }
        while !training.isFinished {
            try context.proceed()
            let outcome = try training.advance()
            guard outcome.loss.isFinite else { throw DeepAAError("the loss is not finite at step \(training.step) of \(name); take a smaller rate") }
            loss += outcome.loss * Double(outcome.count)
            right += outcome.right
            count += outcome.count
            if training.step % 8 == 0 || training.isFinished { context.progress(Double(training.step), of: Double(training.stepCount), unit: "steps of \(name)") }
            guard training.step % training.stepsPerEpoch == 0 else {
                // Epochs of a large network take minutes.
                if training.step % 64 == 0 { try saveProgress(name, training, loss, right, count) }
                continue
            }
            let epoch = training.epoch
            context.metric("training loss/\(name)", step: Double(epoch), value: loss / Double(max(1, count)), unit: "nats")
            context.metric("training accuracy/\(name)", step: Double(epoch), value: 100 * Double(right) / Double(max(1, count)), unit: "%")
            (loss, right, count) = (0, 0, 0)
            try each(training, epoch)
            if !training.isFinished { try saveProgress(name, training, loss, right, count) }
        }
        state.progress = nil
    }

    private func saveProgress(_ name: String, _ training: ClassifierTraining, _ loss: Double, _ right: Int, _ count: Int) throws {
        var snapshot = state
        try context.saveCheckpoint("\(name), step \(training.step)") {
            snapshot.progress = .init(name: name, training: training.state, loss: loss, right: right, count: count)
            return try snapshot.encoded()
        }
    }
}
