/// A picture of three interleaved channels while operations change it, with the room they need beside: nothing is allocated for a
/// picture or a pixel.
///
///     var editor = PixelEditor(width: 32, height: 32)
///     editor.load(images.pixels, at: 3072 * row)
///     editor.apply(.rotate(-20))
public struct PixelEditor: Sendable {
    public let width: Int
    public let height: Int
    /// `height * width * 3` bytes, row by row, red green blue.
    public internal(set) var pixels: [UInt8]
    /// What an operation writes while it reads `pixels`.
    var scratch: [UInt8]
    var table: [UInt8]
    var counts: [Int]

    /// - Precondition: sides from 1 to 4096.
    public init(width: Int, height: Int) {
        precondition((1...4096).contains(width) && (1...4096).contains(height), "a picture of \(width) x \(height)")
        (self.width, self.height) = (width, height)
        pixels = [UInt8](repeating: 0, count: 3 * width * height)
        scratch = pixels
        table = [UInt8](repeating: 0, count: 256)
        counts = [Int](repeating: 0, count: 256)
    }

    public var byteCount: Int { pixels.count }

    /// Takes the picture that begins at a place of a longer array, which must hold all of it.
    public mutating func load(_ source: [UInt8], at offset: Int) {
        precondition(offset >= 0 && source.count - offset >= pixels.count, "no picture of \(pixels.count) bytes at \(offset) of \(source.count)")
        for place in 0..<pixels.count { pixels[place] = source[offset &+ place] }
    }

    public mutating func apply(_ operations: some Sequence<PixelOperation>) { for operation in operations { apply(operation) } }

    public mutating func apply(_ operation: PixelOperation) {
        switch operation {
        case .identity: break
        case .shearX(let v): transform(1, v, 0, 0, 1, 0)
        case .shearY(let v): transform(1, 0, 0, v, 1, 0)
        case .translateX(let v): translate(v, 0)
        case .translateY(let v): translate(0, v)
        case .rotate(let degrees): rotate(degrees)
        case .mirror: mirror()
        case .fill(let x, let y, let colour): fill(x, y, colour)
        case .window(let x, let y, let colour): window(x, y, colour)
        case .autoContrast: autoContrast()
        case .equalize: equalize()
        case .invert: mapAll { 255 - $0 }
        case .solarize(let threshold): mapAll { Double($0) < threshold ? $0 : 255 - $0 }
        case .posterize(let bits): posterize(bits)
        case .contrast(let v): contrast(Float(v))
        case .color(let v): color(Float(v))
        case .brightness(let v): brightness(Float(v))
        case .sharpness(let v): sharpen(Float(v))
        }
    }

    /// The picture becomes what an operation wrote beside it.
    mutating func exchange() { swap(&pixels, &scratch) }

    /// Each value goes through a table of 256.
    mutating func lookUp(channel: Int? = nil) {
        let start = channel ?? 0, step = channel == nil ? 1 : 3
        var place = start
        while place < pixels.count {
            pixels[place] = table[Int(pixels[place])]
            place &+= step
        }
    }

}
