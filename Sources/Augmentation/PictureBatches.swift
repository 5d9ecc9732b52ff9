import Tensors

/// (a / 255 - mean) / deviation, channel by channel.
public struct PictureNormalisation: Sendable, Equatable, Codable {
    public var mean: [Double]
    public var deviation: [Double]

    public init(mean: [Double], deviation: [Double]) {
        precondition(mean.count == 3 && deviation.count == 3)
        (self.mean, self.deviation) = (mean, deviation)
    }

    public static let cifar = PictureNormalisation(mean: [0.49139968, 0.48215841, 0.44653091], deviation: [0.2023, 0.1994, 0.2010])

    /// The statistics of pictures; a channel that does not vary is only shifted.
    public init(of pictures: PictureTable) {
        var mean: [Double] = [], deviation: [Double] = []
        for channel in 0..<3 {
            var (sum, squares, count) = (0, 0, 0)
            for place in stride(from: channel, to: pictures.pixels.count, by: 3) {
                let value = Int(pictures.pixels[place])
                sum &+= value
                squares &+= value &* value
                count &+= 1
            }
            let average = Double(sum) / Double(max(1, count)), spread = (max(0, Double(squares) / Double(max(1, count)) - average * average)).squareRoot()
            mean.append(average / 255)
            deviation.append(spread > 0 ? spread / 255 : 1)
        }
        self.init(mean: mean, deviation: deviation)
    }
}

/// Makes tensors of pictures, augmented on the way.
///
///     var batches = PictureBatches(pictures, .cifar)
///     let x = batches.tensor(rows, augmentation, &random)       // [rows, height, width, 3]
public struct PictureBatches: Sendable {
    public let pictures: PictureTable
    /// 256 values a channel.
    private let levels: [Float]
    private var editor: PixelEditor
    private var chain: [PixelOperation] = []
    private var numbers: [Float] = []

    public init(_ pictures: PictureTable, _ normalisation: PictureNormalisation) {
        self.pictures = pictures
        levels = (0..<3).flatMap { channel in (0..<256).map { Float((Double($0) / 255 - normalisation.mean[channel]) / normalisation.deviation[channel]) } }
        editor = PixelEditor(width: pictures.width, height: pictures.height)
    }

    /// The pictures of these rows, one after the other, each changed by a draw.
    public mutating func tensor(_ rows: some Collection<Int>, _ augmentation: Augmentation, _ random: inout RandomSource) -> Tensor<Float> {
        begin(rows.count)
        var target = 0
        for row in rows {
            editor.load(pictures.pixels, at: row * pictures.pictureSize)
            chain.removeAll(keepingCapacity: true)
            augmentation.draw(width: editor.width, height: editor.height, into: &chain, &random)
            editor.apply(chain)
            write(at: target)
            if augmentation.erases { erase(at: target, &random) }
            target += pictures.pictureSize
        }
        return finished(rows.count)
    }

    /// The pictures of these rows as they are.
    public mutating func tensor(_ rows: some Collection<Int>) -> Tensor<Float> {
        begin(rows.count)
        var target = 0
        for row in rows {
            editor.load(pictures.pixels, at: row * pictures.pictureSize)
            write(at: target)
            target += pictures.pictureSize
        }
        return finished(rows.count)
    }

    /// One picture under each of these chains.
    public mutating func tensor(picture row: Int, chains: [[PixelOperation]]) -> Tensor<Float> {
        begin(chains.count)
        var target = 0
        for chain in chains {
            editor.load(pictures.pixels, at: row * pictures.pictureSize)
            editor.apply(chain)
            write(at: target)
            target += pictures.pictureSize
        }
        return finished(chains.count)
    }

    /// A picture under a chain, in bytes.
    public mutating func bytes(picture row: Int, chain: [PixelOperation]) -> [UInt8] {
        editor.load(pictures.pixels, at: row * pictures.pictureSize)
        editor.apply(chain)
        return editor.pixels
    }

    private mutating func begin(_ count: Int) {
        let size = count * pictures.pictureSize
        if numbers.count != size { numbers = [Float](repeating: 0, count: size) }
    }

    private func finished(_ count: Int) -> Tensor<Float> { Tensor(shape: [count, pictures.height, pictures.width, 3], numbers) }

    private mutating func write(at target: Int) {
        var place = 0
        while place < editor.byteCount {
            numbers[target &+ place] = levels[Int(editor.pixels[place])]
            numbers[target &+ place &+ 1] = levels[256 &+ Int(editor.pixels[place &+ 1])]
            numbers[target &+ place &+ 2] = levels[512 &+ Int(editor.pixels[place &+ 2])]
            place &+= 3
        }
    }

    /// A square of half the side about a pixel of the picture, cut at its border.
    private mutating func erase(at target: Int, _ random: inout RandomSource) {
        let (width, height) = (editor.width, editor.height), x = random.integer(below: width), y = random.integer(below: height)
        for row in max(0, y - height / 4)..<min(height, y + height / 4) {
            for column in max(0, x - width / 4)..<min(width, x + width / 4) {
                let place = target + 3 * (row * width + column)
                for channel in 0..<3 { numbers[place + channel] = 0 }
            }
        }
    }
}
