extension CellGrid {
    /// One cell: a grapheme of one column, or the left half of one of two, or the right half (`isContinuation`).
    ///
    /// The text is always fit for a terminal: control characters are `·`, what has no column of its own is a blank.
    public struct Cell: Hashable, Sendable {
        var packed: PackedCell
        /// The grapheme where it is more than one scalar.
        var cluster: Character?

        public init(_ text: Character, _ style: Style = .plain, isContinuation: Bool = false) {
            self = isContinuation
                ? Cell(packed: PackedCell(glyph: 0x20, kind: .continuation, style: PackedStyle(style)))
                : Cell(Glyph(text), PackedStyle(style))
        }

        init(_ glyph: Glyph, _ style: PackedStyle) {
            packed = glyph.width == 0 ? .blank(style) : PackedCell(glyph, style)
            cluster = glyph.cluster
        }

        init(packed: PackedCell, cluster: Character? = nil) {
            self.packed = packed
            self.cluster = cluster
        }

        public static let blank = Cell(" ")

        /// What is drawn; a blank in a continuation.
        public var text: Character {
            get { cluster ?? packed.character }
            set { self = Cell(Glyph(newValue), packed.style) }
        }

        public var style: Style {
            get { packed.style.style }
            set { packed.style = PackedStyle(newValue) }
        }

        /// The right half of a wide grapheme: it has no text of its own and the style of the left half.
        public var isContinuation: Bool { packed.kind == .continuation }

        /// The columns of the grapheme: 1, 2, or 0 in a continuation.
        public var columns: Int { packed.kind == .wide ? 2 : packed.kind == .narrow ? 1 : 0 }
    }
}

/// A cell as the grid keeps it: 16 bytes without references.
struct PackedCell: Hashable, Sendable {
    enum Kind: UInt8, Sendable { case narrow, wide, continuation }

    var style: PackedStyle
    /// A scalar, or with `clusterFlag` the place of a cluster in the grid's table.
    var glyph: UInt32
    var kind: Kind

    static let clusterFlag: UInt32 = 1 << 31

    init(glyph: UInt32, kind: Kind, style: PackedStyle) {
        self.glyph = glyph
        self.kind = kind
        self.style = style
    }

    /// A glyph of one or two columns. Its cluster, if any, is entered by the grid.
    init(_ glyph: Glyph, _ style: PackedStyle) {
        self.init(glyph: glyph.scalar, kind: glyph.width == 2 ? .wide : .narrow, style: style)
    }

    static func blank(_ style: PackedStyle) -> PackedCell { PackedCell(glyph: 0x20, kind: .narrow, style: style) }

    /// The place in the table of clusters, nil for a single scalar.
    var clusterIndex: Int? { glyph & Self.clusterFlag == 0 ? nil : Int(glyph & ~Self.clusterFlag) }

    var scalar: Unicode.Scalar { Unicode.Scalar(glyph) ?? " " }
    var character: Character { Character(scalar) }
}

/// A style in one word: foreground (25 bits), background (25 bits), attributes.
struct PackedStyle: Hashable, Sendable {
    var bits: UInt64

    private static let mask: UInt64 = 1 << 25 - 1

    init(_ style: Style) {
        bits = Self.bits(of: style.foreground) | Self.bits(of: style.background) << 25
            | UInt64(style.attributes.rawValue) << 50
    }

    private static func bits(of color: Color) -> UInt64 {
        switch color {
        case .terminal: 0
        case .rgb(let red, let green, let blue): 1 << 24 | UInt64(red) << 16 | UInt64(green) << 8 | UInt64(blue)
        }
    }

    private static func color(_ bits: UInt64) -> Color {
        bits & 1 << 24 == 0 ? .terminal
            : .rgb(UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
    }

    var foreground: Color { Self.color(bits & Self.mask) }
    var background: Color { Self.color(bits >> 25 & Self.mask) }
    var attributes: Style.Attributes { Style.Attributes(rawValue: UInt8(truncatingIfNeeded: bits >> 50)) }
    var style: Style { Style(foreground: foreground, background: background, attributes) }
}
