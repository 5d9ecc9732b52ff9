import Datasets
import Experiments

/// Attribution in trajectory prediction by Shapley values (Makansi, von Kügelgen, Locatello, Gehler, Janzing, Brox and Schölkopf, "You Mostly Walk
/// Alone", ICLR 2022, arXiv 2110.05304).
///
/// The predictor's *performance* is divided among its cues: the target's own past, and each neighbour. Deviations from the official code, each for a
/// reason given where it is made:
/// - Shapley values are exact up to nine players. The official estimator is a Banzhaf value (`BanzhafDraws`), offered for comparison.
/// - Neighbours' states have the target's last position subtracted, not its velocity, so that a removed past cannot be read from them.
/// - The stranger of the random-neighbour test is an ordinary neighbour; in the official code attention cannot see it.
/// - A maximum over noisy values is biased upwards, so every score has the null of exchanged neighbours beside it (`withNeighboursExchanged`).
/// - Cues are removed in training as well (`past-dropout`, `neighbour-dropout`), except in the models called plain: else coalitions are far from
///   anything that the model has seen.
///
/// Reading order: `TargetSet`, `Cues`; `CoalitionGame`, `PermutationWalks`, `BanzhafDraws`; `RecurrentPredictor`, `TrajectoryMixture`; `PlayedTargets`,
/// `Attribution`; `Trainer`, `Report`.
public struct TrajectoryShapleyMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "trajectory-shapley", title: "Trajectory Shapley: which cue a predictor of paths really uses",
            question: "How much of a trajectory predictor's accuracy comes from the agent's own past, and how much from each neighbour?",
            explanation: "A predictor sees 3.2 s of an agent and of its neighbours and says where it will be in the next 4.8 s. Cues are taken away, one by one and together, and the "
                + "predictor's performance is divided among them by Shapley values. The most useful neighbour is compared with a stranger and with the most useful of another agent's neighbours, "
                + "and the test error with real, exchanged and no neighbours tells whether a model reads what they do or only that somebody is there.",
            paper: "Makansi, von Kügelgen, Locatello, Gehler, Janzing, Brox, Schölkopf: You Mostly Walk Alone: Analyzing Feature Attribution in Trajectory Prediction. ICLR 2022. arXiv 2110.05304",
            tags: ["trajectories", "attribution", "Shapley values", "interaction", "recurrent networks"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        dataset.kind == .trajectories ? .accepted : .refused("\(dataset.identifier) holds \(dataset.kind.title); trajectory attribution takes paths of agents, such as crowd or eth-ucy")
    }

    /// Counts the multiplications of the decoder, which is most of the work, in training and in the coalitions.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else { return Estimate(operations: 0, bytes: 0, seconds: 0) }
        let decoder = Double(settings.widths.decoder), inputs = Double(settings.widths.modes + settings.widths.history + settings.widths.edge)
        let pass = 12 * 6 * decoder * (inputs + decoder) * Double(settings.widths.modes)
        let networks = Double(settings.arms.count { $0.isTrained })
        let isCourt = dataset.identifier == "nba-tracking"
        let targets = settings.targets > 0 ? Double(settings.targets) : settings.testScenes > 0 ? 5 * Double(settings.testScenes) : 350
        let coalitions = isCourt ? 3 * Double(settings.permutations) * 21 : 160
        let operations = networks * pass * (3 * Double(settings.steps * settings.batch) + targets * coalitions)
        let bytes = 8 * pass * Double(settings.batch) / 12 + 40 * Double(dataset.rows ?? 100_000)
        return Estimate(operations: operations, bytes: bytes, seconds: 1 + operations / 2.5e10)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
