import Experiments
import Foundation
import Testing

/// Runs without a screen: what they print, what they keep, and that nothing is lost when they are killed.
@Suite struct HeadlessRunTests {
    let program: Program

    init() throws { program = try Program() }

    @Test func aSmokeRunPrintsTheStudyAndIsKept() throws {
        let outcome = try program.run("run", "diva", "--data", "digits", "--plan", "smoke", "--json")
        #expect(outcome.status == 0, "\(outcome.talk)")
        let study = try #require(outcome.json)
        #expect(study["method"]?.string == "diva")
        #expect(study["dataset"]?.string == "digits")
        #expect(study["plan"]?.string == "smoke")
        #expect(study["state"]?.string == "finished")
        #expect((study["seconds"]?.double ?? -1) > 0)
        #expect(study["seeds"]?.elements?.isEmpty == false)
        let summary = try #require(study["summary"]?.elements)
        #expect(summary.contains { $0["name"]?.string == "AUC" && ($0["mean"]?.double ?? 0) > 0.9 && $0["n"]?.int == 1 })
        #expect(study["acceptance"]?.elements?.allSatisfy { $0["passed"]?.bool == true } == true)

        let run = try #require(study["runs"]?.elements?.first?.string)
        let listed = try #require(try program.run("runs", "--json").json?.elements)
        #expect(listed.contains { $0["id"]?.string == run && $0["state"]?.string == "finished" })
        let shown = try #require(try program.run("show", String(run.prefix(6)), "--json").json)
        #expect(shown["results"]?.elements?.isEmpty == false)
    }

    @Test func aRunInAnEventLogIsImportedOnce() throws {
        let log = program.folder.appendingPathComponent("run.jsonl").path
        #expect(try program.run("run", "diva", "--data", "digits", "--plan", "smoke", "--seed", "1", "--events", log).status == 0)
        #expect(try program.run("runs", "--json").json?.elements?.isEmpty == true)
        let first = try #require(try program.run("import", log, "--json").json?.elements?.first)
        #expect((first["added"]?.int ?? 0) > 10)
        let second = try #require(try program.run("import", log, "--json").json?.elements?.first)
        #expect(second["added"]?.int == 0)
        #expect(second["known"]?.int == first["added"]?.int)
        #expect(try program.run("runs", "--json").json?.elements?.count == 1)
    }

    /// Kills a run at random moments; each time the store must be whole, and the resumed run must find the same numbers.
    @Test func aKilledRunGoesOnToTheSameNumbers() throws {
        let arguments = ["run", "diva", "--data", "digits", "--seed", "3", "--threads", "1",
                         "--set", "task=reweight", "--set", "steps=20", "--set", "fourier-count=400", "--set", "gradient-baselines=no"]
        let started = Date()
        let whole = try #require(try program.run(arguments + ["--json"]).json)
        let seconds = Date().timeIntervalSince(started)
        let reference = try results(of: try #require(whole["runs"]?.elements?.first?.string))
        #expect(!reference.isEmpty)

        var interrupted = 0
        for trial in 0..<5 {
            let before = Set(try runs().map { $0.id })
            let process = try program.start(arguments + ["--quiet"])
            Thread.sleep(forTimeInterval: seconds * Double.random(in: 0.1...0.9))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let doctor = try #require(try program.run("doctor", "--json").json?.elements)
            #expect(doctor.contains { $0["topic"]?.string == "store" && $0["verdict"]?.string == "ok" }, "trial \(trial): \(doctor)")
            guard let run = try runs().first(where: { !before.contains($0.id) }) else { continue }
            if run.state != "finished" {
                interrupted += 1
                #expect(run.state == "interrupted")
                let resumed = try program.run("resume", run.id, "--quiet")
                #expect(resumed.status == 0, "trial \(trial): \(resumed.talk)")
            }
            #expect(try results(of: run.id) == reference, "trial \(trial)")
        }
        #expect(interrupted > 0)
    }

    /// A sweep that is killed again and again comes to its end with every run done once, and to the table of one that was left alone.
    @Test func aKilledSweepGoesOnAndRunsNothingTwice() throws {
        let file = program.folder.appendingPathComponent("sweep.toml").path
        try "methods = [\"diva\"]\ndata = [\"digits\"]\nplan = \"smoke\"\nseeds = \"1..4\"\nthreads = 1\n[grid]\nnoise = [0.1, 0.2]\nsteps = [2, 3]\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let other = program.folder.appendingPathComponent("undisturbed.sqlite").path
        let started = Date()
        let whole = try program.run("sweep", file, "--json", "--quiet", "--store", other)
        #expect(whole.status == 0, "\(whole.talk)")
        let seconds = Date().timeIntervalSince(started)
        for _ in 0..<4 {
            let process = try program.start(["sweep", file, "--quiet"])
            Thread.sleep(forTimeInterval: max(0.05, seconds * 0.3))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let last = try program.run("sweep", file, "--json", "--quiet", "--jobs", "2")
        #expect(last.status == 0, "\(last.talk)")
        #expect(last.json?["summary"] == whole.json?["summary"] && last.json?["runs"]?.elements?.count == 16)
        let listed = try runs()
        #expect(listed.count == 16 && listed.allSatisfy { $0.state == "finished" })
        let again = try program.run("sweep", file, "--json")
        #expect(again.json?["summary"] == whole.json?["summary"] && again.talk.contains("16 of 16"))
        let dry = try #require(try program.run("sweep", file, "--dry-run", "--json").json)
        #expect(dry["runs"]?.elements?.count == 16)
    }

    /// The files that ship ask for what is there.
    @Test(arguments: ["diva-noise", "cold-brew-graphs"]) func theSweepsThatShipCanBeRun(name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/sweeps/\(name).toml").path
        let outcome = try program.run("sweep", file, "--dry-run", "--json")
        #expect(outcome.status == 0 && (outcome.json?["runs"]?.elements?.count ?? 0) >= 5, "\(outcome.talk)")
    }

    @Test func anInterruptStopsWithACheckpointAndStatus130() throws {
        let process = try program.start(["run", "diva", "--data", "digits", "--seed", "1", "--set", "task=reweight", "--set", "steps=100",
                                         "--set", "fourier-count=2000", "--quiet"])
        let end = Date(timeIntervalSinceNow: 60)
        while try runs().first?.state != "running", Date() < end { Thread.sleep(forTimeInterval: 0.05) }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let run = try #require(try runs().first)
        #expect(run.state == "cancelled")
    }

    /// The first run takes longer than the second, which another process takes up meanwhile.
    @Test func aRunOfAStudyThatAnotherProcessTookIsLeftToItAndTheRestGoesOn() throws {
        let study = try program.start(["run", "diva", "--data", "digits", "--seed", "1", "--seed", "2", "--seed", "3", "--threads", "1",
                                       "--set", "task=reweight", "--set", "steps=8", "--set", "fourier-count=1500", "--set", "gradient-baselines=no", "--quiet"])
        let end = Date(timeIntervalSinceNow: 60)
        while try runs().count(where: { $0.state == "waiting" }) != 2 || runs().count(where: { $0.state == "running" }) != 1, Date() < end {
            Thread.sleep(forTimeInterval: 0.02)
        }
        let waiting = try #require(try runs().first { $0.state == "waiting" }?.id)
        let taken = try program.start(["resume", waiting, "--quiet"])
        study.waitUntilExit()
        taken.waitUntilExit()
        #expect(study.terminationStatus == 0 && taken.terminationStatus == 0)
        let states = try runs().map(\.state)
        #expect(states == Array(repeating: "finished", count: 3))
    }

    private func runs() throws -> [(id: String, state: String)] {
        try #require(try program.run("runs", "--json").json?.elements).compactMap { run in
            guard let id = run["id"]?.string, let state = run["state"]?.string else { return nil }
            return (id, state)
        }
    }

    /// What a run found, without the times that differ from run to run.
    private func results(of run: String) throws -> [String] {
        let shown = try #require(try program.run("show", run, "--json").json)
        return try #require(shown["results"]?.elements).compactMap { result in
            guard let name = result["name"]?.string, result["unit"]?.string != "s" else { return nil }
            return "\(name)/\(result["arm"]?.string ?? ""): \(result["value"]?.double ?? .nan)"
        }
    }
}
