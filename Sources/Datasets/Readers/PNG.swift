/// PNG pictures (W3C "Portable Network Graphics", third edition): all colour types, 1 to 16 bits a value, not interlaced.
/// Checksums are tested. Transparency is left out; 16 bits are cut to 8.
enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func read(_ bytes: [UInt8], file: String) throws -> Picture {
        var cursor = ByteCursor(file: file, bytes: bytes, from: signature.count)
        let header = try Header(chunk(&cursor, expected: "IHDR"), file: file)
        var palette: [UInt8] = []
        var packed: [UInt8] = []
        while true {
            let (type, content) = try chunk(&cursor)
            switch type {
            case "PLTE": palette = Array(content)
            case "IDAT": packed += content
            case "IEND":
                guard cursor.remaining == 0 else { throw cursor.failure("\(cursor.remaining) bytes follow the end of the picture; the file is damaged") }
                return try decode(header, palette, packed, file)
            default:
                // A capital first letter marks what a reader must understand.
                guard type.first?.isLowercase == true else { throw cursor.failure("the part \(type.debugDescription) is not known; save the picture as a plain PNG") }
            }
        }
    }

    private struct Header {
        let width: Int
        let height: Int
        let depth: Int
        let colourType: UInt8
        /// Values of one pixel in the file.
        let samples: Int

        init(_ content: ArraySlice<UInt8>, file: String) throws {
            var cursor = ByteCursor(file: file, bytes: Array(content))
            width = Int(try cursor.bigEndian(UInt32.self))
            height = Int(try cursor.bigEndian(UInt32.self))
            depth = Int(try cursor.byte())
            colourType = try cursor.byte()
            let method = try cursor.byte(), filter = try cursor.byte(), interlace = try cursor.byte()
            let depths: [UInt8: (samples: Int, depths: [Int])] = [0: (1, [1, 2, 4, 8, 16]), 2: (3, [8, 16]), 3: (1, [1, 2, 4, 8]), 4: (2, [8, 16]), 6: (4, [8, 16])]
            guard (1...Picture.longestSide).contains(width), (1...Picture.longestSide).contains(height) else {
                throw DatasetError(file: file, "is \(width) x \(height); sides from 1 to \(Picture.longestSide) are read")
            }
            guard let kind = depths[colourType], kind.depths.contains(depth), method == 0, filter == 0, interlace <= 1 else {
                throw DatasetError(file: file, place: "byte 24", "the header holds colour type \(colourType) with \(depth) bits, which is no PNG; the file is damaged")
            }
            guard interlace == 0 else { throw DatasetError(file: file, "is interlaced; save it without interlacing") }
            samples = kind.samples
        }

        var bitsPerPixel: Int { samples * depth }
        var rowBytes: Int { (width * bitsPerPixel + 7) / 8 }
    }

    private static func chunk(_ cursor: inout ByteCursor, expected: String) throws -> ArraySlice<UInt8> {
        let (type, content) = try chunk(&cursor)
        guard type == expected else { throw cursor.failure("\(expected) is missing; the file is damaged") }
        return content
    }

    private static func chunk(_ cursor: inout ByteCursor) throws -> (type: String, content: ArraySlice<UInt8>) {
        let count = Int(try cursor.bigEndian(UInt32.self))
        let tag = try cursor.take(4)
        let content = try cursor.take(count)
        guard crc32Checksum(tag + content) == (try cursor.bigEndian(UInt32.self)) else { throw cursor.failure("a checksum is wrong; the file is damaged") }
        return (String(decoding: tag, as: UTF8.self), content)
    }

    private static func decode(_ header: Header, _ palette: [UInt8], _ packed: [UInt8], _ file: String) throws -> Picture {
        let expected = header.height * (header.rowBytes + 1)
        var raw = try Inflater.inflate(ByteSource(name: file, bytes: packed), format: .zlib, expected: expected, limit: expected)
        try unfilter(&raw, header, file)
        let colours = header.colourType == 2 || header.colourType == 6 || header.colourType == 3 ? 3 : 1
        var pixels: [UInt8] = []
        pixels.reserveCapacity(header.width * header.height * colours)
        for y in 0..<header.height {
            let row = y * (header.rowBytes + 1) + 1
            for x in 0..<header.width {
                if header.colourType == 3 {
                    let index = 3 * sample(raw, row, x, header)
                    guard index + 2 < palette.count else { throw DatasetError(file: file, "a pixel's colour is not in the palette; the file is damaged") }
                    pixels += palette[index...(index + 2)]
                } else if header.colourType == 0 {
                    let value = sample(raw, row, x, header)
                    pixels.append(header.depth == 16 ? UInt8(value >> 8) : UInt8(value * 255 / ((1 << header.depth) - 1)))
                } else {
                    let width = header.depth / 8
                    for c in 0..<colours { pixels.append(raw[row + (x * header.samples + c) * width]) }
                }
            }
        }
        return Picture(width: header.width, height: header.height, channels: colours, pixels: pixels)
    }

    /// The only value of a pixel of one sample, with `depth` bits.
    private static func sample(_ raw: [UInt8], _ row: Int, _ x: Int, _ header: Header) -> Int {
        switch header.depth {
        case 16: return Int(raw[row + 2 * x]) << 8 | Int(raw[row + 2 * x + 1])
        case 8: return Int(raw[row + x])
        default:
            let bit = x * header.depth
            return Int(raw[row + bit / 8]) >> (8 - header.depth - bit % 8) & ((1 << header.depth) - 1)
        }
    }

    /// Undoes the row filters in place (section 9 of the specification).
    private static func unfilter(_ raw: inout [UInt8], _ header: Header, _ file: String) throws {
        let step = max(1, header.bitsPerPixel / 8), stride = header.rowBytes + 1
        for y in 0..<header.height {
            let row = y * stride + 1
            let filter = raw[row - 1]
            guard filter <= 4 else { throw DatasetError(file: file, "row \(y) has filter \(filter), which is none of PNG's; the file is damaged") }
            for i in 0..<header.rowBytes {
                let left = i >= step ? Int(raw[row + i - step]) : 0
                let up = y > 0 ? Int(raw[row + i - stride]) : 0
                let corner = i >= step && y > 0 ? Int(raw[row + i - stride - step]) : 0
                let prediction = switch filter {
                case 1: left
                case 2: up
                case 3: (left + up) / 2
                case 4: paeth(left, up, corner)
                default: 0
                }
                raw[row + i] = raw[row + i] &+ UInt8(truncatingIfNeeded: prediction)
            }
        }
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let estimate = left + up - corner
        let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
        return a <= b && a <= c ? left : b <= c ? up : corner
    }
}
