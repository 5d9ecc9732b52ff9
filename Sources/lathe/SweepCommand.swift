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
    @Flag(name: .long, help: "Hand the runs to Slurm as a job array; asked for again, hand in what is missing.") var slurm = false
    @Option(name: .long, help: "Slurm's partition.") var partition: String?
    @Option(name: .long, help: "How long a task may take, such as 2:00:00; a task that is stopped saves a checkpoint.") var time: String?
    @Option(name: .long, help: "Memory of a task, such as 4G.") var mem: String?
    @Option(name: .long, help: "With --slurm: the folder for tasks and event logs, which the nodes see under the same path. Default: lathe-sweep-… here.", completion: .directory)
    var folder: String?
    @Flag(name: .long, help: "With --slurm: stay until the tasks are done, and print the table.") var wait = false
    @Flag(name: .long, help: "With --slurm: take the tasks out of the queue; those that run save a checkpoint.") var cancel = false
    @OptionGroup var jobs: JobOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(name: .shortAndLong, help: "No progress on standard error.") var quiet = false

    func validate() throws {
        if !slurm, wait || cancel || partition != nil || time != nil || mem != nil || folder != nil {
            throw ValidationError("--partition, --time, --mem, --folder, --wait and --cancel go with --slurm")
        }
    }

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
        if slurm { return try onCluster(study, runStore) }
        guard study.remote.isEmpty else {
            throw UsageError("sweep \(study.identifier) is a cluster's, its tasks are in \(study.remote.printable); add --slurm, or --again to run everything here")
        }
        let all = try runStore.runs(named: study.identifier)
        let left = all.filter { $0.state == .waiting || $0.isResumable || $0.state == .interrupted || $0.state == .cancelled || $0.state == .failed }
        if left.count < all.count { Talk.say("lathe: sweep \(study.identifier) goes on: \(all.count - left.count) of \(all.count) runs are done or at work") }
        let state = left.isEmpty ? StudyReport.state(of: all.map(\.state))
            : try HeadlessRuns(library: library, store: runStore, isSilent: quiet, jobs: jobs.jobs).run(left, log: nil)
        try StudyReport(study: study.identifier, in: runStore, method: nil).print(json: output.json)
        try HeadlessRuns.throwExitCode(state)
    }

    private func onCluster(_ study: StudyRecord, _ runStore: RunStore) throws {
        if cancel {
            try RemoteSweep.open(study, in: runStore).cancel()
            return Talk.say("lathe: the tasks of \(study.identifier) are taken out of the queue; the same command without --cancel hands them in again")
        }
        let options = [partition.map { "--partition=\($0)" }, time.map { "--time=\($0)" }, mem.map { "--mem=\($0)" }].compactMap { $0 }
        let place = URL(fileURLWithPath: folder ?? "lathe-sweep-\(study.identifier)")
        guard let program = Bundle.main.executablePath else { throw UsageError("the path of lathe is not known, so the nodes cannot be told") }
        var (sweep, count) = try RemoteSweep.submit(study, in: runStore, folder: place, program: program, options: options)
        Talk.say("lathe: \(count) tasks handed to Slurm, logs in \(sweep.tasks.folder.path)".printable)
        if wait { try watch(&sweep) } else if count > 0 { Talk.say("lathe: the workbench shows them; --slurm --wait stays until they are done") }
        if wait || count == 0 {
            let report = try StudyReport(study: study.identifier, in: runStore, method: nil)
            report.print(json: output.json)
            try HeadlessRuns.throwExitCode(report.state)
        }
    }

    private func watch(_ sweep: inout RemoteSweep) throws {
        let stop = RunControl(), interruption = Interruption { stop.cancel() }
        try withExtendedLifetime(interruption) {
            var last = ""
            while true {
                let status = try sweep.update()
                for problem in sweep.takeProblems() { Talk.say("lathe: \(problem)".printable) }
                let words = ["\(status.finished) of \(status.total) done"] + (status.failed > 0 ? ["\(status.failed) failed"] : [])
                    + status.queued.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\($0.key == "pending" && !["", "None"].contains(status.reason) ? " (\(status.reason))" : "")" }
                    + (status.missing > 0 ? ["\(status.missing) stopped; the same command hands them in again"] : [])
                let line = words.joined(separator: ", ")
                if !quiet, line != last { Talk.say(line.printable) }
                last = line
                if status.isOver { return }
                if stop.isStopped {
                    Talk.say("lathe: the tasks go on; the same command watches them again, --cancel stops them")
                    throw ExitCode(130)
                }
                Thread.sleep(forTimeInterval: 1)
            }
        }
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
