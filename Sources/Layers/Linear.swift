import Tensors

/// A fully connected layer: activation(x W + b), W [inputs, outputs].
public struct Linear<Scalar: TensorScalar> {
    public let weight: Parameter<Scalar>
    public let bias: Parameter<Scalar>?

    /// Adds the layer's parameters to `store`, weight and bias uniform within 1 / sqrt(inputs) (PyTorch's default).
    public init(_ name: String, inputs: Int, outputs: Int, bias: Bool = true, in store: ParameterStore<Scalar>,
                from random: inout RandomSource) {
        let bound = Scalar(1 / Double(max(1, inputs)).squareRoot())
        weight = store.add("\(name).weight", .uniform([inputs, outputs], in: -bound, bound, from: &random))
        self.bias = bias ? store.add("\(name).bias", .uniform([outputs], in: -bound, bound, from: &random)) : nil
    }

    /// [.., inputs] to [.., outputs].
    public func callAsFunction(_ x: Tensor<Scalar>, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        try x.linear(weight.tensor, bias: bias?.tensor, activation: activation)
    }
}
