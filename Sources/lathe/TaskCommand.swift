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
        let outcome = try HeadlessRuns.run(entry.request, identifier: entry.run, study: entry.study, of: MethodsCommand.find(entry.request.method), library: .ofEnvironment, log: log, isSilent: false)
        try HeadlessRuns.throwExitCode(outcome.state)
    }
}
