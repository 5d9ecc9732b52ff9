import Datasets
import Experiments
import Language

/// Trans-Encoder: unsupervised sentence-pair modelling by self- and mutual-distillation (Liu, Jiao, Massiah, Yilmaz, Havrylov; ICLR 2022, arXiv 2109.13059).
///
/// Deviations from the published code, each for a reason: single precision throughout; decay acts before the step instead of after it (a difference of rate x decay of a step);
/// the cross-encoder is measured with the same limit of tokens that it trained with; bi-encoders are compared by cosine alone. There is no RoBERTa: mutual distillation pairs two
/// BERT encoders, by default the same weights with other numbers of layers.
///
/// Reading order: `SimilarityModel`, `DistillationTraining`, `ContrastiveTraining`; `Material`, `Member`, `EvaluationSet`; `Trainer` ties them together, `Report` says what came of it.
public struct TransEncoderMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "trans-encoder", title: "Trans-Encoder: sentence pairs without labels",
            question: "How much better can two forms of a sentence-similarity model teach each other without any label, and which of the two should be used?",
            explanation: "A bi-encoder turns each sentence into a vector and scores a pair by cosine; a cross-encoder reads both sentences at once. In each cycle the cross-encoder learns the bi-encoder's scores on unlabelled pairs, "
                + "then a fresh bi-encoder learns the cross-encoder's. Controls learn from their own scores, from shuffled ones, or by one more unsupervised step. Every test set is shown, for a mean hides sets that lose.",
            paper: "Liu, Jiao, Massiah, Yilmaz, Havrylov: Trans-Encoder: Unsupervised sentence-pair modelling through self- and mutual-distillations. ICLR 2022. arXiv 2109.13059",
            tags: ["text", "sentence pairs", "distillation", "unsupervised", "transformers"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        guard dataset.kind == .pairs else { return .refused("\(dataset.identifier) holds \(dataset.kind.title); Trans-Encoder takes pairs of sentences, such as stsbenchmark, or your own with `lathe data add FILE --as pairs`") }
        return dataset.identifier == "minilm-golden" ? .refused("minilm-golden holds expected values of an encoder and no pairs to train on; take stsbenchmark or graded-pairs") : .accepted
    }

    /// Training a token costs six times the parameters of the layers, scoring one a third of it (section 6 of the sheet); 11.5 word pieces a sentence, 26 tokens a pair.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else { return Estimate(operations: 0, bytes: 0, seconds: 0) }
        let isSmall = settings.encoder == "small"
        let shape = isSmall ? EncoderConfiguration(words: 3000, positions: 64, width: settings.smallWidth, layers: settings.smallLayers, heads: 4, inner: 4 * settings.smallWidth)
            : EncoderConfiguration(words: 30_522, positions: 512, width: 384, layers: 6, heads: 12, inner: 1536)
        let rows = settings.source == .all ? 28_448 : dataset.rows ?? 5000, pairs = Double(settings.pairs > 0 ? min(settings.pairs, rows) : rows)
        let layer = Double(shape.layerParameters), biLayers = Double(settings.layers == 0 ? shape.layers : min(settings.layers, shape.layers)), crossLayers = Double(settings.crossLayers == 0 ? shape.layers : min(settings.crossLayers, shape.layers))
        let tested = isSmall ? Double(rows) : 28_000, models = Double(settings.distillation == .mutual ? 2 : 1)
        let biStep = 6 * layer * biLayers * 27 * pairs * Double(settings.bi.epochs), crossStep = 6 * layer * crossLayers * 26 * pairs * (settings.bothOrders ? 2 : 1) * Double(settings.cross.epochs)
        let biScores = 2 * layer * biLayers * 27 * (tested + 1500 * Double(settings.bi.epochs)), crossScores = 2 * layer * crossLayers * 26 * (tested + 3000 * Double(settings.cross.epochs))
        let operations = models * Double(settings.cycles) * (biStep + crossStep + biScores + crossScores) + Double(settings.controls.count) * (biStep + biScores) + (settings.showsStarts ? 2 * layer * 6 * 27 * tested : 0) + biScores
        let parameters = Double(shape.tableParameters) + layer * crossLayers
        return Estimate(operations: operations, bytes: parameters * 4 * 5 + Double(settings.cross.batch * settings.cross.tokens) * Double(shape.width) * 4 * 30 * crossLayers, seconds: 1 + operations / 9e10)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
