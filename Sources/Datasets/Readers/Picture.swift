/// A decoded picture: 8-bit grey (one channel) or RGB (three), row by row, channels interleaved.
public struct Picture: Sendable, Equatable {
    public let width: Int
    public let height: Int
    public let channels: Int
    public let pixels: [UInt8]

    /// The largest side that is read.
    static let longestSide = 4096

    /// Reads a PNG, PGM or PPM file, told by its first bytes.
    /// - Throws: `DatasetError` for any other format, a damaged file, or a picture of more than 4096 x 4096.
    public static func read(_ bytes: [UInt8], file: String) throws -> Picture {
        if bytes.starts(with: PNG.signature) { return try PNG.read(bytes, file: file) }
        if bytes.starts(with: Array("P5".utf8)) || bytes.starts(with: Array("P6".utf8)) { return try Netpbm.read(bytes, file: file) }
        let isJPEG = bytes.starts(with: [0xFF, 0xD8, 0xFF])
        throw DatasetError(file: file, isJPEG ? "is a JPEG; convert it to PNG, for instance with `mogrify -format png FILE`"
                           : "is no PNG, PGM or PPM picture; convert it or move it away")
    }

    /// The picture in three channels.
    func coloured() -> Picture {
        guard channels == 1 else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(3 * pixels.count)
        for value in pixels {
            result.append(value)
            result.append(value)
            result.append(value)
        }
        return Picture(width: width, height: height, channels: 3, pixels: result)
    }
}

/// Binary PGM and PPM (P5, P6) with at most 8 bits a value.
enum Netpbm {
    static func read(_ bytes: [UInt8], file: String) throws -> Picture {
        var cursor = ByteCursor(file: file, bytes: bytes, from: 2)
        let channels = bytes[1] == UInt8(ascii: "6") ? 3 : 1
        let width = try number(&cursor), height = try number(&cursor), maximum = try number(&cursor)
        guard (1...Picture.longestSide).contains(width), (1...Picture.longestSide).contains(height), (1...255).contains(maximum) else {
            throw cursor.failure("\(width) x \(height) with values to \(maximum) is not read; sides go to \(Picture.longestSide), values to 255")
        }
        let values = try cursor.take(width * height * channels)
        guard values.allSatisfy({ $0 <= maximum }) else { throw cursor.failure("a value is above the announced \(maximum); the file is damaged") }
        return Picture(width: width, height: height, channels: channels, pixels: values.map { UInt8(Int($0) * 255 / maximum) })
    }

    /// A number behind spaces and comments, and the one space after it.
    private static func number(_ cursor: inout ByteCursor) throws -> Int {
        var byte = try cursor.byte()
        while true {
            if byte == UInt8(ascii: "#") {
                while byte != 0x0A { byte = try cursor.byte() }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                byte = try cursor.byte()
            } else {
                break
            }
        }
        var value = 0
        var digits = 0
        while (0x30...0x39).contains(byte), digits < 8 {
            value = value * 10 + Int(byte - 0x30)
            digits += 1
            byte = try cursor.byte()
        }
        guard digits > 0, byte == 0x20 || (0x09...0x0D).contains(byte) else { throw cursor.failure("the header holds no number here; the file is damaged") }
        return value
    }
}
