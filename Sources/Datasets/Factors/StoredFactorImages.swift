/// Images of a grid of factors as arrays hold them: bytes in memory, or an NPY file of any size of which one image at a time is read.
public struct StoredFactorImages: Sendable {
    /// One array of images.
    struct Part: Sendable {
        enum Bytes: Sendable {
            case memory([UInt8])
            case file(ByteSource, offset: Int)
        }
        var bytes: Bytes
        var count: Int
    }

    var parts: [Part]
    let side: Int, channels: Int
    /// Images are [channels, height, width] instead of [height, width, channels].
    let isChannelFirst: Bool
    /// 255 where the stored values are 0 and 1, else 1.
    let scale: UInt8
    /// For each index of the grid the place of its image among all parts; nil: they are in the grid's order.
    let places: [Int32]?
    /// For each index of the grid whether it came in the training part of a published division; nil where none did.
    public let training: [Bool]?

    /// The image of a grid index as FactorDataset hands it out.
    func image(at index: Int) throws -> [UInt8] {
        var place = places.map { Int($0[index]) } ?? index
        let size = side * side * channels
        for part in parts {
            guard place >= part.count else {
                switch part.bytes {
                case .memory(let bytes): return arranged(bytes[place * size..<(place + 1) * size])
                case .file(let source, let offset): return arranged(try source.read(at: offset + place * size, count: size)[...])
                }
            }
            place -= part.count
        }
        throw DatasetError(file: "images", place: "image \(index)", "is in none of the arrays; add the set again")
    }

    private func arranged(_ stored: ArraySlice<UInt8>) -> [UInt8] {
        let start = stored.startIndex, plane = side * side
        if !isChannelFirst || channels == 1 { return scale == 1 ? Array(stored) : stored.map { $0 &* scale } }
        return (0..<stored.count).map { place in stored[start + place % channels * plane + place / channels] &* scale }
    }
}
