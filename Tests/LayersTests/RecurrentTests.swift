import Layers
import Tensors
import Testing

/// What the recurrent layers say beside their fused operations, and the learnt slope.
@Suite struct RecurrentTests {
    /// The largest difference between the way back and central differences over all learnt numbers.
    private func difference(_ parameters: ParameterStore<Double>, loss: () throws -> Tensor<Double>) throws -> Double {
        _ = try Tape<Double>().differentiate(parameters, of: loss)
        let gradients = parameters.parameters.map { $0.gradient.scalars }
        var worst = 0.0
        for (place, parameter) in parameters.parameters.enumerated() {
            let values = parameter.value.scalars
            for index in values.indices {
                func moved(_ by: Double) throws -> Double {
                    var changed = values
                    changed[index] += by
                    parameter.assign(Tensor(shape: parameter.shape, changed))
                    return try loss().scalar
                }
                worst = max(worst, abs(try (moved(1e-6) - moved(-1e-6)) / 2e-6 - gradients[place][index]))
                parameter.assign(Tensor(shape: parameter.shape, values))
            }
        }
        return worst
    }

    @Test func `an LSTM's last state is that of the fused operation, and its cell has a gradient`() throws {
        let parameters = ParameterStore<Double>()
        var random = RandomSource(seed: 3)
        let lstm = LSTM("lstm", inputs: 2, hidden: 3, in: parameters, from: &random)
        let x = Tensor<Double>.normal([2, 4, 2], from: &random), state = Tensor<Double>.normal([2, 3], from: &random), cell = Tensor<Double>.normal([2, 3], from: &random)
        let found = try lstm.lastState(x, initial: state, initialCell: cell).state.scalars
        let fused = try lstm(x, initial: state, initialCell: cell).selected(axis: 1, 3).scalars
        #expect(zip(found, fused).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(try difference(parameters) {
            let last = try lstm.lastState(x, initial: state, initialCell: cell)
            return try (last.state.squared() + last.cell).sum()
        } < 1e-6)
    }

    @Test func `the slope of a parametric ReLU is learnt`() throws {
        let parameters = ParameterStore<Double>()
        let layer = ParametricReLU("slope", in: parameters)
        let x = Tensor<Double>(shape: [2, 2], [-2, 1, 3, -0.5])
        #expect(try layer(x).scalars == [-0.5, 1, 3, -0.125])
        #expect(try difference(parameters) { try layer(x).squared().sum() } < 1e-6)
    }
}
