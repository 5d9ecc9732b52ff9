import Experiments
import Layers
import Tensors

/// How the embedder is trained: one for a data set, on real training data alone, the same for all generators that are compared.
struct EmbedderSettings: Sendable {
    var shape: EncoderShape
    var steps: Int, rate: Double, batch: Int, negatives: Int
    /// ℓ_min and the longest window.
    var shortest: Int, longest: Int
    var hasExtraTerm: Bool
    /// Not the run's seed: runs of other seeds share the ruler.
    var seed: Int
}

/// Trains the embedder by triplets (section 2.8).
final class EmbedderTraining {
    let encoder: SequenceEncoder<Float>
    private let settings: EmbedderSettings
    private let panel: SeriesPanel
    private let optimiser: Optimiser<Float>
    private let tape = Tape<Float>()
    private let random: RandomSource
    private let longest: Int

    init(_ settings: EmbedderSettings, _ panel: SeriesPanel) {
        self.settings = settings
        self.panel = panel
        random = RandomSource(seed: UInt64(truncatingIfNeeded: settings.seed)).stream("embedder")
        var start = random.stream("weights")
        encoder = SequenceEncoder(settings.shape, random: &start)
        optimiser = Optimiser(encoder.parameters, .adam(), rate: settings.rate)
        longest = min(settings.longest, panel.training.map(\.count).min() ?? settings.longest)
    }

    /// One step; returns the loss.
    func advance(_ step: Int, proceed: () throws -> Void) throws -> Double {
        var draw = random.stream("step", step)
        let low = min(settings.shortest, longest), positiveLength = low + draw.integer(below: longest - low + 1)
        let anchorLength = positiveLength + draw.integer(below: longest - positiveLength + 1)
        var anchors: [Float] = [], others: [Float] = [], negatives: [Float] = []
        for _ in 0..<settings.batch {
            let series = draw.integer(below: panel.count), training = panel.training[series]
            let start = training.lowerBound + draw.integer(below: training.count - anchorLength + 1), inner = start + draw.integer(below: anchorLength - positiveLength + 1)
            anchors += panel.values[series][start..<start + anchorLength]
            others += panel.values[series][inner..<inner + positiveLength]
            for _ in 0..<settings.negatives {
                let drawn = draw.integer(below: panel.count - 1), other = drawn >= series ? drawn + 1 : drawn
                let first = panel.training[other].lowerBound + draw.integer(below: panel.training[other].count - positiveLength + 1)
                negatives += panel.values[other][first..<first + positiveLength]
            }
        }
        try proceed()
        let batch = settings.batch, rest = batch * (1 + settings.negatives)
        let loss = try tape.differentiate(encoder.parameters) {
            let a = try encoder(Tensor(shape: [batch, anchorLength, 1], anchors)), b = try encoder(Tensor(shape: [rest, positiveLength, 1], others + negatives))
            return try TripletLoss.mean(anchors: a, positives: b.sliced(0..<batch), negatives: b.sliced(batch..<rest), hasExtraTerm: settings.hasExtraTerm)
        }
        optimiser.update()
        return Double(loss)
    }
}

/// A trained embedder as a ruler for windows.
struct Ruler {
    let encoder: SequenceEncoder<Float>

    /// One row a window.
    /// - Parameter windows: one after the other.
    func embed(_ windows: [Float], length: Int, proceed: () throws -> Void) throws -> Matrix {
        let count = windows.count / length, block = max(1, 16_384 / length)
        var rows: [Double] = []
        for first in stride(from: 0, to: count, by: block) {
            try proceed()
            let end = min(count, first + block)
            rows += try encoder(Tensor(shape: [end - first, length, 1], Array(windows[first * length..<end * length]))).scalars.map { Double($0) }
        }
        return Matrix(rows: count, columns: encoder.shape.output, values: rows)
    }
}
