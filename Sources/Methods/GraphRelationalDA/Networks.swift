import Tensors

/// A stack of fully connected layers with ReLU between them and a linear end.
package struct LayerStack<Scalar: TensorScalar> {
    private let layers: [(weight: Parameter<Scalar>, bias: Parameter<Scalar>)]

    package init(_ name: String, widths: [Int], start: NetworkStart, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        var layers: [(weight: Parameter<Scalar>, bias: Parameter<Scalar>)] = []
        for l in 0..<widths.count - 1 {
            layers.append((store.add("\(name).\(l).weight", start.weight(widths[l], widths[l + 1], from: &random)),
                           store.add("\(name).\(l).bias", Tensor(shape: [widths[l + 1]], repeating: 0))))
        }
        self.layers = layers
    }

    /// [.., first width] to [.., last width].
    package func callAsFunction(_ x: Tensor<Scalar>, endsInReLU: Bool = false) throws -> Tensor<Scalar> {
        var x = x
        for (l, layer) in layers.enumerated() {
            x = try x.linear(layer.weight.tensor, bias: layer.bias.tensor, activation: l + 1 < layers.count || endsInReLU ? .relu : .identity)
        }
        return x
    }
}

/// How weights begin; biases begin at 0.
package enum NetworkStart: String, Sendable, CaseIterable {
    /// Uniform within √(6 / (inputs + outputs)).
    case xavier
    /// N(0, 0.01²), as the published code; meant for wide networks, signals vanish in narrow ones.
    case normal

    func weight<Scalar>(_ inputs: Int, _ outputs: Int, fan: Int? = nil, from random: inout RandomSource) -> Tensor<Scalar> {
        switch self {
        case .xavier:
            let bound = Scalar((6 / Double((fan ?? inputs) + outputs)).squareRoot())
            return .uniform([inputs, outputs], in: -bound, bound, from: &random)
        case .normal: return .normal([inputs, outputs], deviation: 0.01, from: &random)
        }
    }
}

/// E and F (section 2.4). E reads a sample and the embedding of its domain:
///
///     a = relu(x W1), t = relu(relu(z V1) V2), then [a ‖ t] → 2h → 2h → 2h (ReLU each) → h (linear);
///
/// F reads e through h → h → h (ReLU) → C. t is one row a domain, so the layer that joins them is two products and a sum.
package struct EncoderPredictor<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    private let sample, domain, deep, predictor: LayerStack<Scalar>
    private let joinSample, joinDomain, joinBias: Parameter<Scalar>

    package init(inputs: Int, embedding: Int, width h: Int, outputs: Int, start: NetworkStart = .xavier, random: inout RandomSource) {
        sample = LayerStack("encoder.sample", widths: [inputs, h], start: start, in: parameters, from: &random)
        domain = LayerStack("encoder.domain", widths: [embedding, h, h], start: start, in: parameters, from: &random)
        joinSample = parameters.add("encoder.join.sample", start.weight(h, 2 * h, fan: 2 * h, from: &random))
        joinDomain = parameters.add("encoder.join.domain", start.weight(h, 2 * h, fan: 2 * h, from: &random))
        joinBias = parameters.add("encoder.join.bias", Tensor(shape: [2 * h], repeating: 0))
        deep = LayerStack("encoder.deep", widths: [2 * h, 2 * h, 2 * h, h], start: start, in: parameters, from: &random)
        predictor = LayerStack("predictor", widths: [h, h, h, outputs], start: start, in: parameters, from: &random)
    }

    /// e: x [domains, B, inputs] and z [domains, embedding] give [domains, B, h].
    package func encode(_ x: Tensor<Scalar>, _ z: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let a = try sample(x, endsInReLU: true), t = try domain(z, endsInReLU: true)
        let joined = try a.linear(joinSample.tensor) + t.linear(joinDomain.tensor, bias: joinBias.tensor).expandingAxis(at: 1)
        return try deep(joined.relu())
    }

    /// F(e): [.., h] to [.., C].
    package func predict(_ e: Tensor<Scalar>) throws -> Tensor<Scalar> { try predictor(e) }
}

/// The losses of F (section 2.4).
package enum PredictionLoss {
    /// The mean of -log(softmax + 1e-4) at the labels; it can fall to -1e-4. Logits are [rows, C].
    package static func classification<Scalar>(_ logits: Tensor<Scalar>, _ labels: [Int32]) throws -> Tensor<Scalar> {
        try logits.softmax().picked(labels).scaled(by: 1, plus: 1e-4).log().mean().scaled(by: -1)
    }

    /// The mean squared error over all entries.
    package static func regression<Scalar>(_ outputs: Tensor<Scalar>, _ targets: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try outputs.meanSquaredError(targets)
    }
}
