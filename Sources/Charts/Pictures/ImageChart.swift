import Terminal

/// A small picture in half blocks, two pixels a cell; without colour as shades or as dots above a threshold.
///
/// Scaled down by averaging areas, up by whole factors (nearest), keeping the proportions.
public struct ImageChart: Chart, Sendable {
    public enum Channels: Int, Sendable, Hashable { case gray = 1, rgb = 3 }

    public enum Mapping: Sendable, Hashable {
        /// Grey as grey.
        case gray
        /// Grey through the palette's sequential scale.
        case sequential
    }

    public enum MonochromeForm: Sendable, Hashable {
        /// A ramp of shades, one a half cell.
        case shades
        /// Dots for pixels above the middle: braille or quarter blocks by the glyph level.
        case threshold
    }

    public var width: Int
    public var height: Int
    public var channels: Channels
    /// Row by row, channels together: `width * height * channels` values; missing ones are black.
    public var pixels: [Float]
    /// The values drawn as black and white; nil fits the picture's own least and greatest.
    public var range: ClosedRange<Float>?
    public var mapping: Mapping = .gray
    public var monochromeForm: MonochromeForm = .shades
    /// Turns light and dark around.
    public var isInverted = false
    public var caption: String

    public init(width: Int, height: Int, channels: Channels = .gray, pixels: [Float], range: ClosedRange<Float>? = nil, caption: String = "") {
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
        self.range = range
        self.caption = caption
    }

    /// Bytes 0 … 255.
    public init(width: Int, height: Int, channels: Channels = .gray, bytes: [UInt8], caption: String = "") {
        self.init(width: width, height: height, channels: channels, pixels: bytes.map(Float.init), range: 0...255, caption: caption)
    }
}
