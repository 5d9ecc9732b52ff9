import Datasets
import Experiments
import Foundation

extension DIVAMethod {
    /// One setting of the sheet's plan with the seeds that its acceptance asks for.
    struct Row {
        var condition: String
        var dataset: String
        var seeds: Int
        var values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: dataset.map { smoke($0) } ?? smoke("digits")
        case .standard: standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: paper(dataset)
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "digits", seeds: 3, values: [:])] : rows
        return chosen.flatMap { row in
            (1...row.seeds).map { seed in
                RunRequest(method: description.identifier, dataset: row.dataset, plan: plan, seed: UInt64(seed), condition: row.condition, values: row.values)
            }
        }
    }

    private func smoke(_ dataset: String) -> [Row] {
        [Row(condition: "smoke", dataset: dataset, seeds: 1, values: ["task": .text("reweight")])]
    }

    private func detect(_ features: String, noise: Double, loss: String, factor: Double = 1, examples: Int) -> [String: ParameterValue] {
        ["task": .text("detect"), "features": .text(features), "noise": .real(noise), "loss": .text(loss), "lambda-factor": .real(factor), "examples": .integer(examples)]
    }

    private func digits(_ values: [String: ParameterValue]) -> [String: ParameterValue] {
        values.merging(["fourier-scale": .real(0.35), "fourier-count": .integer(500)]) { own, _ in own }
    }

    /// The sheet's standard plan.
    private var standard: [Row] {
        let reweight: [String: ParameterValue] = ["task": .text("reweight"), "examples": .integer(1000)]
        func reweighting(_ noise: Double, _ features: String) -> [String: ParameterValue] {
            reweight.merging(["noise": .real(noise), "features": .text(features)]) { $1 }
        }
        func extending(core: Int, pool: Int, noise: Double, features: String, maximum: Int = 0) -> [String: ParameterValue] {
            ["task": .text("extend"), "core": .integer(core), "pool": .integer(pool), "noise": .real(noise), "features": .text(features), "maximum": .integer(maximum)]
        }
        let fashionTest: [String: ParameterValue] = ["test-examples": .integer(2000)]
        func network(_ values: [String: ParameterValue]) -> [String: ParameterValue] { values.merging(fashionTest) { own, _ in own } }
        let digitsRows: [Row] = [
            Row(condition: "detect 20 %", dataset: "digits", seeds: 5, values: digits(detect("fourier", noise: 0.2, loss: "ce", examples: 1000))),
            Row(condition: "detect 40 %", dataset: "digits", seeds: 5, values: digits(detect("fourier", noise: 0.4, loss: "ce", examples: 1000))),
            Row(condition: "detect 20 %, squared at 10 lambda", dataset: "digits", seeds: 5, values: digits(detect("fourier", noise: 0.2, loss: "sq", factor: 10, examples: 1000))),
            Row(condition: "detect 20 %, squared at lambda", dataset: "digits", seeds: 5, values: digits(detect("fourier", noise: 0.2, loss: "sq", examples: 1000))),
            Row(condition: "detect 20 %, raw pixels", dataset: "digits", seeds: 5, values: detect("pixels", noise: 0.2, loss: "ce", examples: 1000)),
            Row(condition: "reweight 40 %", dataset: "digits", seeds: 10, values: digits(reweighting(0.4, "fourier"))),
            Row(condition: "reweight 20 %", dataset: "digits", seeds: 10, values: digits(reweighting(0.2, "fourier"))),
            Row(condition: "extend, 40 % noisy pool", dataset: "digits", seeds: 5, values: digits(extending(core: 300, pool: 800, noise: 0.4, features: "fourier"))),
            Row(condition: "extend, clean pool, small core", dataset: "digits", seeds: 5,
                values: digits(extending(core: 100, pool: 800, noise: 0, features: "fourier", maximum: 100))),
            Row(condition: "augment", dataset: "digits", seeds: 3, values: digits(["task": .text("augment"), "noise": .real(0), "examples": .integer(1000)])),
        ]
        let fashionRows: [Row] = [
            Row(condition: "detect 20 %, raw pixels", dataset: "fashion-mnist", seeds: 2, values: detect("pixels", noise: 0.2, loss: "ce", factor: 10, examples: 2000)),
            Row(condition: "detect 20 %, random features", dataset: "fashion-mnist", seeds: 2, values: detect("fourier", noise: 0.2, loss: "ce", examples: 2000)),
            Row(condition: "detect 20 %, CNN", dataset: "fashion-mnist", seeds: 5, values: network(detect("cnn", noise: 0.2, loss: "ce", examples: 2000))),
            Row(condition: "detect 40 %, CNN", dataset: "fashion-mnist", seeds: 5, values: network(detect("cnn", noise: 0.4, loss: "ce", examples: 2000))),
            Row(condition: "detect 20 % of 5000, CNN, squared at lambda 1000", dataset: "fashion-mnist", seeds: 2,
                values: network(detect("cnn", noise: 0.2, loss: "sq", examples: 5000)).merging(["lambda": .text("1000")]) { $1 }),
        ]
        let fashionNetwork = [
            Row(condition: "detect 20 %, EfficientNet", dataset: "fashion-mnist", seeds: 2,
                values: network(detect("efficientnet", noise: 0.2, loss: "ce", examples: 2000)).merging(["test-examples": .integer(500)]) { $1 }),
        ]
        let cifarRows: [Row] = [
            Row(condition: "detect 20 % of 1000, EfficientNet", dataset: "cifar10-subset", seeds: 3, values: detect("efficientnet", noise: 0.2, loss: "sq", factor: 10, examples: 1000)),
            Row(condition: "detect 20 % of 3000, EfficientNet", dataset: "cifar10-subset", seeds: 3, values: detect("efficientnet", noise: 0.2, loss: "sq", factor: 10, examples: 3000)),
            Row(condition: "detect 40 % of 1000, EfficientNet", dataset: "cifar10-subset", seeds: 3, values: detect("efficientnet", noise: 0.4, loss: "ce", examples: 1000)),
            Row(condition: "reweight 20 %, EfficientNet", dataset: "cifar10-subset", seeds: 3, values: reweighting(0.2, "efficientnet")),
            Row(condition: "reweight 40 %, EfficientNet", dataset: "cifar10-subset", seeds: 3, values: reweighting(0.4, "efficientnet")),
            Row(condition: "extend, 40 % noisy pool, EfficientNet", dataset: "cifar10-subset", seeds: 2,
                values: extending(core: 300, pool: 1500, noise: 0.4, features: "efficientnet")),
        ]
        // Fashion-MNIST's own rows do not need the network; its row stands in the plan where the weights do.
        let hasWeights = DatasetLibrary(environment: ProcessInfo.processInfo.environment).entry("efficientnet-lite0")?.state != .missing
        return digitsRows + fashionRows + (hasWeights ? fashionNetwork : []) + cifarRows
    }

    /// The paper's settings on a folder of pictures that a user gives: ImageNet features, 20 % noise, Detect and Reweight.
    private func paper(_ dataset: String?) -> [Row] {
        let name = dataset ?? "cifar10-subset"
        let kind = DatasetLibrary(environment: ProcessInfo.processInfo.environment).entry(name)?.kind
        let features = kind == .features ? "pixels" : "efficientnet"
        return [
            Row(condition: "detect 20 %", dataset: name, seeds: 3, values: detect(features, noise: 0.2, loss: "sq", examples: 1_000_000).merging(["noise-kind": .text("any")]) { $1 }),
            Row(condition: "reweight", dataset: name, seeds: 3, values: ["task": .text("reweight"), "features": .text(features), "noise": .real(0), "examples": .integer(1_000_000)]),
        ]
    }
}
