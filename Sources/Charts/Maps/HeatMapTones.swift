import Terminal

extension HeatMap {
    /// How values become colours or shades.
    struct Tones {
        var range: ClosedRange<Double>
        var middle: Double?
        var scale: ColorScale
        var hasColor: Bool
        var level: GlyphLevel
        /// One text a value, same digits after the point; none for a matrix of thousands, whose cells have no room.
        var numberTexts: [String]

        init(map: HeatMap, palette: ChartPalette) {
            var extent = Extent()
            for value in map.values { extent.add(value) }
            hasColor = palette.hasColor
            level = palette.glyphs
            let fitted = AxisRange.fitting(extent.positions(on: .linear), scale: .linear, padding: 0)
            range = AxisRange.usable(map.range, scale: .linear, fallback: fitted)
            switch map.scale {
            case .sequential: middle = nil
            case .diverging(let value): middle = value.isFinite ? value : 0
            case .automatic: middle = range.lowerBound < 0 && range.upperBound > 0 ? 0 : nil
            }
            if let middle {
                // The same distance on both sides: equal strength, equal tone.
                let reach = max(abs(range.upperBound / 2 - middle / 2), abs(middle / 2 - range.lowerBound / 2), Double.leastNonzeroMagnitude)
                let largest = Double.greatestFiniteMagnitude
                range = max(middle - 2 * reach, -largest)...min(middle + 2 * reach, largest)
            }
            scale = ColorScale(middle == nil ? palette.sequential : palette.diverging)
            numberTexts = map.values.count <= 4096 ? Self.texts(map.values, format: map.format, extent: extent) : []
        }

        /// Three significant digits of the largest at most: a cell says how much, the cursor says exactly.
        private static func texts(_ values: [Double], format: NumberFormat, extent: Extent) -> [String] {
            let size = extent.minimum <= extent.maximum ? max(abs(extent.minimum), abs(extent.maximum)) : 0
            guard format == .automatic, size >= 1e-3, size < 1e6 else { return format.columnLabels(values) }
            let isWhole = values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
            return format.columnLabels(values, digits: isWhole ? 0 : max(0, 2 - Decimal.exponent(of: size)))
        }

        func share(_ value: Double) -> Double {
            let span = range.upperBound / 2 - range.lowerBound / 2
            guard span > 0 else { return 0.5 }
            return min(max((value / 2 - range.lowerBound / 2) / span, 0), 1)
        }

        func value(atShare share: Double) -> Double {
            range.lowerBound + (range.upperBound / 2 - range.lowerBound / 2) * 2 * share
        }

        /// A shade. On a diverging scale the negative half is told from the positive by its glyphs.
        /// Beside a number, whose sign says that already, it is the strength alone.
        func glyph(_ share: Double, isBesideNumber: Bool = false) -> Character {
            guard middle != nil else { return Shades.glyph(share, level) }
            let strength = abs(share - 0.5) * 2
            let negative: [Character] = level == .ascii ? [" ", "-", "=", "m", "M"] : ["·", "╴", "−", "═", "≡"]
            let positive: [Character] = level == .ascii ? [" ", ".", "+", "*", "#"] : ["·", "░", "▒", "▓", "█"]
            let ramp = share < 0.5 && !isBesideNumber ? negative : positive
            return ramp[Shades.index(strength, count: ramp.count)]
        }
    }
}
