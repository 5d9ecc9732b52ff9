import Foundation
import Testing

/// A sweep through a real Slurm of one node, where it is installed and the script that starts it is beside the project. It starts daemons,
/// so it is only run when it is asked for: LATHE_TEST_SLURM=1 make test.
@Suite(.serialized) struct SlurmTests {
    private static let starter = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/slurm/local-slurm")
    private static var isHere: Bool {
        ProcessInfo.processInfo.environment["LATHE_TEST_SLURM"] == "1" && FileManager.default.fileExists(atPath: starter.path) && FileManager.default.isExecutableFile(atPath: "/usr/sbin/slurmctld") && getuid() == 0
    }

    /// What a command printed. Not through a pipe: the daemons that `local-slurm start` leaves running would hold it open, and its end would never come.
    private static func shell(_ command: String, _ environment: [String: String]) throws -> String {
        let said = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-said-\(UUID().uuidString)")
        try Data().write(to: said)
        defer { try? FileManager.default.removeItem(at: said) }
        let output = try FileHandle(forWritingTo: said), process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try output.close()
        return try String(contentsOf: said, encoding: .utf8)
    }

    @Test(.enabled(if: isHere, "needs LATHE_TEST_SLURM=1, root, slurm-wlm and ../shared/slurm/local-slurm"))
    func aSweepThroughSlurmWithAKilledTaskComesToTheTableOfOneRunHere() throws {
        var program = try Program()
        defer { program.remove() }
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-slurm-\(UUID().uuidString)")
        program.environment["LOCAL_SLURM_DIR"] = place.path
        // One controller a machine: one that runs already is used, and left.
        let own = program.environment["SLURM_CONF"] == nil
        if own {
            let said = try Self.shell("bash '\(Self.starter.path)' start >/dev/null 2>&1; bash '\(Self.starter.path)' conf", program.environment)
            program.environment["SLURM_CONF"] = said.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        }
        defer {
            if own { _ = try? Self.shell("bash '\(Self.starter.path)' stop", program.environment) }
            try? FileManager.default.removeItem(at: place)
        }
        let file = program.folder.appendingPathComponent("sweep.toml").path, tasks = program.folder.appendingPathComponent("tasks").path
        try "methods = [\"diva\", \"cold-brew\"]\nplan = \"smoke\"\ndata = [\"digits\", \"cora\", \"small-blocks\"]\nseeds = \"1..5\"\nthreads = 1\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let here = try program.run("sweep", file, "--json", "--quiet", "--store", program.folder.appendingPathComponent("here.sqlite").path)
        #expect(here.status == 0, "\(here.talk)")
        let handed = try program.run("sweep", file, "--slurm", "--folder", tasks)
        #expect(handed.status == 0 && handed.talk.contains("15 tasks handed to Slurm"), "\(handed.talk)")
        // The first task that is seen at work is killed; the next command hands it in again, with whatever is left.
        let end = Date(timeIntervalSinceNow: 30)
        while Date() < end {
            let task = try Self.shell("squeue -h -r -t RUNNING -o %F_%K | head -1", program.environment).trimmingCharacters(in: .whitespacesAndNewlines)
            guard task.isEmpty else {
                _ = try Self.shell("scancel --signal=KILL --full \(task)", program.environment)
                break
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        _ = try program.run("sweep", file, "--slurm", "--wait", "--quiet")
        let last = try program.run("sweep", file, "--slurm", "--wait", "--json", "--quiet")
        #expect(last.status == 0, "\(last.talk)")
        #expect(last.json?["summary"] == here.json?["summary"] && last.json?["runs"]?.elements?.count == 15)
    }
}
