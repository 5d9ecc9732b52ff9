import Foundation

/// The runs of a job array, in a folder that the nodes of a cluster share: `tasks.jsonl` with one run a line, `job.sh`, `logs/` with an
/// event log of each run, `out/` with what the tasks print, and `jobs.jsonl` with what was handed in.
///
/// A task reads its line and writes its log; nothing but the login node writes a store.
public struct TaskList: Sendable {
    public struct Entry: Sendable, Codable, Equatable {
        public var run: String
        public var study: String
        public var request: RunRequest
    }

    /// A job array that was handed in.
    struct Job: Codable, Equatable {
        var job: Int
        /// What is added to an index of the array: arrays have a largest index.
        var offset: Int
        var indices: [Int]
    }

    public let folder: URL
    public private(set) var entries: [Entry]

    var script: URL { folder.appendingPathComponent("job.sh") }
    private var tasks: URL { folder.appendingPathComponent("tasks.jsonl") }
    private var jobsFile: URL { folder.appendingPathComponent("jobs.jsonl") }

    public func log(of run: String) -> URL { folder.appendingPathComponent("logs").appendingPathComponent("\(run).jsonl") }

    /// Makes the folder of a study's runs.
    /// - Parameter program: the path of `lathe` on the nodes.
    /// - Throws: `RemoteError` when it cannot be written.
    init(creating folder: URL, runs: [RunRecord], study: String, program: String, name: String) throws(RemoteError) {
        self.folder = folder
        entries = runs.map { Entry(run: $0.identifier, study: study, request: $0.request) }
        do {
            for part in ["logs", "out"] { try FileManager.default.createDirectory(at: folder.appendingPathComponent(part), withIntermediateDirectories: true) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var lines = Data()
            for entry in entries { lines += try encoder.encode(entry) + Data("\n".utf8) }
            try lines.write(to: tasks, options: .atomic)
            try Data(Self.text(folder: folder, program: program, name: name, threads: runs.map(\.request.threads).max() ?? 1).utf8).write(to: script, options: .atomic)
        } catch { throw RemoteError("the folder \(folder.path) cannot be written: \(error.localizedDescription)") }
    }

    /// Opens a folder that was made before.
    /// - Throws: `RemoteError` with file and line.
    public init(opening folder: URL) throws(RemoteError) {
        self.folder = folder
        entries = try Self.lines(of: folder.appendingPathComponent("tasks.jsonl"))
    }

    private static func lines<Line: Decodable>(of file: URL) throws(RemoteError) -> [Line] {
        guard let data = try? Data(contentsOf: file) else { throw RemoteError("\(file.path) cannot be read; it belongs to a sweep on a cluster, and without it nothing is known of its tasks") }
        var lines: [Line] = []
        for (number, line) in data.split(separator: 0x0A).enumerated() {
            do { lines.append(try JSONDecoder().decode(Line.self, from: Data(line))) } catch { throw RemoteError("\(file.path), line \(number + 1): it is not what lathe wrote there") }
        }
        return lines
    }

    /// What was handed in before.
    func jobs() throws(RemoteError) -> [Job] {
        FileManager.default.fileExists(atPath: jobsFile.path) ? try Self.lines(of: jobsFile) : []
    }

    func remember(_ job: Job) throws(RemoteError) {
        do {
            if !FileManager.default.fileExists(atPath: jobsFile.path) { try Data().write(to: jobsFile) }
            let file = try FileHandle(forWritingTo: jobsFile)
            try file.seekToEnd()
            try file.write(contentsOf: JSONEncoder().encode(job) + Data("\n".utf8))
            try file.close()
        } catch { throw RemoteError("\(jobsFile.path) cannot be written: job \(job.job) is in the queue, but lathe will not know it again (\(error.localizedDescription))") }
    }

    /// Why nothing can be written into the folder, as the system says it (a full disk, a quota); nil where something can.
    func refusal() -> String? {
        let probe = folder.appendingPathComponent(".room-\(UInt32.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: probe) }
        do { try Data(count: 16_384).write(to: probe) } catch { return error.localizedDescription }
        return nil
    }

    private static func text(folder: URL, program: String, name: String, threads: Int) -> String {
        """
        #!/bin/bash
        # Made by lathe sweep --slurm: one task of the array is one run of tasks.jsonl.
        #SBATCH --job-name=\(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.prefix(40))
        #SBATCH --cpus-per-task=\(threads)
        #SBATCH --requeue
        #SBATCH --open-mode=append
        #SBATCH --signal=B:TERM@60
        # The program takes the place of the shell, so that a warning before the end of its time reaches it: it saves a checkpoint and stops.
        exec \(quoted(program)) task \(quoted(folder.path)) "$((SLURM_ARRAY_TASK_ID + ${1:-0}))"

        """
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
