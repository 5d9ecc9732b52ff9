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
}
