import Datasets
import Experiments

/// DIVA: dataset derivative of a learning task (Dukler, Achille, Paolini, Ravichandran, Polito, Soatto; ICLR 2022, arXiv
/// 2111.09785).
///
/// Deviations from the paper, each for a reason given where it is made: only the last layer is linear (as in all the paper's
/// experiments); weights are clipped at 0 and steps scaled (`Reweighting`); lambda is chosen by the leave-one-out loss
/// (`LambdaSelection`); features are centred and normalised by row (`FeatureScaling`); cross-entropy, or ten times lambda,
/// is used where the squared derivative's sign would be useless (`Settings.lambdaFactor`).
///
/// Reading order: `Ridge`, `OuterLoss`, `DatasetDerivative`, `LambdaSelection`; then `Detect`, `Reweight`, `Extend`,
/// `AugmentationProbabilities`, `Baselines`; then `Features`, `Material`; `Trainer` ties them together.
public struct DIVAMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "diva", title: "DIVA: which training examples help, which hurt",
            question: "If the weight of one training example grows a little, does the error on unseen examples fall or rise?",
            explanation: "In closed form: a linear classifier is trained on fixed features, and one factorisation gives the derivative of its "
                + "leave-one-out error by the weight of every example. Examples whose derivative is above zero hurt; they are often mislabelled. "
                + "The same derivative reweights the set, chooses what to add from a pool, and weighs augmentations.",
            paper: "Dukler, Achille, Paolini, Ravichandran, Polito, Soatto: DIVA: Dataset Derivative of a Learning Task. ICLR 2022. arXiv 2111.09785",
            tags: ["images", "label noise", "data selection", "closed form", "leave-one-out"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        [.images, .features, .textGraph].contains(dataset.kind) ? .accepted
            : .refused("\(dataset.identifier) holds \(dataset.kind.title); DIVA takes labelled pictures, features or texts (features=sentence), such as digits or fashion-mnist")
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
