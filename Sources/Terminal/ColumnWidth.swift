extension Unicode.Scalar {
    /// The columns that a terminal gives the scalar when it stands alone: 0, 1 or 2. Control characters count 1: they are
    /// drawn as `·`. Source: the Unicode version named in `ColumnWidthTable`.
    public var columnWidth: Int {
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Boxes, blocks and braille: what charts and frames are made of.
        if (0x2500..<0x25FD).contains(value) || (0x2800..<0x2900).contains(value) { return 1 }
        if (0x4E00..<0xA000).contains(value) || (0xAC00..<0xD7A4).contains(value) { return 2 }
        if ColumnWidthTable.zero.hasRange(around: value) { return 0 }
        return ColumnWidthTable.wide.hasRange(around: value) ? 2 : 1
    }

    /// C0, DEL and C1: what a terminal obeys instead of showing it.
    var isControl: Bool { value < 0x20 || (0x7F..<0xA0).contains(value) }

    /// True where the scalar can neither combine with a neighbour into one grapheme nor steer a terminal, so that text
    /// made of such scalars needs no segmentation. Everything else takes the slow way.
    var standsAlone: Bool {
        switch value {
        case 0x20..<0x7F, 0xA1..<0xAD, 0xAF..<0x300, 0x370..<0x483, 0x2010..<0x2028, 0x2030..<0x205F,
             0x2190..<0x231A, 0x2500..<0x2600, 0x2800..<0x2900, 0x3041..<0x3097, 0x30A0..<0x3100, 0x4E00..<0xA000: true
        default: false
        }
    }
}

extension [ColumnWidthTable.ScalarRange] {
    /// Whether one of the sorted ranges holds the value. O(log n).
    fileprivate func hasRange(around value: UInt32) -> Bool {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].last < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].first <= value
    }
}

extension Character {
    /// The columns that a terminal gives the grapheme: 0 (nothing to draw: marks or format characters alone), 1 or 2.
    ///
    /// A cluster takes what its visible parts take together, at most 2: a letter with marks 1 or 2, a Hangul syllable of
    /// letters 2, joined emoji, flags and keycaps 2, and any emoji that variation selector 16 turns into a picture 2.
    public var columnWidth: Int { Glyph(self).width }
}

extension String {
    /// The columns that a terminal gives the text. O(length); fast for ASCII.
    public var columnWidth: Int {
        var sum = 0
        forEachGlyph { glyph in
            sum += glyph.width
            return true
        }
        return sum
    }
}
