import Tensors

/// A gated recurrent unit over sequences [batch, time, inputs]; gates in the order reset, update, new.
public struct GRU<Scalar: TensorScalar> {
    public let inputWeight: Parameter<Scalar>
    public let recurrentWeight: Parameter<Scalar>
    public let inputBias: Parameter<Scalar>
    public let recurrentBias: Parameter<Scalar>

    /// Adds the parameters to `store`, uniform within 1 / sqrt(hidden) (PyTorch's default).
    public init(_ name: String, inputs: Int, hidden: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let bound = Scalar(1 / Double(max(1, hidden)).squareRoot())
        inputWeight = store.add("\(name).input.weight", .uniform([inputs, 3 * hidden], in: -bound, bound, from: &random))
        recurrentWeight = store.add("\(name).recurrent.weight", .uniform([hidden, 3 * hidden], in: -bound, bound, from: &random))
        inputBias = store.add("\(name).input.bias", .uniform([3 * hidden], in: -bound, bound, from: &random))
        recurrentBias = store.add("\(name).recurrent.bias", .uniform([3 * hidden], in: -bound, bound, from: &random))
    }

    /// All states, [batch, time, hidden].
    public func callAsFunction(_ x: Tensor<Scalar>, initial: Tensor<Scalar>? = nil, lengths: [Int32]? = nil) throws(TensorError) -> Tensor<Scalar> {
        try x.gru(.init(input: inputWeight.tensor, recurrent: recurrentWeight.tensor, inputBias: inputBias.tensor,
                        recurrentBias: recurrentBias.tensor), initial: initial, lengths: lengths)
    }
}

/// A long short-term memory over sequences [batch, time, inputs]; gates in the order input, forget, cell, output.
public struct LSTM<Scalar: TensorScalar> {
    public let inputWeight: Parameter<Scalar>
    public let recurrentWeight: Parameter<Scalar>
    public let inputBias: Parameter<Scalar>
    public let recurrentBias: Parameter<Scalar>

    /// Adds the parameters to `store`, uniform within 1 / sqrt(hidden) (PyTorch's default).
    public init(_ name: String, inputs: Int, hidden: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let bound = Scalar(1 / Double(max(1, hidden)).squareRoot())
        inputWeight = store.add("\(name).input.weight", .uniform([inputs, 4 * hidden], in: -bound, bound, from: &random))
        recurrentWeight = store.add("\(name).recurrent.weight", .uniform([hidden, 4 * hidden], in: -bound, bound, from: &random))
        inputBias = store.add("\(name).input.bias", .uniform([4 * hidden], in: -bound, bound, from: &random))
        recurrentBias = store.add("\(name).recurrent.bias", .uniform([4 * hidden], in: -bound, bound, from: &random))
    }

    /// All hidden states, [batch, time, hidden].
    public func callAsFunction(_ x: Tensor<Scalar>, initial: Tensor<Scalar>? = nil, initialCell: Tensor<Scalar>? = nil,
                               lengths: [Int32]? = nil) throws(TensorError) -> Tensor<Scalar> {
        try x.lstm(.init(input: inputWeight.tensor, recurrent: recurrentWeight.tensor, inputBias: inputBias.tensor,
                         recurrentBias: recurrentBias.tensor), initial: initial, initialCell: initialCell, lengths: lengths)
    }

    /// The hidden state and the cell after the last step, [batch, hidden] each, both differentiable: for models that read the cell too.
    ///
    /// It takes a record a step and gate, several times those of the fused operation; take that where the hidden states suffice.
    public func lastState(_ x: Tensor<Scalar>, initial: Tensor<Scalar>? = nil, initialCell: Tensor<Scalar>? = nil) throws(TensorError) -> (state: Tensor<Scalar>, cell: Tensor<Scalar>) {
        guard x.rank == 3 else { throw TensorError("lastState", [x.shape], "the input must be [batch, time, input]") }
        let hidden = recurrentWeight.shape[0], none = Tensor<Scalar>(shape: [x.shape[0], hidden], repeating: 0)
        let inputs = try x.linear(inputWeight.tensor, bias: inputBias.tensor)
        var state = initial ?? none, cell = initialCell ?? none
        for step in 0..<x.shape[1] {
            let gates = try (inputs.selected(axis: 1, step) + state.linear(recurrentWeight.tensor, bias: recurrentBias.tensor)).split(into: 4, axis: 1)
            cell = try gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh()
            state = try gates[3].sigmoid() * cell.tanh()
        }
        return (state, cell)
    }
}
