import Experiments
import Foundation
import Testing
import TrialMethod

/// Processes that really crash leave a report that says what, where and what came before.
@Suite struct CrashReportTests {
    @Test(arguments: [
        ("index", [SIGILL, SIGTRAP]), ("overflow", [SIGILL, SIGTRAP]), ("memory", [SIGBUS]), ("stack", [SIGSEGV]), ("abort", [SIGABRT]),
        ("thread", [SIGILL, SIGTRAP]),
    ] as [(String, [Int32])])
    func aCrashLeavesAReport(kind: String, signals: [Int32]) throws {
        let folder = try TemporaryFolder()
        let (status, talk) = try crash(kind, folder.location.path)
        #expect(signals.contains(status))
        let reports = CrashReports(in: folder.location)
        let report = try #require(reports.list().first)
        #expect(talk.contains(report.path), "standard error says where it is: \(talk)")
        #expect(report.what.hasPrefix("SIG") && !report.text.isEmpty)
        #expect(report.text.contains("command: ") && report.text.contains("crash \(kind)"))
        // The C library gives up without frames that lead back to the program.
        #expect(report.text.contains(kind == "abort" ? "libc.so.6+0x" : "program+0x"), "where")
        #expect(report.text.contains("step 120 with a control character") && report.text.contains("step 25 ") && !report.text.contains("step 24 "))
        #expect(report.text.hasSuffix("end of the report\n"))
        func number(after word: String) -> Int? { report.text.split(separator: "\n").first { $0.hasPrefix(word) }.flatMap { Int($0.dropFirst(word.count).prefix { $0.isNumber }) } }
        #expect((number(after: "thread: ") != number(after: "process: ")) == (kind == "thread"), "which thread")
        let attributes = try FileManager.default.attributesOfItem(atPath: report.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)

        #expect(reports.list(onlyUnread: true).count == 1)
        reports.markRead([report.path])
        #expect(reports.list(onlyUnread: true).isEmpty && reports.list().count == 1)
    }

    @Test func whereNoFileCanBeMadeTheReportGoesToStandardError() throws {
        let folder = try TemporaryFolder(), file = folder.file("no-folder")
        try Data().write(to: file)
        let (_, talk) = try crash("index", file.path)
        #expect(talk.contains("lathe crash report 1") && talk.contains("step 120") && talk.contains("could not be written"))
    }

    /// The names are filled in by the program that crashed, from its own symbols.
    @Test func theReportNamesTheFunction() throws {
        let folder = try TemporaryFolder()
        _ = try crash("stack", folder.location.path)
        let listed = try run(["reports", folder.location.path]).talk
        #expect(listed.contains("deepen"), "\(listed)")
    }

    @Test func aStartWithoutACrashLeavesNothing() throws {
        let folder = try TemporaryFolder()
        #expect(try run(["reports", folder.location.path]).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.location.path).isEmpty)
    }

    private func crash(_ kind: String, _ state: String) throws -> (status: Int32, talk: String) {
        let end = try run(["crash", kind, state])
        #expect(end.wasSignal)
        return (end.status, end.talk)
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, talk: String, wasSignal: Bool) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("Faults")
        process.arguments = arguments
        // Swift's own report takes seconds.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let talk = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, talk, process.terminationReason == .uncaughtSignal)
    }
}
