import Datasets
import Experiments

/// Visual generalisation within a domain (Schott, von Kügelgen, Träuble, Gehler, Russell, Bethge, Schölkopf, Locatello and Brendel, "Visual Representation
/// Learning Does Not Generalize Strongly Within the Same Domain", ICLR 2022, arXiv 2107.08221).
///
/// Images whose factors are known are divided by their factor values, and seventeen kinds of model are asked for the factors of what they have not seen. The
/// paper's training code is not public: divisions, objectives and measures follow the official loader and the public code that adapted the paper's
/// supplement; all sizes are ours, as are the set network and the spatial transformer. Further deviations, each where it is made:
/// - The random division is a hash of the index, so that it needs no mask.
/// - Ada-GVAE's KL has its factor 1/2 and is a mean over images (`kl` published gives the public code's).
/// - R² is summed over a whole set; the public code averages over batches.
/// - Transfer entries are frozen networks with a trained head, or networks pretrained here; the paper fine-tunes whole networks.
///
/// Reading order: `FactorSplit`, `FactorScores`, `ReferenceLines`; `Architecture`, `LatentModel`, `LatentLosses`, `PairSampling`; `Material`, `Learner`, `Trainer`; `Report`.
public struct VisualGeneralisationMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "visual-generalisation", title: "Visual generalisation: did the model learn the mechanism or the values?",
            question: "Did a model learn how each factor makes the image, or only the statistics of the values that it has seen?",
            explanation: "Images whose generating factors are known are divided by factor values: unseen images, new combinations, values between seen ones, values beyond them. Seventeen kinds of model "
                + "(unsupervised, from pairs, supervised, transferred) and a vision transformer beside say the factors; R² by factor shows where each fails. Two reference lines stand in every picture: "
                + "“clamp” says the nearest seen value, “mean” the training mean. Sets in which one factor alone is out of distribution show whether the others are still inferred. "
                + "Sizes of the models, the set network (“coordinate-based”) and the spatial transformer are stand-ins: the paper's training code is not public.",
            paper: "Schott, von Kügelgen, Träuble, Gehler, Russell, Bethge, Schölkopf, Locatello, Brendel: Visual Representation Learning Does Not Generalize Strongly Within the Same Domain. ICLR 2022. arXiv 2107.08221",
            tags: ["images", "generalisation", "disentanglement", "representation learning", "transfer"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        dataset.kind == .factors ? .accepted : .refused("\(dataset.identifier) holds \(dataset.kind.title); visual generalisation takes images with known factors, such as sprites or rooms")
    }

    /// Counts the multiplications of the networks.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values),
              let arms = try? Arm.list(settings.models, betas: settings.betas, hasWeights: { _ in settings.transfer != .synthetic }) else { return Estimate(operations: 0, bytes: 0, seconds: 0) }
        let scale = settings.side >= 64 ? 4.0 : 1, batch = Double(settings.batch)
        let predicted = Double(settings.trainingImages + 2 * settings.testImages + 5 * settings.oneFactorImages)
        var operations = 0.0
        for arm in arms {
            switch arm.kind {
            case .supervised(let kind): operations += 2e6 * scale * kind.millions * (3 * batch * Double(settings.steps) + predicted)
            case .latent: operations += 2e6 * scale * (4 * 3 * batch * Double(settings.latentSteps) + 1.5 * predicted) + 3e5 * batch * Double(settings.readoutSteps)
            case .transfer: operations += 2e8 * Double(settings.transferSide * settings.transferSide) / 4096 * predicted + 8e6 * batch * Double(settings.transferSteps)
            case .pretrained(let kind): operations += 2e6 * scale * kind.millions * (3 * batch * Double(settings.steps + settings.pretrainingSteps) + predicted)
            }
        }
        let bytes = predicted * Double(settings.side * settings.side * 3) + (arms.contains { if case .transfer = $0.kind { true } else { false } } ? 4 * predicted * 5120 : 0) + 3e8
        return Estimate(operations: operations, bytes: bytes, seconds: 2 + operations / 3e10)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
