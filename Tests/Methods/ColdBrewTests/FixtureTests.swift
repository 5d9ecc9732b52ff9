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
        let out = try network(x, propagation).outputs[0]
        expect(out.withScalars { Array($0) }, [1.448146, 2.282406, 2.813129, 2.547219], within: 1e-6)
        let loss = try Tape<Double>().differentiate(network.parameters) {
            let z = try network(x, propagation).outputs[0]
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

    @Test func `homophily of a path with two classes is the sheet's`() throws {
        let graph = try GraphDataset(identifier: "path", checksum: "", adjacency: Self.path(4), features: SparseFeatures(none: 4), labels: [0, 0, 1, 1], classNames: ["a", "b"])
        #expect(graph.homophily == 0.75)
        let unlabelled = try GraphDataset(identifier: "path", checksum: "", adjacency: Self.path(4), features: SparseFeatures(none: 4), labels: [0, 0, -1, 1], classNames: ["a", "b"])
        #expect(abs((unlabelled.homophily ?? 0) - 0.5) < 1e-12)
    }

    @Test func `GraphMLP's contrast on a path is the sheet's, also from rows made on demand`() throws {
        let power = try PropagationPower(Self.path(3).normalised(Float.self), exponent: 2)
        let strengths = power.block([0, 1, 2]).map { Double($0) }
        expect(strengths, [0.416667, 0.340207, 0.166667, 0.340207, 0.444444, 0.340207, 0.166667, 0.340207, 0.416667], within: 1e-6)
        expect(try PropagationPower(Self.path(3).normalised(Float.self), exponent: 2, denseLimit: 0).block([0, 1, 2]).map { Double($0) }, strengths, within: 1e-6)
        let z = Tensor<Double>(shape: [3, 2], [1, 0, 1, 1, 0, 1])
        let found = try #require(try NeighbourContrast.terms(z, strengths: strengths, temperature: 2))
        expect(found.terms.withScalars { Array($0) }, [1.314465, 1.078201, 1.314465], within: 1e-6)
        #expect(abs(found.mean.scalar - 1.235711) < 1e-6)
        #expect(try NeighbourContrast.terms(z, strengths: [1, 0, 0, 0, 1, 0, 0, 0, 1], temperature: 2) == nil)
    }
}
