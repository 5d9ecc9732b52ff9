import Layers
import Tensors

/// Strided 4 x 4 convolutions down to a map of 4 x 4, one of 4 x 4 over all of it, and a linear layer: where things are is never averaged away.
///
/// At 32 x 32: 16, 32, 32, then 128; at 64 x 64 the official code's 32, 32, 64, 64, then 256. It is the encoder of the latent kinds as well.
package struct ConvolutionalTrunk<Scalar: TensorScalar> {
    private let layers: [Convolution2D<Scalar>], last: Convolution2D<Scalar>, head: Linear<Scalar>

    /// - Parameter store: takes the parameters under names that begin with `name`.
    init(_ name: String, side: Int, channels: Int, outputs: Int, in store: ParameterStore<Scalar>, random: inout RandomSource) {
        let widths = side >= 64 ? [32, 32, 64, 64] : [16, 32, 32], wide = side >= 64 ? 256 : 128
        var layers: [Convolution2D<Scalar>] = [], width = channels
        for (number, next) in widths.enumerated() {
            layers.append(Convolution2D("\(name).conv\(number)", inputs: width, outputs: next, kernel: 4, .init(stride: 2, padding: .symmetric(1)), in: store, from: &random))
            width = next
        }
        self.layers = layers
        last = Convolution2D("\(name).conv\(widths.count)", inputs: width, outputs: wide, kernel: 4, in: store, from: &random)
        head = Linear("\(name).head", inputs: wide, outputs: outputs, in: store, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>) throws -> Tensor<Scalar> {
        var x = images
        for layer in layers { x = try layer(x, activation: .relu) }
        return try head(last(x, activation: .relu).reshaped(images.shape[0], -1))
    }
}

/// The CNN, and CoordConv (Liu et al. 2018), which sees two more planes: x and y from -1 to 1.
struct ConvolutionalNetwork<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let trunk: ConvolutionalTrunk<Scalar>
    /// [1, side, side, 2]
    private let coordinates: Tensor<Scalar>?

    init(side: Int, channels: Int, outputs: Int, hasCoordinates: Bool, random: inout RandomSource) {
        coordinates = !hasCoordinates ? nil : Tensor(shape: [1, side, side, 2], generating: { index in
            let place = index % 2 == 0 ? index / 2 % side : index / 2 / side
            return Scalar(2 * Double(place) / Double(side - 1) - 1)
        })
        trunk = ConvolutionalTrunk("trunk", side: side, channels: channels + (hasCoordinates ? 2 : 0), outputs: outputs, in: parameters, random: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        guard let coordinates else { return try trunk(images) }
        let planes = try coordinates.broadcast(to: [images.shape[0], coordinates.shape[1], coordinates.shape[2], 2])
        return try trunk(Tensor.concatenated([images, planes], axis: 3))
    }
}

/// Each pixel by itself, with its colour and its place in sines and cosines; then mean and maximum over all of them: a set network, our stand-in for
/// "coordinate-based".
struct CoordinateSetNetwork<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let pixel: [Linear<Scalar>], image: [Linear<Scalar>], head: Linear<Scalar>
    /// [1, pixels, 14]
    private let places: Tensor<Scalar>

    init(side: Int, channels: Int, outputs: Int, random: inout RandomSource) {
        var numbers: [Scalar] = []
        for row in 0..<side {
            for column in 0..<side {
                let x = (Double(column) + 0.5) / (Double(side) / 2) - 1, y = (Double(row) + 0.5) / (Double(side) / 2) - 1
                numbers += [Scalar(x), Scalar(y)]
                for k in [1.0, 2, 4] { numbers += [Self.sine(k * x), Self.sine(k * x + 0.5), Self.sine(k * y), Self.sine(k * y + 0.5)] }
            }
        }
        places = Tensor(shape: [1, side * side, 14], numbers)
        let store = parameters
        func layers(_ name: String, _ first: Int, _ widths: [Int], _ random: inout RandomSource) -> [Linear<Scalar>] {
            zip([first] + widths, widths).enumerated().map { number, sizes in Linear("\(name)\(number)", inputs: sizes.0, outputs: sizes.1, in: store, from: &random) }
        }
        pixel = layers("pixel", channels + 14, [48, 48, 48], &random)
        image = layers("image", 96, [128, 128], &random)
        head = Linear("head", inputs: 128, outputs: outputs, in: parameters, from: &random)
    }

    /// sin(pi t)
    private static func sine(_ t: Double) -> Scalar { Scalar(sineOfTurns(t / 2)) }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        let batch = images.shape[0], pixels = places.shape[1]
        var x = try Tensor.concatenated([images.reshaped(batch, pixels, -1), places.broadcast(to: [batch, pixels, 14])], axis: 2)
        for (number, layer) in pixel.enumerated() { x = try layer(x, activation: number + 1 < pixel.count ? .relu : .identity) }
        var y = try Tensor.concatenated([x.mean(axes: [1]), x.maximum(axis: 1)], axis: 1)
        for layer in image { y = try layer(y, activation: .relu) }
        return try head(y)
    }
}

/// Convolutions that are equivariant to quarter turns. The rotation axis is kept to the end: pooling it would erase the orientation.
struct RotationNetwork<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let layers: [RotationConvolution<Scalar>], head: Linear<Scalar>

    /// - Parameter factor: of all widths; 1 or 2.
    init(side: Int, channels: Int, outputs: Int, factor: Int, random: inout RandomSource) {
        let halvings = side >= 64 ? 4 : 3, widths = Array(([8, 16, 16, 16].prefix(halvings))) + [48]
        var layers: [RotationConvolution<Scalar>] = [], width = channels
        for (number, next) in widths.map({ $0 * factor }).enumerated() {
            layers.append(RotationConvolution("turn\(number)", inputs: width, outputs: next, kernel: 4, isLifting: number == 0,
                                              number < halvings ? .init(stride: 2, padding: .symmetric(1)) : .init(), in: parameters, from: &random))
            width = next
        }
        self.layers = layers
        head = Linear("head", inputs: 4 * width, outputs: outputs, in: parameters, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        var x = images
        for layer in layers { x = try layer(x, activation: .relu) }
        return try head(x.reshaped(images.shape[0], -1))
    }
}

/// A spatial transformer (Jaderberg et al. 2015) before the CNN: a small network says an affine map, by which the image is read again. The map goes to the
/// head as well; without it the position would be lost.
struct SpatialTransformerNetwork<Scalar: TensorScalar>: FactorNetwork {
    let parameters = ParameterStore<Scalar>()
    private let first: Convolution2D<Scalar>, second: Convolution2D<Scalar>, hidden: Linear<Scalar>
    /// [32, 6] and [6]: at first the identity, whatever the image.
    private let weight: Parameter<Scalar>, bias: Parameter<Scalar>
    private let trunk: ConvolutionalTrunk<Scalar>, head: Linear<Scalar>

    init(side: Int, channels: Int, outputs: Int, random: inout RandomSource) {
        first = Convolution2D("locate.conv0", inputs: channels, outputs: 8, kernel: 4, .init(stride: 2, padding: .symmetric(1)), in: parameters, from: &random)
        second = Convolution2D("locate.conv1", inputs: 8, outputs: 16, kernel: 4, .init(stride: 2, padding: .symmetric(1)), in: parameters, from: &random)
        hidden = Linear("locate.hidden", inputs: 16 * (side / 4) * (side / 4), outputs: 32, in: parameters, from: &random)
        weight = parameters.add("locate.theta.weight", Tensor(shape: [32, 6], repeating: 0))
        bias = parameters.add("locate.theta.bias", Tensor(shape: [6], [1, 0, 0, 0, 1, 0]))
        trunk = ConvolutionalTrunk("trunk", side: side, channels: channels, outputs: 128, in: parameters, random: &random)
        head = Linear("head", inputs: 134, outputs: outputs, in: parameters, from: &random)
    }

    func callAsFunction(_ images: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        let batch = images.shape[0]
        let seen = try second(first(images, activation: .relu), activation: .relu).reshaped(batch, -1)
        let theta = try hidden(seen, activation: .relu).linear(weight.tensor, bias: bias.tensor)
        let grid = try Tensor.affineGrid(theta.reshaped(batch, 2, 3), height: images.shape[1], width: images.shape[2])
        return try head(Tensor.concatenated([trunk(images.sampled(at: grid)), theta], axis: 1))
    }
}
