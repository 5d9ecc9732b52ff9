import Language
import Layers
import Tensors

/// A bi-encoder or a cross-encoder with its parameters.
///
/// Bi: f(s) is the pooled states of `[CLS] s [SEP]`, the score their cosine. Cross: z = w . dropout(tanh(W_p h_0 + b_p)) + b of
/// `[CLS] s [SEP] t [SEP]`, the score sigmoid(z).
package struct SimilarityModel<Scalar: TensorScalar> {
    package let form: Form
    package let encoder: BERTEncoder<Scalar>
    /// w and b of the cross-encoder.
    package let classifier: Linear<Scalar>?
    /// A dense layer that only an unsupervised start has above the first token.
    package let projection: Linear<Scalar>?
    package let pooling: Pooling
    package var parameters: ParameterStore<Scalar> { encoder.parameters }

    /// The model at its beginning: the pretrained numbers, and w from N(0, 0.02²).
    package init(_ form: Form, _ pretrained: PretrainedEncoder, layers: Int, pooling: Pooling, dropout: Double? = nil, update: EmbeddingUpdate = .dense, hasProjection: Bool = false, random: RandomSource) throws {
        self.form = form
        self.pooling = pooling
        let store = ParameterStore<Scalar>()
        var random = random.stream("head")
        encoder = try pretrained.encoder(layers: layers, dropout: dropout, hasPooler: form == .cross, update: update, in: store)
        let width = pretrained.configuration.width
        classifier = form == .cross ? Linear("classifier", inputs: width, outputs: 1, in: store, from: &random) : nil
        projection = hasProjection ? Linear("projection", inputs: width, outputs: width, in: store, from: &random) : nil
        try pretrained.load(into: encoder)
        if let classifier {
            classifier.weight.assign(.normal([width, 1], deviation: 0.02, from: &random))
            classifier.bias?.assign(Tensor(shape: [1], repeating: 0))
        }
    }

    /// Takes the numbers of another model wherever both have a parameter of one name and shape.
    package func copy(from other: ParameterStore<Scalar>) {
        for parameter in parameters.parameters { if let theirs = other[parameter.name], theirs.shape == parameter.shape { parameter.assign(theirs.value) } }
    }

    /// The cosines of pairs of sentences, [pairs]: the first halves of the batch against the second halves.
    package func cosines(_ batch: TokenBatch, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        let vectors = try encoder.vectors(batch, pooling, mode: mode), half = batch.count / 2
        return try vectors.sliced(0..<half).cosineSimilarity(vectors.sliced(half..<batch.count))
    }

    /// z of pairs, [pairs].
    package func logits(_ batch: TokenBatch, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        guard let pooler = encoder.pooler, let classifier else { throw TensorError("logits", [[batch.count]], "a bi-encoder has none") }
        let pooled = try pooler(encoder(batch, mode: mode).selected(axis: 1, 0), activation: .tanh)
        return try classifier(pooled.dropout(rate: mode.isTraining ? encoder.configuration.dropout : 0, seed: mode.seed(-2))).reshaped(batch.count)
    }
}

/// The losses of section 2.2.
package enum SimilarityLoss {
    /// The mean of max(z, 0) - z y + log(1 + exp(-|z|)); y may lie outside of 0 ... 1.
    package static func crossEntropy<Scalar: TensorScalar>(_ logits: Tensor<Scalar>, _ targets: [Scalar]) throws(TensorError) -> Tensor<Scalar> {
        try logits.binaryCrossEntropy(Tensor(shape: [targets.count], targets))
    }

    /// The mean of (c - y)².
    package static func squaredError<Scalar: TensorScalar>(_ cosines: Tensor<Scalar>, _ targets: [Scalar]) throws(TensorError) -> Tensor<Scalar> {
        try cosines.meanSquaredError(Tensor(shape: [targets.count], targets))
    }

    /// The wrong way round, to see that it hurts: squared error of sigmoid(z), and cross-entropy of p = (1 + c) / 2.
    package static func swapped<Scalar: TensorScalar>(_ form: Form, _ scores: Tensor<Scalar>, _ targets: [Scalar]) throws(TensorError) -> Tensor<Scalar> {
        if form == .cross { return try squaredError(scores.sigmoid(), targets) }
        // The logit of p is log((1 + c) / (1 - c)), kept finite at equal sentences.
        let safe = try scores * 0.9999
        return try crossEntropy((1 + safe).log() - (1 - safe).log(), targets)
    }

    /// The least that cross-entropy can be: the entropy of the targets, those outside of 0 ... 1 taken as the nearer end.
    package static func floor(_ targets: [Float]) -> Double {
        let entropies = targets.map { target -> Double in
            let y = min(1, max(0, Double(target)))
            return y == 0 || y == 1 ? 0 : -y * logarithm(y) - (1 - y) * logarithm(1 - y)
        }
        return entropies.reduce(0, +) / Double(max(1, targets.count))
    }
}
