import Foundation

extension PixelEditor {
    /// Pillow's affine map of nearest neighbours: output (x, y) reads the input at (a(x+½) + b(y+½) + c, d(x+½) + e(y+½) + f), in
    /// fixed point with 16 binary places, as Pillow has it; what falls outside is black.
    mutating func transform(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
        let limit = 32_768.0
        func fixed(_ t: Double) -> Int { Int(max(-limit * 65_536, min(limit * 65_536, (t * 65_536 + 0.5).rounded(.down)))) }
        let (ax, bx, dx, ey) = (fixed(a), fixed(b), fixed(d), fixed(e))
        var rowX = fixed(c + a * 0.5 + b * 0.5), rowY = fixed(f + d * 0.5 + e * 0.5)
        var target = 0
        for _ in 0..<height {
            var x = rowX, y = rowY
            for _ in 0..<width {
                let sourceX = x >> 16, sourceY = y >> 16
                if sourceX >= 0, sourceX < width, sourceY >= 0, sourceY < height {
                    let source = 3 &* (sourceY &* width &+ sourceX)
                    scratch[target] = pixels[source]
                    scratch[target &+ 1] = pixels[source &+ 1]
                    scratch[target &+ 2] = pixels[source &+ 2]
                } else {
                    scratch[target] = 0
                    scratch[target &+ 1] = 0
                    scratch[target &+ 2] = 0
                }
                target &+= 3
                x &+= ax
                y &+= dx
            }
            rowX &+= bx
            rowY &+= ey
        }
        exchange()
    }

    /// A map that only shifts goes another way in Pillow: positions are cut, not rounded.
    mutating func translate(_ shiftX: Double, _ shiftY: Double) {
        func index(_ position: Int, _ shift: Double, _ size: Int) -> Int {
            let source = Double(position) + 0.5 + shift
            return source >= 0 && source < Double(size) ? Int(source) : -1
        }
        for y in 0..<height {
            let sourceY = index(y, shiftY, height)
            for x in 0..<width {
                let target = 3 &* (y &* width &+ x), sourceX = sourceY < 0 ? -1 : index(x, shiftX, width)
                if sourceX >= 0 {
                    let source = 3 &* (sourceY &* width &+ sourceX)
                    for channel in 0..<3 { scratch[target &+ channel] = pixels[source &+ channel] }
                } else {
                    for channel in 0..<3 { scratch[target &+ channel] = 0 }
                }
            }
        }
        exchange()
    }

    mutating func rotate(_ degrees: Double) {
        guard degrees.isFinite else { return }
        var turn = degrees.truncatingRemainder(dividingBy: 360)
        if turn < 0 { turn += 360 }
        guard turn != 0 else { return }
        let angle = -turn * Double.pi / 180
        func rounded(_ value: Double) -> Double { (value * 1e15).rounded() / 1e15 }
        let (cosine, sine) = (rounded(cos(angle)), rounded(sin(angle)))
        let (cx, cy) = (Double(width) / 2, Double(height) / 2)
        transform(cosine, sine, cx - cx * cosine - cy * sine, -sine, cosine, cy + cx * sine - cy * cosine)
    }

    mutating func mirror() {
        for y in 0..<height {
            var left = 3 &* y &* width, right = left &+ 3 &* (width &- 1)
            while left < right {
                for channel in 0..<3 { swapPixels(left &+ channel, right &+ channel) }
                left &+= 3
                right &-= 3
            }
        }
    }

    private mutating func swapPixels(_ a: Int, _ b: Int) {
        let value = pixels[a]
        pixels[a] = pixels[b]
        pixels[b] = value
    }

    mutating func fill(_ x: ClosedRange<Int>, _ y: ClosedRange<Int>, _ colour: PixelOperation.Colour) {
        let columns = max(0, x.lowerBound)..<max(0, x.lowerBound, min(width, x.upperBound == .max ? width : x.upperBound + 1))
        let rows = max(0, y.lowerBound)..<max(0, y.lowerBound, min(height, y.upperBound == .max ? height : y.upperBound + 1))
        for row in rows {
            for column in columns {
                let place = 3 &* (row &* width &+ column)
                pixels[place] = colour.red
                pixels[place &+ 1] = colour.green
                pixels[place &+ 2] = colour.blue
            }
        }
    }

    mutating func window(_ x: Int, _ y: Int, _ colour: PixelOperation.Colour) {
        var target = 0
        for row in 0..<height {
            let sourceRow = row &+ y
            for column in 0..<width {
                let sourceColumn = column &+ x
                if sourceRow >= 0, sourceRow < height, sourceColumn >= 0, sourceColumn < width {
                    let source = 3 &* (sourceRow &* width &+ sourceColumn)
                    for channel in 0..<3 { scratch[target &+ channel] = pixels[source &+ channel] }
                } else {
                    scratch[target] = colour.red
                    scratch[target &+ 1] = colour.green
                    scratch[target &+ 2] = colour.blue
                }
                target &+= 3
            }
        }
        exchange()
    }
}
