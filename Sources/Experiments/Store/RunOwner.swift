import Foundation

/// The process that runs a run. Together with its start time the process number says whether it is still the same process, so
/// that an orphan is recognised without a lock that someone must break by hand.
public struct RunOwner: Sendable, Equatable {
    public var host: String
    public var process: Int
    /// When the process started, in the kernel's ticks since boot; 0 where the system does not tell.
    public var processStart: Int

    public init(host: String, process: Int, processStart: Int) {
        self.host = host
        self.process = process
        self.processStart = processStart
    }

    /// This process.
    public static let current: RunOwner = {
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        return RunOwner(host: hostName, process: process, processStart: startTime(of: process) ?? 0)
    }()

    static let hostName: String = {
        let name = (try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)) ?? ProcessInfo.processInfo.hostName
        return name.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    /// Whether the process still lives; nil when it is on another machine.
    public var isAlive: Bool? {
        guard host == Self.hostName else { return nil }
        guard let start = Self.startTime(of: process) else { return false }
        return processStart == 0 || start == processStart
    }

    /// Field 22 of `/proc/<process>/stat`, behind the program's name, which may itself hold spaces and brackets.
    static func startTime(of process: Int) -> Int? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
              let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        // A zombie's work is over although its number is still taken.
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return Int(fields[19])
    }
}

/// Makes the short names of runs and studies: a letter and nine characters that are hard to confuse, 45 random bits.
public enum RunIdentifier {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// A new identifier, such as "r" and nine more characters.
    public static func make(prefix: Character) -> String {
        var generator = SystemRandomNumberGenerator()
        var text = String(prefix)
        for _ in 0..<9 { text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]) }
        return text
    }
}
