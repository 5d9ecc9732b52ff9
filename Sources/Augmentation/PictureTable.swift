import Datasets

/// Labelled colour pictures of one size, as bytes: what augmentation works on.
public struct PictureTable: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// `count * height * width * 3` bytes, picture by picture, row by row.
    public let pixels: [UInt8]
    /// 0 ..< classes.
    public let labels: [Int32]
    public let classNames: [String]

    public var count: Int { labels.count }
    public var pictureSize: Int { 3 * width * height }

    public init(width: Int, height: Int, pixels: [UInt8], labels: [Int32], classNames: [String]) {
        precondition(width > 0 && height > 0 && pixels.count == 3 * width * height * labels.count)
        (self.width, self.height, self.pixels, self.labels, self.classNames) = (width, height, pixels, labels, classNames)
    }

    /// A part of a data set as 32 x 32 colour pictures: grey ones get three equal channels, brightness goes to 255, smaller ones are
    /// enlarged by a whole number (nearest) and get a black border, so 28 x 28 gets two pixels on each side and 8 x 8 four times the size.
    /// - Throws: `AugmentationError` for pictures that are larger.
    public init(_ dataset: ImageDataset, part: ImageDataset.Part) throws(AugmentationError) {
        let side = 32, (w, h, channels) = (dataset.width, dataset.height, dataset.channels)
        guard w <= side, h <= side else { throw AugmentationError("\(dataset.identifier) has pictures of \(w) x \(h); augmentation policies are for pictures of at most \(side) x \(side), so bring them in that size") }
        let scale = max(1, min(side / w, side / h)), left = (side - w * scale) / 2, top = (side - h * scale) / 2
        var pixels = [UInt8](repeating: 0, count: part.count * 3 * side * side)
        for picture in 0..<part.count {
            for y in 0..<h * scale {
                for x in 0..<w * scale {
                    let source = ((picture * h + y / scale) * w + x / scale) * channels, target = 3 * ((picture * side + y + top) * side + x + left)
                    for channel in 0..<3 {
                        let value = part.pixels[source + (channels == 3 ? channel : 0)]
                        pixels[target + channel] = dataset.maximum == 255 ? value : UInt8(Int(value) * 255 / dataset.maximum)
                    }
                }
            }
        }
        self.init(width: side, height: side, pixels: pixels, labels: part.labels.map(Int32.init), classNames: dataset.classNames)
    }

    /// The pictures of these rows.
    public func rows(_ rows: some Collection<Int>) -> PictureTable {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(rows.count * pictureSize)
        for row in rows { chosen += pixels[row * pictureSize..<(row + 1) * pictureSize] }
        return PictureTable(width: width, height: height, pixels: chosen, labels: rows.map { labels[$0] }, classNames: classNames)
    }
}
