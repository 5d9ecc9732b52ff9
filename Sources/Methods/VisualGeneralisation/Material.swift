import Datasets
import Experiments
import Foundation
import Tensors

/// Images with their factor values, drawn once and kept as bytes.
struct ImageSet: Sendable {
    var name: String
    var indices: [Int]
    /// One row an image.
    var values: [Int]
    var pixels: [UInt8]
    let shape: (side: Int, channels: Int)

    var count: Int { indices.count }

    init(_ name: String, _ indices: [Int], _ dataset: FactorDataset, proceed: () throws -> Void) throws {
        self.name = name
        self.indices = indices
        values = indices.flatMap(dataset.values)
        pixels = try dataset.images(at: indices, proceed: proceed)
        shape = (dataset.side, dataset.channels)
    }

    /// The first images.
    func prefix(_ count: Int) -> ImageSet {
        var part = self
        let n = min(count, self.count), width = values.count / max(1, self.count)
        part.indices = Array(indices.prefix(n))
        part.values = Array(values.prefix(n * width))
        part.pixels = Array(pixels.prefix(n * shape.side * shape.side * shape.channels))
        return part
    }

    /// Some images as numbers 0 … 1, [rows, side, side, channels].
    func images(_ rows: some Collection<Int>) -> Tensor<Float> {
        let size = shape.side * shape.side * shape.channels
        var numbers: [Float] = []
        numbers.reserveCapacity(rows.count * size)
        for row in rows { for pixel in pixels[row * size..<(row + 1) * size] { numbers.append(Float(pixel) * (1 / 255)) } }
        return Tensor(shape: [rows.count, shape.side, shape.side, shape.channels], numbers)
    }

    /// What is to be predicted, [rows, factors].
    func targets(_ rows: some Collection<Int>, _ factors: [FactorDataset.Factor]) -> Tensor<Float> {
        let n = factors.count
        var numbers: [Float] = []
        numbers.reserveCapacity(rows.count * n)
        for row in rows { for j in 0..<n { numbers.append(Float(FactorScores.target(values[row * n + j], factors[j]))) } }
        return Tensor(shape: [rows.count, n], numbers)
    }
}

/// What a run trains and measures on: the division and the images that were drawn from its parts.
struct Material: Sendable {
    let dataset: FactorDataset
    let split: FactorSplit
    let lines: ReferenceLines
    let counts: (training: Int, test: Int, oneFactor: [Int])
    let training: ImageSet, iid: ImageSet, test: ImageSet
    /// By factor; nil where there is none.
    let oneFactor: [ImageSet?]
    /// Indices of the training part for the measures of disentanglement.
    let encoded: [Int]
    let notes: [String]

    var factors: [FactorDataset.Factor] { dataset.factors }
    /// All sets that are predicted, in the order of a state's predictions.
    var sets: [ImageSet] { [training, iid, test] + oneFactor.compactMap(\.self) }

    init(_ context: RunContext, _ settings: Settings) throws {
        let opened = try context.library.open(context.request.dataset, as: FactorDataset.self)
        guard let dataset = opened.resized(to: settings.side) else {
            throw VisualGeneralisationError("\(opened.identifier) has images of \(opened.side) x \(opened.side) and the setting side asks for \(settings.side); "
                                            + (opened.side == 32 || opened.side == 64 ? "set side to \(opened.side)" : "the networks take 32 x 32 and 64 x 64, so resize the images before they are added"))
        }
        try self.init(dataset, settings, random: context.random, proceed: context.proceed)
    }

    init(_ dataset: FactorDataset, _ settings: Settings, split kind: FactorSplit.Kind? = nil, random: RandomSource, proceed: () throws -> Void) throws {
        self.dataset = dataset
        var given: [Bool]?
        if case .stored(let stored) = dataset.source { given = stored.training }
        split = try FactorSplit(kind ?? settings.split, of: dataset.factors, heldOutShare: settings.heldOut > 0 ? settings.heldOut : dataset.heldOutShare,
                                compositionShare: settings.compositionShare > 0 ? settings.compositionShare : dataset.compositionShare, given: given)
        lines = ReferenceLines(split)
        var parts = try FactorPartition(split, proceed: proceed), notes: [String] = dataset.notes
        counts = (parts.training.count, parts.test.count, parts.oneFactor.map(\.count))
        // Training and iid images are different ones of one part.
        let wanted = settings.trainingImages + settings.testImages
        var trained = settings.trainingImages, unseen = settings.testImages
        if parts.training.count < wanted {
            unseen = max(1, min(settings.testImages, parts.training.count / 5))
            trained = min(settings.trainingImages, parts.training.count - unseen)
            notes.append("the training part has \(parts.training.count) images: \(trained) train and \(unseen) are the iid set")
        }
        guard trained >= 2 else { throw VisualGeneralisationError("the training part has \(parts.training.count) images, too few to train on; take a smaller held-out share") }
        let drawn = Self.draw(trained + unseen, &parts.training, random.stream("training images"))
        training = try ImageSet("train", Array(drawn[..<trained]), dataset, proceed: proceed)
        iid = try ImageSet("iid", Array(drawn[trained...]), dataset, proceed: proceed)
        test = try ImageSet("test", Self.draw(settings.testImages, &parts.test, random.stream("test images")), dataset, proceed: proceed)
        var sets: [ImageSet?] = []
        for j in dataset.factors.indices {
            let indices = Self.draw(settings.oneFactorImages, &parts.oneFactor[j], random.stream("one-factor images", j))
            sets.append(indices.isEmpty ? nil : try ImageSet("\(dataset.factors[j].name) alone", indices, dataset, proceed: proceed))
        }
        oneFactor = sets
        encoded = Self.draw(max(settings.gapImages, settings.treeImages), &parts.training, random.stream("encoded images"))
        self.notes = notes
    }

    /// So many of some indices, each once, in random order; fewer where there are fewer.
    private static func draw(_ count: Int, _ indices: inout [Int], _ random: RandomSource) -> [Int] {
        var random = random
        for place in 0..<min(count, indices.count) { indices.swapAt(place, place + random.integer(below: indices.count - place)) }
        return Array(indices.prefix(count))
    }
}
