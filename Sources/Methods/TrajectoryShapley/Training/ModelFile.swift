import Foundation
import Tensors

/// A trained predictor as a safetensors file, with what it was trained for: a run leaves one of each of its predictors, and another run can
/// attribute it on other data (`model-file`).
package struct ModelFile {
    private let file: Safetensors
    /// Which predictor it is, as `models` spells it.
    let word: String
    private let widths: PredictorWidths
    private let objective: RecurrentObjective.Kind
    private let kernel: SceneGraph.Kernel

    private static let format = "trajectory-shapley 1"

    /// - Throws: `SafetensorsError` for a file that is none, `TrajectoryError` for one of another program.
    init(path: String) throws {
        let file = try Safetensors(contentsOf: URL(fileURLWithPath: path))
        func value(_ key: String) throws -> String {
            guard let value = file.metadata[key] else { throw TrajectoryError("\(path): its description lacks “\(key)”; give a file that a run of trajectory-shapley left (lathe artifacts)") }
            return value
        }
        func number(_ key: String) throws -> Int {
            guard let number = Int(try value(key)), (1...4096).contains(number) else { throw TrajectoryError("\(path): “\(key)” is no number from 1 to 4096; give a file that a run of trajectory-shapley left") }
            return number
        }
        guard try value("format") == Self.format else { throw TrajectoryError("\(path): was written as “\(file.metadata["format"]?.prefix(40) ?? "")”, not as \(Self.format); give a file that this version's runs left") }
        let word = try value("model")
        guard let arm = Arm.all.first(where: { $0.word == word }), arm.isTrained else { throw TrajectoryError("\(path): holds the model “\(word.prefix(40))”, which is none of \(Arm.all.filter(\.isTrained).map(\.word).joined(separator: ", "))") }
        let widths = PredictorWidths(history: try number("history width"), edge: try number("edge width"), decoder: try number("decoder width"), modes: try number("modes"))
        guard let objective = RecurrentObjective.Kind(rawValue: try value("objective")), let kernel = SceneGraph.Kernel(rawValue: try value("kernel")) else {
            throw TrajectoryError("\(path): its objective or kernel is none that this version knows; give a file that this version's runs left")
        }
        (self.file, self.word, self.widths, self.objective, self.kernel) = (file, word, widths, objective, kernel)
    }

    /// The sizes and kinds of the file in place of the run's own.
    func adapted(_ settings: Settings) -> Settings {
        var settings = settings
        settings.widths = widths
        settings.objective.kind = objective
        settings.graphKernel = kernel
        return settings
    }

    /// Takes the weights.
    /// - Throws: `TrajectoryError` when the model was made for other steps or scales than the data have, `SafetensorsError` for weights of another shape.
    func load(into predictor: any Predictor, path: String, _ material: Material) throws {
        for (key, value) in Self.description(material) where file.metadata[key] != value {
            throw TrajectoryError("\(path): the model has “\(key)” \(file.metadata[key] ?? "not given"), the data \(value); give data of the same steps and scales (parameters observed and predicted), or another model")
        }
        try predictor.parameters?.load(file)
    }

    /// What must be the same for model and data.
    private static func description(_ material: Material) -> [(String, String)] {
        let states = material.states
        return [("observed", "\(material.cutting.observed)"), ("predicted", "\(material.cutting.predicted)"), ("seconds a step", "\(states.step)"),
                ("scales", "\(states.positionScale) \(states.velocityScale) \(states.accelerationScale)")]
    }

    /// The bytes of a predictor's file.
    static func encoded(_ arm: Arm, _ parameters: ParameterStore<Float>, _ settings: Settings, _ material: Material) throws -> Data {
        var metadata = ["format": format, "model": arm.word, "history width": "\(settings.widths.history)", "edge width": "\(settings.widths.edge)", "decoder width": "\(settings.widths.decoder)",
                        "modes": "\(settings.widths.modes)", "objective": settings.objective.kind.rawValue, "kernel": settings.graphKernel.rawValue]
        for (key, value) in description(material) { metadata[key] = value }
        return try Safetensors.encoded(parameters.parameters.map { (name: $0.name, tensor: $0.value) }, metadata: metadata)
    }
}
