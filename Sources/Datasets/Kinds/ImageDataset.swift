/// Labelled small pictures: digits, garments, CIFAR.
///
/// Pixels are bytes, picture by picture, row by row, channels interleaved (grey, or red green blue), from 0 to `maximum`
/// (16 for the 8 x 8 digits, 255 for most).
public struct ImageDataset: Dataset {
    /// One part (training or test) of the pictures.
    public struct Part: Sendable, Equatable {
        /// `count * height * width * channels` bytes.
        public let pixels: [UInt8]
        /// The class of each picture, 0 ..< classes.
        public let labels: [Int]
        public var count: Int { labels.count }
        public init(pixels: [UInt8], labels: [Int]) {
            self.pixels = pixels
            self.labels = labels
        }
    }

    public let identifier: String
    public let checksum: String
    public let width: Int
    public let height: Int
    /// 1 (grey) or 3 (red, green, blue).
    public let channels: Int
    /// The value of full brightness.
    public let maximum: Int
    /// Class names in label order; as many as there are classes.
    public let classNames: [String]
    public let training: Part
    /// The published test part; nil where the data set has none.
    public let test: Part?

    /// - Throws: `DatasetError` when sizes and counts do not fit together, a label is no class or a pixel is above `maximum`.
    public init(identifier: String, checksum: String, width: Int, height: Int, channels: Int, maximum: Int = 255,
                classNames: [String], training: Part, test: Part? = nil, file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard (1...4096).contains(width), (1...4096).contains(height), channels == 1 || channels == 3, (1...255).contains(maximum) else {
            throw DatasetError(file: file, "pictures of \(width) x \(height) with \(channels) channels are not read; sides go from 1 to 4096, channels are 1 or 3")
        }
        for (name, part) in [("training", training), ("test", test ?? Part(pixels: [], labels: []))] {
            guard elementCount([part.count, width, height, channels], limit: Int.max) == part.pixels.count else {
                throw DatasetError(file: file, "the \(name) part has \(part.count) labels and \(part.pixels.count) pixel bytes, "
                    + "which do not make pictures of \(width) x \(height) x \(channels); give labels and pictures of one set")
            }
            if let bad = part.labels.firstIndex(where: { $0 < 0 || $0 >= classNames.count }) {
                throw DatasetError(file: file, place: "\(name) example \(bad)", "has label \(part.labels[bad]), outside 0 ... \(classNames.count - 1); mend the label")
            }
            if maximum < 255, let bad = part.pixels.firstIndex(where: { $0 > maximum }) {
                throw DatasetError(file: file, place: "\(name) example \(bad / (width * height * channels))",
                                   "has a pixel of \(part.pixels[bad]), above the brightest value \(maximum); mend the file")
            }
        }
        guard training.count > 0 else { throw DatasetError(file: file, "has no pictures; give a file that holds some") }
        self.identifier = identifier
        self.checksum = checksum
        self.width = width
        self.height = height
        self.channels = channels
        self.maximum = maximum
        self.classNames = classNames
        self.training = training
        self.test = test
    }

    /// Training and test pictures together.
    public var count: Int { training.count + (test?.count ?? 0) }
    /// Bytes of one picture.
    public var pictureSize: Int { width * height * channels }
    public var memoryBytes: Int { training.pixels.count + (test?.pixels.count ?? 0) + 8 * count }

    /// The label of an example; indices run over the training part, then the test part. nil outside.
    public func label(at index: Int) -> Int? {
        if training.labels.indices.contains(index) { return training.labels[index] }
        guard let test, test.labels.indices.contains(index - training.count) else { return nil }
        return test.labels[index - training.count]
    }

    /// The pixels of an example, nil outside; indices as in `label(at:)`.
    public func pixels(at index: Int) -> ArraySlice<UInt8>? {
        if training.labels.indices.contains(index) {
            return training.pixels[(index * pictureSize)..<((index + 1) * pictureSize)]
        }
        let index = index - training.count
        guard let test, test.labels.indices.contains(index) else { return nil }
        return test.pixels[(index * pictureSize)..<((index + 1) * pictureSize)]
    }

    /// A picture to draw, values stretched to 0 ... 255; larger ones are thinned to at most 64 x 64. nil outside.
    public func thumbnail(at index: Int) -> Thumbnail? {
        guard let picture = pixels(at: index) else { return nil }
        let step = max(1, (max(width, height) + 63) / 64)
        let (w, h) = ((width + step - 1) / step, (height + step - 1) / step)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(w * h * channels)
        for y in 0..<h {
            for x in 0..<w {
                for c in 0..<channels {
                    let value = Int(picture[picture.startIndex + ((y * step) * width + x * step) * channels + c])
                    bytes.append(UInt8(clamping: value * 255 / maximum))
                }
            }
        }
        return Thumbnail(width: w, height: h, channels: channels, pixels: bytes)
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        preview.facts = [
            .init("pictures", grouped(training.count) + (test.map { " + \(grouped($0.count)) test" } ?? "")),
            .init("size", "\(width) x \(height) \(channels == 1 ? "grey" : "colour")"),
            .init("values", "0 ... \(maximum)"),
            .init("classes", grouped(classNames.count)),
            .init("checksum", checksum),
        ]
        var counts = [Int](repeating: 0, count: classNames.count)
        for label in training.labels { counts[label] += 1 }
        for label in test?.labels ?? [] { counts[label] += 1 }
        preview.classes = zip(classNames, counts).map { .init(name: $0, count: $1) }
        preview.columns = [brightness()]
        preview.examples = firstOfEachClass(atMost: 40).compactMap { index in
            guard let thumbnail = thumbnail(at: index) else { return nil }
            return .init(index: index, caption: classNames[training.labels[index]], thumbnail: thumbnail)
        }
        return preview
    }

    /// How bright pixels are, over at most about a million of them.
    private func brightness() -> DatasetPreview.Column {
        var column = DatasetPreview.Column(name: "brightness")
        let bins = min(32, maximum + 1)
        column.histogram = [Int](repeating: 0, count: bins)
        column.minimum = 0
        column.maximum = Double(maximum)
        for i in stride(from: 0, to: training.pixels.count, by: max(1, training.pixels.count >> 20)) {
            column.histogram[min(Int(training.pixels[i]) * bins / (maximum + 1), bins - 1)] += 1
        }
        return column
    }

    /// The first pictures of each class in turn, so that a preview shows every class.
    private func firstOfEachClass(atMost limit: Int) -> [Int] {
        let rounds = max(1, limit / max(1, classNames.count))
        var found = [[Int]](repeating: [], count: classNames.count)
        for (index, label) in training.labels.enumerated() where found[label].count < rounds { found[label].append(index) }
        var order: [Int] = []
        for round in 0..<rounds {
            for list in found where round < list.count && order.count < limit { order.append(list[round]) }
        }
        return order
    }
}

/// A number with commas between thousands, as the screens write counts.
package func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}
