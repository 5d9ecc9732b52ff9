import ColdBrew
import Datasets
import Foundation
import Tensors
import Testing

/// Section 8 of the method's sheet.
@Suite struct FixtureTests {
    static func path(_ count: Int) -> Adjacency { Adjacency(count: count, from: (0..<Int32(count - 1)).map { $0 }, to: (1..<Int32(count)).map { $0 }) }

    func expect(_ found: [Double], _ wanted: [Double], within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
        let agrees = found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }
        #expect(agrees, "\(found) instead of \(wanted)", sourceLocation: sourceLocation)
    }

    @Test func `the propagation of a path is the sheet's`() throws {
        let dense = try Self.path(4).normalised(Double.self).multiplied(by: Tensor(Matrix.identity(4)))
        expect(dense.withScalars { Array($0) }, [0.5, 0.408248, 0, 0, 0.408248, 0.333333, 0.333333, 0, 0, 0.333333, 0.333333, 0.408248, 0, 0, 0.408248, 0.5], within: 1e-6)
    }

    /// One output column; the logits of the sheet are it beside a column of zeros.
    func network(_ embedding: [Double]) throws -> (StructuralGraphNetwork<Double>, SparseMatrix<Double>, SparseMatrix<Double>) {
        var random = RandomSource(seed: 1)
        let network = StructuralGraphNetwork<Double>(nodes: 4, widths: [2, 1], switches: (true, false, false), random: &random)
        network.layers[0].weight.assign(Tensor(shape: [2, 1], [1, 2]))
        network.layers[0].embedding?.assign(Tensor(shape: [4, 1], embedding))
        let x = try SparseMatrix<Double>(rows: 4, columns: 2, starts: [0, 1, 2, 4, 5], indices: [0, 1, 0, 1, 0], values: [1, 1, 1, 1, 2])
        return (network, x, try Self.path(4).normalised(Double.self))
    }

    @Test(arguments: ["none", "squared", "norm"])
    func `the layer with embedding has the sheet's output, loss and gradients`(kind: String) throws {
        let penalty = StructuralGraphNetwork<Double>.Penalty(rawValue: kind)
        let (network, x, propagation) = try network([0.1, 0.2, 0.3, 0.4])
        let out = try network.outputs(x, propagation)[0]
        expect(out.withScalars { Array($0) }, [1.448146, 2.282406, 2.813129, 2.547219], within: 1e-6)
        let loss = try Tape<Double>().differentiate(network.parameters) {
            let z = try network.outputs(x, propagation)[0]
            let logits = try Tensor.concatenated([z, Tensor(shape: [4, 1], repeating: 0)], axis: 1)
            let loss = try logits.crossEntropy([0, -1, -1, -1])
            guard let penalty, let term = try network.penalty(penalty) else { return loss }
            return try loss + term.scaled(by: 0.01)
        }
        let gradient = try #require(network.layers[0].embedding).gradient.withScalars { Array($0) }
        switch penalty {
        case nil:
            #expect(abs(loss - 0.211075) < 1e-6)
            expect(gradient, [-0.095144, -0.077684, 0, 0], within: 1e-6)
        case .squared: expect(gradient, [-0.093144, -0.073684, 0.006, 0.008], within: 1e-6)
        case .norm: expect(gradient, [-0.093318, -0.074033, 0.005477, 0.007303], within: 1e-6)
        }
    }

    @Test func `the norm penalty has gradient zero at zero`() throws {
        let (network, _, _) = try network([0, 0, 0, 0])
        try Tape<Double>().differentiate(network.parameters) { try #require(try network.penalty(.norm)) }
        expect(try #require(network.layers[0].embedding).gradient.withScalars { Array($0) }, [0, 0, 0, 0], within: 0)
    }

    @Test func `virtual neighbours are the sheet's`() throws {
        func mixture(_ k: Int) throws -> VirtualNeighbours {
            try VirtualNeighbours(guesses: [0.5, 1], embeddings: [1, 0, 0, 1, 1, 1, -1, 0.5], width: 2, candidates: [0, 1, 2, 3], count: k)
        }
        expect(try mixture(1).mixtures.map { Double($0) }, [1, 1], within: 1e-6)
        expect(try mixture(2).weights, [0.622459, 0.377541], within: 1e-6)
        expect(try mixture(2).mixtures.map { Double($0) }, [0.622459, 1], within: 1e-6)
        expect(try mixture(3).mixtures.map { Double($0) }, [0.692804, 0.813676], within: 1e-6)
        let powers = [0.5, 1, 1.5, 0].map { exp($0) }
        let all = try mixture(4)
        expect(all.weights, all.nodes.map { powers[$0] / powers.reduce(0, +) }, within: 1e-6)
        #expect(throws: ColdBrewError.self) { try mixture(5) }
        let tied = try VirtualNeighbours(guesses: [1], embeddings: [1, 1, 1], width: 1, candidates: [0, 1, 2], count: 2)
        #expect(tied.nodes == [0, 1])
    }

    @Test func `label propagation on a path is the sheet's`() throws {
        let z = try LabelPropagation.run(Self.path(3).normalised(Double.self), labels: [0, -1, 1], training: [0, 2], classes: 2, alpha: 0.5)
        expect(z, [0.717949, 0.051282, 0.188422, 0.188422, 0.051282, 0.717949], within: 1e-6)
    }

    @Test func `FCR of the paper's figures`() {
        let rows = [(86.96, 69.02, 78.18, 32.86), (72.44, 56.59, 45, 63.39), (75.96, 73.51, 67.8, 76.91), (71.54, 54.89, 68.26, 16.46),
                    (68.51, 58.65, 41.01, 73.61), (31.95, 38.51, 22.85, 141.89), (61.08, 83.33, 52.08, 171.20)]
        for (z, m, l, wanted) in rows { #expect(abs((FeatureContribution.ratio(network: z, perceptron: m, propagation: l) ?? 0) - wanted) < 0.02) }
        #expect(FeatureContribution.ratio(network: 50, perceptron: 40, propagation: 60) == nil)
        #expect(FeatureContribution.ratio(network: 50, perceptron: 50, propagation: 50) == nil)
    }

    @Test func `halving by medians is the sheet's`() {
        let values = [2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 9, 12, 30]
        let low = DegreeGroups.halved(values, times: 4, keepingLow: true), high = DegreeGroups.halved(values, times: 5, keepingLow: false)
        #expect(low.thresholds == [4, 3, 2, 2] && low.members == [0, 1, 2, 3])
        #expect(high.thresholds == [4, 6, 9, 12, 21] && high.members == [15])
    }

    @Test func `gradients of a two-layer network with embeddings agree with finite differences`() throws {
        var random = RandomSource(seed: 3)
        let network = StructuralGraphNetwork<Double>(nodes: 6, widths: [3, 4, 2], switches: (true, true, true), random: &random)
        let x = try SparseMatrix<Double>(rows: 6, columns: 3, entries: (0..<6).map { (row: $0, column: $0 % 3, value: 0.5 + Double($0)) })
        let propagation = try Self.path(6).normalised(Double.self)
        func loss() throws -> Tensor<Double> {
            let penalty = try #require(try network.penalty(.norm))
            return try network.outputs(x, propagation)[1].crossEntropy([0, 1, -1, 1, 0, -1]) + penalty.scaled(by: 0.1)
        }
        try Tape<Double>().differentiate(network.parameters, of: loss)
        for parameter in network.parameters.parameters {
            let gradient = parameter.gradient.withScalars { Array($0) }, value = parameter.value.withScalars { Array($0) }
            for place in value.indices {
                func moved(_ step: Double) throws -> Double {
                    var other = value
                    other[place] += step
                    parameter.assign(Tensor(shape: parameter.shape, other))
                    defer { parameter.assign(Tensor(shape: parameter.shape, value)) }
                    return try loss().scalar
                }
                let numeric = (try moved(1e-5) - moved(-1e-5)) / 2e-5
                #expect(abs(numeric - gradient[place]) < 1e-6 * max(1, abs(numeric)), "\(parameter.name) at \(place)")
            }
        }
    }

    @Test func `an isolated node's logits depend on its own row alone`() throws {
        let reduced = Self.path(5).removingEdges(of: [2])
        #expect(reduced.neighbours(of: 2).isEmpty && reduced.edgeCount == 2)
        var random = RandomSource(seed: 4)
        let network = StructuralGraphNetwork<Double>(nodes: 5, widths: [2, 3, 2], switches: (true, false, false), random: &random)
        func logits(_ scale: Double) throws -> [Double] {
            let x = try SparseMatrix<Double>(rows: 5, columns: 2, entries: (0..<5).map { (row: $0, column: $0 % 2, value: $0 == 2 ? 1 : scale) })
            return try network.outputs(x, reduced.normalised(Double.self))[1].withScalars { Array($0) }
        }
        #expect(try logits(1)[4..<6] == logits(7)[4..<6])
        #expect(try logits(1) != logits(7))
    }
}
