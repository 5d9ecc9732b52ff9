import ArgumentParser
import Catalogue
import Datasets
import Experiments
import Foundation
import Terminal

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a method's plan without a screen.",
        discussion: """
            Without --data, the whole plan runs over every data set of it that is here. ctrl-c stops with a checkpoint; \
            `lathe resume` goes on. Progress goes to standard error, the outcome to standard output.
            """)

    @Argument(help: "A method's identifier; see `lathe methods`.", completion: .list(methodCatalogue.map(\.description.identifier)))
    var method: String
    @Option(name: .long, help: "A data set's identifier; see `lathe data`.") var data: String?
    @Option(name: .long, help: "How much of the paper: smoke (seconds), standard (minutes), paper.") var plan: Plan = .standard
    @Option(name: .long, help: "Only one of the plan's settings, by its name, such as “reweight 40 %”.") var condition: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("""
        A parameter's value; see `lathe methods NAME`. Without --condition the values are a setting of their own: over the plan's where it has \
        one for the data set, in place of them where it has several.
        """, valueName: "name=value"))
    var settings: [String] = []
    @Option(name: .customLong("seed"), help: "A seed in place of the plan's; several: --seed 1 --seed 2.") var seeds: [UInt64] = []
    @Option(name: .long, help: "Threads of the linear algebra.") var threads: Int?
    @Option(name: .long, help: "Write the run's events as JSON lines to a file, or to standard output with -. Without --store the run is then kept only there.")
    var events: String?
    @OptionGroup var jobs: JobOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(name: .shortAndLong, help: "No progress on standard error.") var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is \(threads); give 1 … 1024.") }
    }

    func run() throws {
        let method = try MethodsCommand.find(method)
        let library = DatasetLibrary.ofEnvironment
        let plan = try study(of: method, library: library)
        if let events, store.store == nil { return try runIntoLog(events, plan, method, library) }

        let runStore = try store.open()
        let made = try runStore.createStudy(method: plan.method, dataset: plan.dataset, plan: plan.plan, requests: plan.requests, absent: plan.absent)
        let session = HeadlessRuns(library: library, store: runStore, isSilent: quiet, jobs: jobs.jobs)
        let log = try events.map { try EventLogWriter.opened($0, run: made.runs[0].identifier, study: made.study.identifier) }
        let state = try session.run(made.runs, log: log)
        try StudyReport(study: made.study.identifier, in: runStore, method: method).print(json: output.json)
        try HeadlessRuns.throwExitCode(state)
    }

    /// The runs to make, checked: wrong settings and absent data are said before anything is stored.
    private func study(of method: any Method, library: DatasetLibrary) throws -> StudyPlan {
        let identifier = method.description.identifier
        let values = try method.parameters.values(settings, of: identifier)
        let entries = library.entries()
        if let data {
            guard let entry = library.entry(data) else { _ = try library.open(data); throw UsageError("there is no data set “\(data.printable)”") }
            if case .refused(let reason) = method.accepts(entry) { throw UsageError("\(identifier) cannot run on \(data.printable): \(reason)") }
            if entry.state == .missing {
                throw UsageError("the data set \(entry.identifier) is not here" + (entry.obtain.map { "; bring it with: \($0)" } ?? ""))
            }
        }
        let plan = StudyPlan(method: method, plan: plan, dataset: data.flatMap { library.entry($0)?.identifier }, condition: condition,
                             values: values, seeds: seeds, threads: threads, isPresent: { name in entries.contains { $0.identifier == name && $0.state != .missing } })
        for name in plan.absent {
            let obtain = entries.first { $0.identifier == name }?.obtain
            Talk.say("lathe: \(name) is not here, its runs are left out" + (obtain.map { "; bring it with: \($0)" } ?? ""))
        }
        if let condition, plan.requests.isEmpty, plan.absent.isEmpty {
            let known = method.runs(for: self.plan, dataset: data).map(\.condition)
            let names = known.enumerated().filter { known.firstIndex(of: $1) == $0 }.map(\.element)
            throw UsageError("the plan has no setting “\(condition.printable)”; it has \(names.joined(separator: "; "))")
        }
        guard !plan.requests.isEmpty else {
            throw UsageError("the \(self.plan.rawValue) plan of \(identifier) has no run\(data.map { " on \($0)" } ?? " whose data are here"); try another --plan or --data")
        }
        if events != nil, plan.requests.count > 1 {
            throw UsageError("--events takes one run and this plan has \(plan.requests.count); give --seed, --data and --plan so that one is left")
        }
        for request in plan.requests { _ = try ParameterValues(method.parameters, request: request) }
        return plan
    }

    /// One run that is kept in an event log alone: a node of a cluster never writes a store.
    private func runIntoLog(_ path: String, _ plan: StudyPlan, _ method: any Method, _ library: DatasetLibrary) throws {
        guard path != "-" else { throw UsageError("--events - needs --store as well: a checkpoint has no place beside standard output") }
        let location = URL(fileURLWithPath: path)
        let identifier = FileManager.default.fileExists(atPath: path) ? try EventLog(readingFrom: location).header?.run : nil
        let outcome = try HeadlessRuns.run(plan.requests[0], identifier: identifier ?? RunIdentifier.make(prefix: "r"), study: nil, of: method, library: library, log: location, isSilent: quiet)
        if output.json {
            Talk.print(.record(["run": .text(outcome.identifier), "state": .text(outcome.state.rawValue), "seconds": .number(outcome.seconds)]))
        }
        try HeadlessRuns.throwExitCode(outcome.state)
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with interrupted, stopped or failed runs from their checkpoints.")
    @Argument(help: ArgumentHelp("A run's or a study's identifier, or its beginning.", valueName: "run")) var identifier: String
    @OptionGroup var jobs: JobOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Flag(name: .shortAndLong, help: "No progress on standard error.") var quiet = false

    func run() throws {
        let runStore = try store.open()
        _ = try runStore.markOrphans()
        let records = try runStore.runs(named: identifier).filter { $0.isResumable || $0.state == .waiting || $0.state == .paused }
        guard let first = records.first else { throw UsageError("nothing of \(identifier.printable) is left to resume") }
        let session = HeadlessRuns(library: .ofEnvironment, store: runStore, isSilent: quiet, jobs: jobs.jobs)
        let state = try session.run(records, log: nil)
        if let study = first.study {
            try StudyReport(study: study, in: runStore, method: try? MethodsCommand.find(first.request.method)).print(json: output.json)
        }
        try HeadlessRuns.throwExitCode(state)
    }
}

extension Plan: ExpressibleByArgument {}
