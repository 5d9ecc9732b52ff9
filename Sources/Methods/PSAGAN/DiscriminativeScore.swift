import Layers
import Tensors

/// How well a recurrent network tells real windows from synthetic ones after the fact (Yoon, Jarrett, van der Schaar 2019): |accuracy - ½|
/// on a fifth that was kept apart; 0 is best, ½ worst.
enum DiscriminativeScore {
    static func measure(real: [Float], synthetic: [Float], length: Int, steps: Int, random: RandomSource, proceed: () throws -> Void) throws -> Double {
        let count = min(real.count, synthetic.count) / length, held = max(1, count / 5), width = 12
        guard count >= 10 else { return .nan }
        var draw = random
        let store = ParameterStore<Float>(), network = GRU<Float>("gru", inputs: 1, hidden: width, in: store, from: &draw), head = Linear<Float>("head", inputs: width, outputs: 1, in: store, from: &draw)
        let optimiser = Optimiser(store, .adam(), rate: 3e-3), tape = Tape<Float>()
        let order = draw.permutation(count), kept = Array(order.prefix(held)), used = Array(order.dropFirst(held))
        func window(_ place: Int, _ isReal: Bool) -> ArraySlice<Float> { (isReal ? real : synthetic)[place * length..<(place + 1) * length] }
        func logits(_ windows: [Float], _ count: Int) throws -> Tensor<Float> { try head(network(Tensor(shape: [count, length, 1], windows)).selected(axis: 1, length - 1)).reshaped([count]) }
        let half = 32
        for _ in 0..<steps {
            try proceed()
            var windows: [Float] = []
            for isReal in [true, false] { for _ in 0..<half { windows += window(used[draw.integer(below: used.count)], isReal) } }
            let labels = Tensor<Float>(shape: [2 * half], (0..<2 * half).map { $0 < half ? 1 : 0 })
            try tape.differentiate(store) { try logits(windows, 2 * half).binaryCrossEntropy(labels) }
            optimiser.update(clippingNorm: 10)
        }
        var correct = 0
        for isReal in [true, false] {
            try proceed()
            for logit in try logits(kept.flatMap { window($0, isReal) }, held).scalars where (logit > 0) == isReal { correct += 1 }
        }
        return abs(Double(correct) / Double(2 * held) - 0.5)
    }
}
