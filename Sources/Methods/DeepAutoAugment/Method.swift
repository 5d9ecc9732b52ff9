import Augmentation
import Datasets
import Experiments

/// Deep AutoAugment (Zheng, Zhang, Yan, Zhang; ICLR 2022, arXiv 2203.06172): an augmentation policy of several layers, searched by gradient matching.
///
/// Where this follows the published code and not the paper, or neither, each for a reason given where it is made: the deviation is subtracted for each
/// operation, and from the second layer on (`RewardRule`); the search ends where a layer does nothing (`Settings.stopsAt`); signs are mirrored in the
/// evaluation only when asked for; the magnitudes' values are computed in double precision.
///
/// Reading order: `PixelOperation`, `PixelTransform`, `AugmentationPolicy` in the room Augmentation; `GradientVector`, `GradientMatching`,
/// `PolicyLayer`, `PolicySearch`; `ClassifierNetwork`, `ClassifierTraining`; `Trainer` ties them together.
public struct DeepAutoAugmentMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "deepaa", title: "Deep AutoAugment: which augmentations help on this data, in which order",
            question: "Which changes of the pictures help a classifier on this data, in which order and how strongly, and which ones hurt?",
            explanation: "A policy is a stack of layers, each a probability for every one of 139 operations. An operation is good if the gradient of its copies of one picture points where the gradient of other pictures of "
                + "the class points; that is one Jacobian-vector product for all operations, and no network is trained to try a policy. Each layer begins as “do nothing” and sees what the layers before it made. "
                + "The found policy is a file, and is judged by training a new network beside the usual augmentations under one protocol; in short trainings of small networks it can lose, and Lathe says so.",
            paper: "Zheng, Zhang, Yan, Zhang: Deep AutoAugment. ICLR 2022. arXiv 2203.06172",
            tags: ["images", "augmentation", "policy search", "gradient matching"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        dataset.kind == .images ? .accepted : .refused("\(dataset.identifier) holds \(dataset.kind.title); Deep AutoAugment takes labelled pictures of at most 32 x 32, such as shapes32 or cifar10-subset")
    }

    /// Counts passes of the networks: three for a step of training, two more with a tangent.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else { return Estimate(operations: 0, bytes: 0, seconds: 0) }
        let search = settings.network.cost, judge = settings.evaluationNetwork.cost, matching = settings.matching
        let arms = (try? settings.arms(found: nil).count) ?? 1
        let total = Double(dataset.rows ?? 1000), trained = settings.evaluationCount > 0 ? Double(settings.evaluationCount) : total
        var pictures = 3.0 * Double(settings.pretraining.epochs * settings.pretrainingCount)
        let images = Double(matching.images * settings.steps)
        pictures += images * Double(3 * matching.validation + 5 * 139)
        pictures += images * Double(settings.layers - 1) * Double(3 * matching.validation + 3 * matching.gradientSamples + 3 * 139 * matching.rewardSamples)
        let isSearched = settings.task != .evaluate && settings.policyFile.isEmpty, isJudged = settings.task == .all || settings.task == .evaluate
        let judged = isJudged ? Double(arms * settings.evaluation.epochs * settings.evaluation.copies) * 3 * trained : 0
        let operations = 2 * ((isSearched ? pictures * search.multiplications : 0) + judged * judge.multiplications)
        let bytes = 4 * max(search.activations * 2.5 * 139, judge.activations * 2 * Double(settings.evaluation.batch * settings.evaluation.copies)) + total * 3072 * 2
        return Estimate(operations: operations, bytes: bytes, seconds: 1 + operations / 2.5e10 + (pictures / 3 + judged / 3) * 1.5e-5)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
