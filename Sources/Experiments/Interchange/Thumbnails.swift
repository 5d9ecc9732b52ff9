import Datasets

extension Picture {
    /// The picture with at most `longest` pixels a side, each the mean of a square of equal size.
    package func thumbnail(longest: Int) -> Thumbnail? {
        let factor = max(1, (max(width, height) + longest - 1) / max(1, longest))
        guard factor > 1 else { return Thumbnail(width: width, height: height, channels: channels, pixels: pixels) }
        let across = max(1, width / factor), down = max(1, height / factor)
        var small: [UInt8] = []
        small.reserveCapacity(across * down * channels)
        for y in 0..<down {
            for x in 0..<across {
                for channel in 0..<channels {
                    var sum = 0, count = 0
                    for row in y * factor..<min(height, (y + 1) * factor) {
                        for column in x * factor..<min(width, (x + 1) * factor) {
                            sum += Int(pixels[(row * width + column) * channels + channel])
                            count += 1
                        }
                    }
                    small.append(UInt8(count > 0 ? (sum + count / 2) / count : 0))
                }
            }
        }
        return Thumbnail(width: across, height: down, channels: channels, pixels: small)
    }
}
