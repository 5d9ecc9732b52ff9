import Foundation
import RIM
import Tensors
import Testing

/// Against PyTorch: `Fixtures/parity.py` makes `Fixtures/parity.json`.
@Suite struct ParityTests {
    struct Parity: Decodable {
        struct Training: Decodable { var start: [String: [Double]], end: [String: [Double]], losses: [Double] }
        var sequences: [[Int32]], recurrent: Training, attentive: Training
    }

    static let parity: Parity? = Bundle.module.url(forResource: "parity", withExtension: "json", subdirectory: "Fixtures")
        .flatMap { try? Data(contentsOf: $0) }.flatMap { try? JSONDecoder().decode(Parity.self, from: $0) }

    func train(_ model: some SequenceEncoder<Double>, _ training: Parity.Training, _ sequences: [[Int32]], rate: Double) throws {
        for parameter in model.parameters.parameters {
            let value = try #require(training.start[parameter.name], "\(parameter.name) is not in the fixture")
            try #require(value.count == parameter.shape.count, "\(parameter.name)")
            parameter.assign(Tensor(shape: parameter.shape, value))
        }
        let optimiser = Optimiser(model.parameters, .adagrad(epsilon: 1e-3), rate: rate), tape = Tape<Double>(), piece = SequenceBatches.pieces(sequences, length: .max)[0]
        for wanted in training.losses {
            #expect(abs(try tape.differentiate(model.parameters) { try model.loss(piece, carried: []).loss } - wanted) < 1e-9)
            optimiser.update()
        }
        for parameter in model.parameters.parameters {
            let found = parameter.value.scalars, wanted = training.end[parameter.name] ?? []
            #expect(found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(parameter.name)")
        }
    }

    @Test func `twenty steps of Adagrad on the GRU end where PyTorch's do`() throws {
        let parity = try #require(Self.parity)
        var random = RandomSource(seed: 1)
        try train(RecurrentItemModel<Double>(vocabulary: 6, width: 4, layers: 2, random: &random), parity.recurrent, parity.sequences, rate: 0.1)
    }

    @Test func `twenty steps of Adagrad on the Transformer end where PyTorch's do`() throws {
        let parity = try #require(Self.parity)
        var random = RandomSource(seed: 1)
        try train(AttentiveItemModel<Double>(vocabulary: 6, width: 4, layers: 2, heads: 2, random: &random), parity.attentive, parity.sequences, rate: 0.025)
    }
}
