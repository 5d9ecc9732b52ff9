import Datasets

/// A published method: what it is, what it can be set to, what its screen shows, and one function that trains.
///
/// A method never touches the terminal, the store or a thread of its own; everything it has to say is an event. The form in
/// the workbench, `--set name=value`, the help, the comparison's parameter diff and the sweep grid come from `parameters`;
/// the live screen comes from `panels`. A second method must not need a change in the workbench.
public protocol Method: Sendable {
    var description: MethodDescription { get }
    /// What can be set, in the order of the form.
    var parameters: [ParameterSpec] { get }
    /// What the run's screen shows, most important first.
    var panels: [PanelSpec] { get }
    /// Whether the method can run on a data set.
    func accepts(_ dataset: DatasetEntry) -> Acceptance
    /// The runs of a plan. `dataset` nil asks for the sheet's whole plan over all of its data sets; a run whose data set is
    /// absent is listed as well, the caller names and drops it.
    func runs(for plan: Plan, dataset: String?) -> [RunRequest]
    /// What a run will cost, shown before a start.
    func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate
    /// Trains. Emits events through `context`, calls `context.proceed()` at least every 50 ms of work, saves checkpoints at
    /// places from which `context.restoredState` can go on to the same numbers, bit for bit with one thread.
    /// - Throws: `RunCancelled` when asked to stop; any other error fails the run with its description.
    func train(_ context: RunContext) throws
    /// The sheet's acceptance rows for the plan and data set, measured on the study's results; empty where there are none.
    func acceptance(for study: StudySummary) -> [AcceptanceRow]
}

/// What a method is, in words.
public struct MethodDescription: Sendable, Codable, Hashable {
    public var identifier: String
    public var title: String
    /// The question that it answers, one sentence.
    public var question: String
    /// How it answers, two to five sentences for the form's right side.
    public var explanation: String
    public var paper: String
    public var tags: [String]

    public init(identifier: String, title: String, question: String, explanation: String, paper: String, tags: [String]) {
        self.identifier = identifier
        self.title = title
        self.question = question
        self.explanation = explanation
        self.paper = paper
        self.tags = tags
    }
}

/// How much of the paper a run does: `smoke` in seconds, `standard` in minutes, `paper` what the paper did.
public enum Plan: String, Sendable, Codable, CaseIterable, Hashable {
    case smoke, standard, paper
}

public enum Acceptance: Sendable, Equatable {
    case accepted
    /// One sentence: why not, and what it takes.
    case refused(String)
}

/// What a run costs.
public struct Estimate: Sendable, Codable, Hashable {
    /// Floating-point operations.
    public var operations: Double
    /// Peak bytes besides the data set.
    public var bytes: Double
    /// Expected seconds on two cores of a laptop.
    public var seconds: Double

    public init(operations: Double, bytes: Double, seconds: Double) {
        self.operations = operations
        self.bytes = bytes
        self.seconds = seconds
    }
}

/// One run that was asked for: everything that determines its numbers, besides the build.
public struct RunRequest: Sendable, Codable, Hashable {
    public var method: String
    public var dataset: String
    public var plan: Plan
    public var seed: UInt64
    public var threads: Int
    /// Which of the plan's settings this is ("noise 40 %"), the same for all seeds of it; "" where there is only one.
    public var condition: String
    /// Values that differ from the parameters' defaults for the plan.
    public var values: [String: ParameterValue]

    public init(method: String, dataset: String, plan: Plan, seed: UInt64 = 1, threads: Int = 2, condition: String = "",
                values: [String: ParameterValue] = [:]) {
        self.method = method
        self.dataset = dataset
        self.plan = plan
        self.seed = seed
        self.threads = threads
        self.condition = condition
        self.values = values
    }
}

/// A row of a method's acceptance table.
public struct AcceptanceRow: Sendable, Codable, Hashable {
    public var name: String
    /// As the sheet says it, such as ">= 0.98".
    public var target: String
    public var measured: Double?
    public var passed: Bool

    public init(name: String, target: String, measured: Double?, passed: Bool) {
        self.name = name
        self.target = target
        self.measured = measured
        self.passed = passed
    }

    public static func atLeast(_ bound: Double, name: String, measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: ">= \(ParameterValue.real(bound).display)", measured: measured, passed: measured.map { $0 >= bound } ?? false)
    }

    public static func atMost(_ bound: Double, name: String, measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: "<= \(ParameterValue.real(bound).display)", measured: measured, passed: measured.map { $0 <= bound } ?? false)
    }

    public static func above(_ bound: Double, name: String, measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: "> \(ParameterValue.real(bound).display)", measured: measured, passed: measured.map { $0 > bound } ?? false)
    }

    public static func below(_ bound: Double, name: String, measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: "< \(ParameterValue.real(bound).display)", measured: measured, passed: measured.map { $0 < bound } ?? false)
    }

    public static func within(_ range: ClosedRange<Double>, name: String, measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: "\(ParameterValue.real(range.lowerBound).display) … \(ParameterValue.real(range.upperBound).display)", measured: measured, passed: measured.map { range.contains($0) } ?? false)
    }
}
