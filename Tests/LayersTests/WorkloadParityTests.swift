import Foundation
import Testing
import Layers
import Tensors

/// The benchmark's six workloads against PyTorch: same start, same inputs, same dropout masks (Fixtures/make_workloads.py).
@Suite(.serialized) struct WorkloadParityTests {
    /// Puts what the file holds into the parameters; every learnt one must be there.
    static func fill(_ store: ParameterStore<Float>, _ name: String, from file: Safetensors) throws {
        let known = Set(file.entries.map(\.name))
        for parameter in store.parameters {
            let key = "\(name)/weight/\(parameter.name)"
            guard parameter.isLearnt || known.contains(key) else { continue }
            parameter.assign(try file.tensor(key))
        }
        let taken = store.parameters.count { known.contains("\(name)/weight/\($0.name)") }
        #expect(taken == known.count { $0.hasPrefix("\(name)/weight/") })
    }

    static func workload(_ name: String, from file: Safetensors) throws -> any Workload {
        func input(_ key: String) throws -> Tensor<Float> { try file.tensor("\(name)/input/\(key)") }
        func labels(_ key: String) throws -> [Int32] { try input(key).scalars.map { Int32($0.rounded()) } }
        switch name {
        case "mlp":
            var workload = MultilayerPerceptronWorkload(widths: [40, 24, 24, 10], batch: 16)
            (workload.images, workload.labels) = (try input("images"), try labels("labels"))
            return workload
        case "wide_resnet":
            var workload = WideResNetWorkload(widths: [4, 16, 16, 32], batch: 4, size: 16)
            (workload.images, workload.labels) = (try input("images"), try labels("labels"))
            return workload
        case "gcn":
            var workload = try GraphConvolutionWorkload(nodes: 60, edges: 90, widths: [50, 16, 7])
            let dense = try input("adjacency")
            let entries = (0..<3600).map { (row: $0 / 60, column: $0 % 60, value: dense[$0 / 60, $0 % 60]) }.filter { $0.value != 0 }
            workload.adjacency = try SparseMatrix(rows: 60, columns: 60, entries: entries)
            (workload.features, workload.labels) = (try input("features"), try labels("labels"))
            return workload
        case "gru":
            var workload = RecurrentWorkload(inputs: 16, hidden: 24, classes: 30, batch: 6, time: 10)
            (workload.sequences, workload.labels) = (try input("sequences"), try labels("labels"))
            return workload
        case "bert":
            var workload = EncoderWorkload(width: 24, heads: 4, inner: 48, words: 50, batch: 4, length: 6)
            (workload.tokens, workload.scores) = (try labels("tokens"), try input("scores"))
            return workload
        default:
            var workload = SelfAttentionGANWorkload(batch: 8, time: 16)
            workload.sequences = try input("sequences")
            return workload
        }
    }

    @Test("twenty steps of each benchmark workload give PyTorch's losses to 1e-4", arguments: TensorBenchmarks.all.map(\.name))
    func twentySteps(_ name: String) throws {
        let file = try ParityTests.fixture("workloads")
        let workload = try Self.workload(name, from: file)
        try Self.fill(workload.parameters, name, from: file)
        let step = workload.step()
        let expected: [Float] = try file.tensor("\(name)/losses").scalars
        #expect(expected.count == 20 && expected[19] < expected[0])
        for (index, loss) in expected.enumerated() {
            let value = try step()
            #expect(abs(value - loss) <= 1e-4 * abs(loss), "step \(index): \(value), PyTorch \(loss), relative \((value - loss) / loss)")
        }
    }
}
