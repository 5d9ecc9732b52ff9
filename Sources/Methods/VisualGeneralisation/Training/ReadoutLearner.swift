import Experiments
import Layers
import Tensors

/// Fixed numbers of an image, standardised over the training images, and a network on them that is trained.
final class Readout {
    private let own: LearnerContext
    private let width: Int
    private let features: (ImageSet) throws -> [Float]
    /// Deviations are taken to be at least this share of their root mean square.
    private let leastShare: Double
    private var mean: [Float] = [], scale: [Float] = []
    private var kept: [String: [Float]] = [:]
    let network: DenseNetwork<Float>

    /// - Parameter features: `width` numbers an image of a set, always the same for the same set.
    init(_ own: LearnerContext, width: Int, hidden: [Int], leastShare: Double = 0, features: @escaping (ImageSet) throws -> [Float]) {
        (self.own, self.width, self.leastShare, self.features) = (own, width, leastShare, features)
        var random = own.random("readout weights")
        network = DenseNetwork(inputs: width, hidden: hidden, outputs: own.outputs, random: &random)
    }

    func phase(_ title: String, steps: Int) throws -> TrainingPhase {
        let training = own.material.training, raw = try numbers(training), count = training.count
        var sums = [Double](repeating: 0, count: width), squares = sums
        for row in 0..<count { for j in 0..<width { sums[j] += Double(raw[row * width + j]) } }
        let means = sums.map { $0 / Double(count) }
        for row in 0..<count { for j in 0..<width { squares[j] += (Double(raw[row * width + j]) - means[j]) * (Double(raw[row * width + j]) - means[j]) } }
        mean = means.map { Float($0) }
        // What never varies says nothing; what hardly varies must not be blown up, or images unlike the training ones (frozen networks have hundreds of
        // features that are nearly dead on a set: R² of -74 on test was seen).
        let variances = squares.map { $0 / Double(count) }, least = leastShare * (variances.reduce(0, +) / Double(max(1, width))).squareRoot()
        scale = variances.map { $0 < 1e-12 ? 0 : Float(1 / max($0.squareRoot(), least)) }
        return TrainingPhase(title, steps: steps, store: network.parameters, settings: own.settings) { [own, network, self] step in
            let rows = own.batch(step, of: count)
            return (try own.squaredErrors(network(inputs(raw, rows), mode: .training(seed: UInt64(step))), training.targets(rows, own.material.factors)), [])
        }
    }

    func predictions(_ set: ImageSet) throws -> [Float] {
        let raw = try numbers(set)
        return try own.inParts(set.count) { try network(inputs(raw, Array($0)), mode: .inference) }
    }

    private func inputs(_ raw: [Float], _ rows: [Int]) -> Tensor<Float> {
        var values: [Float] = []
        values.reserveCapacity(rows.count * width)
        for row in rows { for j in 0..<width { values.append((raw[row * width + j] - mean[j]) * scale[j]) } }
        return Tensor(shape: [rows.count, width], values)
    }

    /// Features of a set, computed once.
    private func numbers(_ set: ImageSet) throws -> [Float] {
        let key = "\(set.name) \(set.count)"
        if let known = kept[key] { return known }
        let fresh = try features(set)
        kept[key] = fresh
        return fresh
    }
}

/// A representation that is learnt without factors, or from pairs, then read out.
final class LatentLearner: Learner {
    private let own: LearnerContext
    private let kind: LatentKind, beta: Double
    private let model: LatentModel<Float>
    private let readout: Readout
    private let pairs: PairSampling
    private var isTrained = false
    var skippedPairs = 0

    init(_ own: LearnerContext, _ kind: LatentKind, beta: Double) {
        (self.own, self.kind, self.beta) = (own, kind, beta)
        var random = own.random("weights")
        let model = LatentModel<Float>(kind: kind, side: own.material.dataset.side, channels: own.material.dataset.channels, latents: own.settings.latents, random: &random)
        self.model = model
        pairs = PairSampling(kind == .adaGVAE ? .changed(own.settings.changed) : .laplace, own.material.split)
        readout = Readout(own, width: own.settings.latents, hidden: Array(repeating: own.settings.readoutWidth, count: own.settings.readoutLayers)) { set in
            try own.inParts(set.count) { try model.encode(set.images($0)).mean.reshaped($0.count, model.latents) }
        }
    }

    let phaseCount = 2
    var parameterCount: Int { model.parameters.parameterCount + readout.network.parameters.parameterCount }
    var artifact: [(name: String, tensor: Tensor<Float>)] { model.parameters.named + readout.network.parameters.named.map { ("readout.\($0.name)", $0.tensor) } }
    func predicts(in phase: Int) -> Bool { phase == 1 }
    var carried: [FloatBlock] { isTrained ? [FloatBlock(model.parameters.snapshot)] : [] }

    func restore(carried: [FloatBlock]) -> Bool {
        guard let weights = carried.first else { return true }
        let numbers = weights.floats
        isTrained = carried.count == 1 && numbers.allSatisfy(\.isFinite) && model.parameters.restore(numbers)
        return isTrained
    }

    func phase(_ number: Int) throws -> TrainingPhase {
        guard number == 0 else {
            isTrained = true
            return try readout.phase("read out", steps: own.settings.readoutSteps)
        }
        return TrainingPhase("represent", steps: own.settings.latentSteps, store: model.parameters, settings: own.settings) { [self] step in
            kind == .betaVAE ? try autoencoderLoss(step) : try pairLoss(step)
        }
    }

    func predictions(_ set: ImageSet) throws -> [Float] { try readout.predictions(set) }

    func latentMeans(_ set: ImageSet) throws -> [[Double]]? {
        let numbers = try own.inParts(set.count) { try model.encode(set.images($0)).mean.reshaped($0.count, model.latents) }, width = own.settings.latents
        return (0..<set.count).map { row in (0..<width).map { Double(numbers[row * width + $0]) } }
    }

    private func noise(_ step: Int) -> RandomSource { own.context.random.stream("posterior noise", step) }

    private func autoencoderLoss(_ step: Int) throws -> (loss: Tensor<Float>, readings: [Reading]) {
        let images = own.material.training.images(own.batch(step, of: own.material.training.count)), codes = try model.encode(images)
        guard let logVariance = codes.logVariance else { throw VisualGeneralisationError("\(kind.rawValue) has no variances") }
        var random = noise(step)
        let reconstruction = try LatentLosses.reconstruction(model.decode(LatentLosses.sample(codes.mean, logVariance, &random)), images)
        let divergence = try LatentLosses.divergence(codes.mean, logVariance)
        return (try reconstruction + divergence * beta, Self.readings(reconstruction, divergence))
    }

    private static func readings(_ reconstruction: Tensor<Float>, _ divergence: Tensor<Float>) -> [Reading] {
        [Reading("reconstruction", Double(reconstruction.scalar), unit: "nats an image"), Reading("KL", Double(divergence.scalar), unit: "nats an image")]
    }

    private func pairLoss(_ step: Int) throws -> (loss: Tensor<Float>, readings: [Reading]) {
        let (first, second) = try drawnPairs(step), count = first.shape[0]
        let images = try Tensor.concatenated([first, second]), codes = try model.encode(images)
        func halves(_ x: Tensor<Float>) throws -> (Tensor<Float>, Tensor<Float>) { (try x.sliced(0..<count), try x.sliced(count..<2 * count)) }
        let (mean0, mean1) = try halves(codes.mean)
        guard let logVariance = codes.logVariance else {
            guard let contrast = model.contrast else { throw VisualGeneralisationError("\(kind.rawValue) has nothing to learn from") }
            let found = try LatentLosses.contrast(mean1, mean0, w: contrast.w.tensor, v: contrast.v.tensor, c: contrast.c.tensor, m: contrast.m.tensor)
            return (found.loss, [Reading("pair accuracy", found.accuracy)])
        }
        let (logVariance0, logVariance1) = try halves(logVariance)
        var random = noise(step)
        if kind == .slowVAE {
            let reconstruction = try LatentLosses.reconstruction(model.decode(LatentLosses.sample(codes.mean, logVariance, &random)), images)
            let divergence = try LatentLosses.divergence(codes.mean, logVariance)
            let slowness = try LatentLosses.slowness(mean0, logVariance0, mean1, logVariance1, rate: own.settings.slowRate)
            return (try reconstruction * 2 + divergence * beta + slowness * own.settings.gamma, Self.readings(reconstruction, divergence) + [Reading("slowness", Double(slowness.scalar), unit: "nats a pair")])
        }
        let shared = try LatentLosses.aggregated(mean0, logVariance0, mean1, logVariance1)
        let mean = try Tensor.concatenated([shared.mean0, shared.mean1]), variance = try Tensor.concatenated([shared.logVariance0, shared.logVariance1])
        let reconstruction = try LatentLosses.reconstruction(model.decode(LatentLosses.sample(mean, variance, &random)), images)
        let divergence = try LatentLosses.divergence(mean, variance)
        return (try reconstruction + divergence * (own.settings.kl == .published ? 4 * beta : beta), Self.readings(reconstruction, divergence))
    }

    /// First images of training rows, second ones drawn within the training part.
    private func drawnPairs(_ step: Int) throws -> (first: Tensor<Float>, second: Tensor<Float>) {
        let training = own.material.training, dataset = own.material.dataset, n = own.outputs
        var random = own.context.random.stream("pairs", step), rows: [Int] = [], seconds: [Int] = []
        let wanted = own.settings.batch / 2
        var tries = 0
        while rows.count < wanted {
            tries += 1
            guard tries <= 100 * wanted else { throw VisualGeneralisationError("\(own.arm.name): hardly any training image has a partner that differs and still trains; take a smaller held-out share or more values") }
            let row = random.integer(below: training.count)
            guard let second = pairs.second(of: Array(training.values[row * n..<(row + 1) * n]), &random) else {
                skippedPairs += 1
                continue
            }
            rows.append(row)
            seconds.append(dataset.index(of: second))
        }
        let drawn = try ImageSet("pairs", seconds, dataset, proceed: {})
        return (training.images(rows), drawn.images(0..<wanted))
    }
}

/// A frozen EfficientNet-Lite. The map before its global pool is averaged to 2 x 2: a mean over all of it would discard where things are.
final class TransferLearner: Learner {
    private let own: LearnerContext
    private let readout: Readout

    static let dimension = 4 * EfficientNetLite.featureCount

    init(_ own: LearnerContext, network number: Int) {
        self.own = own
        readout = Readout(own, width: Self.dimension, hidden: [256, 256], leastShare: 0.3) { try FeatureExtraction(own, number).features($0) }
    }

    let phaseCount = 1
    var parameterCount: Int { readout.network.parameters.parameterCount }
    var artifact: [(name: String, tensor: Tensor<Float>)] { readout.network.parameters.named.map { ("head.\($0.name)", $0.tensor) } }
    func predicts(in phase: Int) -> Bool { true }
    func phase(_ number: Int) throws -> TrainingPhase { try readout.phase("train the head", steps: own.settings.transferSteps) }
    func predictions(_ set: ImageSet) throws -> [Float] { try readout.predictions(set) }
}

/// Features of a package's network through a cache on disk, by the index of the image in its grid.
private struct FeatureExtraction {
    let own: LearnerContext
    let number: Int

    init(_ own: LearnerContext, _ number: Int) { (self.own, self.number) = (own, number) }

    func features(_ set: ImageSet) throws -> [Float] {
        let file = try own.context.library.weights("efficientnet-lite\(number)"), side = own.settings.transferSide, width = TransferLearner.dimension
        let cache = FeatureCache(folder: own.context.cacheFolder, identity: "\(file.identifier) map 2 x 2 v1|\(own.material.dataset.checksum)|\(file.checksum)|side \(side)", dimension: width)
        var known = try cache.load(proceed: own.context.proceed)
        let missing = set.indices.indices.filter { known[set.indices[$0]] == nil }
        if !missing.isEmpty {
            let network = try EfficientNetLite(shape: { file[$0]?.shape }, floats: { try file.floats($0, shape: $1) })
            var fresh: [(row: Int, values: [Float])] = []
            for start in stride(from: 0, to: missing.count, by: 16) {
                try own.context.proceed()
                let rows = Array(missing[start..<min(missing.count, start + 16)])
                let numbers = try map(network, set.images(rows), side)
                for (place, row) in rows.enumerated() {
                    let values = Array(numbers[place * width..<(place + 1) * width])
                    known[set.indices[row]] = values
                    fresh.append((set.indices[row], values))
                }
                own.context.progress(Double(min(missing.count, start + 16)), of: Double(missing.count), unit: "\(set.name) images through EfficientNet-Lite\(number)")
            }
            // A cache that cannot be written costs time and nothing else.
            do { try cache.store(fresh) } catch { own.context.warning("features are not kept in \(cache.folder.path) (\(error.localizedDescription)); they will be computed again next time") }
        }
        return set.indices.flatMap { known[$0] ?? [] }
    }

    /// [rows, 2 * 2 * 1280]
    private func map(_ network: EfficientNetLite, _ images: Tensor<Float>, _ side: Int) throws -> [Float] {
        let large = try images.with(channels: 3).resized(height: side, width: side)
        let map = try network.featureMap(large * 255)
        // 64 gives 2 x 2 as it is, 128 gives 4 x 4; sizes between are resized bilinearly.
        let half = map.shape[1] % 2 == 0 && map.shape[1] > 2 ? try map.averagePool2d(size: map.shape[1] / 2) : try map.resized(height: 2, width: 2)
        return try half.reshaped(images.shape[0], TransferLearner.dimension).scalars
    }
}
