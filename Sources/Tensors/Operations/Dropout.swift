import CKernels

extension Tensor {
    /// Sets each element to 0 with probability `rate` and divides the others by 1 - rate.
    ///
    /// The mask is a function of the seed and the place of the element: the same seed gives the same mask, with any
    /// number of threads, and the way back makes it again instead of storing it. Take a new seed for each call.
    public func dropout(rate: Double, seed: UInt64) throws(TensorError) -> Tensor {
        guard rate >= 0, rate < 1 else { throw TensorError("dropout", [shape], "the rate \(rate) is outside 0 ..< 1") }
        if rate == 0 { return self }
        let tape = try Self.commonTape("dropout", self)
        let input = packed()
        defer { keepAlive(input) }
        let result = try Tensor(for: "dropout", shape)
        Self.applyDropout(rate, seed, input.pointer, result.pointer, count, accumulate: false)
        return result.recorded(on: tape, .dropout(input: reference, rate: rate, seed: seed))
    }

    static func applyDropout(_ rate: Double, _ seed: UInt64, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
                             _ count: Int, accumulate: Bool) {
        let threshold = UInt32(min(rate * 0x1p32, 4_294_967_295))
        Parallel.elements(count, cost: 2) { start, end in
            lathe_dropout(Scalar.kernelType, end - start, seed, start, threshold, 1 / (1 - rate), x + start, y + start,
                          accumulate ? 1 : 0)
        }
    }
}

extension Tape {
    func backwardDropout(_ input: NodeReference, _ rate: Double, _ seed: UInt64, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        Tensor.applyDropout(rate, seed, packed.pointer, d, packed.count, accumulate: add)
        keepAlive(packed)
    }
}
