/// A grapheme made fit for a terminal: what is drawn for it, and the columns that takes.
///
/// Whatever the text was, a glyph holds no control character, no bidirectional override and no invisible format character:
/// control characters have become `·`, the others are gone. Joiners stay only inside joined emoji, tags only inside flags.
struct Glyph {
    /// The scalar drawn, where it is only one.
    var scalar: UInt32
    /// 0 where there is nothing to draw, else 1 or 2.
    var width: Int
    /// The cleaned grapheme, where it is more than one scalar.
    var cluster: Character?

    /// How far a terminal that draws the parts side by side would move; more than `width` where terminals disagree.
    var looseWidth: Int

    static let controlMark: Unicode.Scalar = "·"
    /// Longer clusters (hostile heaps of marks) lose their tail. The longest emoji in use has ten scalars.
    private static let longestCluster = 16

    /// A glyph of one scalar.
    init(_ scalar: Unicode.Scalar) {
        let drawn = scalar.isControl ? Self.controlMark : scalar
        self.scalar = drawn.value
        width = drawn.columnWidth
        looseWidth = width
        cluster = nil
    }

    init(_ character: Character) {
        let scalars = character.unicodeScalars
        var iterator = scalars.makeIterator()
        guard let first = iterator.next() else {
            self.init(Unicode.Scalar(0x20))
            return
        }
        // One scalar, or a line end of two.
        guard iterator.next() != nil, !first.isControl else {
            self.init(first)
            return
        }
        self.init(cleaning: scalars)
    }

    private init(cleaning scalars: Character.UnicodeScalarView) {
        var kept = String.UnicodeScalarView()
        var count = 0, loose = 0
        var isPicture = false
        var pendingJoiner = false
        for scalar in scalars where count < Self.longestCluster {
            let own = scalar.columnWidth
            switch scalar.value {
            case 0x200D:
                pendingJoiner = count > 0
                continue
            case 0xFE0F:
                guard count > 0, let last = kept.last, last.properties.isEmoji else { continue }
                isPicture = true
            case 0xE0020...0xE007F:
                guard kept.first?.value == 0x1F3F4 else { continue }
            default:
                if own == 0, count == 0 || !scalar.isVisibleMark { continue }
            }
            if pendingJoiner, own > 0 {
                kept.append("\u{200D}")
                count += 1
            }
            pendingJoiner = false
            kept.append(scalar)
            count += 1
            loose += own
        }
        guard let first = kept.first else {
            self.init(scalar: 0x20, width: 0, cluster: nil, looseWidth: 0)
            return
        }
        if count == 1 {
            self.init(first)
        } else {
            let width = isPicture ? 2 : Swift.min(2, loose)
            // A selector that is ignored, or a picture drawn in one column, also moves the terminal elsewhere.
            self.init(scalar: first.value, width: width, cluster: Character(String(kept)),
                      looseWidth: isPicture ? Swift.max(loose, 3) : loose)
        }
    }

    private init(scalar: UInt32, width: Int, cluster: Character?, looseWidth: Int) {
        self.scalar = scalar
        self.width = width
        self.cluster = cluster
        self.looseWidth = looseWidth
    }
}

extension Unicode.Scalar {
    /// Marks and conjoining letters that are part of how a grapheme looks; false for invisible format characters.
    fileprivate var isVisibleMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: !properties.isDefaultIgnorableCodePoint
        case .otherLetter: (0x1160..<0x1200).contains(value) || (0xD7B0..<0xD800).contains(value)
        default: false
        }
    }
}

extension String {
    /// Calls `body` with each glyph from the left until it answers false. Glyphs of no column come too.
    ///
    /// Runs of scalars that cannot combine are taken one by one, which is several times faster than grapheme
    /// segmentation; a scalar in front of anything else is left to the slow way, as it may be the base of a cluster.
    func forEachGlyph(_ body: (Glyph) -> Bool) {
        let scalars = unicodeScalars
        var index = scalars.startIndex
        let end = scalars.endIndex
        while index != end {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            if scalar.standsAlone, next == end || scalars[next].standsAlone {
                guard body(Glyph(scalar)) else { return }
                index = next
            } else {
                let character = self[index]
                guard body(Glyph(character)) else { return }
                index = self.index(after: index)
            }
        }
    }
}
