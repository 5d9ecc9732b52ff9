import Tensors

/// The student's two networks and the MLP baselines: hidden layers of Linear, LayerNorm, GELU and dropout, then Linear (section 2.5).
///
/// Weights start within 1 / √inputs, as PyTorch starts its Linear; the biases before a LayerNorm start at zero. Where rows of features
/// sum to 1, Wx is about four times smaller than PyTorch's random bias, LayerNorm then blows up the bias and hardly sees the features:
/// on Cora with 600 labels that costs 1.4 points of validation accuracy (68.5 against 69.9 %, six seeds), and unscaled features show
/// the same gain.
package struct MultilayerPerceptron<Scalar: TensorScalar> {
    package let parameters: ParameterStore<Scalar>
    private struct Hidden {
        var sparse: Parameter<Scalar>?, dense: Parameter<Scalar>?, bias: Parameter<Scalar>, gamma: Parameter<Scalar>, beta: Parameter<Scalar>
    }
    private let hidden: [Hidden]
    private let weight, bias: Parameter<Scalar>

    /// - Parameters:
    ///   - inputs: columns of the sparse and of the dense part of its inputs.
    ///   - hidden: the widths of the hidden layers.
    package init(inputs: (sparse: Int, dense: Int), hidden widths: [Int], outputs: Int, random: inout RandomSource) {
        let parameters = ParameterStore<Scalar>()
        var layers: [Hidden] = []
        for (l, width) in widths.enumerated() {
            let (sparse, dense) = l == 0 ? inputs : (0, widths[l - 1])
            layers.append(Hidden(
                sparse: sparse > 0 ? parameters.add("\(l).sparse", PyTorchLinear.weights([sparse, width], inputs: sparse + dense, from: &random)) : nil,
                dense: dense > 0 ? parameters.add("\(l).dense", PyTorchLinear.weights([dense, width], inputs: sparse + dense, from: &random)) : nil,
                bias: parameters.add("\(l).bias", Tensor(shape: [width], repeating: 0)),
                gamma: parameters.add("\(l).gamma", Tensor(shape: [width], repeating: 1)), beta: parameters.add("\(l).beta", Tensor(shape: [width], repeating: 0))))
        }
        let last = widths.last ?? 1
        hidden = layers
        weight = parameters.add("weight", PyTorchLinear.weights([last, outputs], inputs: last, from: &random))
        bias = parameters.add("bias", PyTorchLinear.weights([outputs], inputs: last, from: &random))
        self.parameters = parameters
    }

    /// - Parameter random: draws dropout masks; nil for evaluation.
    package func callAsFunction(_ inputs: NodeInputs<Scalar>, dropout: Double = 0, random: RandomSource? = nil) throws -> Tensor<Scalar> {
        var x: Tensor<Scalar>? = inputs.dense
        for (l, layer) in hidden.enumerated() {
            var product = layer.bias.tensor
            if let sparse = layer.sparse { product = try inputs.sparse.multiplied(by: sparse.tensor) + product }
            if let dense = layer.dense, let x { product = try x.matmul(dense.tensor) + product }
            var next = try product.layerNormalised(gamma: layer.gamma.tensor, beta: layer.beta.tensor).gelu()
            if var random = random?.stream("layer", l), dropout > 0 { next = try next.dropout(rate: dropout, seed: random.next()) }
            x = next
        }
        guard let x else { throw ColdBrewError("the network has no hidden layer; give at least one width") }
        return try x.linear(weight.tensor, bias: bias.tensor)
    }
}

/// How PyTorch starts weights and biases of its Linear: uniform within 1 / √inputs.
enum PyTorchLinear {
    static func weights<Scalar: TensorScalar>(_ shape: Shape, inputs: Int, from random: inout RandomSource) -> Tensor<Scalar> {
        let bound = Scalar(1 / Double(max(1, inputs)).squareRoot())
        return .uniform(shape, in: -bound, bound, from: &random)
    }
}
