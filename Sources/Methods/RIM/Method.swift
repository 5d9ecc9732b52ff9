import Datasets
import Experiments

/// Recurrent intensity modelling (Ma, Liu, Deoras; ICLR 2022): which items for a user, which users for an item, and both under capacities.
///
/// Deviations from the published code, each for a reason:
/// - Equal scores are ordered by a seeded permutation (`TieBreak`); the published noise of 1e-10 reorders small products, and the one of 0.01 in its
///   popularity baseline does nothing else.
/// - Pairs that must not be chosen are left out instead of carrying a score of -1e10 (`ScoreTable`).
/// - Items without a training event are no part of the vocabulary: nothing of the test's period is known.
/// - Greedy matching with lower bounds always fills the rows (`GreedyMatching`).
/// - The networks compute outputs at real targets only (`SequenceBatches`).
///
/// Reading order: `EventHistories`, `RequestSplit`, `SequenceEncoder`, `HawkesFeatures`, `HawkesFit`, `HawkesPoisson`, `Assignment`; then `Material`,
/// `Trainer`, `Reporting`.
public struct RIMMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "rim", title: "RIM: recurrent intensity modelling",
            question: "Which items for this user, and which users for this item: how much of the answer is taste, and how much is who will come back at all?",
            explanation: "A next-item model says what a user would take, normalised for each user, so its scores cannot be compared between users. RIM multiplies them by an "
                + "intensity of the user: the expected number of events within a horizon, from a Hawkes process or simpler. One table of scores then ranks items for users, users for items, and "
                + "matches both under capacities, offline or user by user with prices of items. Baselines tell what each part is worth.",
            paper: "Ma, Liu, Deoras: Bridging Recommendation and Marketing via Recurrent Intensity Modeling. ICLR 2022",
            tags: ["recommendation", "marketing", "point processes", "sequences", "matching"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        dataset.kind == .events ? .accepted
            : .refused("\(dataset.identifier) holds \(dataset.kind.title); RIM takes events of user, item and time, such as shop-events or movielens-100k")
    }

    /// Counts the products of the sequence models, of pairwise models and of the dual.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else { return Estimate(operations: 0, bytes: 0, seconds: 0) }
        let events = Double(dataset.rows ?? 8000), items = min(events, dataset.identifier.hasPrefix("shop") ? 200 : 3000), requests = max(50, events / 40)
        let d = Double(settings.width), networks = Double(settings.models.count { $0 == .gru || $0 == .transformer })
        let sequences = 6 * events * Double(settings.epochs) * (d * items + 12 * d * d * Double(settings.layers)) * networks
        let pairs = Double(settings.models.count { [.bpr, .bprItem, .bprUser, .graphconv, .graphconvExtra].contains($0) }) * events * Double(settings.pairEpochs) * 40 * Double(settings.factors * settings.negatives)
        let dual = 2 * requests * items * 25 * Double(settings.dualEpochs) * 8 * Double(2 * settings.matched.count * settings.multipliers.count)
        let operations = sequences + pairs + dual
        return Estimate(operations: operations, bytes: 40 * requests * items + 4 * d * items * 20 + 4 * Double(settings.batch * settings.chunk) * items * 3, seconds: 0.3 + sequences / 4e10 + pairs / 1e10 + dual / 2e9)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
