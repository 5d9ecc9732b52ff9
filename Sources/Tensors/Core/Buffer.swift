import CKernels

/// Memory of a tensor: 64-byte aligned, taken from a pool when made and given back when the last tensor that
/// looks into it goes. A step of training asks for the same sizes every time, so after the first step no
/// memory is requested from the system.
final class Buffer<Scalar: TensorScalar> {
    let pointer: UnsafeMutablePointer<Scalar>
    let capacity: Int
    private let block: BufferPool.Block

    /// Whether there is memory behind the address. Without it the contents are arbitrary, and the next operation throws.
    var isReal: Bool { block.sizeClass >= 0 }

    init(_ capacity: Int) {
        self.capacity = capacity
        // Kernels may read (never write) up to one tile of 128 bytes behind the last element.
        let (bytes, isTooLarge) = max(1, capacity).multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
        block = BufferPool.take(isTooLarge ? Int.max : bytes &+ 128)
        pointer = block.address.bindMemory(to: Scalar.self, capacity: max(1, capacity))
    }

    deinit { BufferPool.giveBack(block) }

    /// Writes one value everywhere.
    func fill(_ value: Scalar) {
        if isReal { pointer.update(repeating: value, count: capacity) }
    }
}
