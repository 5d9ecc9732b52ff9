/// Cosines between rows of numbers, in double precision: u . v / max(|u| |v|, 1e-8).
package struct Cosines {
    private let vectors: [Float]
    private let width: Int
    private let norms: [Double]

    package init(_ vectors: [Float], width: Int) {
        self.vectors = vectors
        self.width = width
        norms = (0..<(width > 0 ? vectors.count / width : 0)).map { row in
            var sum = 0.0
            for place in row * width..<(row + 1) * width { sum += Double(vectors[place]) * Double(vectors[place]) }
            return sum.squareRoot()
        }
    }

    package subscript(first: Int, second: Int) -> Float {
        var sum = 0.0
        for column in 0..<width { sum += Double(vectors[first * width + column]) * Double(vectors[second * width + column]) }
        return Float(sum / max(norms[first] * norms[second], 1e-8))
    }
}
