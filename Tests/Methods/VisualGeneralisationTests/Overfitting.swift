import Datasets
import Tensors
import VisualGeneralisation

/// Trains an architecture on 32 images of the drawn sprites.
enum Overfitting {
    /// The loss after so many steps, batch statistics as in training.
    static func loss(_ kind: Architecture, steps: Int, rate: Double) throws -> Double {
        let dataset = try FactorDataset(identifier: "sprites", generator: Sprites(), heldOutShare: 0.2)
        var random = RandomSource(seed: 7)
        let rows = (0..<32).map { _ in random.integer(below: dataset.count) }
        let pixels = try dataset.images(at: rows), images = Tensor<Float>(shape: [32, 32, 32, 1], pixels.map { Float($0) / 255 })
        let targets = Tensor<Float>(shape: [32, 5], rows.flatMap { row in zip(dataset.values(at: row), dataset.factors).map { Float(FactorScores.target($0, $1)) } })
        let network: any FactorNetwork<Float> = kind.network(side: 32, channels: 1, outputs: 5, random: &random)
        let optimiser = Optimiser(network.parameters, .adam(), rate: rate), tape = Tape<Float>()
        var loss = Float.infinity
        for step in 0..<steps {
            optimiser.rate = rate * min(1, Double(step + 1) / 10)
            loss = try tape.differentiate(network.parameters) { try (network(images, mode: .training(seed: UInt64(step))) - targets).squared().sum() * (1.0 / 32) }
            optimiser.update()
        }
        return Double(loss)
    }
}
