import Tensors

/// Weights and optimiser of a network in the middle of its training, in a checkpoint.
package struct NetworkBlock: Codable, Sendable, Equatable {
    package var values: FloatBlock
    package var steps: [Int]
    package var moments: [FloatBlock]
    package var rate: Double
    /// For each table of touched rows the updates of each row; nil without tables.
    package var rowSteps: [[Int32]]?

    package init(_ store: ParameterStore<Float>, _ optimiser: Optimiser<Float>) {
        values = FloatBlock(store.snapshot)
        let state = optimiser.state
        (steps, moments, rate) = (state.steps, state.moments.map(FloatBlock.init), state.rate)
        rowSteps = state.rowSteps
    }

    /// False when the numbers belong to a network of another size.
    package func restore(_ store: ParameterStore<Float>, _ optimiser: Optimiser<Float>) -> Bool {
        store.restore(values.floats) && optimiser.restore(.init(steps: steps, moments: moments.map(\.floats), rate: rate, rowSteps: rowSteps))
    }

    /// Whether all of its numbers are some.
    package var isFinite: Bool { rate.isFinite && values.floats.allSatisfy(\.isFinite) && moments.allSatisfy { $0.floats.allSatisfy(\.isFinite) } }
}
