import Datasets
import Experiments
import Tensors

/// Pictures gathered from a data set, and what can be done to them before features are taken.
package struct Pictures: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// 1 or 3, interleaved.
    package let channels: Int
    /// The value of full brightness.
    package let maximum: Int
    /// `count * height * width * channels` bytes.
    package private(set) var pixels: [UInt8]
    package let count: Int

    package init(width: Int, height: Int, channels: Int, maximum: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && channels > 0 && pixels.count.isMultiple(of: width * height * channels))
        (self.width, self.height, self.channels, self.maximum, self.pixels) = (width, height, channels, maximum, pixels)
        count = pixels.count / (width * height * channels)
    }

    /// The pictures at the rows of a data set (training part first, then the test part).
    /// - Throws: `DIVAError` for a row that the set does not have.
    package init(_ images: ImageDataset, rows: [Int]) throws {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(rows.count * images.pictureSize)
        for row in rows {
            guard let picture = images.pixels(at: row) else { throw DIVAError("\(images.identifier) has \(images.count) pictures and none with number \(row)") }
            pixels.append(contentsOf: picture)
        }
        self.init(width: images.width, height: images.height, channels: images.channels, maximum: images.maximum, pixels: pixels)
    }

    /// One row a picture, brightness from 0 to 1.
    package func matrix() -> Matrix {
        let scale = Double(maximum)
        return Matrix(rows: count, columns: width * height * channels, values: pixels.map { Double($0) / scale })
    }

    package func subset(_ range: Range<Int>) -> Pictures {
        let size = width * height * channels
        return Pictures(width: width, height: height, channels: channels, maximum: maximum,
                        pixels: Array(pixels[range.lowerBound * size..<range.upperBound * size]))
    }

    /// Moves pixels: the one at (y, x) is taken from `source(picture, y, x)`, black where that is outside.
    fileprivate func moved(width newWidth: Int, height newHeight: Int, from source: (Int, Int, Int) -> (y: Int, x: Int)) -> Pictures {
        var moved = [UInt8](repeating: 0, count: pixels.count)
        for p in 0..<count {
            for y in 0..<newHeight {
                for x in 0..<newWidth {
                    let (sy, sx) = source(p, y, x)
                    guard sy >= 0, sy < height, sx >= 0, sx < width else { continue }
                    for c in 0..<channels {
                        moved[((p * newHeight + y) * newWidth + x) * channels + c] = pixels[((p * height + sy) * width + sx) * channels + c]
                    }
                }
            }
        }
        return Pictures(width: newWidth, height: newHeight, channels: channels, maximum: maximum, pixels: moved)
    }

    fileprivate func inverted() -> Pictures {
        Pictures(width: width, height: height, channels: channels, maximum: maximum, pixels: pixels.map { UInt8(clamping: maximum - Int($0)) })
    }
}

/// A change of pictures that may or may not keep their class: what augmentation chooses from.
package enum PictureTransform: String, Sendable, Codable, CaseIterable {
    case flipHorizontal = "flip-horizontal"
    case flipVertical = "flip-vertical"
    case rotate90 = "rotate-90"
    case rotate180 = "rotate-180"
    /// By up to an eighth of each side (at least a pixel), at random, the border black.
    case shift
    case invert

    /// - Parameter random: where the shifts come from.
    package func applied(to pictures: Pictures, random: RandomSource) -> Pictures {
        let (w, h) = (pictures.width, pictures.height)
        switch self {
        case .flipHorizontal: return pictures.moved(width: w, height: h) { _, y, x in (y, w - 1 - x) }
        case .flipVertical: return pictures.moved(width: w, height: h) { _, y, x in (h - 1 - y, x) }
        // Features need the same shape: pictures that are not square turn within their frame, black outside.
        case .rotate90: return pictures.moved(width: w, height: h) { _, y, x in (x - (w - h) / 2, w - 1 - y - (w - h) / 2) }
        case .rotate180: return pictures.moved(width: w, height: h) { _, y, x in (h - 1 - y, w - 1 - x) }
        case .invert: return pictures.inverted()
        case .shift:
            var random = random
            let (reachX, reachY) = (max(1, w / 8), max(1, h / 8))
            let offsets = (0..<pictures.count).map { _ in
                (random.integer(below: 2 * reachY + 1) - reachY, random.integer(below: 2 * reachX + 1) - reachX)
            }
            return pictures.moved(width: w, height: h) { p, y, x in (y - offsets[p].0, x - offsets[p].1) }
        }
    }

    /// Reads names separated by commas; a name that comes twice counts once.
    /// - Throws: `ParameterError` that names the unknown one.
    package static func parse(_ text: String) throws -> [PictureTransform] {
        var transforms: [PictureTransform] = []
        for word in text.split(separator: ",") {
            let name = word.filter { $0 != " " }.lowercased()
            if name.isEmpty { continue }
            guard let transform = PictureTransform(rawValue: name) else {
                throw ParameterError("parameter transforms: “\(name)” is no transform; give some of \(allCases.map(\.rawValue).joined(separator: ", "))")
            }
            if !transforms.contains(transform) { transforms.append(transform) }
        }
        return transforms
    }
}

extension Pictures {
    /// A picture to draw, values stretched to 0 … 255; larger ones are thinned to at most 64 x 64.
    func thumbnail(_ index: Int) -> Thumbnail? {
        guard index >= 0, index < count else { return nil }
        let step = max(1, (max(width, height) + 63) / 64)
        let (w, h) = ((width + step - 1) / step, (height + step - 1) / step)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(w * h * channels)
        for y in 0..<h {
            for x in 0..<w {
                for c in 0..<channels {
                    let value = Int(pixels[((index * height + y * step) * width + x * step) * channels + c])
                    bytes.append(UInt8(clamping: value * 255 / maximum))
                }
            }
        }
        return Thumbnail(width: w, height: h, channels: channels, pixels: bytes)
    }
}
