import ArgumentParser
import Experiments
import Foundation
import Terminal
import Workbench

struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Opens the workbench at a run that goes on in another process, such as one that was handed over when its workbench was left.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning; without it the newest that is at work.", valueName: "run")) var identifier: String?
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let runStore = try store.open()
        _ = try? runStore.markOrphans()
        var filter = RunFilter()
        filter.states = [.running, .paused]
        filter.limit = 1
        let found = try identifier.map { try runStore.resolve($0) } ?? runStore.runs(filter).first?.identifier
        guard let found else { throw UsageError("no run is at work; lathe lists them all, and lathe resume goes on with one that was stopped") }
        let location = runStore.location.path
        runStore.close()
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw UsageError("the workbench needs a terminal, and this is none; without a screen: lathe show \(found)") }
        let status = try await LiveWorkbench.run(LiveOptions(store: location, color: .auto, run: found))
        if status != 0 { throw ExitCode(status) }
    }
}
