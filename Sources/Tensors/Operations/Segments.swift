extension Tensor {
    /// Softmax over the elements of each segment: edges that end at the same node, for each column by itself.
    ///
    /// - Parameters:
    ///   - self: [edges, columns]
    ///   - segments: for each edge its segment below `count`.
    public func segmentSoftmax(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor {
        guard rank == 2, segments.count == shape[0] else {
            throw TensorError("segmentSoftmax", [shape, [segments.count]], "one segment for each row is needed")
        }
        guard count >= 0, segments.allSatisfy({ $0 >= 0 && $0 < count }) else {
            throw TensorError("segmentSoftmax", [shape], "a segment is outside 0 ..< \(count)")
        }
        // The maximum only guards against overflow and is a constant for the gradient.
        let columns = shape[1]
        var top = [Scalar](repeating: -.infinity, count: count * columns)
        withScalars { x in
            for (edge, segment) in segments.enumerated() {
                for j in 0..<columns { top[Int(segment) * columns + j] = Swift.max(top[Int(segment) * columns + j], x[edge * columns + j]) }
            }
        }
        let shift = try Tensor(shape: [count, columns], top).gathered(segments)
        let exponentials = try (self - shift).exp()
        return try exponentials / exponentials.scatterAdded(segments, count: count).gathered(segments)
    }

    /// The sum of the rows of each segment: [edges, ..] to [count, ..].
    public func segmentSum(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor { try scatterAdded(segments, count: count) }

    /// The mean of the rows of each segment; zeros for an empty one.
    public func segmentMean(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor {
        let sums = try scatterAdded(segments, count: count)
        var sizes = [Scalar](repeating: 0, count: count)
        for segment in segments { sizes[Int(segment)] += 1 }
        let factors = Tensor(shape: Shape([count] + Array(repeating: 1, count: rank - 1)), sizes.map { $0 > 0 ? 1 / $0 : 0 })
        return try sums * factors
    }
}
