import Tensors

/// One line of the table of operations: the shapes and ranges of its inputs, and the operation in either precision.
/// Every case is checked for its gradient (finite differences in double), for equal results with one and two threads,
/// and for agreement of every build of the kernels in both precisions.
struct OperationCase: Sendable, CustomStringConvertible {
    let description: String
    let shapes: [Shape]
    /// Inputs are drawn from this range.
    var range: ClosedRange<Double> = -2...2
    let double: @Sendable ([Tensor<Double>]) throws -> Tensor<Double>
    let single: @Sendable ([Tensor<Float>]) throws -> Tensor<Float>

    /// Inputs of the case, the same in both precisions up to rounding.
    func inputs<Scalar: TensorScalar>(_ type: Scalar.Type) -> [Tensor<Scalar>] {
        var source = RandomSource(seed: 11).stream(description)
        return shapes.map { shape in
            Tensor(shape: shape, generating: { _ in
                Scalar(range.lowerBound + (range.upperBound - range.lowerBound) * source.uniform())
            })
        }
    }
}

/// An operation that is written once for both precisions.
protocol AnyPrecision: Sendable {
    func callAsFunction<Scalar: TensorScalar>(_ x: [Tensor<Scalar>]) throws -> Tensor<Scalar>
}

extension OperationCase {
    init(_ name: String, _ shapes: [Shape], in range: ClosedRange<Double> = -2...2, _ operation: some AnyPrecision) {
        self.init(description: name, shapes: shapes, range: range, double: { try operation($0) }, single: { try operation($0) })
    }
}
