import Foundation

/// What went wrong with a cluster's queue, or with a sweep that is in it: one sentence.
public struct RemoteError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String
    public init(_ sentence: String) { description = sentence }
}

/// Slurm, through its own programs: `sbatch`, `squeue`, `scancel`.
public struct SlurmQueue: Sendable {
    /// Where a task stands in the queue.
    public struct Task: Sendable, Equatable {
        /// As Slurm says it, in small letters: pending, running, completing, …
        public var state: String
        /// Why it is not running yet, such as Resources or Priority; "" or "None" otherwise.
        public var reason: String
    }

    private let path: String

    /// - Parameter path: folders with Slurm's programs, separated by colons; those of the environment by default.
    public init(path: String? = nil) { self.path = path ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }

    /// Hands in an array of tasks.
    /// - Parameters:
    ///   - script: the batch script.
    ///   - arguments: of the script.
    ///   - indices: of the array, ascending.
    ///   - options: as `sbatch` takes them.
    /// - Returns: the job's number.
    /// - Throws: `RemoteError` where there is no Slurm, or with what it says of a job that it refuses.
    public func submit(_ script: URL, arguments: [String], indices: [Int], options: [String]) throws(RemoteError) -> Int {
        let said = try run("sbatch", ["--parsable", "--array=\(Self.ranges(indices))"] + options + [script.path] + arguments)
        guard said.status == 0 else { throw RemoteError("Slurm refuses the job: \(said.reason)") }
        // With several clusters the number is followed by the cluster's name.
        guard let job = said.output.split(whereSeparator: { ";\n".contains($0) }).first.flatMap({ Int($0) }) else {
            throw RemoteError("sbatch said “\(said.output.prefix(80))” where a job's number was expected")
        }
        return job
    }

    /// The tasks of jobs that are still in the queue, by job and index. A job that is over is no error.
    public func tasks(of jobs: [Int]) throws(RemoteError) -> [Int: [Int: Task]] {
        guard !jobs.isEmpty else { return [:] }
        let said = try run("squeue", ["--noheader", "--array", "--states=all", "--format=%F|%K|%T|%r", "--jobs=\(jobs.map(String.init).joined(separator: ","))"])
        guard said.status == 0 || said.reason.contains("Invalid job id") else { throw RemoteError("the queue cannot be asked: \(said.reason)") }
        var tasks: [Int: [Int: Task]] = [:]
        for line in said.output.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 4, let job = Int(parts[0]), let index = Int(parts[1]) else { continue }
            let state = parts[2].lowercased()
            guard ["pending", "running", "suspended", "configuring", "completing", "requeued", "requeue_hold", "requeue_fed", "resizing", "stopped", "signaling", "stage_out"].contains(state) else { continue }
            tasks[job, default: [:]][index] = Task(state: state, reason: parts[3])
        }
        return tasks
    }

    /// Takes jobs out of the queue; tasks that run are asked to stop and save a checkpoint first.
    public func cancel(_ jobs: [Int]) throws(RemoteError) {
        guard !jobs.isEmpty else { return }
        // The script's own process is the program: it hears the signal and stops with a checkpoint.
        _ = try run("scancel", ["--batch", "--signal=TERM"] + jobs.map(String.init))
        let said = try run("scancel", ["--state=PENDING"] + jobs.map(String.init))
        guard said.status == 0 || said.reason.contains("Invalid job id") else { throw RemoteError("the jobs cannot be cancelled: \(said.reason)") }
    }

    /// "0-2,5,7-8".
    static func ranges(_ indices: [Int]) -> String {
        var runs: [(Int, Int)] = []
        for index in indices {
            if let last = runs.last, last.1 + 1 == index { runs[runs.count - 1].1 = index } else { runs.append((index, index)) }
        }
        return runs.map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }.joined(separator: ",")
    }

    private struct Answer {
        var status: Int32
        var output: String
        var errors: String
        /// What it complains of, on one line.
        var reason: String {
            let words = (errors.isEmpty ? output : errors).split(separator: "\n").map(String.init).joined(separator: "; ")
            return words.isEmpty ? "it ended with status \(status) and said nothing" : String(words.prefix(300))
        }
    }

    private func run(_ program: String, _ arguments: [String]) throws(RemoteError) -> Answer {
        guard let path = path.split(separator: ":").map({ "\($0)/\(program)" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw RemoteError("there is no \(program) on this machine; on a login node of a cluster “module load slurm” may bring it, else run the sweep here without --slurm")
        }
        let process = Process(), output = Pipe(), errors = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
            let complaints = Background { (try? errors.fileHandleForReading.readToEnd()) ?? nil }
            let said = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return Answer(status: process.terminationStatus, output: String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
                          errors: String(decoding: complaints.value ?? Data(), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        } catch { throw RemoteError("\(path) cannot be run: \(error.localizedDescription)") }
    }
}

/// Reads one pipe while another is read, so that neither fills up.
private final class Background: @unchecked Sendable {
    private let group = DispatchGroup()
    private var result: Data?

    init(_ body: @escaping @Sendable () -> Data?) {
        group.enter()
        DispatchQueue.global().async {
            self.result = body()
            self.group.leave()
        }
    }

    /// Written before the group is left, read after.
    var value: Data? {
        group.wait()
        return result
    }
}
