import ColdBrew
import Datasets
import Tensors
import Testing

/// Section 8, check 9: finite differences in double.
@Suite struct GradientTests {
    static let nodes = 6
    static func features() throws -> SparseMatrix<Double> {
        try SparseMatrix(rows: nodes, columns: 3, entries: (0..<nodes).flatMap { row in [(row: row, column: row % 3, value: 0.5 + Double(row)), (row: row, column: (row + 1) % 3, value: 0.3)] })
    }
    static let targets: [Int32] = [0, 1, -1, 1, 0, -1]

    /// Every number of every parameter against (f(x + ε) - f(x - ε)) / 2ε.
    func check(_ store: ParameterStore<Double>, _ name: String, loss: () throws -> Tensor<Double>) throws {
        try Tape<Double>().differentiate(store, of: loss)
        for parameter in store.parameters where parameter.isLearnt {
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
                #expect(abs(numeric - gradient[place]) < 1e-6 * max(1, abs(numeric)), "\(name): \(parameter.name) at \(place)")
            }
        }
    }

    static let kinds: [(GraphBackbone.Residual, GraphBackbone.Normalisation)] =
        GraphBackbone.Residual.allCases.map { ($0, .none) } + GraphBackbone.Normalisation.allCases.dropFirst().map { (.none, $0) } + [(.initial, .group)]

    @Test(arguments: kinds)
    func `gradients of the teacher agree, whatever its backbone`(residual: GraphBackbone.Residual, normalisation: GraphBackbone.Normalisation) throws {
        var random = RandomSource(seed: 3)
        let network = StructuralGraphNetwork<Double>(nodes: Self.nodes, widths: [3, 4, 2], switches: (true, true, true),
                                                     backbone: GraphBackbone(residual: residual, normalisation: normalisation, groups: 2, groupWeight: 0.3), random: &random)
        let x = try Self.features(), propagation = try FixtureTests.path(Self.nodes).normalised(Double.self)
        // A source without dropout: the statistics of batches are the batch's own.
        try check(network.parameters, "\(residual), \(normalisation)") {
            let penalty = try #require(try network.penalty(.norm))
            return try network(x, propagation, random: RandomSource(seed: 1)).logits.crossEntropy(Self.targets) + penalty.scaled(by: 0.1)
        }
    }

    @Test func `gradients of the student's two networks agree`() throws {
        var random = RandomSource(seed: 5)
        let guess = MultilayerPerceptron<Double>(inputs: (3, 0), hidden: [4], outputs: 2, random: &random)
        let inputs = NodeInputs(sparse: try Self.features())
        let wanted = Tensor<Double>.normal([Self.nodes, 2], from: &random)
        try check(guess.parameters, "ξ₁") { try guess(inputs).meanSquaredError(wanted) }
        let classifier = MultilayerPerceptron<Double>(inputs: (3, 4), hidden: [4, 3], outputs: 2, random: &random)
        let both = try inputs.adding([.normal([Self.nodes, 2], from: &random), .normal([Self.nodes, 2], from: &random)])
        try check(classifier.parameters, "ξ₂") { try classifier(both).crossEntropy(Self.targets) }
    }

    @Test func `gradients of GraphMLP with its contrast agree`() throws {
        var random = RandomSource(seed: 6)
        let network = GraphMLP<Double>(inputs: 3, width: 4, outputs: 2, random: &random)
        let x = NodeInputs(sparse: try Self.features()), strengths = try PropagationPower(FixtureTests.path(Self.nodes).normalised(Float.self), exponent: 2).block(Array(0..<Self.nodes)).map { Double($0) }
        try check(network.parameters, "GraphMLP") {
            let (z, logits) = try network(x)
            let contrast = try #require(try NeighbourContrast.terms(z, strengths: strengths, temperature: 1))
            return try logits.crossEntropy(Self.targets) + contrast.mean.scaled(by: 2)
        }
    }
}
