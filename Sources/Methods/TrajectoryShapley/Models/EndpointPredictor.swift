import Layers
import Tensors

/// Linear layers with ReLU between them.
struct PerceptronStack<Scalar: TensorScalar> {
    private let layers: [Linear<Scalar>]

    init(_ name: String, _ widths: [Int], in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        layers = zip(widths, widths.dropFirst()).enumerated().map { Linear("\(name).\($0)", inputs: $1.0, outputs: $1.1, in: parameters, from: &random) }
    }

    func callAsFunction(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
        var x = x
        for (place, layer) in layers.enumerated() { x = try layer(x, activation: place + 1 < layers.count ? .relu : .identity) }
        return x
    }
}

package enum SocialPooling {
    /// One round: F = softmax of θ(f) φ(f)ᵀ over each row, masked, rows to sum 1; F g(f) + f.
    /// - Parameters:
    ///   - mask: 1 where node i may look at node j, [rows, nodes, nodes]; its diagonal is 1.
    package static func round<Scalar: TensorScalar>(_ f: Tensor<Scalar>, theta: Tensor<Scalar>, phi: Tensor<Scalar>, g: Tensor<Scalar>, mask: Tensor<Scalar>) throws -> (features: Tensor<Scalar>, weights: Tensor<Scalar>) {
        let scores = try theta.matmul(phi, transposeOther: true)
        // The softmax over all, masked and brought to sum 1 again, is the softmax over those that are there.
        let weights = try scores.softmax(mask: mask)
        return (try weights.matmul(g) + f, weights)
    }
}

/// A predictor after PECNet (Mangalam et al., "It is not the journey but the destination", ECCV 2020): a latent names the endpoint, social pooling
/// mixes what is known of the agents, and a perceptron fills in the way there.
///
/// Hidden widths are half of the published ones. Positions are relative to the last point, where PECNet takes the first: else a removed past
/// would move the target. Neighbours need no future here: their endpoints come from the same decoder, from prior draws in training and from
/// z = 0 afterwards, so that they are the same in every coalition.
package struct EndpointPredictor<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    package let observed: Int, predicted: Int
    private let past, endpoint, latent, decoder, theta, phi, g, predictor: PerceptronStack<Scalar>
    package static var latentWidth: Int { 16 }
    private static var width: Int { 34 }
    /// Deviation of z in the forecasts.
    package static var spread: Double { 1.3 }

    package init(observed: Int, predicted: Int, random: inout RandomSource) {
        (self.observed, self.predicted) = (observed, predicted)
        let store = parameters
        past = PerceptronStack("past", [2 * observed, 256, 128, 16], in: store, from: &random)
        endpoint = PerceptronStack("endpoint", [2, 4, 8, 16], in: store, from: &random)
        latent = PerceptronStack("latent", [32, 4, 25, 2 * Self.latentWidth], in: store, from: &random)
        decoder = PerceptronStack("decoder", [32, 512, 256, 512, 2], in: store, from: &random)
        theta = PerceptronStack("theta", [Self.width, 128, 64, 32, 64], in: store, from: &random)
        phi = PerceptronStack("phi", [Self.width, 128, 64, 32, 64], in: store, from: &random)
        g = PerceptronStack("g", [Self.width, 128, 64, 32, Self.width], in: store, from: &random)
        predictor = PerceptronStack("predictor", [Self.width, 512, 256, 128, 2 * (predicted - 1)], in: store, from: &random)
    }

    /// Past features of every node, [rows, nodes, 16], and places at the last step, [rows, nodes, 2].
    package func encoded(_ cues: Cues<Scalar>) throws -> (features: Tensor<Scalar>, places: Tensor<Scalar>) {
        let nodes = cues.slots + 1, places = try cues.paths.selected(axis: 2, observed - 1)
        let own = try cues.paths - places.expandingAxis(at: 2)
        return (try past(own.reshaped(cues.rows, nodes, 2 * observed)), places)
    }

    /// Endpoints, [.., 2], of past features [.., 16] and latents [.., 16].
    package func endpoints(_ features: Tensor<Scalar>, _ z: Tensor<Scalar>) throws -> Tensor<Scalar> { try decoder(Tensor.concatenated([features, z], axis: features.rank - 1)) }

    /// The inner points of the target, [rows, 2 (predicted - 1)].
    package func way(_ features: Tensor<Scalar>, endpoints: Tensor<Scalar>, places: Tensor<Scalar>, mask: Tensor<Scalar>) throws -> Tensor<Scalar> {
        var f = try Tensor.concatenated([features, endpoint(endpoints), places], axis: 2)
        for _ in 0..<3 { f = try SocialPooling.round(f, theta: theta(f), phi: phi(f), g: g(f), mask: mask).features }
        return try predictor(f.selected(axis: 1, 0))
    }

    /// MSE of the endpoint + KL, summed over the batch as published, + MSE of the inner points.
    /// - Parameter noise: standard normal, [rows, nodes, 16].
    package func loss(_ cues: Cues<Scalar>, future: Tensor<Scalar>, noise: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let rows = cues.rows, known = try encoded(cues), truth = try future.selected(axis: 1, predicted - 1)
        let own = try known.features.selected(axis: 1, 0)
        let code = try latent(Tensor.concatenated([own, endpoint(truth)], axis: 1)).split(into: 2, axis: 1)
        let (mean, logVariance) = (code[0], code[1])
        let z = try mean + logVariance.scaled(by: 0.5).exp() * noise.selected(axis: 1, 0)
        let guess = try endpoints(own, z)
        let divergence = try (logVariance + 1 - mean.squared() - logVariance.exp()).sum().scaled(by: -0.5)
        var ends = try guess.expandingAxis(at: 1)
        if cues.slots > 0 {
            let others = try endpoints(known.features.sliced(axis: 1, 1..<cues.slots + 1), noise.sliced(axis: 1, 1..<cues.slots + 1))
            ends = try Tensor.concatenated([ends, others], axis: 1)
        }
        let way = try way(known.features, endpoints: ends, places: known.places, mask: Self.mask(cues.counts, slots: cues.slots))
        let inner = try future.sliced(axis: 1, 0..<predicted - 1).reshaped(rows, 2 * (predicted - 1))
        return try guess.meanSquaredError(truth) + divergence + way.meanSquaredError(inner)
    }

    /// Who may look at whom: all that are there, and everyone at itself.
    package static func mask(_ counts: [Int], slots: Int, copies: Int = 1) -> Tensor<Scalar> {
        let nodes = slots + 1, block = nodes * nodes
        return Tensor(shape: [counts.count * copies, nodes, nodes]) { place in
            let count = counts[place / block / copies], i = place % block / nodes, j = place % nodes
            return i == j || (i <= count && j <= count) ? 1 : 0
        }
    }

    /// Paths [rows, copies, predicted, 2] of given latents of the target, [rows, copies, 16].
    package func paths(_ cues: Cues<Scalar>, latents: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let rows = cues.rows, copies = latents.shape[1], nodes = cues.slots + 1
        let known = try encoded(cues), own = try known.features.selected(axis: 1, 0)
        func repeated(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> { try x.gathered((0..<rows * copies).map { Int32($0 / copies) }) }
        let guess = try endpoints(repeated(own), latents.reshaped(rows * copies, Self.latentWidth))
        var ends = try guess.expandingAxis(at: 1)
        if cues.slots > 0 {
            let others = try endpoints(known.features.sliced(axis: 1, 1..<nodes), Tensor(shape: [rows, cues.slots, Self.latentWidth], repeating: 0))
            ends = try Tensor.concatenated([ends, repeated(others)], axis: 1)
        }
        let way = try way(repeated(known.features), endpoints: ends, places: repeated(known.places), mask: Self.mask(cues.counts, slots: cues.slots, copies: copies))
        return try Tensor.concatenated([way, guess], axis: 1).reshaped(rows, copies, predicted, 2)
    }
}

/// The endpoint predictor in the form that is trained and attributed.
package struct EndpointModel: Predictor {
    package let network: EndpointPredictor<Float>
    package let states: AgentStates

    package init(_ network: EndpointPredictor<Float>, states: AgentStates) { (self.network, self.states) = (network, states) }

    package var parameters: ParameterStore<Float>? { network.parameters }
    package var hasDensity: Bool { false }
    /// Each is twenty-one paths.
    package var coalitionsAtOnce: Int { 16 }

    package func loss(_ cues: Cues<Float>, future: Tensor<Float>, step: Int, random: RandomSource) throws -> Tensor<Float> {
        var noise = random.stream("latents")
        return try network.loss(cues, future: future, noise: .normal([cues.rows, cues.slots + 1, EndpointPredictor<Float>.latentWidth], from: &noise))
    }

    package func forecaster(_ targets: PlayedTargets, draws: [LatentDraws]) throws -> any CoalitionForecaster { Forecaster(model: self, targets: targets, draws: draws) }

    private struct Forecaster: CoalitionForecaster {
        let model: EndpointModel, targets: PlayedTargets, draws: [LatentDraws]

        func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast] {
            guard let first = targets.targets.first else { return [] }
            let width = EndpointPredictor<Float>.latentWidth, spread = EndpointPredictor<Float>.spread
            let cues = Cues<Float>(coalitions.map(targets.row), slots: targets.slots, steps: first.past.count, states: model.states)
            // z = 0 is the likeliest path, the target's own draws are the samples.
            let latents = coalitions.flatMap { [Float](repeating: 0, count: width) + draws[$0.target].latents.flatMap { $0.prefix(width).map { Float(spread * $0) } } }
            let copies = 1 + LatentDraws.count
            let paths = try model.network.paths(cues, latents: Tensor(shape: [coalitions.count, copies, width], latents)).scalars, steps = model.network.predicted
            return coalitions.indices.map { row in
                let all = (0..<copies).map { copy in
                    (0..<steps).map { step -> SIMD2<Double> in
                        let place = ((row * copies + copy) * steps + step) * 2
                        return SIMD2(Double(paths[place]), Double(paths[place + 1]))
                    }
                }
                return .paths(likeliest: all[0], samples: Array(all.dropFirst()))
            }
        }
    }
}
