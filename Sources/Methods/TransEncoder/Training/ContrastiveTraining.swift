import Experiments
import Language
import Layers
import Tensors

/// An unsupervised start (section 2.6): two passes over the same sentences with other dropout should agree more than passes over different ones.
///
/// SimCSE (Gao, Yao, Chen 2021) has a dense layer with tanh above the first token while it trains and temperature 0.05; Mirror-BERT (Liu, Vulić, Korhonen, Collier
/// 2021) masks a random span of one of the two and has temperature 0.04.
package final class ContrastiveTraining {
    let model: SimilarityModel<Float>
    let steps: Int
    private let sentences: [[Int32]]
    private let isMirror: Bool
    private let batch: Int
    private let rate: Double
    private let run: Settings
    private let vocabulary: Vocabulary
    private let random: RandomSource
    private let optimiser: Optimiser<Float>
    private let tape = Tape<Float>()
    private(set) var step = 0

    /// - Parameter sentences: tokens, special ones included; at least two.
    init(_ model: SimilarityModel<Float>, isMirror: Bool, rate: Double, _ run: Settings, sentences: [[Int32]], vocabulary: Vocabulary, random: RandomSource) {
        (self.model, self.isMirror, self.rate, self.run, self.sentences, self.vocabulary, self.random) = (model, isMirror, rate, run, sentences, vocabulary, random)
        batch = min(run.startBatch, sentences.count)
        // A rest of one sentence has no negatives and is left out.
        steps = run.startSteps > 0 ? run.startSteps : max(1, sentences.count / batch)
        optimiser = Optimiser(model.parameters, .adamW(epsilon: 1e-6, weightDecay: run.weightDecay, addsEpsilonFirst: true), rate: rate) { $0.shape.rank > 1 }
    }

    var isFinished: Bool { step >= steps }

    /// The mean cross-entropy of finding each vector's partner: u, v [batch, width].
    package static func loss<Scalar: TensorScalar>(_ u: Tensor<Scalar>, _ v: Tensor<Scalar>, temperature: Double) throws(TensorError) -> Tensor<Scalar> {
        try u.normalised().matmul(v.normalised(), transposeOther: true).scaled(by: 1 / temperature).crossEntropy((0..<Int32(u.shape[0])).map(\.self))
    }

    /// One step; returns the loss before it.
    func advance(proceed: () throws -> Void) throws -> Double {
        let perEpoch = max(1, sentences.count / batch), (epoch, place) = (step / perEpoch, step % perEpoch)
        var shuffle = random.stream("order", epoch)
        let order = shuffle.permutation(sentences.count), chosen = order[place * batch..<(place + 1) * batch].map { sentences[$0] }
        var spans = random.stream("spans", step)
        let second = isMirror ? chosen.map { masked($0, &spans) } : chosen
        let input = TokenBatch(chosen + second, padding: vocabulary.padding), mode = ForwardMode.training(seed: random.stream("dropout", step).firstValue)
        try proceed()
        let loss = Double(try tape.differentiate(model.parameters) {
            var vectors = try model.encoder.vectors(input, model.pooling, mode: mode)
            if let projection = model.projection { vectors = try projection(vectors, activation: .tanh) }
            return try Self.loss(vectors.sliced(0..<batch), vectors.sliced(batch..<2 * batch), temperature: isMirror ? 0.04 : 0.05)
        })
        guard loss.isFinite, model.parameters.gradientNorm.isFinite else { return .nan }
        optimiser.rate = rate * max(0, 1 - Double(step) / Double(steps))
        optimiser.update(clippingNorm: run.clippingNorm)
        step += 1
        return loss
    }

    /// A random span of up to five pieces is masked; the paper masks five characters.
    private func masked(_ tokens: [Int32], _ random: inout RandomSource) -> [Int32] {
        guard tokens.count > 3, let mask = vocabulary.mask else { return tokens }
        let inner = tokens.count - 2, length = min(max(1, inner / 4), 5), first = 1 + random.integer(below: inner - length + 1)
        var changed = tokens
        for place in first..<first + length { changed[place] = mask }
        return changed
    }

    struct State: Codable {
        var step: Int
        var network: NetworkBlock
    }

    var state: State { State(step: step, network: NetworkBlock(model.parameters, optimiser)) }

    /// False when the state belongs to another training.
    func restore(_ state: State) -> Bool {
        guard (0...steps).contains(state.step), state.network.isFinite, state.network.restore(model.parameters, optimiser) else { return false }
        step = state.step
        return true
    }
}
