import Augmentation
import Layers
import Tensors

/// How the search looks at pictures.
package struct MatchingSettings: Sendable {
    /// n_val: validation pictures of the class of each image.
    package var validation = 32
    /// B: images of a step.
    package var images = 8
    /// E_gT: draws for the gradient of a deeper layer.
    package var gradientSamples = 139
    /// E_G: pictures on which a deeper layer's operations are tried.
    package var rewardSamples = 2
    /// Draws of an operation that is random by itself.
    package var repeats = 1
    /// Whether gamma and beta of batch normalisation belong to the gradient.
    package var includesNormalisation = false
    /// Gradients of the last layer alone.
    package var isFast = false

    package init() {}
}

/// Rewards of operations by gradient matching: how much more of each would turn the gradient of augmented copies of one picture
/// towards that of other pictures of its class.
package struct GradientMatching {
    package let network: ClassifierNetwork<Float>
    package let settings: MatchingSettings
    private var searched: PictureBatches, validated: PictureBatches
    private let searchRows: [[Int]], validationRows: [[Int]]
    private let stores: [ParameterStore<Float>]
    private let tape = Tape<Float>()

    /// What one image said.
    package struct Outcome: Sendable {
        /// Row of the search part, its class.
        package var row: Int, label: Int
        package var cosine: Double
        /// One number an operation.
        package var rewards: [Double]
    }

    /// - Throws: `DeepAAError` that names the class with too few pictures.
    package init(_ network: ClassifierNetwork<Float>, search: PictureTable, validation: PictureTable, _ normalisation: PictureNormalisation, _ settings: MatchingSettings) throws {
        (self.network, self.settings) = (network, settings)
        func rows(_ pictures: PictureTable) -> [[Int]] {
            var rows = [[Int]](repeating: [], count: pictures.classNames.count)
            for (row, label) in pictures.labels.enumerated() { rows[Int(label)].append(row) }
            return rows
        }
        (searchRows, validationRows) = (rows(search), rows(validation))
        for (label, name) in search.classNames.enumerated() {
            guard !searchRows[label].isEmpty else { throw DeepAAError("class “\(name)” has no search picture; take a larger search part, or split=shuffled where classes lie one after the other") }
            guard validationRows[label].count > settings.validation else {
                throw DeepAAError("class “\(name)” has \(validationRows[label].count) validation pictures; \(settings.validation) and one to spare are needed, so take a larger validation part or fewer validation-images")
            }
        }
        searched = PictureBatches(search, normalisation)
        validated = PictureBatches(validation, normalisation)
        stores = settings.isFast ? [network.head] : settings.includesNormalisation ? network.stores : [network.weights, network.head]
    }

    package var classCount: Int { searchRows.count }
    package func picture(_ row: Int, _ chain: [PixelOperation]) -> [UInt8] {
        var copy = searched
        return copy.bytes(picture: row, chain: chain)
    }

    /// A picture of the search part at random, its class first.
    package func drawImage(_ random: inout RandomSource) -> (row: Int, label: Int) {
        let label = random.integer(below: classCount)
        return (searchRows[label][random.integer(below: searchRows[label].count)], label)
    }

    /// v: the gradient of the mean loss over validation pictures of a class, drawn without replacement.
    package mutating func validationGradient(_ label: Int, _ random: inout RandomSource) throws -> GradientVector<Float> {
        var rows = validationRows[label]
        for place in 0..<settings.validation { rows.swapAt(place, place + random.integer(below: rows.count - place)) }
        let x = validated.tensor(rows[..<settings.validation])
        return try gradient(x, labels: Array(repeating: Int32(label), count: settings.validation))
    }

    /// The gradient of the mean loss.
    private func gradient(_ x: Tensor<Float>, labels: [Int32]) throws -> GradientVector<Float> {
        tape.begin(stores)
        defer { tape.end() }
        try tape.backward(from: network(x, mode: .inference).crossEntropy(labels))
        return GradientVector(of: stores)
    }

    /// All operations, random ones several times, as they are applied: the operation's index and what it does.
    private func operations(_ random: inout RandomSource) -> [(index: Int, operation: PixelOperation)] {
        let (width, height) = (searched.pictures.width, searched.pictures.height)
        return PolicyOperation.all.enumerated().flatMap { index, operation in
            (0..<(operation.transform.isRandom ? settings.repeats : 1)).map { _ in (index, operation.drawn(width: width, height: height, &random)) }
        }
    }

    /// Applies the layers below to a picture, a draw from each.
    private func chain(_ layers: [[Double]], _ sampler: AugmentationPolicy?, _ random: inout RandomSource) -> [PixelOperation] {
        guard let sampler else { return [] }
        let (width, height) = (searched.pictures.width, searched.pictures.height)
        return layers.indices.map { PolicyOperation.all[sampler.draw(layer: $0, &random)].drawn(width: width, height: height, &random) }
    }

    /// What one image says about the operations of a layer.
    /// - Parameters:
    ///   - below: the probabilities of the layers before.
    ///   - probabilities: those of the layer now.
    /// - Returns: nil where a gradient has no direction.
    package mutating func outcome(row: Int, label: Int, below: [[Double]], probabilities: [Double], _ random: inout RandomSource, proceed: () throws -> Void = {}) throws -> Outcome? {
        let v = try validationGradient(label, &random)
        try proceed()
        return try below.isEmpty ? first(row, label, v, probabilities, &random) : deeper(row, label, v, below, probabilities, &random, proceed)
    }

    /// The first layer: the expectation over all operations is exact, and one record serves both the way back and the tangent.
    private mutating func first(_ row: Int, _ label: Int, _ v: GradientVector<Float>, _ probabilities: [Double], _ random: inout RandomSource) throws -> Outcome? {
        let drawn = operations(&random), counts = Self.counts(drawn.map(\.index))
        let x = searched.tensor(picture: row, chains: drawn.map { [$0.operation] })
        tape.begin(stores)
        defer { tape.end() }
        let losses = try network(x, mode: .inference).crossEntropyLosses(Array(repeating: Int32(label), count: drawn.count))
        try tape.backward(from: losses, seed: Tensor(shape: [drawn.count], drawn.map { Float(probabilities[$0.index] / counts[$0.index]) }), keepingRecords: true)
        guard let matching = MatchingDirection(validation: v, augmented: GradientVector(of: stores)) else { return nil }
        let products = try tape.tangent(of: losses, along: matching.tangent.parts).scalars
        var rewards = [Double](repeating: 0, count: probabilities.count)
        for (entry, product) in zip(drawn, products) { rewards[entry.index] += Double(product) / counts[entry.index] }
        return Outcome(row: row, label: label, cosine: matching.cosine, rewards: rewards)
    }

    /// A deeper layer: gradient and rewards are means over draws.
    private mutating func deeper(_ row: Int, _ label: Int, _ v: GradientVector<Float>, _ below: [[Double]], _ probabilities: [Double], _ random: inout RandomSource, _ proceed: () throws -> Void) throws -> Outcome? {
        let all = below + [probabilities]
        let sampler = try AugmentationPolicy(layers: all), lower = try AugmentationPolicy(layers: below)
        var sum: GradientVector<Float>?
        // In blocks, so that a large network's activations stay bounded.
        let block = 139
        for start in stride(from: 0, to: settings.gradientSamples, by: block) {
            let count = min(block, settings.gradientSamples - start)
            let x = searched.tensor(picture: row, chains: (0..<count).map { _ in chain(all, sampler, &random) })
            let part = try gradient(x, labels: Array(repeating: Int32(label), count: count)) * (Double(count) / Double(settings.gradientSamples))
            sum = sum.map { $0.adding(part, times: 1) } ?? part
            try proceed()
        }
        guard let g = sum, let matching = MatchingDirection(validation: v, augmented: g) else { return nil }
        var rewards = [Double](repeating: 0, count: probabilities.count)
        for _ in 0..<settings.rewardSamples {
            let start = chain(below, lower, &random), drawn = operations(&random), counts = Self.counts(drawn.map(\.index))
            let products = try products(searched.tensor(picture: row, chains: drawn.map { start + [$0.operation] }), label, matching.tangent)
            for (entry, product) in zip(drawn, products) { rewards[entry.index] += product / counts[entry.index] / Double(settings.rewardSamples) }
            try proceed()
        }
        return Outcome(row: row, label: label, cosine: matching.cosine, rewards: rewards)
    }

    /// <t, gradient of each picture's loss>, by one forward pass with tangents.
    package func products(_ x: Tensor<Float>, _ label: Int, _ tangent: GradientVector<Float>) throws -> [Double] {
        tape.begin(stores)
        defer { tape.end() }
        let losses = try network(x, mode: .inference).crossEntropyLosses(Array(repeating: Int32(label), count: x.shape[0]))
        return try tape.tangent(of: losses, along: tangent.parts).scalars.map { Double($0) }
    }

    private static func counts(_ indices: [Int]) -> [Double] {
        var counts = [Double](repeating: 0, count: PolicyOperation.all.count)
        for index in indices { counts[index] += 1 }
        return counts
    }
}
