import Tensors

/// max(x, 0) + a min(x, 0) with one learnt slope a for all channels, 0.25 at first (He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015;
/// PyTorch's PReLU).
public struct ParametricReLU<Scalar: TensorScalar> {
    public let slope: Parameter<Scalar>

    public init(_ name: String, in store: ParameterStore<Scalar>) { slope = store.add("\(name).slope", Tensor(shape: [1], repeating: 0.25)) }

    public func callAsFunction(_ x: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        let positive = try x.relu()
        return try positive + (x - positive) * slope.tensor
    }
}
