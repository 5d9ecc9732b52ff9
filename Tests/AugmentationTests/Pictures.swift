import Augmentation

/// CRC-32 (zlib's polynomial), as a running sum.
func crc(_ bytes: some Sequence<UInt8>, _ start: UInt32 = 0) -> UInt32 {
    var value = ~start
    for byte in bytes {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
}

func sum(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 + Int($1) } }

/// The pictures of `Fixtures/make_pillow.py`.
enum Pictures {
    private static func picture(_ value: (Int, Int, Int) -> Int) -> [UInt8] {
        (0..<32).flatMap { y in (0..<32).flatMap { x in (0..<3).map { UInt8(value(y, x, $0)) } } }
    }

    static let base = picture { y, x, c in (31 * x + 17 * y + 53 * c + 7 * x * y) % 200 + 20 }
    static let ramps = picture { y, x, c in c == 0 ? max(0, min(255, 9 * x - 10)) : c == 1 ? (y * y / 4 + 3 * x) % 256 : 77 }
    static let noise: [UInt8] = {
        var state = 12_345
        return (0..<3072).map { _ in
            state = (state * 1_103_515_245 + 12_345) % (1 << 31)
            return UInt8(state >> 16 & 255)
        }
    }()

    static func changed(_ picture: [UInt8], _ operations: PixelOperation..., width: Int = 32, height: Int = 32) -> [UInt8] {
        var editor = PixelEditor(width: width, height: height)
        editor.load(picture, at: 0)
        editor.apply(operations)
        return editor.pixels
    }

    static func pixel(_ picture: [UInt8]) -> [UInt8] { Array(picture[3 * (9 * 32 + 5)..<3 * (9 * 32 + 5) + 3]) }
}
