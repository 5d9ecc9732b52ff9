import ArgumentParser
import Catalogue
import Datasets
import Experiments
import Foundation
import Terminal

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Makes new data with the generator that a run trained, as CSV.",
        discussion: "What can be asked for besides the count and the seed is the method's: --set name=value; a wrong name lists them.")
    @Argument(help: ArgumentHelp("A run's identifier, or its beginning.", valueName: "run")) var identifier: String
    @Option(name: .long, help: "Draws of each thing that is asked for.") var count = 1
    @Option(name: .long, help: "The same seed gives the same draws.") var seed: UInt64 = 1
    @Option(name: .customLong("set"), help: ArgumentHelp("What to draw.", valueName: "name=value")) var settings: [String] = []
    @OptionGroup var destination: DestinationOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (1...1_000_000).contains(count) else { throw ValidationError("--count is \(count); give 1 … 1000000.") }
    }

    func run() throws {
        let runStore = try store.open(), stored = try runStore.openRun(runStore.resolve(identifier)), request = stored.record.request
        guard let method = methodCatalogue.first(where: { $0.description.identifier == request.method }) else {
            throw UsageError("run \(stored.record.identifier) is one of \(request.method), a method that this Lathe does not have")
        }
        guard let sampler = method as? any Sampling else {
            let names = methodCatalogue.filter { $0 is any Sampling }.map(\.description.identifier)
            throw UsageError("\(request.method) trains no generator; \(names.isEmpty ? "no method here does" : "\(names.joined(separator: ", ")) \(names.count == 1 ? "does" : "do")")")
        }
        var asked = request
        asked.values = try sampler.samplingParameters.values(settings, of: "a generator of \(request.method)")
        var runValues: [String: ParameterValue] = [:]
        for case .started(let start) in stored.events.map(\.payload) { runValues = start.values }
        let sample = SampleRequest(
            run: request, runValues: runValues, generator: try runStore.artifact(sampler.generatorArtifact, of: stored.record.identifier),
            library: .ofEnvironment, values: try ParameterValues(sampler.samplingParameters, request: asked), count: count, seed: seed)
        try destination.write { write in
            try sampler.sample(sample) { cells in
                try write(Data((cells.map(CSVField.quoted).joined(separator: ",") + "\n").utf8))
            }
        }
    }
}
