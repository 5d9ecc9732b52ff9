import Experiments
import Foundation
import Testing

/// Faults of a machine: the long form is `make faults`.
@Suite struct FaultTests {
    /// Each way of ending twice, on the method whose run is the shortest.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: Program.path))) func endedRunsLoseNothingAndGoOnToTheSameNumbers() throws {
        let program = try Program()
        defer { program.remove() }
        let output = program.folder.appendingPathComponent("faults")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path).deletingLastPathComponent().appendingPathComponent("Faults")
        process.arguments = ["kill", Program.path, "22", "rim"]
        process.environment = program.environment
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let report = try String(contentsOf: output, encoding: .utf8)
        #expect(process.terminationStatus == 0 && report.contains("faults tried: 22") && report.contains("losses: 0"), "\(report)")
    }

    @Test func aCommandThatCrashesSaysWhereItsReportIsAndDoctorNamesIt() throws {
        var program = try Program()
        defer { program.remove() }
        // Swift's own report takes seconds.
        program.environment["SWIFT_BACKTRACE"] = "enable=no"
        #expect(try finding(program).verdict == "ok")
        let talk = program.folder.appendingPathComponent("talk")
        let process = try program.start(["run", "rim", "--plan", "standard", "--quiet"], errors: talk)
        let reports = CrashReports(in: program.folder.appendingPathComponent("lathe"))
        // The handlers stand before anything else is done; the run itself shows when it has begun.
        let end = Date(timeIntervalSinceNow: 30)
        while try program.run("runs", "--json").json?.elements?.contains(where: { $0["state"]?.string == "running" }) != true, Date() < end { usleep(20_000) }
        kill(process.processIdentifier, SIGSEGV)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGSEGV)
        let report = try #require(reports.list().first)
        #expect(try String(contentsOf: talk, encoding: .utf8).contains(report.path))
        #expect(report.what.hasPrefix("SIGSEGV") && report.what.contains("sent by process \(ProcessInfo.processInfo.processIdentifier)"))
        #expect(report.text.contains("run rim --plan standard") && report.text.contains("begins, rim on "))
        let found = try finding(program)
        #expect(found.verdict == "note" && found.sentence.contains(report.path) && found.sentence.contains("SIGSEGV"))
        reports.markRead([report.path])
        #expect(try finding(program).verdict == "ok")
    }

    private func finding(_ program: Program) throws -> (verdict: String, sentence: String) {
        let all = try #require(try program.run("doctor", "--json").json?.elements)
        let crashes = try #require(all.first { $0["topic"]?.string == "crashes" })
        return (crashes["verdict"]?.string ?? "", crashes["sentence"]?.string ?? "")
    }
}
