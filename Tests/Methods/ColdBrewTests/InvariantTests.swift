import ColdBrew
import Datasets
import Experiments
import Foundation
import Tensors
import Testing

/// Section 8, check 8.
@Suite struct InvariantTests {
    static let widths = [2, 3, 2]

    func features(_ values: [Double]) throws -> SparseMatrix<Double> {
        try SparseMatrix(rows: values.count, columns: 2, entries: values.enumerated().map { (row: $0, column: $0 % 2, value: $1) })
    }

    @Test func `an isolated node's logits are bitwise the same whatever the other rows of X and E hold`() throws {
        let reduced = FixtureTests.path(5).removingEdges(of: [2])
        #expect(reduced.neighbours(of: 2).isEmpty && (0..<5).allSatisfy { !reduced.neighbours(of: $0).contains(2) } && reduced.edgeCount == 2)
        let propagation = try reduced.normalised(Double.self)
        var random = RandomSource(seed: 4)
        let network = StructuralGraphNetwork<Double>(nodes: 5, widths: Self.widths, switches: (true, false, true), random: &random)
        func logits(_ scale: Double) throws -> [Double] { try network(features((0..<5).map { $0 == 2 ? 1 : scale }), propagation).logits.withScalars { Array($0) } }
        let before = try logits(1)
        #expect(try logits(7)[4..<6] == before[4..<6])
        #expect(try logits(7) != before)
        for layer in network.layers {
            guard let embedding = layer.embedding else { continue }
            let width = embedding.shape[1]
            var values = embedding.value.withScalars { Array($0) }
            for place in values.indices where place / width != 2 { values[place] += 3 }
            embedding.assign(Tensor(shape: embedding.shape, values))
        }
        #expect(try logits(1)[4..<6] == before[4..<6])
        #expect(try logits(1) != before)
    }

    @Test func `an embedding of zero is the plain network`() throws {
        var random = RandomSource(seed: 4)
        let network = StructuralGraphNetwork<Double>(nodes: 5, widths: Self.widths, switches: (true, true, true), embeddingDeviation: 0, random: &random)
        let plain = StructuralGraphNetwork<Double>(nodes: 5, widths: Self.widths, switches: (false, false, false), random: &random)
        for (own, other) in zip(plain.layers, network.layers) {
            own.weight.assign(other.weight.value)
            own.bias.assign(other.bias.value)
        }
        let x = try features([1, 2, 3, 4, 5]), propagation = try FixtureTests.path(5).normalised(Double.self)
        let all = try network(x, propagation, dropout: 0.5, random: RandomSource(seed: 9)).logits.withScalars { Array($0) }
        #expect(try plain(x, propagation, dropout: 0.5, random: RandomSource(seed: 9)).logits.withScalars { Array($0) } == all)
    }

    @Test func `relabelling the nodes permutes the outputs`() throws {
        let order = [3, 0, 4, 1, 2], edges: [(Int32, Int32)] = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)]
        var random = RandomSource(seed: 4)
        let network = StructuralGraphNetwork<Double>(nodes: 5, widths: Self.widths, switches: (true, false, false), random: &random)
        let values = [(0, 1.0), (1, 2.0), (0, 3.0), (1, 0.5), (0, 0.25)]
        let x = try SparseMatrix<Double>(rows: 5, columns: 2, entries: values.enumerated().map { (row: $0, column: $1.0, value: $1.1) })
        let before = try network(x, Adjacency(count: 5, from: edges.map(\.0), to: edges.map(\.1)).normalised(Double.self)).logits.withScalars { Array($0) }
        let moved = try SparseMatrix<Double>(rows: 5, columns: 2, entries: values.enumerated().map { (row: order[$0], column: $1.0, value: $1.1) })
        let embedding = try #require(network.layers[0].embedding), rows = embedding.value.withScalars { Array($0) }
        var turned = rows
        for node in 0..<5 { for c in 0..<3 { turned[order[node] * 3 + c] = rows[node * 3 + c] } }
        embedding.assign(Tensor(shape: embedding.shape, turned))
        let adjacency = Adjacency(count: 5, from: edges.map { Int32(order[Int($0.0)]) }, to: edges.map { Int32(order[Int($0.1)]) })
        let after = try network(moved, adjacency.normalised(Double.self)).logits.withScalars { Array($0) }
        for node in 0..<5 { for c in 0..<2 { #expect(abs(after[order[node] * 2 + c] - before[node * 2 + c]) < 1e-12) } }
    }

    /// What the checkpoints of a run tell of the student.
    struct Student: Decodable { var finishedStages: Int, guesses: [Float], mixtures: [Float], neighbours: [Int], weights: [Double], embeddings: [Float], width: Int }

    @Test func `in a run the virtual weights sum to 1, none names an isolated node, and the first network is frozen while the second trains`() throws {
        let method = ColdBrewMethod(), request = method.runs(for: .smoke, dataset: nil)[0], sink = RecordingSink()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: []),
                                 cacheFolder: FileManager.default.temporaryDirectory, restoredState: nil, sink: sink)
        try method.train(context)
        let states = try sink.checkpoints.map { try PropertyListDecoder().decode(Student.self, from: $0.state) }
        let found = try #require(states.first { !$0.neighbours.isEmpty }), last = try #require(states.last)
        #expect(last.guesses == found.guesses && last.mixtures == found.mixtures && last.neighbours == found.neighbours && last.embeddings == found.embeddings)
        let k = 3, nodes = found.neighbours.count / k
        #expect(nodes == 150)
        for node in 0..<nodes { #expect(abs(found.weights[node * k..<(node + 1) * k].reduce(0, +) - 1) < 1e-12) }
        let graph = try context.library.open(request.dataset, as: GraphDataset.self)
        let isolated = Set(DegreeGroups(degrees: (0..<graph.count).map(graph.degree), rule: .paper, random: context.random.stream("groups")).isolation)
        #expect(isolated.count == 15 && found.neighbours.allSatisfy { !isolated.contains($0) })
        let reduced = graph.adjacency.removingEdges(of: isolated)
        #expect(isolated.allSatisfy { reduced.neighbours(of: $0).isEmpty } && (0..<graph.count).allSatisfy { reduced.neighbours(of: $0).allSatisfy { !isolated.contains(Int($0)) } })
    }
}
