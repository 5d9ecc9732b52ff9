import Datasets
import Experiments
import Foundation
import Tensors

/// A small real method for these tests: estimates π by throwing darts, one round a step, with a checkpoint each round. It does
/// all that a method may do: stages, progress, metrics of several series, tables, checkpoints that carry its random state.
public struct DartsMethod: Experiments.Method {
    let turnstile: Turnstile?

    public init(turnstile: Turnstile? = nil) { self.turnstile = turnstile }

    public var description: MethodDescription {
        MethodDescription(identifier: "darts", title: "Darts", question: "How large is π?", explanation: "Throws darts.", paper: "Buffon", tags: [])
    }

    public var parameters: [ParameterSpec] {
        [
            ParameterSpec(name: "rounds", title: "Rounds", help: "", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(200)),
            ParameterSpec(name: "pause", title: "Pause", help: "Seconds of a round.", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0)),
            ParameterSpec(name: "fail-at", title: "Fail", help: "", kind: .integer(minimum: -1, maximum: 1_000_000), default: .integer(-1)),
            ParameterSpec(name: "checkpoint-bytes", title: "Bytes", help: "", kind: .integer(minimum: 0, maximum: 1 << 26), default: .integer(0)),
        ]
    }

    public var panels: [PanelSpec] { [] }
    public func accepts(_ dataset: DatasetEntry) -> Acceptance { .accepted }
    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let datasets = dataset.map { [$0] } ?? ["board", "wall"]
        return datasets.flatMap { name in (1...3).map { RunRequest(method: "darts", dataset: name, plan: plan, seed: $0, threads: 1, values: plan == .paper ? ["rounds": .integer(900)] : [:]) } }
    }
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate { Estimate(operations: 0, bytes: 0, seconds: 0) }

    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        let errors = study.values("error", arm: "darts", dataset: "board")
        guard !errors.isEmpty else { return [] }
        return [.atMost(0.2, name: "mean error", measured: errors.values.reduce(0, +) / Double(errors.count))]
    }

    struct Position: Codable {
        var round = 0
        var inside = 0
        var random: RandomSource
        var padding = Data()
    }

    public func train(_ context: RunContext) throws {
        let rounds = context.parameters.integer("rounds"), pause = context.parameters.real("pause")
        var position = Position(random: context.random.stream("darts"))
        if let state = context.restoredState {
            position = try JSONDecoder().decode(Position.self, from: state)
        } else {
            context.stage("throw", 1, of: 2)
        }
        while position.round < rounds {
            while let turnstile, !turnstile.admits(position.round) {
                try context.proceed()
                Thread.sleep(forTimeInterval: 0.002)
            }
            try context.proceed()
            if pause > 0 { Thread.sleep(forTimeInterval: pause) }
            for _ in 0..<20 {
                let x = position.random.uniform(), y = position.random.uniform()
                if x * x + y * y < 1 { position.inside += 1 }
            }
            position.round += 1
            if position.round == context.parameters.integer("fail-at") { throw ParameterError("the dart broke in round \(position.round)") }
            context.metric("π/estimate", step: Double(position.round), value: 4 * Double(position.inside) / Double(20 * position.round))
            context.metric("inside/all", step: Double(position.round), value: Double(position.inside), unit: "darts")
            context.progress(Double(position.round), of: Double(rounds), unit: "rounds")
            if position.round.isMultiple(of: 50) { context.note("round \(position.round)") }
            position.padding = Data(count: context.parameters.integer("checkpoint-bytes"))
            try context.saveCheckpoint("round \(position.round)") { try JSONEncoder().encode(position) }
        }
        context.stage("count", 2, of: 2)
        let estimate = 4 * Double(position.inside) / Double(20 * rounds)
        context.emit(.table(.init(name: "π", columns: [.init("estimate")], rows: [[.number(estimate)]])))
        try context.saveArtifact("estimate.txt", Data("\(estimate)".utf8) + Data(count: context.parameters.integer("checkpoint-bytes")))
        context.finish([.init(name: "error", arm: "darts", value: abs(estimate - .pi), better: .lower)])
    }

    public static func request(rounds: Int = 200, pause: Double = 0, seed: UInt64 = 1, failAt: Int = -1, checkpointBytes: Int = 0) -> RunRequest {
        RunRequest(method: "darts", dataset: "board", plan: .smoke, seed: seed, threads: 1, values: [
            "rounds": .integer(rounds), "pause": .real(pause), "fail-at": .integer(failAt), "checkpoint-bytes": .integer(checkpointBytes),
        ])
    }
}
