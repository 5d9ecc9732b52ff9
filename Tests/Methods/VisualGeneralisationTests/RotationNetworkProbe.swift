import Layers
import Tensors

/// Three layers as the turning network has them, to look at their maps.
struct RotationNetworkProbe {
    private let layers: [RotationConvolution<Double>]

    init(_ store: ParameterStore<Double>, _ random: inout RandomSource) {
        layers = [(2, 3, true), (3, 4, false), (4, 5, false)].enumerated().map { number, sizes in
            RotationConvolution("layer\(number)", inputs: sizes.0, outputs: sizes.1, kernel: 4, isLifting: sizes.2, .init(stride: 2, padding: .symmetric(1)), in: store, from: &random)
        }
    }

    func callAsFunction(_ x: Tensor<Double>, depth: Int) throws -> Tensor<Double> { try layers.prefix(depth).reduce(x) { try $1($0, activation: .relu) } }
}
