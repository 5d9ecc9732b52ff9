import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Memory of a tensor: 64-byte aligned, taken from a pool when made and given back when the last tensor that
/// looks into it goes. A step of training asks for the same sizes every time, so after the first step no
/// memory is requested from the system.
final class Buffer<Scalar: TensorScalar> {
    let pointer: UnsafeMutablePointer<Scalar>
    let capacity: Int
    private let sizeClass: Int

    init(_ capacity: Int) {
        self.capacity = capacity
        // Kernels may read (never write) up to one tile of 128 bytes behind the last element.
        let (memory, sizeClass) = BufferPool.take(max(1, capacity) * MemoryLayout<Scalar>.stride + 128)
        self.sizeClass = sizeClass
        self.pointer = memory.bindMemory(to: Scalar.self, capacity: max(1, capacity))
    }

    deinit { BufferPool.giveBack(UnsafeMutableRawPointer(pointer), sizeClass) }
}

/// Free memory blocks by size class. Classes are a quarter of a power of two apart.
public enum BufferPool {
    private struct State: ~Copyable {
        var free = [[UnsafeMutableRawPointer]](repeating: [], count: 256)
        var bytesFree = 0
        var bytesTaken = 0
        var requests = 0
    }
    private static let state = Mutex(State())

    private static func sizeClass(_ bytes: Int) -> (index: Int, bytes: Int) {
        let units = max(1, (bytes + 63) / 64)
        if units <= 4 { return (units, units * 64) }
        let power = Int.bitWidth - 1 - (units - 1).leadingZeroBitCount   // 2^power < = units - 1
        let quarter = 1 << (power - 2)
        let steps = (units - 1) / quarter + 1   // 5 ... 8 quarters
        return (power * 4 + steps - 4, steps * quarter * 64)
    }

    static func take(_ bytes: Int) -> (UnsafeMutableRawPointer, Int) {
        let (index, size) = sizeClass(bytes)
        let recycled = state.withLock { state -> UInt in
            state.bytesTaken += size
            guard let block = state.free[index].popLast() else {
                state.requests += 1
                return 0
            }
            state.bytesFree -= size
            return UInt(bitPattern: block)
        }
        if let block = UnsafeMutableRawPointer(bitPattern: recycled) { return (block, index) }
        var block: UnsafeMutableRawPointer?
        let huge = size >= 4 << 20
        guard posix_memalign(&block, huge ? 2 << 20 : 64, size) == 0, let block else {
            fatalError("No memory for a tensor of \(bytes) bytes: lower the batch size or the model's width.")
        }
        #if canImport(Glibc)
        if huge { madvise(block, size, MADV_HUGEPAGE) }
        #endif
        return (block, index)
    }

    static func giveBack(_ block: UnsafeMutableRawPointer, _ index: Int) {
        let address = UInt(bitPattern: block)
        let size = bytes(ofClass: index)
        state.withLock { state in
            state.bytesTaken -= size
            state.bytesFree += size
            if let block = UnsafeMutableRawPointer(bitPattern: address) { state.free[index].append(block) }
        }
    }

    private static func bytes(ofClass index: Int) -> Int {
        if index <= 4 { return index * 64 }
        let power = (index - 1) / 4
        return (index - power * 4 + 4) * (1 << (power - 2)) * 64
    }

    /// How many blocks the system was asked for since the start: it stands still in the steady state of training.
    public static var systemRequests: Int { state.withLock { $0.requests } }

    /// Bytes of the blocks that tensors hold now.
    public static var bytesInUse: Int { state.withLock { $0.bytesTaken } }

    /// Bytes that are kept for reuse.
    public static var bytesKept: Int { state.withLock { $0.bytesFree } }

    /// Returns kept blocks to the system, for example when a run has finished.
    public static func releaseUnused() {
        let blocks = state.withLock { state -> [UInt] in
            let blocks = state.free.joined().map { UInt(bitPattern: $0) }
            for index in state.free.indices { state.free[index] = [] }
            state.bytesFree = 0
            return blocks
        }
        for block in blocks { free(UnsafeMutableRawPointer(bitPattern: block)) }
    }
}
