import Datasets
import Experiments
import Foundation
import Tensors
import Testing
import TrajectoryShapley

/// Whole runs of small size.
@Suite(.serialized) struct MethodTests {
    @Test func `the smoke plan learns, is efficient, gives nothing to what is not read, and finds the same twice`() throws {
        let smoke = TrajectoryShapleyMethod().runs(for: .smoke, dataset: nil)[0]
        let first = try run(smoke), second = try run(smoke)
        #expect(first.results == second.results && text(first.payloads) == text(second.payloads))
        for arm in ["LSTM", "Edge"] {
            let losses = first.points("training/\(arm)").values
            #expect(losses.count == 30 && (losses.last ?? 9) < losses[0], "\(arm)")
        }
        for arm in ["CV", "LSTM", "Edge"] {
            for measure in arm == "CV" ? ["ADE"] : ["nllc", "ADE"] { #expect((first.result("efficiency error, \(measure)", arm: arm) ?? 9) < 1e-4, "\(arm), \(measure)") }
        }
        #expect(first.result("largest neighbour value, nllc", arm: "LSTM") == 0 && first.result("largest neighbour value, ADE", arm: "LSTM") == 0)
        #expect((first.result("largest neighbour value, nllc", arm: "Edge") ?? 0) > 0)
        #expect((first.result("efficiency gap of banzhaf-code", arm: "Edge") ?? 0) > 1e-3)
        for table in ["contributions", "contributions, ADE", "exchange", "exchange, ADE", "models", "attribution so far", "estimators", "ψ by distance", "hits by influence", "moments"] {
            #expect(first.payloads.contains { if case .table(let found) = $0 { found.name == table && !found.rows.isEmpty } else { false } }, "\(table)")
        }
        #expect(first.payloads.contains { if case .scenes(let set) = $0 { set.scenes.count == 20 && set.scenes.allSatisfy { $0.tracks.count == 1 + 4 + 2 } } else { false } })
    }

    @Test(arguments: ["crowd-alone", "crowd-flow"]) func `scenes in which nobody moves anybody, or all cross one centre, run as well`(dataset: String) throws {
        let sink = try run(request(["models": .text("cv, edge"), "steps": .integer(3), "targets": .integer(6)], dataset: dataset))
        #expect((sink.result("efficiency error, nllc", arm: "Edge") ?? 9) < 1e-4)
        #expect((sink.result("ψ names the partner", arm: "Edge") == nil) == (dataset == "crowd-alone"))
    }

    @Test(arguments: ["perm", "banzhaf-code", "exact"]) func `every predictor, measure and estimator runs, sampled values are efficient and the published code's are not`(estimator: String) throws {
        let sink = try run(request(["models": .text("cv, lstm, sum, edge, stgcn, pecnet, sum-plain, edge-plain"), "steps": .integer(2), "targets": .integer(3), "estimator": .text(estimator), "batch": .integer(16),
                                    "objective": .text(estimator == "perm" ? "variational" : "exact-marginal"), "value": .text(estimator == "perm" ? "minade" : "nll"), "stgcn-kernel": .text(estimator == "perm" ? "code" : "ours"),
                                    "stgcn-optimiser": .text(estimator == "exact" ? "sgd" : "adam"), "remove-past": .text(estimator == "exact" ? "mean" : "random"), "remove-neighbours": .text(estimator == "perm" ? "random" : "static")]))
        for arm in ["CV", "LSTM", "Traj++", "Edge", "STGCN", "PECNet", "Traj++ plain", "Edge plain"] {
            #expect(sink.result("ADE", arm: arm)?.isFinite == true, "\(arm)")
            #expect(sink.results.filter { $0.arm == arm && $0.name.hasPrefix("efficiency error") }.allSatisfy { $0.value < 1e-4 }, "\(arm)")
            if arm != "CV" { #expect(sink.artifacts.keys.contains { $0.hasSuffix(".safetensors") }) }
        }
        #expect(sink.results.contains { $0.name.hasPrefix("efficiency error") } == (estimator != "banzhaf-code"))
    }

    @Test func `two threads find what one finds`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        let asked = request(["steps": .integer(5), "targets": .integer(8)])
        Parallel.threads = 1
        let one = try run(asked)
        Parallel.threads = 2
        #expect(try run(asked).results == one.results)
    }
}
