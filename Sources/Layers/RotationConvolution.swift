import Tensors

/// A convolution that is equivariant to quarter turns (the group p4; Cohen and Welling 2016): turning the image turns each map of the result and moves its
/// orientation axis on by one.
///
/// The weight is [kernel, kernel, orientations in, inputs, outputs], orientations in being 1 for an image (lifting) and 4 behind another such layer. For
/// r = 0 … 3 it is turned r times by 90 degrees counter-clockwise and its orientation axis moved on by r; the results stand side by side. So images come out as
/// [batch, height, width, 4 outputs] with the orientation as the slower part of the last axis, and go in like that. One bias an output serves all orientations.
public struct RotationConvolution<Scalar: TensorScalar> {
    public let weight: Parameter<Scalar>
    public let bias: Parameter<Scalar>
    public let options: ConvolutionOptions
    /// For each place of the expanded weight [kernel, kernel, orientations, inputs] and each r the row of the learnt one that stands there.
    private let rows: [Int32]
    private let expanded: Shape

    /// Adds the parameters to `store`: weights from the normal distribution with variance 2 / fan-in, biases 0.
    public init(_ name: String, inputs: Int, outputs: Int, kernel: Int, isLifting: Bool, _ options: ConvolutionOptions = .init(),
                in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let orientations = isLifting ? 1 : 4, fan = max(1, inputs * orientations * kernel * kernel)
        weight = store.add("\(name).weight", .normal([kernel, kernel, orientations, inputs, outputs], deviation: Scalar((2 / Double(fan)).squareRoot()), from: &random))
        bias = store.add("\(name).bias", Tensor(shape: [outputs], repeating: 0))
        self.options = options
        var rows: [Int32] = []
        for y in 0..<kernel {
            for x in 0..<kernel {
                for g in 0..<orientations {
                    for i in 0..<inputs {
                        for r in 0..<4 {
                            // What stands at (y, x) after r turns counter-clockwise came from the place that r turns clockwise lead to.
                            var place = (y: y, x: x)
                            for _ in 0..<r { place = (place.x, kernel - 1 - place.y) }
                            let from = orientations == 4 ? (g + 4 - r) % 4 : 0
                            rows.append(Int32(((place.y * kernel + place.x) * orientations + from) * inputs + i))
                        }
                    }
                }
            }
        }
        self.rows = rows
        expanded = [kernel, kernel, orientations * inputs, 4 * outputs]
    }

    public func callAsFunction(_ x: Tensor<Scalar>, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        let outputs = weight.shape[4]
        let filter = try weight.tensor.reshaped(-1, outputs).gathered(rows).reshaped(expanded.dimensions)
        let offsets = try bias.tensor.reshaped(1, outputs).gathered([0, 0, 0, 0]).reshaped(4 * outputs)
        return try x.conv2d(filter, bias: offsets, options, activation: activation)
    }
}
