import Augmentation
import Tensors

/// Pictures that an augmentation changes each time they are seen, at their own size.
struct AugmentedPictures {
    private var batches: PictureBatches
    private let augmentation: Augmentation
    private var random: RandomSource
    private let channels: Int

    init(_ pictures: Pictures, _ augmentation: Augmentation, random: RandomSource) {
        let channels = pictures.channels
        var coloured: [UInt8] = []
        coloured.reserveCapacity(3 * pictures.count * pictures.width * pictures.height)
        for pixel in 0..<pictures.count * pictures.width * pictures.height {
            for channel in 0..<3 {
                let value = Int(pictures.pixels[pixel * channels + min(channel, channels - 1)])
                coloured.append(UInt8(clamping: value * 255 / pictures.maximum))
            }
        }
        let table = PictureTable(width: pictures.width, height: pictures.height, pixels: coloured, labels: [Int32](repeating: 0, count: pictures.count), classNames: [])
        batches = PictureBatches(table, PictureNormalisation(mean: [0, 0, 0], deviation: [1, 1, 1]))
        (self.augmentation, self.random, self.channels) = (augmentation, random, channels)
    }

    /// [rows, height, width, channels], brightness from 0 to 1; a grey picture takes the first of its three equal channels.
    mutating func tensor(_ rows: [Int]) throws(TensorError) -> Tensor<Float> {
        let coloured = batches.tensor(rows, augmentation, &random)
        return channels == 3 ? coloured : try coloured.sliced(axis: 3, 0..<channels)
    }
}
