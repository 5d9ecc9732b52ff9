import Datasets
import Experiments
import Foundation
import GIANT
import Tensors
import Testing

/// Checkpoints that were damaged or that another run wrote.
@Suite(.serialized) struct ResumeTests {
    /// A small run with every kind of stage.
    static let request: RunRequest = {
        var request = GIANTMethod().runs(for: .smoke, dataset: nil)[0]
        request.values = ["width": .integer(8), "epochs": .text("1"), "link-epochs": .integer(1), "downstream-epochs": .integer(2), "batch": .integer(64)]
        return request
    }()

    func run(_ state: Data? = nil) throws -> RecordingSink {
        let sink = RecordingSink(), method = GIANTMethod()
        try method.train(RunContext(request: Self.request, parameters: try ParameterValues(method.parameters, request: Self.request), library: DatasetLibrary(folders: []),
                                    cacheFolder: FileManager.default.temporaryDirectory.appendingPathComponent("giant-resume"), restoredState: state, sink: sink))
        return sink
    }

    /// A checkpoint with one array or one word of what stands beside the arrays replaced.
    static func damages(of data: Data) throws -> [(what: String, state: Data)] {
        let file = try Safetensors(data, path: "checkpoint")
        let arrays = try file.entries.map { entry in (name: entry.name, tensor: try file.tensor(entry.name, as: Float.self)) }
        var damaged: [(String, Data)] = []
        for (place, array) in arrays.enumerated() {
            var other: [Tensor<Float>?] = [nil]
            let rows = array.tensor.shape[0], width = array.tensor.shape[1]
            if rows > 1 { other.append(try array.tensor.sliced(0..<rows - 1)) }
            other.append(Tensor(shape: [rows, width], repeating: .nan))
            for (value, place) in [(.infinity, 0), (-7, rows * width / 2), (0.5, rows * width - 1)] as [(Float, Int)] where rows * width > 0 {
                var values = array.tensor.scalars
                values[place] = value
                other.append(Tensor(shape: [rows, width], values))
            }
            for tensor in other {
                var changed = arrays
                if let tensor { changed[place].tensor = tensor } else { changed.remove(at: place) }
                damaged.append((array.name, try Safetensors.encoded(changed, metadata: file.metadata)))
            }
        }
        for key in file.metadata.keys.sorted() {
            for value in [nil, "", "-1", "3", "40", "99999999999999999999", "[]"] as [String?] {
                var metadata = file.metadata
                metadata[key] = value
                damaged.append((key, try Safetensors.encoded(arrays, metadata: metadata)))
            }
        }
        return damaged
    }

    @Test func `a damaged checkpoint ends in a sentence or in a whole run, never in a trap`() throws {
        let checkpoints = try run().checkpoints
        var refused = 0, finished = 0
        for checkpoint in checkpoints where checkpoint.name.hasPrefix("GIANT: level") || checkpoint.name == "downstream: GIANT‖LSA" {
            for damage in try Self.damages(of: checkpoint.state) {
                do {
                    _ = try run(damage.state)
                    finished += 1
                } catch is GIANTError { refused += 1 } catch is TensorError { refused += 1 }
            }
        }
        #expect(refused > 100 && finished > 20, "\(refused) refused, \(finished) went on")
    }
}
