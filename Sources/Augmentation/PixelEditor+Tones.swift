extension PixelEditor {
    mutating func mapAll(_ value: (UInt8) -> UInt8) {
        for index in 0..<256 { table[index] = value(UInt8(index)) }
        lookUp()
    }

    mutating func posterize(_ bits: Int) {
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - max(0, min(8, bits))))
        mapAll { $0 & mask }
    }

    private mutating func count(channel: Int) {
        for index in 0..<256 { counts[index] = 0 }
        var place = channel
        while place < pixels.count {
            counts[Int(pixels[place])] &+= 1
            place &+= 3
        }
    }

    /// Per channel: the smallest value becomes 0, the largest 255.
    mutating func autoContrast() {
        for channel in 0..<3 {
            count(channel: channel)
            guard let low = counts.firstIndex(where: { $0 > 0 }), let high = counts.lastIndex(where: { $0 > 0 }), high > low else { continue }
            let scale = 255 / Double(high - low), offset = -Double(low) * scale
            for index in 0..<256 { table[index] = UInt8(max(0, min(255, (Double(index) * scale + offset).rounded(.towardZero)))) }
            lookUp(channel: channel)
        }
    }

    /// Per channel: values spread so that each is about as frequent; coarse on small pictures, since Pillow counts in whole steps.
    mutating func equalize() {
        for channel in 0..<3 {
            count(channel: channel)
            guard let high = counts.lastIndex(where: { $0 > 0 }), counts.count(where: { $0 > 0 }) > 1 else { continue }
            let step = (width * height - counts[high]) / 255
            guard step > 0 else { continue }
            var total = step / 2
            for index in 0..<256 {
                table[index] = UInt8(min(255, total / step))
                total += counts[index]
            }
            lookUp(channel: channel)
        }
    }

    /// Luminance of the pixel that begins at a place, ITU-R 601 in fixed point.
    @inline(__always) private func grey(_ place: Int) -> Int {
        (19_595 &* Int(pixels[place]) &+ 38_470 &* Int(pixels[place &+ 1]) &+ 7471 &* Int(pixels[place &+ 2]) &+ 32_768) >> 16
    }

    /// degenerate + factor (value - degenerate), cut and clipped; single precision, as Pillow has it.
    @inline(__always) private static func blend(_ degenerate: Int, _ value: UInt8, _ factor: Float) -> UInt8 {
        let mixed = Float(degenerate) + factor * Float(Int(value) &- degenerate)
        // NaN goes to 0 too.
        return mixed > 0 ? (mixed >= 255 ? 255 : UInt8(mixed)) : 0
    }

    mutating func brightness(_ factor: Float) { mapAll { Self.blend(0, $0, factor) } }

    mutating func contrast(_ factor: Float) {
        var total = 0, place = 0
        while place < pixels.count {
            total &+= grey(place)
            place &+= 3
        }
        let mean = Int(Double(total) / Double(width * height) + 0.5)
        mapAll { Self.blend(mean, $0, factor) }
    }

    mutating func color(_ factor: Float) {
        var place = 0
        while place < pixels.count {
            let level = grey(place)
            for channel in place..<place &+ 3 { pixels[channel] = Self.blend(level, pixels[channel], factor) }
            place &+= 3
        }
    }

    /// Away from the picture smoothed by (1 1 1; 1 5 1; 1 1 1) / 13, whose border stays.
    mutating func sharpen(_ factor: Float) {
        let row = 3 &* width
        for y in 0..<height {
            let isBorder = y == 0 || y == height &- 1
            for offset in 0..<row {
                let place = y &* row &+ offset
                guard !isBorder, offset >= 3, offset < row &- 3 else {
                    scratch[place] = pixels[place]
                    continue
                }
                let above = place &- row, below = place &+ row
                let outer = Int(pixels[above &- 3]) &+ Int(pixels[above]) &+ Int(pixels[above &+ 3]) &+ Int(pixels[place &- 3]) &+ Int(pixels[place &+ 3])
                    &+ Int(pixels[below &- 3]) &+ Int(pixels[below]) &+ Int(pixels[below &+ 3])
                let smooth = (2 &* (outer &+ 5 &* Int(pixels[place])) &+ 13) / 26
                scratch[place] = Self.blend(smooth, pixels[place], factor)
            }
        }
        exchange()
    }
}
