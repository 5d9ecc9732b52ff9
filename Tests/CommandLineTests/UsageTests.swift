import Experiments
import Foundation
import Testing

/// What the command line answers to right and wrong use.
@Suite struct UsageTests {
    let program: Program

    init() throws { program = try Program() }

    @Test func theHelpNamesEverySubcommand() throws {
        let help = try program.run("--help")
        #expect(help.status == 0)
        for name in ["methods", "data", "run", "resume", "runs", "show", "replay", "bench", "doctor"] { #expect(help.output.contains("  \(name)")) }
    }

    @Test func withoutATerminalTheWorkbenchNamesTheHeadlessCommand() throws {
        let outcome = try program.run([])
        #expect(outcome.status == 2)
        #expect(outcome.talk.contains("needs a terminal"))
        #expect(outcome.talk.contains("lathe run diva --data digits"))
    }

    @Test(arguments: [
        (["frobnicate"], "frobnicate"),
        (["run", "no-such-method"], "there is no method “no-such-method”"),
        (["run", "diva", "--data", "digitz"], "digits"),
        (["run", "diva", "--data", "digits", "--set", "noise"], "name=value"),
        (["run", "diva", "--data", "digits", "--set", "noise=7"], "0 … 0.95"),
        (["run", "diva", "--data", "digits", "--set", "noize=0.1"], "has no parameter “noize”"),
        (["run", "diva", "--data", "cora"], "cora"),
        (["run", "diva", "--plan", "huge"], "smoke"),
        (["run", "diva", "--data", "digits", "--threads", "0"], "1 … 1024"),
        (["show", "r000000000"], "r000000000"),
        (["resume", "r000000000"], "r000000000"),
        (["import", "/no/such/file"], "/no/such/file"),
        (["replay", "/no/such.session", "--headless"], "/no/such.session"),
        (["data", "show", "nothing"], "nothing"),
        (["bench", "--only", "nothing"], "frame"),
    ])
    func wrongUseIsOneSentenceAndStatusTwo(arguments: [String], word: String) throws {
        let outcome = try program.run(arguments)
        #expect(outcome.status == 2, "\(arguments): \(outcome.talk)")
        #expect(outcome.talk.contains(word), "\(arguments): \(outcome.talk)")
        #expect(outcome.output.isEmpty)
    }

    @Test func methodsAndDataPrintArraysOfObjects() throws {
        let methods = try #require(try program.run("methods", "--json").json?.elements)
        #expect(methods.contains { $0["id"]?.string == "diva" && $0["title"]?.string != nil })
        let data = try #require(try program.run("data", "list", "--json").json?.elements)
        let digits = try #require(data.first { $0["id"]?.string == "digits" })
        #expect(digits["state"]?.string == "embedded")
        #expect(digits["rows"]?.int == 1797)
        #expect(data.allSatisfy { $0["state"]?.string != "missing" || $0["obtain"]?.string != nil })
    }

    @Test func doctorChecksTheProducts() throws {
        let outcome = try program.run("doctor", "--json")
        let findings = try #require(outcome.json?.elements)
        #expect(findings.contains { $0["topic"]?.string == "linear algebra" && $0["verdict"]?.string == "ok" })
        #expect(findings.contains { $0["topic"]?.string == "store" && $0["verdict"]?.string == "ok" })
    }

    @Test func aStoreThatCannotBeWrittenIsOneSentence() throws {
        var other = program
        other.environment["LATHE_STORE"] = "/proc/nothing/store.sqlite"
        let outcome = try other.run("runs")
        #expect(outcome.status == 2)
        #expect(outcome.talk.contains("/proc/nothing"))
        #expect(outcome.talk.split(separator: "\n").count == 1)
    }
}
