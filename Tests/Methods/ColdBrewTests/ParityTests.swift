import ColdBrew
import Datasets
import Foundation
import Tensors
import Testing

/// Against PyTorch: `Fixtures/parity.py` makes `Fixtures/parity.json`.
@Suite struct ParityTests {
    struct Parity: Decodable {
        struct Training: Decodable { var start: [String: [Double]], end: [String: [Double]], losses: [Double] }
        struct Backbone: Decodable { var residual: String, normalisation: String, layers: Int, weights: [String: [Double]], logits: [Double] }
        var features: [Double], dense: [Double], edges: [[Int32]], targets: [Int32]
        var teacher: Training, student: Training, backbones: [Backbone]
    }

    static let parity: Parity? = Bundle.module.url(forResource: "parity", withExtension: "json", subdirectory: "Fixtures")
        .flatMap { try? Data(contentsOf: $0) }.flatMap { try? JSONDecoder().decode(Parity.self, from: $0) }

    func features(_ parity: Parity) throws -> SparseMatrix<Double> {
        try SparseMatrix(rows: 8, columns: 5, entries: parity.features.enumerated().filter { $1 != 0 }.map { (row: $0 / 5, column: $0 % 5, value: $1) })
    }

    func propagation(_ parity: Parity) throws -> SparseMatrix<Double> {
        try Adjacency(count: 8, from: parity.edges.map { $0[0] }, to: parity.edges.map { $0[1] }).normalised(Double.self)
    }

    func assign(_ values: [String: [Double]], to store: ParameterStore<Double>) throws {
        for parameter in store.parameters where parameter.isLearnt {
            let value = try #require(values[parameter.name], "\(parameter.name) is not in the fixture")
            try #require(value.count == parameter.shape.count, "\(parameter.name)")
            parameter.assign(Tensor(shape: parameter.shape, value))
        }
    }

    func train(_ training: Parity.Training, _ store: ParameterStore<Double>, loss: () throws -> Tensor<Double>) throws {
        try assign(training.start, to: store)
        let optimiser = Optimiser(store, .adam(weightDecay: 5e-4), rate: 0.02), tape = Tape<Double>()
        for wanted in training.losses {
            #expect(abs(try tape.differentiate(store, of: loss) - wanted) < 1e-6)
            optimiser.update()
        }
        for parameter in store.parameters {
            let found = parameter.value.withScalars { Array($0) }, wanted = training.end[parameter.name] ?? []
            #expect(found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 }, "\(parameter.name)")
        }
    }

    @Test func `twenty steps of Adam on the teacher end where PyTorch's do`() throws {
        let parity = try #require(Self.parity), x = try features(parity), propagation = try propagation(parity)
        var random = RandomSource(seed: 1)
        let network = StructuralGraphNetwork<Double>(nodes: 8, widths: [5, 4, 3], switches: (true, true, true), random: &random)
        try train(parity.teacher, network.parameters) {
            let penalty = try #require(try network.penalty(.norm))
            return try network(x, propagation).logits.crossEntropy(parity.targets) + penalty.scaled(by: 0.3)
        }
    }

    @Test func `twenty steps of Adam on the student's network end where PyTorch's do`() throws {
        let parity = try #require(Self.parity)
        var random = RandomSource(seed: 1)
        let network = MultilayerPerceptron<Double>(inputs: (5, 2), hidden: [4], outputs: 3, random: &random)
        let inputs = NodeInputs(sparse: try features(parity), dense: Tensor(shape: [8, 2], parity.dense))
        try train(parity.student, network.parameters) { try network(inputs).crossEntropy(parity.targets) }
    }

    @Test func `each residual kind and normalisation gives PyTorch's logits`() throws {
        let parity = try #require(Self.parity), x = try features(parity), propagation = try propagation(parity)
        for kind in parity.backbones {
            let residual = try #require(GraphBackbone.Residual(rawValue: kind.residual)), norm = try #require(GraphBackbone.Normalisation(rawValue: kind.normalisation))
            var random = RandomSource(seed: 1)
            let network = StructuralGraphNetwork<Double>(nodes: 8, widths: [5, 4, 4, 3], switches: (false, false, false),
                                                         backbone: GraphBackbone(residual: residual, normalisation: norm, residualWeight: 0.3, groups: 2, groupWeight: 0.5), random: &random)
            try assign(kind.weights, to: network.parameters)
            let found = try network(x, propagation, random: RandomSource(seed: 1)).logits.withScalars { Array($0) }
            #expect(found.count == kind.logits.count && zip(found, kind.logits).allSatisfy { abs($0 - $1) < 1e-6 }, "\(residual), \(norm): \(found) instead of \(kind.logits)")
        }
    }
}
