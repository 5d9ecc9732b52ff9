import Tensors

/// What an adversary's loss looks at in one step.
package struct AdversaryStep<Scalar: TensorScalar> {
    /// F's output of all domains, [N, B, C], without gradient.
    package var prediction: Tensor<Scalar>
    /// The domains that have labels.
    package var sources: [Int]
    package var targets: [Int]
    /// z, [N, n_t].
    package var embedding: Tensor<Scalar>
    /// The domains of this step's graph loss.
    package var group: [Int]
    package var isClassification: Bool

    package init(prediction: Tensor<Scalar>, sources: [Int], targets: [Int], embedding: Tensor<Scalar>, group: [Int], isClassification: Bool) {
        self.prediction = prediction
        self.sources = sources
        self.targets = targets
        self.embedding = embedding
        self.group = group
        self.isClassification = isClassification
    }
}

/// The player against the encoder: GRDA's graph discriminator or one of the baselines' (sections 2.5 and 2.7).
///
/// `loss` is what D minimises. The encoder gets -λ times the same gradient, except where `encoderLoss` says otherwise (ADDA).
package struct Adversary<Scalar: TensorScalar> {
    package enum Kind: Sendable, Equatable {
        case graph(GraphReconstruction)
        /// The domain's number from e (DANN); `conditional`: from e and the prediction (CDANN).
        case domain(conditional: Bool)
        /// Source or target (ADDA).
        case source
        /// A second predictor that should disagree with F on targets (MDD).
        case disparity
        /// The domain's embedding from e (CIDA-like).
        case embedding
    }

    package let kind: Kind
    package let graph: DomainGraph
    package let parameters: ParameterStore<Scalar>
    private let stack: LayerStack<Scalar>
    private let first: LayerStack<Scalar>?, condition: LayerStack<Scalar>?

    /// - Parameters:
    ///   - outputs: C, the width of F's output.
    ///   - headWidth: n_d of the graph discriminator.
    package init(_ kind: Kind, graph: DomainGraph, width h: Int, outputs: Int, embedding: Int, headWidth: Int, start: NetworkStart = .xavier, random: inout RandomSource) {
        self.kind = kind
        self.graph = graph
        let parameters = ParameterStore<Scalar>()
        self.parameters = parameters
        func widths(_ last: Int) -> [Int] { [h, h, h, h, h, h, last] }
        func plain(_ widths: [Int], _ random: inout RandomSource) -> LayerStack<Scalar> { LayerStack("discriminator", widths: widths, start: start, in: parameters, from: &random) }
        if case .domain(conditional: true) = kind {
            first = LayerStack("discriminator.first", widths: [h, h], start: start, in: parameters, from: &random)
            condition = LayerStack("discriminator.condition", widths: [outputs, h, h], start: start, in: parameters, from: &random)
            stack = plain([2 * h, h, h, h, h, graph.count], &random)
            return
        }
        (first, condition) = (nil, nil)
        switch kind {
        case .graph: stack = plain(widths(headWidth), &random)
        case .domain: stack = plain(widths(graph.count), &random)
        case .source: stack = plain(widths(1), &random)
        case .disparity: stack = plain([h, h, h, outputs], &random)
        case .embedding: stack = plain(widths(embedding), &random)
        }
    }

    /// What the loss is measured in, when F predicts classes or numbers in standard deviations.
    package func unit(isClassification: Bool) -> String {
        switch kind {
        case .graph, .domain, .source: "nats"
        case .disparity: isClassification ? "nats" : "sd²"
        case .embedding: "squared z"
        }
    }

    /// ẑ = D(e) for the graph discriminator.
    package func reconstruct(_ e: Tensor<Scalar>) throws -> Tensor<Scalar> { try stack(e) }

    /// What D minimises; e is [N, B, h].
    package func loss(_ e: Tensor<Scalar>, _ step: AdversaryStep<Scalar>) throws -> Tensor<Scalar> {
        switch kind {
        case .graph(let reconstruction):
            return try reconstruction.loss(stack(e.gathered(step.group.map { Int32($0) })), group: step.group, graph: graph)
        case .domain:
            guard let first, let condition else { return try AdversaryLoss.domain(stack(e)) }
            let opinion = try (step.isClassification ? step.prediction.logSoftmax() : step.prediction).sigmoid()
            return try AdversaryLoss.domain(stack(.concatenated([first(e, endsInReLU: true), condition(opinion, endsInReLU: true)], axis: 2)))
        case .source:
            let logits = try stack(e)
            return try AdversaryLoss.source(pick(logits, step.sources), pick(logits, step.targets))
        case .disparity:
            let second = try stack(e)
            let parts = try (pick(second, step.sources), pick(second, step.targets), pick(step.prediction, step.sources), pick(step.prediction, step.targets))
            return try step.isClassification ? AdversaryLoss.disparity(parts.0, parts.1, parts.2, parts.3) : AdversaryLoss.distance(parts.0, parts.1, parts.2, parts.3)
        case .embedding:
            let wanted = try step.embedding.expandingAxis(at: 1).broadcast(to: [graph.count, e.shape[1], step.embedding.shape[1]])
            return try (stack(e) - wanted).squared().mean()
        }
    }

    /// What λ times is added to the encoder's loss where that is not -loss; nil: -loss.
    package func encoderLoss(_ e: Tensor<Scalar>, _ step: AdversaryStep<Scalar>) throws -> Tensor<Scalar>? {
        guard kind == .source else { return nil }
        return try AdversaryLoss.pretended(pick(stack(e), step.targets))
    }

    private func pick(_ x: Tensor<Scalar>, _ domains: [Int]) throws -> Tensor<Scalar> { try x.gathered(domains.map { Int32($0) }) }
}

/// The baselines' losses on the outputs of D (section 2.7).
package enum AdversaryLoss {
    /// DANN and CDANN: cross-entropy of the domain's number; logits are [N, B, N].
    package static func domain<Scalar>(_ logits: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let rows = logits.shape[0] * logits.shape[1], batch = logits.shape[1]
        return try logits.reshaped([rows, logits.shape[2]]).crossEntropy((0..<rows).map { Int32($0 / batch) })
    }

    /// ADDA's D on the logits of sources and of targets: -mean log d - mean log (1 - d), with -log d = softplus(-s).
    package static func source<Scalar>(_ sources: Tensor<Scalar>, _ targets: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try sources.scaled(by: -1).softplus().mean() + targets.softplus().mean()
    }

    /// ADDA's E: targets should look like sources, -mean log d.
    package static func pretended<Scalar>(_ targets: Tensor<Scalar>) throws -> Tensor<Scalar> { try targets.scaled(by: -1).softplus().mean() }

    /// MDD: the second predictor agrees with F's choice on sources and doubts it on targets.
    /// - Parameters:
    ///   - own, other: the second predictor's logits on sources and targets, [.., C].
    ///   - first, last: F's logits there.
    package static func disparity<Scalar>(_ own: Tensor<Scalar>, _ other: Tensor<Scalar>, _ first: Tensor<Scalar>, _ last: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let classes = own.shape[-1]
        let agree = try own.reshaped([own.count / classes, classes]).crossEntropy(first.argmax().map { Int32($0) })
        let sure = try other.reshaped([other.count / classes, classes]).softmax().picked(last.argmax().map { Int32($0) })
        // Kept above 0: a target that the second predictor is wholly sure of would give log 0.
        let doubt = try Tensor.maximum(sure.scaled(by: -1, plus: 1), Tensor(Scalar(1e-6)))
        return try agree.scaled(by: 0.5) - doubt.log().mean().scaled(by: 0.5)
    }

    /// The same for numbers: ½ squared error on sources - ½ squared error on targets, the latter capped at 4.
    package static func distance<Scalar>(_ own: Tensor<Scalar>, _ other: Tensor<Scalar>, _ first: Tensor<Scalar>, _ last: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let away = try Tensor.minimum((other - last).squared().mean(), Tensor(Scalar(4)))
        return try (own - first).squared().mean().scaled(by: 0.5) - away.scaled(by: 0.5)
    }
}
