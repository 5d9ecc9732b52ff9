import Foundation

/// What a run's record says of the program and the machine.
public enum Build {
    /// The program's version.
    public static let version = "0.1.0"

    /// Version, configuration and architecture: what besides the request decides a run's numbers.
    public static let identifier: String = {
        #if DEBUG
        let configuration = "debug"
        #else
        let configuration = "release"
        #endif
        #if arch(x86_64)
        let architecture = "x86_64"
        #elseif arch(arm64)
        let architecture = "arm64"
        #else
        let architecture = "other"
        #endif
        return "lathe \(version) \(configuration) \(architecture)"
    }()

    /// Host, processor and how many of its cores there are.
    public static let machine: String = {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
        return "\(RunOwner.current.host), \(model ?? "processor unknown"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
    }()
}
