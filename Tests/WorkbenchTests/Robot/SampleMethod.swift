import Datasets
import Experiments

/// A method with one parameter of each kind, for forms; its training is a straight line.
struct SampleMethod: Method {
    var identifier = "sample"
    var refusesKinds: Set<DatasetKind> = [.graph]
    /// Whether it has acceptance rows: one that the sample runs meet and one that they miss.
    var asks = false

    var description: MethodDescription {
        MethodDescription(identifier: identifier, title: "Sample: one parameter of each kind", question: "Does the form work?",
                          explanation: "It has a number, a fraction, a rate, a switch, a choice and a text.",
                          paper: "Nobody: A Test. 2026.", tags: ["test"])
    }

    var parameters: [ParameterSpec] {
        [
            ParameterSpec(name: "steps", title: "steps", help: "How many steps.", unit: "steps", kind: .integer(minimum: 1, maximum: 100_000),
                          default: .integer(100), defaults: [.smoke: .integer(10)]),
            ParameterSpec(name: "noise", title: "label noise", help: "The share of labels that are wrong.", kind: .real(minimum: 0, maximum: 0.5, logarithmic: false), default: .real(0.2)),
            ParameterSpec(name: "rate", title: "learning rate", help: "How far a step goes.", kind: .real(minimum: 1e-6, maximum: 10, logarithmic: true), default: .real(0.1)),
            ParameterSpec(name: "shuffle", title: "shuffle", help: "Whether examples are shuffled.", kind: .boolean, default: .boolean(true)),
            ParameterSpec(name: "loss", title: "outer loss", help: "What is made small.",
                          kind: .choice([.init("ce", "cross-entropy"), .init("sq", "squares"), .init("hinge", "margins")]), default: .text("ce")),
            ParameterSpec(name: "folder", title: "folder", help: "Where pictures lie.", kind: .text, default: .text("")),
        ]
    }

    var panels: [PanelSpec] {
        [PanelSpec("loss", title: "Loss", help: "Falls.", kind: .lines(series: ["loss/*"], x: .init("step"), y: .init("loss")))]
    }

    func accepts(_ dataset: DatasetEntry) -> Acceptance {
        refusesKinds.contains(dataset.kind) ? .refused("it takes no \(dataset.kind.rawValue)") : .accepted
    }

    func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let name = dataset ?? "digits"
        switch plan {
        case .smoke: return [RunRequest(method: identifier, dataset: name, plan: plan)]
        case .standard, .paper:
            return ["noise 20 %", "noise 40 %"].flatMap { condition in
                (1...3).map { seed in
                    RunRequest(method: identifier, dataset: name, plan: plan, seed: UInt64(seed), condition: condition,
                               values: condition == "noise 40 %" ? ["noise": .real(0.4)] : [:])
                }
            }
        }
    }

    func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate { Estimate(operations: 3.1e10, bytes: 1.5e8, seconds: 12) }

    func train(_ context: RunContext) throws {
        for step in 0..<context.parameters.integer("steps") {
            try context.proceed()
            context.progress(Double(step), of: Double(context.parameters.integer("steps")), unit: "steps")
            context.metric("loss/train", step: Double(step), value: 1 / Double(step + 1))
        }
        context.finish([.init(name: "error", arm: "model", unit: "%", value: 3.1, better: .lower)])
    }

    func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        guard asks else { return [] }
        let errors = study.values("error", arm: "model", dataset: "digits").values
        return [.atMost(4, name: "largest error, %", measured: errors.max()), .atMost(2.95, name: "least error of all seeds, %", measured: errors.min()),
                .atLeast(5, name: "number of runs", measured: Double(errors.count))]
    }
}
