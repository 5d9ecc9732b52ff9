import Experiments
import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// Real crashes, for the tests of the report: `Faults crash KIND STATE` ends by one, after some notes.
enum Crashes {
    static let kinds = ["index", "overflow", "memory", "stack", "abort", "thread"]

    static func crash(_ kind: String, state: URL) throws {
        CrashReports(in: state).begin(arguments: CommandLine.arguments)
        for number in 1...120 { CrashReports.note("step \(number)\twith a control character") }
        // What the optimiser cannot know.
        let many = CommandLine.arguments.count + 1000
        switch kind {
        case "index": print([1, 2, 3][many])
        case "overflow": print(UInt8(truncatingIfNeeded: many) + UInt8(clamping: many))
        case "memory": touchNothing(many)
        case "stack": print(deepen(many))
        case "abort": abort()
        case "thread":
            let thread = Thread {
                CrashReports.protectThread()
                print([1, 2, 3][many])
            }
            thread.name = "lathe.test"
            thread.start()
            while true { sleep(1) }
        default: throw EventLogError("there is no crash “\(kind)”; there are \(kinds.joined(separator: ", "))")
        }
    }

    /// A file that becomes shorter than its mapping: the one fault of memory that needs no unsafe code of our own.
    @inline(never) private static func touchNothing(_ size: Int) {
        let path = NSTemporaryDirectory() + "lathe-faults-\(getpid())"
        guard (try? Data(count: size).write(to: URL(fileURLWithPath: path))) != nil else { return }
        defer { _ = unlink(path) }
        guard let mapped = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return }
        guard truncate(path, 0) == 0 else { return }
        print(mapped[size / 2])
    }

    @inline(never) private static func deepen(_ depth: Int) -> Int {
        let values = [depth, depth + 1]
        return values[depth % 2] == -1 ? 0 : deepen(depth + 1) + values[(depth + 1) % 2]
    }
}
