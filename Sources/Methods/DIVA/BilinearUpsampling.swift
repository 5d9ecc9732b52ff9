import Tensors

extension Pictures {
    /// The pictures enlarged (or reduced) bilinearly with half-pixel centres and clamped edges, as one tensor
    /// [count, height, width, 3] of brightness 0 … 255; grey is copied to the three channels.
    /// - Parameter side: pixels of the longer side.
    package func upsampled(longerSide side: Int) -> Tensor<Float> {
        let longer = max(width, height)
        let (newWidth, newHeight) = (max(1, (width * side + longer / 2) / longer), max(1, (height * side + longer / 2) / longer))
        let scale = 255 / Float(maximum)
        let (columns, rows) = (Self.taps(from: width, to: newWidth), Self.taps(from: height, to: newHeight))
        var values = [Float](repeating: 0, count: count * newHeight * newWidth * 3)
        var place = 0
        for picture in 0..<count {
            let base = picture * height * width * channels
            for row in rows {
                let (upper, lower) = (base + row.first * width * channels, base + row.second * width * channels)
                for column in columns {
                    for channel in 0..<3 {
                        let c = channels == 1 ? 0 : channel
                        let (left, right) = (column.first * channels + c, column.second * channels + c)
                        let top = Float(pixels[upper + left]) * (1 - column.weight) + Float(pixels[upper + right]) * column.weight
                        let bottom = Float(pixels[lower + left]) * (1 - column.weight) + Float(pixels[lower + right]) * column.weight
                        values[place] = scale * (top * (1 - row.weight) + bottom * row.weight)
                        place += 1
                    }
                }
            }
        }
        return Tensor(shape: [count, newHeight, newWidth, 3], values)
    }

    /// For each new pixel the two old ones that it lies between, and how near it is to the second.
    private static func taps(from old: Int, to new: Int) -> [(first: Int, second: Int, weight: Float)] {
        (0..<new).map { i in
            let centre = (Float(i) + 0.5) * Float(old) / Float(new) - 0.5
            let clamped = min(max(centre, 0), Float(old - 1))
            let first = min(Int(clamped), old - 1)
            return (first, min(first + 1, old - 1), clamped - Float(first))
        }
    }
}
