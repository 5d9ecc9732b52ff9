import Layers
import Tensors
import Testing
import TrajectoryShapley

/// Check 11: every loss against central differences in double precision, on two rows, two neighbours, three seen and two predicted steps.
@Suite struct GradientTests {
    let cues: Cues<Double>
    let future = Tensor<Double>(shape: [2, 2, 2], [0.5, 0.1, 1.1, 0.2, -0.4, 0.3, -0.9, 0.5])

    init() {
        let first = Cues<Double>.Row(past: [SIMD2(-1, -0.2), SIMD2(-0.5, 0), SIMD2(0, 0)], neighbours: [[SIMD2(2, 1), SIMD2(1.5, 0.9), SIMD2(1.1, 0.7)], [SIMD2(-2, 1), SIMD2(-2, 1.2), SIMD2(-2.1, 1.5)]])
        // The second row sees one neighbour only.
        let second = Cues<Double>.Row(past: [SIMD2(0.8, 0), SIMD2(0.5, -0.1), SIMD2(0, 0)], neighbours: [[SIMD2(-1, -1), SIMD2(-1.2, -0.6), SIMD2(-1.3, -0.2)]])
        cues = Cues([first, second], slots: 2, steps: 3, states: AgentStates(step: 0.4, positionScale: 3, velocityScale: 2))
    }

    /// The largest difference between the way back and central differences, over every parameter.
    func difference(_ parameters: ParameterStore<Double>, every stride: Int = 1, loss: () throws -> Tensor<Double>) throws -> Double {
        _ = try Tape<Double>().differentiate(parameters, of: loss)
        let gradients = parameters.parameters.filter(\.isLearnt).map { $0.gradient.scalars }
        var worst = 0.0
        for (place, parameter) in parameters.parameters.filter(\.isLearnt).enumerated() {
            let values = parameter.value.scalars
            for index in Swift.stride(from: 0, to: values.count, by: stride) {
                func moved(_ by: Double) throws -> Double {
                    var changed = values
                    changed[index] += by
                    parameter.assign(Tensor(shape: parameter.shape, changed))
                    return try loss().scalar
                }
                let slope = try (moved(1e-6) - moved(-1e-6)) / 2e-6
                parameter.assign(Tensor(shape: parameter.shape, values))
                worst = max(worst, abs(slope - gradients[place][index]) / max(1, abs(slope)))
            }
        }
        return worst
    }

    @Test(arguments: RecurrentPredictor<Double>.Neighbours.allCases)
    func `the mixture of whole paths`(neighbours: RecurrentPredictor<Double>.Neighbours) throws {
        var random = RandomSource(seed: 4)
        let network = RecurrentPredictor<Double>(neighbours, widths: .init(history: 3, edge: 4, decoder: 5, modes: 2), step: 0.4, random: &random)
        #expect(try difference(network.parameters) { try network.marginalLoss(cues, future: future) } < 1e-6)
    }

    @Test func `the variational loss: divergence, mutual information, posterior and sampled velocities`() throws {
        var random = RandomSource(seed: 5)
        let network = RecurrentPredictor<Double>(.edge, widths: .init(history: 3, edge: 4, decoder: 5, modes: 2), step: 0.4, isVariational: true, random: &random)
        var objective = RecurrentObjective(.variational)
        objective.freeNats = 0
        let noise = Tensor<Double>.normal([4, 2, 2], from: &random)
        #expect(try difference(network.parameters) { try network.variationalLoss(cues, future: future, scale: 3, objective: objective, step: 420, noise: noise) } < 1e-6)
    }

    @Test func `the graph predictor, with nodes that are not there`() throws {
        var random = RandomSource(seed: 6)
        let network = GraphConvolutionPredictor<Double>(observed: 3, predicted: 2, step: 0.4, random: &random)
        #expect(try difference(network.parameters) { try network.loss(cues, future: future, mode: .training(seed: 0)) } < 2e-5)
    }

    @Test func `the endpoint predictor`() throws {
        var random = RandomSource(seed: 7)
        let network = EndpointPredictor<Double>(observed: 3, predicted: 2, random: &random)
        let noise = Tensor<Double>.normal([2, 3, 16], from: &random)
        // Its widths are the published ones: every ninety-seventh number serves.
        #expect(try difference(network.parameters, every: 997) { try network.loss(cues, future: future, noise: noise) } < 1e-5)
    }
}
