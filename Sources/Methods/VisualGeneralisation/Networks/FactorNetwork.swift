import Layers
import Tensors

/// A network that says the factors of images.
package protocol FactorNetwork<Scalar> {
    associatedtype Scalar: TensorScalar
    var parameters: ParameterStore<Scalar> { get }
    /// [batch, side, side, channels] with values 0 … 1 to [batch, factors].
    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar>
}

/// The architectures that are trained from images alone. Sizes are ours: the paper's training code is not public.
package enum Architecture: String, Sendable, CaseIterable, Codable {
    case mlp, cnn, coordconv, coordinate, rotEq = "rot-eq", rotEqBig = "rot-eq-big", stn, resnet50, resnet101, densenet, vit

    /// Builds the network.
    /// - Parameters:
    ///   - side: 32, or 64 for the convolutional trunks of the official code.
    ///   - outputs: the number of factors.
    package func network<Scalar: TensorScalar>(side: Int, channels: Int, outputs: Int, random: inout RandomSource) -> any FactorNetwork<Scalar> {
        switch self {
        case .mlp: DenseNetwork<Scalar>(inputs: side * side * channels, hidden: [256, 256, 256], outputs: outputs, random: &random)
        case .cnn: ConvolutionalNetwork<Scalar>(side: side, channels: channels, outputs: outputs, hasCoordinates: false, random: &random)
        case .coordconv: ConvolutionalNetwork<Scalar>(side: side, channels: channels, outputs: outputs, hasCoordinates: true, random: &random)
        case .coordinate: CoordinateSetNetwork<Scalar>(side: side, channels: channels, outputs: outputs, random: &random)
        case .rotEq: RotationNetwork<Scalar>(side: side, channels: channels, outputs: outputs, factor: 1, random: &random)
        case .rotEqBig: RotationNetwork<Scalar>(side: side, channels: channels, outputs: outputs, factor: 2, random: &random)
        case .stn: SpatialTransformerNetwork<Scalar>(side: side, channels: channels, outputs: outputs, random: &random)
        case .resnet50: ResidualNetwork<Scalar>(counts: [1, 2, 2], channels: channels, outputs: outputs, random: &random)
        case .resnet101: ResidualNetwork<Scalar>(counts: [2, 3, 4], channels: channels, outputs: outputs, random: &random)
        case .densenet: DenselyConnectedNetwork<Scalar>(channels: channels, outputs: outputs, random: &random)
        case .vit: VisionTransformer<Scalar>(side: side, channels: channels, outputs: outputs, random: &random)
        }
    }

    /// Multiplications of one image forwards, in millions, at 32 x 32: for estimates.
    var millions: Double {
        switch self {
        case .mlp: 0.4
        case .cnn, .coordconv: 1.2
        case .coordinate: 5.7
        case .rotEq: 5
        case .rotEqBig: 20
        case .stn: 2.2
        case .resnet50: 3
        case .resnet101: 5
        case .densenet: 2.6
        case .vit: 4.2
        }
    }
}

/// A fully connected network on what is flattened.
package struct DenseNetwork<Scalar: TensorScalar>: FactorNetwork {
    package let parameters = ParameterStore<Scalar>()
    private let hidden: [Linear<Scalar>], head: Linear<Scalar>

    package init(inputs: Int, hidden widths: [Int], outputs: Int, random: inout RandomSource) {
        var layers: [Linear<Scalar>] = [], width = inputs
        for (number, next) in widths.enumerated() {
            layers.append(Linear("hidden\(number)", inputs: width, outputs: next, in: parameters, from: &random))
            width = next
        }
        hidden = layers
        head = Linear("head", inputs: width, outputs: outputs, in: parameters, from: &random)
    }

    package func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        var x = try images.rank == 2 ? images : images.reshaped(images.shape[0], -1)
        for layer in hidden { x = try layer(x, activation: .relu) }
        return try head(x)
    }
}
