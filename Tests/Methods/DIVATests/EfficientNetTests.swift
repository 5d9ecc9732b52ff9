import Augmentation
import Experiments
import DIVA
import Datasets
import Layers
import Tensors
import Testing

/// Parity of section 8 with the published network, fp32, tolerance 2e-3.
@Suite(.enabled(if: TestData.has("efficientnet-lite0"), "the EfficientNet-Lite0 weights are not on this machine"))
struct EfficientNetTests {
    static func network() throws -> EfficientNetLite { try EfficientNetLite(TestData.library.weights("efficientnet-lite0")) }

    @Test func `the pattern picture has the published features and logits`() throws {
        let network = try Self.network()
        let picture = Tensor<Float>(shape: [1, 64, 64, 3], generating: { index in
            let (place, c) = index.quotientAndRemainder(dividingBy: 3)
            let (y, x) = place.quotientAndRemainder(dividingBy: 64)
            return Float((37 * c + 11 * y + 7 * x) % 256)
        })
        let features = try network.features(picture)
        let numbers = features.scalars
        #expect(numbers.count == EfficientNetLite.featureCount)
        for i in 0...4 { #expect(abs(numbers[i]) < 2e-3) }
        #expect(abs(numbers[5] - 0.611912) < 2e-3)
        #expect(abs(numbers.reduce(0, +) - 1283.580) < 2e-3 * 1283)
        let logits = try network.logits(features.reshaped(1, 1280)).scalars
        #expect(logits.indices.max { logits[$0] < logits[$1] } == 699)
        for (i, wanted) in [Float(-0.132028), -2.813252, -2.353445].enumerated() { #expect(abs(logits[i] - wanted) < 2e-3) }
    }

    @Test(.enabled(if: TestData.has("cifar10-subset"), "the CIFAR subset is not on this machine"))
    func `the first CIFAR test picture has the published features`() throws {
        let network = try Self.network()
        let images = try TestData.library.images("cifar10-subset")
        let first = try Pictures(images, rows: [images.training.count])
        let large = first.upsampled(longerSide: 128)
        #expect(large.shape == [1, 128, 128, 3])
        for (x, wanted) in [Float(254), 254, 254.125, 254.375].enumerated() { #expect(abs(large[0, 0, x, 0] - wanted) < 1e-4) }
        let numbers = try network.features(large).scalars
        for i in [0, 1, 5] { #expect(abs(numbers[i]) < 2e-3) }
        for (i, wanted) in [Float(0.214648), 0.046359, 0.061803].enumerated() { #expect(abs(numbers[i + 2] - wanted) < 2e-3) }
        #expect(abs(numbers.reduce(0, +) - 359.144) < 2e-3 * 359)
    }
}

@Suite struct UpsamplingTests {
    @Test func `upsampling has half-pixel centres and clamped edges`() {
        let picture = Pictures(width: 2, height: 1, channels: 1, maximum: 255, pixels: [10, 20])
        let large = picture.upsampled(longerSide: 4)
        #expect(large.shape == [1, 2, 4, 3])
        for (x, wanted) in [Float(10), 12.5, 17.5, 20].enumerated() { for c in 0..<3 { #expect(large[0, 0, x, c] == wanted) } }
        // Digits are stretched to 0 … 255.
        let dark = Pictures(width: 1, height: 1, channels: 1, maximum: 16, pixels: [16]).upsampled(longerSide: 1)
        #expect(dark[0, 0, 0, 0] == 255)
    }
}

@Suite struct SmallNetworkTests {
    @Test func `the small network learns the digits, and from one seed the same numbers`() throws {
        let digits = try TestData.library.images("digits")
        let training = try Pictures(digits, rows: Array(0..<1000)), test = try Pictures(digits, rows: Array(1200..<1797))
        let labels = Array(digits.training.labels[0..<1000])
        let network = try SmallConvolutionalNetwork(training: training, labels: labels, classes: 10, epochs: 6, random: RandomSource(seed: 1))
        let wrong = zip(try network.classes(test), digits.training.labels[1200...]).count { $0 != $1 }
        #expect(Double(wrong) / 597 < 0.12)
        #expect(try network.features(test).count == 597 * SmallConvolutionalNetwork.featureCount)
        let again = try SmallConvolutionalNetwork(training: training, labels: labels, classes: 10, epochs: 1, random: RandomSource(seed: 1))
        let once = try SmallConvolutionalNetwork(training: training, labels: labels, classes: 10, epochs: 1, random: RandomSource(seed: 1))
        #expect(try again.features(test) == once.features(test))
    }

    @Test func `an augmentation of another method's policy goes into its training`() throws {
        let digits = try TestData.library.images("digits"), training = try Pictures(digits, rows: Array(0..<200)), labels = Array(digits.training.labels[0..<200])
        func features(_ augmentation: Augmentation?) throws -> [Float] {
            try SmallConvolutionalNetwork(training: training, labels: labels, classes: 10, epochs: 1, augmentation: augmentation, random: RandomSource(seed: 1)).features(training.subset(0..<4))
        }
        let policy = try AugmentationArm.one("deepaa-published", policyFile: "", parameter: "cnn-augmentation")
        let plain = try features(nil), changed = try features(policy), again = try features(policy), unchanged = try features(Augmentation.none)
        #expect(changed != plain && changed == again && changed.allSatisfy(\.isFinite))
        #expect(try features(AugmentationArm.one("none cutout16", policyFile: "", parameter: "p")) != unchanged, "a square is set to zero")
        // Nothing that is changed is nothing but the rounding of 16 levels to 255.
        #expect(zip(unchanged, plain).allSatisfy { abs($0 - $1) < 0.05 })
        func sentence(_ values: [String: ParameterValue]) -> String {
            do {
                let request = RunRequest(method: "diva", dataset: "digits", plan: .smoke, values: values)
                return try Settings(ParameterValues(Settings.specifications, request: request)).cnnAugmentation == nil ? "none" : "one"
            } catch { return "\(error)" }
        }
        #expect(sentence([:]) == "none" && sentence(["cnn-augmentation": .text("trivial")]) == "one")
        #expect(sentence(["cnn-augmentation": .text("deepaa")]).contains("needs a policy") && sentence(["cnn-augmentation": .text("deepaa"), "policy": .text("/nowhere.json")]).contains("no such policy file"))
        #expect(sentence(["cnn-augmentation": .text("trivial"), "policy": .text("/dev/zero")]).contains("not a regular file"))
    }

    @Test func `a picture that is too small is refused`() {
        let tiny = Pictures(width: 3, height: 3, channels: 1, maximum: 255, pixels: [UInt8](repeating: 0, count: 18))
        #expect(throws: DIVAError.self) { try SmallConvolutionalNetwork(training: tiny, labels: [0, 1], classes: 2, epochs: 1, random: RandomSource(seed: 1)) }
    }
}
