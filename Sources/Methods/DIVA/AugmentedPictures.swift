import Augmentation
import Tensors

/// Pictures that an augmentation changes each time they are seen, at their own size and brightness.
struct AugmentedPictures {
    private let pictures: Pictures
    private let augmentation: Augmentation
    private var random: RandomSource
    private var editor: PixelEditor
    private var chain: [PixelOperation] = []
    /// One picture in three channels, from 0 to 255.
    private var coloured: [UInt8]

    init(_ pictures: Pictures, _ augmentation: Augmentation, random: RandomSource) {
        (self.pictures, self.augmentation, self.random) = (pictures, augmentation, random)
        editor = PixelEditor(width: pictures.width, height: pictures.height)
        coloured = [UInt8](repeating: 0, count: editor.byteCount)
    }

    /// [rows, height, width, channels], brightness from 0 to 1; a grey picture takes the first of its three equal channels.
    mutating func tensor(_ rows: [Int]) -> Tensor<Float> {
        let channels = pictures.channels, count = pictures.width * pictures.height, size = count * channels
        var values: [Float] = []
        values.reserveCapacity(rows.count * size)
        for row in rows {
            for pixel in 0..<count {
                for channel in 0..<3 {
                    let value = Int(pictures.pixels[row * size + pixel * channels + min(channel, channels - 1)])
                    coloured[3 * pixel + channel] = UInt8(clamping: value * 255 / pictures.maximum)
                }
            }
            editor.load(coloured, at: 0)
            chain.removeAll(keepingCapacity: true)
            augmentation.draw(width: pictures.width, height: pictures.height, into: &chain, &random)
            editor.apply(chain)
            for pixel in 0..<count { for channel in 0..<channels { values.append(Float(editor.pixels[3 * pixel + channel]) / 255) } }
        }
        return Tensor(shape: [rows.count, pictures.height, pictures.width, channels], values)
    }
}
