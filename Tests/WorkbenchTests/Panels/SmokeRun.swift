import Datasets
import Experiments
import Foundation
import Workbench

/// A method's smallest plan, really run on the data that ships.
enum SmokeRun {
    static func model(_ request: RunRequest, of method: any Method) throws -> RunModel {
        let sink = RecordingSink()
        let cache = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-smoke-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: cache) }
        let values = try ParameterValues(method.parameters, request: request)
        let context = RunContext(request: request, parameters: values, library: DatasetLibrary(folders: []), cacheFolder: cache, restoredState: nil, sink: sink)
        try method.train(context)
        var model = RunModel(identifier: "smoke")
        let start = RunEvent.RunStart(request: request, values: values.all, datasetChecksum: "", build: "test", machine: "test")
        model.fold(RunEvent(sequence: 0, time: 0, payload: .started(start)))
        for event in sink.events { model.fold(RunEvent(sequence: event.sequence + 1, time: event.time, payload: event.payload)) }
        model.fold(RunEvent(sequence: model.nextSequence, time: 1, payload: .finished(.init(results: sink.results, seconds: 1))))
        return model
    }
}
