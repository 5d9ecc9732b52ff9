import Foundation
import Testing

/// The built program on a real terminal (tmux), ended in every way: the terminal must be as it was.
@Suite(.serialized, .enabled(if: Tmux.isInstalled, "tmux is not installed"))
struct TerminalRestorationTests {
    @Test(arguments: [
        ("SEGV", 139), ("BUS", 135), ("ILL", 132), ("TRAP", 133), ("ABRT", 134), ("FPE", 136), ("TERM", 143), ("HUP", 129),
        ("q", 0),
    ] as [(String, Int)])
    func theTerminalIsGivenBackAfter(end: String, status: Int) throws {
        let tmux = try Tmux()
        defer { tmux.remove() }
        let lathe = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("lathe").path
        try """
            stty -a > before
            sh -c 'echo $$ > pid; exec "$0"' '\(lathe)'
            echo $? > status
            stty -a > after
            exec sleep 600
            """.write(to: tmux.folder.appendingPathComponent("script"), atomically: true, encoding: .utf8)
        try tmux.run("new-session", "-d", "-x", "90", "-y", "24", "sh script")
        try #require(tmux.eventually { try tmux.run("capture-pane", "-p").contains("lathe") }, "no first screen")
        #expect(try tmux.modes() != Tmux.shellModes)

        if end.count == 1 {
            try tmux.run("send-keys", end)
        } else {
            let process = try #require(Int32(tmux.read("pid")))
            try #require(kill(process, Tmux.signals[end] ?? 0) == 0)
        }
        try #require(tmux.eventually { tmux.read("after").contains("speed") }, "the program did not end")
        #expect(tmux.read("status") == "\(status)")
        #expect(tmux.read("after") == tmux.read("before"))
        #expect(try tmux.modes() == Tmux.shellModes)
        #expect(try !tmux.run("capture-pane", "-p").contains("┏"))
    }
}

/// A tmux server of its own in a folder of its own.
private struct Tmux {
    static let isInstalled = path != nil
    static let signals = ["SEGV": SIGSEGV, "BUS": SIGBUS, "ILL": SIGILL, "TRAP": SIGTRAP, "ABRT": SIGABRT, "FPE": SIGFPE,
                          "TERM": SIGTERM, "HUP": SIGHUP]
    /// Normal screen, cursor seen, no mouse reports, lines wrap.
    static let shellModes = "0 1 0 1"

    private static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        .map { "\($0)/tmux" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-tmux-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() {
        _ = try? run("kill-server")
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a tmux command and answers what it printed. By `popen`: Foundation's `Process` waits for every descendant
    /// that keeps its descriptors, and the tmux server lives on.
    @discardableResult func run(_ arguments: String...) throws -> String {
        let folders = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"].map { "\($0)=\(folder.path)" }
        // The report of a crash is Swift's affair and takes seconds.
        let environment = folders + ["LATHE_STORE=\(folder.path)/store.sqlite", "SWIFT_BACKTRACE=enable=no"]
        let words = ["env", "-u", "TMUX"] + environment
            + [Self.path ?? "tmux", "-u", "-S", "\(folder.path)/socket", "-f", "/dev/null"] + arguments
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        guard let stream = popen("cd '\(folder.path)' && \(command) 2>/dev/null", "r") else { throw CocoaError(.executableNotLoadable) }
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(stream), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    func modes() throws -> String {
        try run("display", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A file that the script wrote; empty where there is none yet.
    func read(_ name: String) -> String {
        ((try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Looks again and again until the condition holds, at most 20 seconds.
    func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<400 {
            if try condition() { return true }
            usleep(50_000)
        }
        return false
    }
}
