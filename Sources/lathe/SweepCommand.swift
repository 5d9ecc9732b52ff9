import ArgumentParser
import Datasets
import Experiments
import Foundation
import Terminal

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Runs what a sweep file asks for: settings, seeds, data sets and methods.",
        discussion: """
            The first seed of every cell comes before the second of any, cheap cells first. A run that fails does not stop the rest. \
            Asked for again, a sweep goes on where it stopped; what is finished is not run twice. docs/sweeps.md has the format.
            """)
    @Argument(help: "A TOML file.", completion: .file(extensions: ["toml"])) var file: String
    @Flag(name: .long, help: "Only say what would be run.") var dryRun = false
    @Flag(name: .long, help: "Run everything anew although the store has it.") var again = false
    @OptionGroup var jobs: JobOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(name: .shortAndLong, help: "No progress on standard error.") var quiet = false

    func run() throws {
        let library = DatasetLibrary.ofEnvironment, location = URL(fileURLWithPath: file)
        let plan = try SweepPlan(Sweep(at: location), method: { try? MethodsCommand.find($0) }, entry: { library.entry($0) })
        for name in plan.absent {
            let obtain = library.entry(name)?.obtain
            Talk.say("lathe: \(name) is not here, its runs are left out\(obtain.map { "; bring it with: \($0)" } ?? "")".printable)
        }
        for sentence in plan.refused { Talk.say("lathe: left out: \(sentence)".printable) }
        if plan.excluded > 0 { Talk.say("lathe: \(plan.excluded) cells do not meet the conditions and are left out") }
        if plan.overBudget > 0 { Talk.say("lathe: \(plan.overBudget) runs are beyond the budget and are left out") }
        if dryRun { return show(plan) }

        let runStore = try store.open()
        _ = try runStore.markOrphans()
        let study: StudyRecord
        if !again, let known = try runStore.study(ofSweep: plan.fingerprint) {
            study = known
        } else {
            study = try runStore.createStudy(plan).study
        }
        let all = try runStore.runs(named: study.identifier)
        let left = all.filter { $0.state == .waiting || $0.isResumable || $0.state == .interrupted || $0.state == .cancelled || $0.state == .failed }
        if left.count < all.count { Talk.say("lathe: sweep \(study.identifier) goes on: \(all.count - left.count) of \(all.count) runs are done or at work") }
        let state = left.isEmpty ? StudyReport.state(of: all.map(\.state))
            : try HeadlessRuns(library: library, store: runStore, isSilent: quiet, jobs: jobs.jobs).run(left, log: nil)
        try StudyReport(study: study.identifier, in: runStore, method: nil).print(json: output.json)
        try HeadlessRuns.throwExitCode(state)
    }

    private func show(_ plan: SweepPlan) {
        if output.json {
            return Talk.print(.record([
                "title": .text(plan.title), "fingerprint": .text(plan.fingerprint), "seconds": .number(plan.estimatedSeconds),
                "runs": .array(plan.requests.map { request in
                    .record(["method": .text(request.method), "dataset": .text(request.dataset), "condition": .text(request.condition),
                             "seed": .text(String(request.seed)), "plan": .text(request.plan.rawValue)])
                }),
            ]))
        }
        Talk.print("\(plan.title): \(plan.requests.count) runs, about \(RunsCommand.number(plan.estimatedSeconds < 120 ? plan.estimatedSeconds : plan.estimatedSeconds / 60)) \(plan.estimatedSeconds < 120 ? "seconds" : "minutes") of work on two cores".printable)
        Talk.table([["method", "data", "setting", "seed"]] + plan.requests.map { [$0.method, $0.dataset, $0.condition, String($0.seed)] }, right: [3])
            .forEach { Talk.print($0.printable) }
    }
}
