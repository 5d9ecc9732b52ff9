import ArgumentParser
import Experiments
import Foundation
import Workbench

/// The root command. Without a subcommand it opens the workbench.
struct Lathe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lathe",
        abstract: "A terminal workbench for machine-learning research.",
        discussion: """
            Without a subcommand, lathe opens the workbench. Every screen is a subcommand as well; those that print data take \
            --json. Exit status: 0 done, 1 a run failed, 2 bad usage or bad input, 130 interrupted.
            """,
        version: Experiments.Build.version,
        subcommands: [
            WorkbenchCommand.self, WatchCommand.self, AttachCommand.self, MethodsCommand.self, DataCommand.self, RunCommand.self, SweepCommand.self, TaskCommand.self, ResumeCommand.self, RunsCommand.self, ShowCommand.self,
            CompareCommand.self, ExportCommand.self, ArtifactsCommand.self, AnnotateCommand.self, SampleCommand.self,
            ImportCommand.self, ReplayCommand.self, KeysCommand.self, BenchCommand.self, DoctorCommand.self, RecordCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: WorkbenchCommand.self)
}

@main
enum Program {
    static func main() async {
        // A reader that goes away (`lathe runs | head`) ends the program quietly, not by a signal that looks like a crash.
        signal(SIGPIPE, SIG_IGN)
        CrashReports.ofEnvironment.begin(arguments: CommandLine.arguments)
        do {
            var command = try Lathe.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error)
        }
    }

    /// Ends the program with what the error says: usage errors of the parser and sentences of our own are status 2.
    private static func finish(_ error: any Error) -> Never {
        let status = Lathe.exitCode(for: error)
        if status == .success || error is ExitCode { Lathe.exit(withError: error) }
        if status == .validationFailure {
            Talk.say(Lathe.fullMessage(for: error))
        } else {
            Talk.say("lathe: \(error)")
        }
        exit(2)
    }
}
