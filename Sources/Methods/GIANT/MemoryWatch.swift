import Foundation

/// The memory of this process that no file stands behind (anonymous and shared), at its highest since the last phase ended. What is mapped from files is left out: the
/// system takes it back when it needs room.
final class MemoryWatch {
    private(set) var peak = 0.0
    private var calls = 0

    /// Looks at every 32nd call: reading the system's figures costs some microseconds.
    func look() {
        calls &+= 1
        if calls % 32 == 1 { measure() }
    }

    /// The highest of the phase in MiB; begins the next.
    func endPhase() -> Double {
        measure()
        defer { peak = 0 }
        return peak
    }

    private func measure() { peak = max(peak, Self.mebibytes(["RssAnon", "RssShmem"])) }

    /// The most that the process has had in memory, mapped files included.
    static var highest: Double { mebibytes(["VmHWM"]) }

    /// A sum of fields of the system's figures of this process; 0 where it does not tell.
    private static func mebibytes(_ names: [String]) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        return text.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" })
            guard words.count > 1, names.contains(String(words[0])), let kibibytes = Double(words[1]) else { return sum }
            return sum + kibibytes / 1024
        }
    }
}
