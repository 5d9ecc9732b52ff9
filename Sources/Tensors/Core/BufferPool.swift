import CKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Free memory blocks by size class. Classes are a quarter of a power of two apart.
///
/// Memory that the machine does not have is refused in words. An operation whose result alone is larger than all memory throws before
/// it begins. Any other request that does not fit gets a stand-in (address space without contents), and the next operation of
/// the same thread throws; the way back throws where it stands. So a run that is too large fails, and the program goes on.
///
/// Where address space is limited (`ulimit -v`) a third of it is kept from the beginning for stand-ins, and tensors hold at most as
/// much, so that a stand-in can always be had; the last third is everybody else's.
public enum BufferPool {
    /// A piece of memory; `sizeClass` is -1 for a stand-in.
    struct Block {
        let address: UnsafeMutableRawPointer
        let sizeClass: Int
        let bytes: Int
    }

    private struct State: ~Copyable {
        var free = [[UnsafeMutableRawPointer]](repeating: [], count: 256)
        var bytesFree = 0
        var bytesTaken = 0
        var requests = 0
        /// Asked of the system since the memory of the machine was last looked at.
        var bytesUnchecked = 0
        /// The last request that was refused.
        var refused = 0
    }
    /// Reached through `withState` only.
    nonisolated(unsafe) private static var guarded = State()

    /// The state under its lock. The standard library's `Mutex` would do, but the thread sanitizer does not see it and reports every
    /// access as a race.
    private static func withState<Result>(_ body: (inout State) -> Result) -> Result {
        lathe_memory_lock()
        defer { lathe_memory_unlock() }
        return body(&guarded)
    }

    private static let setLimit = Atomic<Int>(0)

    private static func sizeClass(_ bytes: Int) -> (index: Int, bytes: Int) {
        let units = max(1, (bytes + 63) / 64)
        if units <= 4 { return (units, units * 64) }
        let power = Int.bitWidth - 1 - (units - 1).leadingZeroBitCount   // 2^power < = units - 1
        let quarter = 1 << (power - 2)
        let steps = (units - 1) / quarter + 1   // 5 ... 8 quarters
        return (power * 4 + steps - 4, steps * quarter * 64)
    }

    static func take(_ bytes: Int) -> Block {
        guard bytes <= limit else { return standIn(bytes) }
        let (index, size) = sizeClass(bytes)
        let recycled = withState { state -> UInt in
            guard let block = state.free[index].popLast() else { return 0 }
            state.bytesTaken += size
            state.bytesFree -= size
            return UInt(bitPattern: block)
        }
        if let block = UnsafeMutableRawPointer(bitPattern: recycled) { return Block(address: block, sizeClass: index, bytes: size) }
        if !hasRoom(size) {
            // What is kept for reuse may be enough.
            releaseUnused()
            guard hasRoom(size) else { return standIn(bytes) }
        }
        var block: UnsafeMutableRawPointer?
        let huge = size >= 4 << 20
        if posix_memalign(&block, huge ? 2 << 20 : 64, size) != 0 {
            releaseUnused()
            guard posix_memalign(&block, 64, size) == 0 else { return standIn(bytes) }
        }
        guard let block else { return standIn(bytes) }
        withState { state in
            state.bytesTaken += size
            state.requests += 1
        }
        #if canImport(Glibc)
        if huge { madvise(block, size, MADV_HUGEPAGE) }
        #endif
        return Block(address: block, sizeClass: index, bytes: size)
    }

    static func giveBack(_ block: Block) {
        if block.sizeClass < 0 {
            lathe_memory_free_stand_in(block.address, block.bytes)
            return
        }
        let address = UInt(bitPattern: block.address)
        withState { state in
            state.bytesTaken -= block.bytes
            state.bytesFree += block.bytes
            if let address = UnsafeMutableRawPointer(bitPattern: address) { state.free[block.sizeClass].append(address) }
        }
    }

    /// Notes that memory is missing, and returns address space without contents.
    private static func standIn(_ bytes: Int) -> Block {
        lathe_memory_note()
        withState { $0.refused = bytes }
        // What is larger than the machine is never walked through: no operation begins with it, and no way of making a tensor
        // fills it. A token is enough.
        let size = bytes > Machine.usableMemory ? 1 : bytes
        return Block(address: lathe_memory_stand_in(size), sizeClass: -1, bytes: size)
    }

    /// Whether the system may be asked for `size` bytes more.
    private static func hasRoom(_ size: Int) -> Bool {
        let (held, unchecked) = withState { state -> (Int, Int) in
            state.bytesUnchecked += size
            return (state.bytesTaken + state.bytesFree, state.bytesUnchecked)
        }
        guard size <= limit - held else { return false }
        // Small requests are looked at when many have come together: the steady state asks for none at all.
        guard unchecked >= 64 << 20 else { return true }
        withState { $0.bytesUnchecked = 0 }
        guard let available = Machine.availableMemory else { return true }
        return size <= available - Machine.reserve
    }

    /// The bytes that tensors may hold in all: what the machine has (less a reserve), or a smaller number that was set. Not a
    /// promise that so much is free.
    public static var limit: Int {
        get {
            let limit = setLimit.load(ordering: .relaxed)
            return limit > 0 ? limit : Machine.usableMemory
        }
        set { setLimit.store(max(0, min(newValue, Machine.usableMemory)), ordering: .relaxed) }
    }

    /// Throws when `bytes` more cannot be had: ask before a run begins to build what it needs.
    ///
    /// - Parameters:
    ///   - bytes: as estimated; may be too large for a machine's integers.
    ///   - purpose: what it is for, as the beginning of the sentence ("A training step").
    public static func require(_ bytes: Double, for purpose: String) throws(TensorError) {
        let free = Double(min(limit - bytesInUse, max(0, (Machine.availableMemory ?? Int.max / 2) - Machine.reserve + bytesKept)))
        guard bytes > free else { return }
        throw TensorError(purpose, [], "about \(size(bytes)) of memory are needed and \(size(max(0, free))) can be had; take smaller batches, widths or data")
    }

    /// Throws when a thread's last operations were refused memory. Operations ask this themselves.
    @inline(__always)
    static func check(_ operation: String, _ shapes: @autoclosure () -> [Shape]) throws(TensorError) {
        if lathe_memory_is_short() != 0 { throw shortage(operation, shapes(), withState { $0.refused }) }
    }

    /// Throws when a result of `shape` is larger than all memory.
    @inline(__always)
    static func check<Scalar: TensorScalar>(_ operation: String, _ shape: Shape, of type: Scalar.Type) throws(TensorError) {
        guard shape.count <= limit / MemoryLayout<Scalar>.stride else {
            throw shortage(operation, [shape], shape.count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride).overflow ? Int.max : shape.count * MemoryLayout<Scalar>.stride)
        }
    }

    private static func shortage(_ operation: String, _ shapes: [Shape], _ bytes: Int) -> TensorError {
        TensorError(operation, shapes, "\(size(Double(bytes))) of memory for a tensor cannot be had (\(size(Double(bytesInUse))) are in use, at most \(size(Double(limit))) may be); take smaller batches, widths or data")
    }

    private static func size(_ bytes: Double) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        guard bytes < 1e21 else { return "more than 1,000 EB" }
        var (value, unit) = (bytes, 0)
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        return unit == 0 || value >= 100 ? "\(Int(value.rounded())) \(units[unit])" : "\((value * 10).rounded() / 10) \(units[unit])"
    }

    /// Forgets memory that was refused to the calling thread before: call where a run begins.
    public static func settle() { _ = lathe_memory_is_short() }

    /// How many blocks the system was asked for since the start: it stands still in the steady state of training.
    public static var systemRequests: Int { withState { $0.requests } }

    /// Bytes of the blocks that tensors hold now.
    public static var bytesInUse: Int { withState { $0.bytesTaken } }

    /// Bytes that are kept for reuse.
    public static var bytesKept: Int { withState { $0.bytesFree } }

    /// Returns kept blocks to the system, for example when a run has finished.
    public static func releaseUnused() {
        let blocks = withState { state -> [UInt] in
            let blocks = state.free.joined().map { UInt(bitPattern: $0) }
            for index in state.free.indices { state.free[index] = [] }
            state.bytesFree = 0
            return blocks
        }
        for block in blocks { free(UnsafeMutableRawPointer(bitPattern: block)) }
    }
}

/// The memory of this machine, or of the part of it that the process may use.
private enum Machine {
    /// Left to the rest of the program and to others.
    static let reserve = min(1 << 30, totalMemory / 16)
    static let usableMemory: Int = {
        let kept = Int(lathe_memory_kept()), physical = max(1 << 20, totalMemory - reserve)
        return kept > 0 ? min(kept, physical) : physical
    }()

    /// Bytes of the machine, or of its control group when that is less.
    static let totalMemory: Int = {
        let pages = sysconf(Int32(_SC_PHYS_PAGES)), page = sysconf(Int32(_SC_PAGESIZE))
        let physical = pages > 0 && page > 0 ? pages * page : 1 << 40
        return min(physical, groupLimit ?? Int.max)
    }()

    /// The limit of the control group, second or first version.
    private static let groupLimit: Int? = {
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            if let value = text(path).flatMap({ Int($0.filter(\.isNumber)) }), value > 0 { return value }
        }
        return nil
    }()

    /// Bytes that can be had without taking them from others, as the system estimates; nil where it does not say.
    static var availableMemory: Int? {
        guard let lines = text("/proc/meminfo")?.split(separator: "\n"), let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }),
              let kibibytes = Int(line.filter(\.isNumber)) else { return nil }
        var available = kibibytes.multipliedReportingOverflow(by: 1024).partialValue
        if let groupLimit, let used = text("/sys/fs/cgroup/memory.current").flatMap({ Int($0.filter(\.isNumber)) }) {
            available = min(available, max(0, groupLimit - used))
        }
        return available
    }

    /// The beginning of a small file.
    private static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { bytes in
            let count = read(file, bytes.baseAddress, bytes.count)
            return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
        }
    }
}
