import CKernels
import Dispatch
import Synchronization

/// How tensor operations are shared out over threads. There is one level of threads at a time: an operation
/// either splits its own work here or does not split it at all.
public enum Parallel {
    private static let setting = Atomic<Int>(0)

    /// How many threads one operation may use; at first all processors that are active. One setting for the process.
    public static var threads: Int {
        get {
            let value = setting.load(ordering: .relaxed)
            return value > 0 ? value : processors
        }
        set { setting.store(max(1, newValue), ordering: .relaxed) }
    }

    /// The number of processors that this process may use.
    public static let processors = max(1, BLAS.processors)

    /// Calls `body(start, end)` on pieces that cover 0 ..< `count`, at the same time on several threads when
    /// each piece has at least `grain` units. Pieces begin at multiples of `unit`.
    @inline(__always)
    static func split(_ count: Int, grain: Int, unit: Int = 1, _ body: (Int, Int) -> Void) {
        let pieces = min(threads, count / max(1, grain))
        guard pieces > 1 else {
            if count > 0 { body(0, count) }
            return
        }
        let units = (count + unit - 1) / unit
        withoutActuallyEscaping(body) { body in
            // The pieces write to different elements, and all have ended when the call returns.
            nonisolated(unsafe) let body = body
            // Memory that is refused to a helper is missing to the thread that began.
            nonisolated(unsafe) let owner = lathe_memory_owner()
            DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                let start = units * piece / pieces * unit
                let end = min(count, units * (piece + 1) / pieces * unit)
                let before = lathe_memory_owner()
                lathe_memory_work_for(owner)
                if start < end { body(start, end) }
                lathe_memory_work_for(before)
            }
        }
    }

    /// Splits elementwise work on `count` elements that cost about `cost` times a multiplication each.
    @inline(__always)
    static func elements(_ count: Int, cost: Int = 1, _ body: (Int, Int) -> Void) {
        split(count, grain: max(1024, 32768 / cost), unit: 64, body)
    }
}

/// Keeps storage alive until here: `defer { keepAlive(x) }` after taking a pointer into `x`.
@inline(__always)
func keepAlive<each Value>(_ values: repeat each Value) {
    repeat withExtendedLifetime(each values) {}
}
