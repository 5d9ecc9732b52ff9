import Augmentation
import DeepAutoAugment
import Layers
import Tensors
import Testing

@Suite struct NetworkTests {
    static func network<Scalar: TensorScalar>(_ kind: NetworkKind, classes: Int = 10, hasBiases: Bool = true, seed: UInt64 = 1, _: Scalar.Type = Scalar.self) -> ClassifierNetwork<Scalar> {
        var random = RandomSource(seed: seed)
        return ClassifierNetwork(kind, classes: classes, start: .he, epsilon: 1e-3, hasBiases: hasBiases, random: &random)
    }

    @Test func `parameter counts`() {
        #expect(Self.network(.tiny, Float.self).parameterCount == 24_346)
        #expect(Self.network(.wide(depth: 10, width: 1, stemStride: 1), hasBiases: false, Float.self).parameterCount == 77_850)
        // Convolution biases are 16 + 2 (16 + 32 + 64) + 32 + 64 (shortcuts) more.
        #expect(Self.network(.wide(depth: 10, width: 1, stemStride: 2), Float.self).parameterCount == 77_850 + 16 + 224 + 96)
        // Zagoruyko and Komodakis: 2.2 and 36.5 million.
        #expect(Self.network(.wide(depth: 40, width: 2, stemStride: 1), hasBiases: false, Float.self).parameterCount == 2_243_546)
        #expect(Self.network(.wide(depth: 28, width: 10, stemStride: 1), hasBiases: false, Float.self).parameterCount == 36_479_194)
    }

    @Test func `names of networks`() throws {
        for name in ["tiny", "wrn-40-2", "wrn-28-10", "wrn-10-1-s2"] { #expect(try NetworkKind.parse(name, parameter: "network").name == name) }
        for bad in ["", "resnet", "wrn", "wrn-11-1", "wrn-10-0", "wrn-10-1-s3", "wrn-10--1", "wrn-99999999999999999999-1", "wrn-10-1-s2-s2"] {
            let error = #expect(throws: DeepAAError.self) { try NetworkKind.parse(bad, parameter: "network") }
            #expect(error?.description.contains("is no network") == true)
        }
    }

    static let small: [NetworkKind] = [.tiny, .wide(depth: 10, width: 1, stemStride: 2), .wide(depth: 10, width: 1, stemStride: 1)]

    @Test(arguments: small) func `a network fits 32 pictures`(kind: NetworkKind) throws {
        let table = SearchTests.table.rows(0..<32)
        let network = Self.network(kind, classes: 8, Float.self)
        let training = ClassifierTraining(network, table, .cifar, .none, TrainingSettings(epochs: 60, batch: 16, rate: 0.1, decay: 5e-4), random: RandomSource(seed: 1))
        while !training.isFinished { _ = try training.advance() }
        #expect(try network.accuracy(table, .cifar, proceed: {}).percent == 100)
    }

    @Test(arguments: small) func `gradient, product with a direction and gradients of the examples agree`(kind: NetworkKind) throws {
        let network = Self.network(kind, classes: 3, Double.self), tape = Tape<Double>(), side = kind == .tiny ? 16 : 8
        var random = RandomSource(seed: 4)
        let x = Tensor<Double>.normal([2, side, side, 3], from: &random), labels: [Int32] = [0, 2]
        func loss() throws -> Tensor<Double> { try network(x, mode: .inference).crossEntropyLosses(labels) }
        tape.begin(network.stores)
        let losses = try loss()
        try tape.backward(from: losses, seed: Tensor(shape: [2], [0.5, 0.5]), keepingRecords: true)
        let gradient = GradientVector(of: network.stores)
        // A direction with numbers everywhere: the gradient of another batch, mixed with the values.
        let direction = gradient.adding(GradientVector(network.stores.map(\.valueVector)), times: 0.1)
        let products = try tape.tangent(of: losses, along: direction.parts).scalars
        let own = try tape.gradientsPerExample(of: losses)
        var expected = [0.0, 0.0]
        for (store, part) in zip(network.stores, direction.parts) {
            for parameter in store.parameters where parameter.isLearnt {
                let numbers = own[parameter].scalars, t = part[parameter].scalars
                for example in 0..<2 { for place in t.indices { expected[example] += numbers[example * t.count + place] * t[place] } }
            }
        }
        tape.end()
        for (product, value) in zip(products, expected) { #expect(abs(product - value) < 1e-10 * max(1, abs(value)), "\(product) \(value)") }
        #expect(abs((products[0] + products[1]) / 2 - gradient.dot(direction)) < 1e-10 * max(1, abs(products[0])))
        // Central differences of the losses along the direction (sheet 2.3 b: Float64, h = 1e-8, within 1e-6 here: the losses cancel).
        let step = 1e-7 / direction.norm
        for (store, part) in zip(network.stores, direction.parts) { store.move(along: part, by: step) }
        let above = try loss().scalars
        for (store, part) in zip(network.stores, direction.parts) { store.move(along: part, by: -2 * step) }
        let below = try loss().scalars
        for example in 0..<2 { #expect(abs((above[example] - below[example]) / (2 * step) - products[example]) < 1e-5 * max(1, abs(products[example]))) }
    }

    @Test func `batch augmentation sees each picture in copies, and training goes on from its state to the same bits`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let table = SearchTests.table.rows(0..<40)
        func training() -> ClassifierTraining {
            ClassifierTraining(Self.network(.tiny, classes: 8, Float.self), table, .cifar, .standard, TrainingSettings(epochs: 3, batch: 16, rate: 0.05, decay: 5e-4, warmUp: 1, clip: 1, copies: 3), random: RandomSource(seed: 1))
        }
        let whole = training()
        #expect(try whole.advance().count == 48)
        for _ in 0..<3 { _ = try whole.advance() }
        let middle = whole.state, other = training()
        #expect(other.restore(middle))
        while !whole.isFinished { #expect(try whole.advance().loss == other.advance().loss) }
        #expect(whole.network.stores.map(\.snapshot) == other.network.stores.map(\.snapshot) && other.isFinished)
        let foreign = ClassifierTraining(Self.network(.tiny, classes: 9, Float.self), table, .cifar, .standard, TrainingSettings(epochs: 3, batch: 16, rate: 0.05, decay: 0), random: RandomSource(seed: 1))
        #expect(!foreign.restore(middle))
    }
}
