import Experiments

/// What a checkpoint of a run holds. Features are not in it: they come from the cache or, where they are cheap, anew.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// How many stages are finished.
    var finishedStages = 0
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = -1
    /// The ridge strength of refits.
    var lambda = 0.0
    /// The derivative at the present weights.
    var gradient: [Double] = []
    /// The derivative at a = 1.
    var firstGradient: [Double] = []
    /// What DIVA and "the leave-one-out prediction disagrees" flag, at a = 1.
    var flagged: [Bool] = []
    var disagreeing: [Bool] = []
    var reweighting: Reweighting?
    var chosen: Extension?
    /// The test error after each step, in percent.
    var testErrors: [Double] = []
    /// Examples whose picture was sent.
    var shown: Set<Int> = []
    var results: [RunEvent.Result] = []

    init() {}

    /// What a run demands of a checkpoint, which comes from a file.
    struct Expectation {
        /// Stages after the features.
        var stages: Int
        /// Examples that have a derivative and a weight: with the task augment originals and copies.
        var examples: Int
        /// Of which are the core, with the task extend.
        var core: Int
        /// The most reweighting steps.
        var steps: Int
    }

    /// Checks that a checkpoint belongs to a run: whatever passes is safe to go on from.
    /// - Throws: `CheckpointError` with what does not fit.
    func check(against expected: Expectation) throws {
        func demand(_ holds: Bool, _ what: String) throws {
            guard holds else { throw CheckpointError("the checkpoint does not belong to this run: \(what); start the run anew") }
        }
        try demand((0...expected.stages + 1).contains(finishedStages), "it has finished \(finishedStages) of \(expected.stages + 1) stages")
        try demand((-1..<expected.stages).contains(announcedStage), "it is in stage \(announcedStage) of \(expected.stages)")
        // The strength is chosen in the first stage after the features.
        try demand(lambda.isFinite && lambda >= 0 && (finishedStages < 2 || lambda > 0), "lambda is \(lambda)")
        for (name, count) in [("derivatives", gradient.count), ("first derivatives", firstGradient.count), ("flags", flagged.count),
                              ("flags of disagreement", disagreeing.count)] {
            try demand(count == 0 || count == expected.examples, "it has \(count) \(name) for \(expected.examples) examples")
        }
        try demand((gradient + firstGradient).allSatisfy(\.isFinite), "a derivative is no number")
        if let reweighting {
            try demand(reweighting.eta.isFinite, "eta is \(reweighting.eta)")
            try demand((0...expected.steps).contains(reweighting.step), "it has taken \(reweighting.step) of \(expected.steps) steps")
            try demand(reweighting.weights.count == expected.examples, "it has \(reweighting.weights.count) weights for \(expected.examples) examples")
            try demand(!gradient.isEmpty, "it has weights without derivatives")
            try demand(reweighting.weights.allSatisfy { $0.isFinite && $0 >= 0 }, "a weight is negative or no number")
        }
        if let chosen {
            try demand(chosen.coreCount == expected.core && chosen.poolCount == expected.examples - expected.core,
                       "its core has \(chosen.coreCount) and its pool \(chosen.poolCount) examples")
            try demand(chosen.chosen.allSatisfy { (0..<chosen.poolCount).contains($0) } && Set(chosen.chosen).count == chosen.chosen.count,
                       "it chose an example twice or one that is not in the pool")
        }
    }
}
