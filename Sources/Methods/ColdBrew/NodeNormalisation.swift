import Tensors

/// Normalises the rows of hidden nodes x columns (section 2.3).
struct NodeNormalisation<Scalar: TensorScalar> {
    private let kind: GraphBackbone.Normalisation
    private let groups: Int, groupWeight: Double
    /// Scale, shift and running statistics of `batch` and `group`.
    private var gamma, beta, runningMean, runningVariance: Parameter<Scalar>?
    /// Which group a node belongs to, of `group`.
    private var assignment: XavierLinear<Scalar>?

    init(_ name: String, width: Int, _ backbone: GraphBackbone, in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        kind = backbone.normalisation
        groups = backbone.groups
        groupWeight = backbone.groupWeight
        guard kind == .batch || kind == .group else { return }
        let columns = kind == .group ? groups * width : width
        gamma = parameters.add("\(name).gamma", Tensor(shape: [columns], repeating: 1))
        beta = parameters.add("\(name).beta", Tensor(shape: [columns], repeating: 0))
        runningMean = parameters.addState("\(name).mean", Tensor(shape: [columns], repeating: 0))
        runningVariance = parameters.addState("\(name).variance", Tensor(shape: [columns], repeating: 1))
        if kind == .group { assignment = XavierLinear("\(name).groups", inputs: width, outputs: groups, in: parameters, from: &random) }
    }

    func callAsFunction(_ x: Tensor<Scalar>, isTraining: Bool) throws -> Tensor<Scalar> {
        switch kind {
        case .none: return x
        case .mean: return try x - x.mean(axes: [0], keepingAxes: true)
        case .pair:
            let centred = try x - x.mean(axes: [0], keepingAxes: true)
            let meanSquare = try centred.squared().sum(axes: [1]).mean()
            return try centred / (meanSquare + 1e-6).squareRoot()
        case .node: return try x.layerNormalised(epsilon: 1e-5)
        case .batch: return try batchNormalised(x, isTraining)
        case .group:
            guard let assignment else { return x }
            let (nodes, width) = (x.shape[0], x.shape[1])
            let shares = try x.linear(assignment.weight.tensor, bias: assignment.bias.tensor).softmax()
            let parts = try (shares.expandingAxis(at: 2) * x.expandingAxis(at: 1)).reshaped(nodes, groups * width)
            let sum = try batchNormalised(parts, isTraining).reshaped(nodes, groups, width).sum(axes: [1])
            return try x + sum.scaled(by: groupWeight)
        }
    }

    private func batchNormalised(_ x: Tensor<Scalar>, _ isTraining: Bool) throws -> Tensor<Scalar> {
        guard let gamma, let beta, let runningMean, let runningVariance else { return x }
        return try x.batchNormalised(gamma: gamma.tensor, beta: beta.tensor, runningMean: runningMean, runningVariance: runningVariance, isTraining: isTraining)
    }
}
