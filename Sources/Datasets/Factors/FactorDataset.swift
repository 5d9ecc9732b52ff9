import Foundation

/// Images whose generating factors are known: a grid with exactly one image for each combination of factor values.
///
/// The image of values v_1 … v_n has the index ((v_1 t_2 + v_2) t_3 + …) + v_n: the last factor runs fastest. Images are drawn or read when they are asked
/// for; nothing is kept.
public struct FactorDataset: Dataset {
    /// One thing that varies, with values 0 ..< size.
    public struct Factor: Sendable, Equatable, Codable {
        public var name: String
        public var size: Int
        /// All of its values stand on both sides of every division.
        public var isKept: Bool
        /// Its values have no order: it is predicted as a number all the same, and left out of most means.
        public var isCategorical: Bool
        /// Its last value lies next to its first (a hue, an angle), or its values have no order on a line (colours): what lies beyond the values that were
        /// seen is then partly a matter of the label.
        public var isCyclic: Bool
        /// False for one that is in no mean.
        public var isAveraged: Bool

        public init(_ name: String, _ size: Int, isKept: Bool = false, isCategorical: Bool = false, isCyclic: Bool = false, isAveraged: Bool = true) {
            (self.name, self.size, self.isKept, self.isCategorical, self.isCyclic, self.isAveraged) = (name, size, isKept, isCategorical, isCyclic, isAveraged)
        }
    }

    /// Where images come from.
    public enum Source: Sendable {
        /// They are drawn, at any size; with a camera's noise and brightness on request.
        case generator(any FactorGenerator, hasCamera: Bool)
        /// They are read, one at a time.
        case stored(StoredFactorImages)
    }

    public let identifier: String
    public let checksum: String
    public let factors: [Factor]
    public let side: Int
    public let channels: Int
    /// The share r of each factor's values that a division usually holds out.
    public let heldOutShare: Double
    /// The share q of a factor's values that every combination is seen with, where the data set fixes it; nil: it follows from r.
    public let compositionShare: Double?
    public let source: Source
    /// What reading dropped or noticed, in words.
    public let notes: [String]

    /// - Throws: `DatasetError` when no factor is left, a size is below 2, the grid is too large to count, or the side or the share cannot be.
    public init(identifier: String, checksum: String, factors: [Factor], side: Int, channels: Int, heldOutShare: Double, compositionShare: Double? = nil,
                source: Source, notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard !factors.isEmpty else { throw DatasetError(file: file, "has no factor; name at least one with its number of values") }
        for factor in factors where factor.size < 2 { throw DatasetError(file: file, place: "factor \(factor.name)", "has \(factor.size) values; at least two are needed, leave it out") }
        if let twice = factors.map(\.name).first(where: { name in factors.count { $0.name == name } > 1 }) { throw DatasetError(file: file, place: "factor \(twice)", "stands twice; give each factor a name of its own") }
        guard let count = elementCount(factors.map(\.size)), count <= Int(Int32.max) else { throw DatasetError(file: file, "has factors of \(factors.map(\.size)) values, more images than can be counted; leave a factor out") }
        guard (1...1024).contains(side), channels == 1 || channels == 3 else { throw DatasetError(file: file, "has pictures of \(side) x \(side) x \(channels); sides of 1 … 1,024 and 1 or 3 channels are read") }
        guard heldOutShare > 0, heldOutShare < 1 else { throw DatasetError(file: file, "holds out the share \(heldOutShare); give a number between 0 and 1") }
        (self.identifier, self.checksum, self.factors, self.side, self.channels) = (identifier, checksum, factors, side, channels)
        (self.heldOutShare, self.compositionShare, self.source, self.notes) = (heldOutShare, compositionShare, source, notes)
        self.count = count
    }

    /// A drawn set.
    public init(identifier: String, generator: any FactorGenerator, side: Int = 32, heldOutShare: Double, compositionShare: Double? = nil, hasCamera: Bool = false) throws {
        try self.init(identifier: identifier, checksum: SHA256.hexadecimal(of: Array("\(identifier) \(side) version 1".utf8)), factors: generator.factors, side: side,
                      channels: generator.channels, heldOutShare: heldOutShare, compositionShare: compositionShare, source: .generator(generator, hasCamera: hasCamera))
    }

    /// How many images the grid has.
    public let count: Int
    /// Bytes of one image.
    public var imageSize: Int { side * side * channels }
    public var memoryBytes: Int { 1024 }

    /// The same images in another size; nil where they are stored.
    public func resized(to side: Int) -> FactorDataset? {
        if side == self.side { return self }
        guard case .generator(let generator, let hasCamera) = source else { return nil }
        return try? FactorDataset(identifier: identifier, generator: generator, side: side, heldOutShare: heldOutShare, compositionShare: compositionShare, hasCamera: hasCamera)
    }

    // MARK: - Grid

    /// The factor values of an index.
    public func values(at index: Int) -> [Int] {
        var values = [Int](repeating: 0, count: factors.count), rest = index
        for place in factors.indices.reversed() { (rest, values[place]) = rest.quotientAndRemainder(dividingBy: factors[place].size) }
        return values
    }

    /// The index of some factor values, each in its range.
    public func index(of values: [Int]) -> Int { zip(values, factors).reduce(0) { $0 * $1.1.size + $1.0 } }

    /// The number of combinations of the factors behind this one: how far apart two neighbouring values of it lie.
    public func stride(of factor: Int) -> Int { factors[(factor + 1)...].reduce(1) { $0 * $1.size } }

    // MARK: - Images

    /// The images at these indices, one after the other: bytes, row by row, channels interleaved.
    /// - Parameter proceed: called between images; its error ends the drawing.
    /// - Throws: `DatasetError` for an index outside, or a file that cannot be read.
    public func images(at indices: some Collection<Int>, proceed: () throws -> Void = {}) throws -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(indices.count * imageSize)
        for (place, index) in indices.enumerated() {
            guard (0..<count).contains(index) else { throw DatasetError(file: identifier, place: "image \(index)", "is outside of the \(grouped(count)) images") }
            if place % 64 == 0 { try proceed() }
            switch source {
            case .generator(let generator, let hasCamera):
                let image = generator.image(values(at: index), side: side)
                for (pixel, value) in image.enumerated() {
                    let seen = hasCamera ? Self.photographed(Double(value), index, pixel) : Double(value)
                    pixels.append(UInt8(min(255, max(0, (255 * seen).rounded()))))
                }
            case .stored(let images): pixels += try images.image(at: index)
            }
        }
        return pixels
    }

    /// A camera's brightness, 0.95 … 1.05, and its noise of deviation 0.02, both decided by the image's index.
    private static func photographed(_ value: Double, _ index: Int, _ pixel: Int) -> Double {
        let image = FactorHash.mixed(UInt64(index)), brightness = 0.95 + 0.1 * FactorHash.uniform(image)
        let first = FactorHash.uniform(image &+ UInt64(2 * pixel + 1)), second = FactorHash.uniform(image &+ UInt64(2 * pixel + 2))
        return brightness * value + 0.02 * (-2 * log(1 - first)).squareRoot() * cos(2 * .pi * second)
    }

    /// A picture to draw; larger ones are thinned to at most 64 x 64.
    public func thumbnail(at index: Int) -> Thumbnail? {
        guard let pixels = try? images(at: [index]) else { return nil }
        let step = (side + 63) / 64, small = (side + step - 1) / step
        var bytes: [UInt8] = []
        for y in 0..<small { for x in 0..<small { for c in 0..<channels { bytes.append(pixels[(y * step * side + x * step) * channels + c]) } } }
        return Thumbnail(width: small, height: small, channels: channels, pixels: bytes)
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        preview.facts = [
            .init("images", "\(grouped(count)), one for each combination"), .init("size", "\(side) x \(side) \(channels == 1 ? "grey" : "colour")"),
            .init("factors", factors.map { "\($0.name) \($0.size)" }.joined(separator: ", ")),
            .init("kept on both sides", factors.filter(\.isKept).map(\.name).joined(separator: ", ")),
            .init("held out", "\(shortNumber(100 * heldOutShare)) % of each other factor's values"),
        ]
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        preview.classes = factors.map { .init(name: $0.name, count: $0.size) }
        // Each factor in turn runs through its values, the others standing in their middle.
        let middle = factors.map { $0.size / 2 }
        for place in factors.indices {
            let size = factors[place].size, step = max(1, size / 6)
            for value in Swift.stride(from: 0, to: size, by: step).prefix(6) {
                var values = middle
                values[place] = value
                let index = index(of: values)
                if let thumbnail = thumbnail(at: index) { preview.examples.append(.init(index: index, caption: "\(factors[place].name) \(value)", thumbnail: thumbnail)) }
            }
        }
        return preview
    }
}
