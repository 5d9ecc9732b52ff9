import Tensors

/// Batch normalisation over all axes but the last, followed by an activation in the same pass.
public struct BatchNormalisation<Scalar: TensorScalar> {
    public let gamma: Parameter<Scalar>
    public let beta: Parameter<Scalar>
    public let runningMean: Parameter<Scalar>
    public let runningVariance: Parameter<Scalar>
    public let momentum: Double
    public let epsilon: Double

    public init(_ name: String, channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, in store: ParameterStore<Scalar>) {
        gamma = store.add("\(name).gamma", Tensor(shape: [channels], repeating: 1))
        beta = store.add("\(name).beta", Tensor(shape: [channels], repeating: 0))
        runningMean = store.addState("\(name).mean", Tensor(shape: [channels], repeating: 0))
        runningVariance = store.addState("\(name).variance", Tensor(shape: [channels], repeating: 1))
        (self.momentum, self.epsilon) = (momentum, epsilon)
    }

    public func callAsFunction(_ x: Tensor<Scalar>, mode: ForwardMode, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        try x.batchNormalised(gamma: gamma.tensor, beta: beta.tensor, runningMean: runningMean, runningVariance: runningVariance,
                              isTraining: mode.isTraining, momentum: momentum, epsilon: epsilon, activation: activation)
    }
}

/// Layer normalisation along the last axis.
public struct LayerNormalisation<Scalar: TensorScalar> {
    public let gamma: Parameter<Scalar>
    public let beta: Parameter<Scalar>
    public let epsilon: Double

    public init(_ name: String, width: Int, epsilon: Double = 1e-5, in store: ParameterStore<Scalar>) {
        gamma = store.add("\(name).gamma", Tensor(shape: [width], repeating: 1))
        beta = store.add("\(name).beta", Tensor(shape: [width], repeating: 0))
        self.epsilon = epsilon
    }

    public func callAsFunction(_ x: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        try x.layerNormalised(gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
    }

    /// layerNorm(x + dropout(branch)).
    public func callAsFunction(_ x: Tensor<Scalar>, adding branch: Tensor<Scalar>, dropoutRate: Double, seed: UInt64) throws(TensorError) -> Tensor<Scalar> {
        try x.layerNormalised(adding: branch, dropoutRate: dropoutRate, seed: seed, gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
    }
}
