import Testing
import Tensors
import VisualGeneralisation

/// Section 2.5.
@Suite struct NetworkTests {
    static let grey: [(Architecture, Int)] = [(.mlp, 395_269), (.cnn, 91_221), (.coordconv, 91_733), (.coordinate, 35_045), (.rotEq, 74_909), (.rotEqBig, 297_269), (.stn, 142_961), (.vit, 61_205),
                                              (.resnet50, 55_189), (.resnet101, 96_501), (.densenet, 20_611)]
    static let colour: [(Architecture, Int)] = [(.mlp, 919_814), (.cnn, 91_862), (.coordconv, 92_374), (.coordinate, 35_270), (.rotEq, 75_358), (.rotEqBig, 298_166), (.stn, 143_864), (.vit, 62_790),
                                                (.resnet50, 55_606), (.resnet101, 96_918), (.densenet, 20_946)]

    @Test func `parameter counts are those of the sheet`() {
        var random = RandomSource(seed: 1)
        for (kind, count) in Self.grey {
            let network: any FactorNetwork<Float> = kind.network(side: 32, channels: 1, outputs: 5, random: &random)
            #expect(network.parameters.parameterCount == count, "\(kind)")
        }
        for (kind, count) in Self.colour {
            let network: any FactorNetwork<Float> = kind.network(side: 32, channels: 3, outputs: 6, random: &random)
            #expect(network.parameters.parameterCount == count, "\(kind)")
        }
    }

    @Test(arguments: Architecture.allCases) func `every architecture takes both sizes, and training leaves no parameter without a gradient`(kind: Architecture) throws {
        for side in [32, 64] {
            var random = RandomSource(seed: 2)
            let network: any FactorNetwork<Float> = kind.network(side: side, channels: 3, outputs: 4, random: &random)
            let images = Tensor<Float>.uniform([3, side, side, 3], from: &random)
            let tape = Tape<Float>()
            tape.begin([network.parameters])
            let y = try network(images, mode: .training(seed: 1))
            #expect(y.shape == [3, 4])
            try tape.backward(from: y.squared().sum())
            #expect(zip(network.parameters.parameters, network.parameters.hasGradient).allSatisfy { !$0.isLearnt || $1 }, "\(kind)")
            tape.end()
        }
    }

    @Test func `turning an image by a quarter turns every map of a turning network's layers and moves the orientation on`() throws {
        var random = RandomSource(seed: 3)
        let store = ParameterStore<Double>()
        let layers = RotationNetworkProbe(store, &random)
        let x = Tensor<Double>.normal([1, 16, 16, 2], from: &random)
        // np.rot90: [i, j] of the turned image is [j, n - 1 - i] of the first.
        func turned(_ x: Tensor<Double>) throws -> Tensor<Double> { try x.permuted([0, 2, 1, 3]).flipped(axis: 1) }
        for depth in 1...3 {
            let plain = try layers(x, depth: depth), other = try layers(turned(x), depth: depth), channels = plain.shape[3] / 4
            let moved = try turned(plain).rolled(axis: 3, by: channels)
            let error = zip(moved.scalars, other.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(error < 1e-10, "\(error) at depth \(depth)")
        }
    }
}
