import Datasets
import Experiments
import Foundation
import Tensors

/// The generators that a run leaves: all that is needed to draw from them besides the data set.
struct GeneratorArtifact: CheckpointState {
    static let currentVersion = 1
    var version = GeneratorArtifact.currentVersion
    /// The series that have a vector, in its order, with what undoes their scaling.
    var names: [String], low: [Double], range: [Double]
    /// The moment of step 0, seconds since 1970, and the last step that trained.
    var start: Double, trained: Int
    var generators: [Kept]

    struct Kept: Codable {
        var arm: String
        var values: FloatBlock
    }
}

extension PSAGANMethod: Sampling {
    public var generatorArtifact: String { "generators.psa-gan" }

    public var samplingParameters: [ParameterSpec] {
        [
            ParameterSpec(name: "id", title: "series", help: "Which series: its name or its number from 1 on, several separated by commas; all for every one.", kind: .text, default: .text("1")),
            ParameterSpec(name: "start", title: "start", help: "The step of the clock at which a stretch begins; 0: right after what trained.", unit: "h", kind: .integer(minimum: 0, maximum: 100_000_000), default: .integer(0)),
            ParameterSpec(name: "length", title: "length", help: "Hours of a stretch; longer ones are made of windows one after the other. 0: one window.", unit: "h", kind: .integer(minimum: 0, maximum: 100_000), default: .integer(0)),
            ParameterSpec(name: "generator", title: "generator", help: "Which of the run's generators, as the run's arms name it; empty for the first.", kind: .text, default: .text("")),
        ]
    }

    public func sample(_ request: SampleRequest, write: ([String]) throws -> Void) throws {
        let artifact = try GeneratorArtifact(decoding: request.generator)
        var run = request.run
        run.values = request.runValues
        let settings = try Settings(ParameterValues(parameters, request: run)), wanted = request.values.text("generator").trimmingCharacters(in: .whitespaces)
        let damaged = PSAGANError("the generators of this run do not fit its settings; train it anew")
        guard let kept = wanted.isEmpty ? artifact.generators.first : artifact.generators.first(where: { $0.arm == wanted }), let arm = settings.arms.first(where: { $0.name == kept.arm }), let variant = arm.variant else {
            throw PSAGANError("parameter generator: this run has no generator “\(wanted)”; it has \(artifact.generators.map(\.arm).joined(separator: ", "))")
        }
        let dataset = try request.library.open(run.dataset, as: SeriesDataset.self)
        let panel = try SeriesPanel(dataset, holdOut: settings.holdOut, window: settings.window, context: settings.context, seriesLimit: settings.seriesLimit, lengthLimit: settings.lengthLimit)
        guard panel.names == artifact.names, artifact.low.count == panel.count, artifact.range.count == panel.count, panel.low == artifact.low, panel.range == artifact.range else {
            throw PSAGANError("\(run.dataset) is not what this run was trained on: other series or other values; bring back the data set as it was")
        }
        let shape = settings.shape(variant, series: panel.count), sampler = try WindowSampler(panel, shape, variant.calendar)
        var start = RandomSource(seed: 0)
        let network = Generator<Float>(shape, random: &start), values = kept.values.floats
        guard values.allSatisfy(\.isFinite), network.parameters.restore(values) else { throw damaged }
        let generator = TrainedGenerator(generator: network, sampler: sampler)
        let series = try Self.series(request.values.text("id"), artifact.names), length = request.values.integer("length") > 0 ? request.values.integer("length") : settings.window
        try write(["id", "start", "draw", "step", "time", "value"])
        for number in series {
            let first = request.values.integer("start") > 0 ? request.values.integer("start") : panel.training[number].upperBound
            if shape.context > 0, first > panel.values[number].count {
                throw PSAGANError("parameter start: \(first) lies after the \(panel.values[number].count) steps of \(artifact.names[number]), and \(kept.arm) sees the values before a window; begin earlier, or draw from psa-gan")
            }
            let past = Array(panel.values[number].prefix(first).suffix(shape.window))
            for draw in 0..<request.count {
                var random = RandomSource(seed: request.seed).stream("sample \(artifact.names[number])", draw)
                let made = try generator.stretches([WindowKey(series: number, start: first)], steps: length, &random, before: { _ in past }, proceed: {})
                for (offset, value) in (made.first ?? []).enumerated() {
                    let step = first + offset
                    try write([artifact.names[number], String(first), String(draw + 1), String(step), TimeStamp.text(ofSeconds: panel.start + 3600 * Double(step)) ?? "",
                               String(panel.low[number] + panel.range[number] * Double(value))])
                }
            }
        }
    }

    /// - Throws: `PSAGANError` for a series that has no vector.
    private static func series(_ text: String, _ names: [String]) throws -> [Int] {
        if text.trimmingCharacters(in: .whitespaces) == "all" { return Array(names.indices) }
        // A name may hold a comma.
        if let whole = names.firstIndex(of: text) { return [whole] }
        return try text.split(separator: ",").map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            if let place = names.firstIndex(of: word) { return place }
            if let number = Int(word), names.indices.contains(number - 1) { return number - 1 }
            throw PSAGANError("parameter id: “\(word)” is no series that this run was trained on; give one of \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : ""), a number from 1 to \(names.count), or all")
        }
    }
}
