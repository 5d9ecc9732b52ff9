/// Pixels made to fit another size.
package struct PixelPlane: Sendable, Equatable {
    package var width: Int
    package var height: Int
    package var channels: Int
    /// Row by row, channels together.
    package var values: [Float]

    package init(width: Int, height: Int, channels: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.channels = channels
        self.values = values
    }

    /// The size that fits into `width` x `height` pixels with the same proportions: a whole multiple where it is larger.
    package func fittingSize(width: Int, height: Int) -> (width: Int, height: Int) {
        guard self.width > 0, self.height > 0, width > 0, height > 0 else { return (0, 0) }
        let factor = min(width / self.width, height / self.height)
        if factor >= 1 { return (self.width * factor, self.height * factor) }
        let share = min(Double(width) / Double(self.width), Double(height) / Double(self.height))
        return (min(width, max(1, Int((Double(self.width) * share).rounded()))), min(height, max(1, Int((Double(self.height) * share).rounded()))))
    }

    /// Down by the average of the covered area, edges by their share; up by the nearest pixel.
    package func scaled(toWidth newWidth: Int, height newHeight: Int) -> PixelPlane {
        guard newWidth > 0, newHeight > 0, width > 0, height > 0 else { return PixelPlane(width: 0, height: 0, channels: channels, values: []) }
        let rows = Self.shares(from: height, to: newHeight), columns = Self.shares(from: width, to: newWidth)
        // Across first, then down: each pixel is read once.
        var middle = [Float](repeating: 0, count: newWidth * height * channels)
        for y in 0..<height {
            for x in 0..<newWidth {
                for (source, share) in columns[x] {
                    for channel in 0..<channels { middle[(y * newWidth + x) * channels + channel] += share * value(x: source, y: y, channel: channel) }
                }
            }
        }
        var result = [Float](repeating: 0, count: newWidth * newHeight * channels)
        let stride = newWidth * channels
        for y in 0..<newHeight {
            for (source, share) in rows[y] {
                for index in 0..<stride { result[y * stride + index] += share * middle[source * stride + index] }
            }
        }
        return PixelPlane(width: newWidth, height: newHeight, channels: channels, values: result)
    }

    func value(x: Int, y: Int, channel: Int) -> Float {
        let index = (y * width + x) * channels + channel
        guard index < values.count, values[index].isFinite else { return 0 }
        return values[index]
    }

    /// For each new place the old ones that it covers and their shares, which sum to 1.
    private static func shares(from old: Int, to new: Int) -> [[(Int, Float)]] {
        (0..<new).map { place in
            if new >= old { return [(min(old - 1, place * old / new), 1)] }
            let low = Double(place) * Double(old) / Double(new), high = Double(place + 1) * Double(old) / Double(new)
            var list: [(Int, Float)] = []
            for source in Int(low)..<min(old, Int(high.rounded(.up))) {
                let overlap = min(high, Double(source + 1)) - max(low, Double(source))
                if overlap > 0 { list.append((source, Float(overlap / (high - low)))) }
            }
            return list
        }
    }
}
