import ArgumentParser
import Datasets
import Experiments
import Foundation

/// What a job array calls: one line of a task list becomes one run, told in an event log.
struct TaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Runs one task of a sweep on a cluster: what the job of lathe sweep --slurm calls.",
        discussion: "The run writes its event log into the folder and no store. A task that was stopped goes on from the checkpoint beside its log.")
    @Argument(help: "The sweep's folder, with tasks.jsonl.", completion: .directory) var folder: String
    @Argument(help: "Which line, from 0 on.") var index: Int

    func run() throws {
        let tasks = try TaskList(opening: URL(fileURLWithPath: folder))
        guard tasks.entries.indices.contains(index) else { throw UsageError("the list in \(folder.printable) has \(tasks.entries.count) tasks, no number \(index)") }
        let entry = tasks.entries[index], log = tasks.log(of: entry.run)
        let method = try MethodsCommand.find(entry.request.method)
        let progress = ProgressLine(isSilent: false), control = RunControl()
        let interruption = Interruption { control.cancel() }
        progress.begin(entry.request, index: 1, of: 1)
        let outcome = try withExtendedLifetime(interruption) {
            try RunExecutor(library: .ofEnvironment, cacheFolder: HeadlessRuns.cacheFolder)
                .run(entry.request, identifier: entry.run, study: entry.study, of: method, log: log, control: control) { progress.receive($0) }
        }
        progress.end(HeadlessRuns.sentence(outcome))
        try HeadlessRuns.throwExitCode(outcome.state)
    }
}
