import Layers
import Tensors

/// Who is near whom at each step (section 2.5): A_ij = 1 / |x_i - x_j|, 0 where two places are equal, and A_ii = 1, normalised.
package enum SceneGraph {
    package enum Kernel: String, Sendable, Codable, CaseIterable {
        /// Distances of positions, D^-1/2 A D^-1/2.
        case ours
        /// The official code's: distances of displacements, I - D^-1/2 A D^-1/2.
        case code
    }

    /// The normalised matrix of some points, row by row; nodes from `count` on are not there: their rows and columns are zero.
    package static func matrix(_ points: [SIMD2<Double>], kernel: Kernel) -> [Double] {
        let n = points.count
        var a = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            a[i * n + i] = 1
            for j in 0..<n where j != i {
                let d = points[i] - points[j], length = (d * d).sum().squareRoot()
                a[i * n + j] = length > 0 ? 1 / length : 0
            }
        }
        let scale = (0..<n).map { i in 1 / (0..<n).reduce(0) { $0 + a[i * n + $1] }.squareRoot() }
        for i in 0..<n {
            for j in 0..<n {
                let value = scale[i] * a[i * n + j] * scale[j]
                a[i * n + j] = kernel == .ours ? value : (i == j ? 1 : 0) - value
            }
        }
        return a
    }
}

/// A predictor after Social-STGCNN (Mohamed, Qian, Elhoseiny and Claudel, CVPR 2020): a graph convolution over target and neighbours at each step, a
/// convolution over time, then convolutions that take time for channels and write the future.
///
/// The official code builds one convolution that it never uses, so it has 7,563 parameters where this has 6,254; it reshapes channels and steps
/// where this transposes them. The loss is on the target alone, because neighbours need no future here.
package struct GraphConvolutionPredictor<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    package let observed: Int, predicted: Int
    package let step: Double
    package let kernel: SceneGraph.Kernel
    private let mix, residual: Linear<Scalar>
    private let mixNorm, timeNorm, residualNorm: BatchNormalisation<Scalar>
    private let timeWeight, timeBias: Parameter<Scalar>
    private let mixSlope, layerSlope: ParametricReLU<Scalar>
    private let extrapolations: [(convolution: Convolution2D<Scalar>, slope: ParametricReLU<Scalar>)]
    private let out: Convolution2D<Scalar>
    private static var features: Int { 5 }

    package init(observed: Int, predicted: Int, step: Double, kernel: SceneGraph.Kernel = .ours, random: inout RandomSource) {
        (self.observed, self.predicted, self.step, self.kernel) = (observed, predicted, step, kernel)
        let width = Self.features, store = parameters
        mix = Linear("graph.mix", inputs: 2, outputs: width, in: store, from: &random)
        mixNorm = BatchNormalisation("graph.mix.norm", channels: width, in: store)
        mixSlope = ParametricReLU("graph.mix", in: store)
        let bound = Scalar(1 / Double(3 * width).squareRoot())
        timeWeight = store.add("graph.time.weight", .uniform([3, 1, width, width], in: -bound, bound, from: &random))
        timeBias = store.add("graph.time.bias", .uniform([width], in: -bound, bound, from: &random))
        timeNorm = BatchNormalisation("graph.time.norm", channels: width, in: store)
        residual = Linear("graph.residual", inputs: 2, outputs: width, in: store, from: &random)
        residualNorm = BatchNormalisation("graph.residual.norm", channels: width, in: store)
        layerSlope = ParametricReLU("graph.layer", in: store)
        let options = ConvolutionOptions(padding: .symmetric(1))
        extrapolations = (0..<4).map { place in
            (Convolution2D("future.\(place)", inputs: place == 0 ? observed : predicted, outputs: predicted, kernel: 3, options, in: store, from: &random), ParametricReLU("future.\(place)", in: store))
        }
        out = Convolution2D("future.out", inputs: predicted, outputs: predicted, kernel: 3, options, in: store, from: &random)
    }

    /// The future of each row's target, one Gaussian a step.
    /// - Parameter cues: neighbours in the order of their distance, because the convolution over nodes knows an order.
    package func callAsFunction(_ cues: Cues<Scalar>, mode: ForwardMode = .inference) throws -> TrajectoryMixture<Scalar> {
        let rows = cues.rows, nodes = cues.slots + 1, steps = observed, width = Self.features
        let graph = graph(cues)
        // The places of nodes that are there, in [rows, steps, nodes].
        let real = (0..<rows * steps * nodes).compactMap { place -> Int32? in place % nodes <= cues.counts[place / (steps * nodes)] ? Int32(place) : nil }
        /// Batch statistics of the nodes that are there; the others become zero.
        func normalised(_ x: Tensor<Scalar>, _ norm: BatchNormalisation<Scalar>) throws -> Tensor<Scalar> {
            let flat = try x.reshaped(rows * steps * nodes, width)
            return try norm(flat.gathered(real), mode: mode).scatterAdded(real, count: rows * steps * nodes).reshaped(rows, steps, nodes, width)
        }
        let moves = graph.moves
        var x = try graph.adjacency.matmul(mix(moves).reshaped(rows * steps, nodes, width)).reshaped(rows, steps, nodes, width)
        x = try mixSlope(normalised(x, mixNorm))
        x = try x.conv2d(timeWeight.tensor, bias: timeBias.tensor, ConvolutionOptions(padding: .explicit(top: 1, bottom: 1, left: 0, right: 0)))
        x = try layerSlope(normalised(x, timeNorm) + normalised(residual(moves), residualNorm))
        // Steps become channels: [rows, features, nodes, steps]. Nodes that are not there are zero before every convolution, as beyond a border.
        let mask = Tensor<Scalar>(shape: [rows, 1, nodes, 1]) { $0 % nodes <= cues.counts[$0 / nodes] ? 1 : 0 }
        x = try x.permuted([0, 3, 2, 1])
        for (place, layer) in extrapolations.enumerated() {
            let next = try layer.slope(layer.convolution(x)) * mask
            x = place == 0 ? next : try next + x
        }
        // [rows, features, steps] of the target.
        let heads = try out(x).selected(axis: 2, 0).permuted([0, 2, 1]).reshaped(rows, 1, predicted, width)
        // Displacements become velocities: divided by dt.
        let scale = Tensor<Scalar>(shape: [width], [1, 1, 1, 1, 1].enumerated().map { Scalar($0.offset < 2 ? 1 / step : 1) })
        let shift = Tensor<Scalar>(shape: [width], (0..<width).map { Scalar($0 == 2 || $0 == 3 ? -logarithm(step) : 0) })
        return try TrajectoryMixture(logWeights: Tensor(shape: [rows, 1], repeating: 0), heads: heads * scale + shift, step: step)
    }

    /// -log N of each displacement of the target, the mean over rows and steps.
    package func loss(_ cues: Cues<Scalar>, future: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        let heads = try self(cues, mode: mode).heads, rows = cues.rows
        let before = try Tensor.concatenated([Tensor(shape: [rows, 1, 2], repeating: 0), future.sliced(axis: 1, 0..<predicted - 1)], axis: 1)
        // Each displacement is a path of one step: the mixture's integral over it is the displacement itself.
        let moves = try (future - before).reshaped(rows * predicted, 1, 2)
        let single = TrajectoryMixture(logWeights: Tensor(shape: [rows * predicted, 1], repeating: 0), heads: try heads.reshaped(rows * predicted, 1, 1, Self.features), step: step)
        return try single.logDensities(moves).mean().scaled(by: -1)
    }

    /// Displacements [rows, steps, nodes, 2], the first zero, and the normalised matrices [rows * steps, nodes, nodes].
    private func graph(_ cues: Cues<Scalar>) -> (moves: Tensor<Scalar>, adjacency: Tensor<Scalar>) {
        let rows = cues.rows, nodes = cues.slots + 1, steps = observed, paths = cues.paths.scalars
        func point(_ row: Int, _ node: Int, _ step: Int) -> SIMD2<Double> {
            let place = ((row * nodes + node) * steps + step) * 2
            return SIMD2(Double(paths[place]), Double(paths[place + 1]))
        }
        var moves = [Scalar](repeating: 0, count: rows * steps * nodes * 2), adjacency = [Scalar](repeating: 0, count: rows * steps * nodes * nodes)
        for row in 0..<rows {
            let there = cues.counts[row] + 1
            for step in 0..<steps {
                var points: [SIMD2<Double>] = [], shifts: [SIMD2<Double>] = []
                for node in 0..<there {
                    points.append(point(row, node, step))
                    shifts.append(step == 0 ? .zero : points[node] - point(row, node, step - 1))
                    let place = ((row * steps + step) * nodes + node) * 2
                    moves[place] = Scalar(shifts[node].x)
                    moves[place + 1] = Scalar(shifts[node].y)
                }
                let matrix = SceneGraph.matrix(kernel == .ours ? points : shifts, kernel: kernel)
                for i in 0..<there { for j in 0..<there { adjacency[((row * steps + step) * nodes + i) * nodes + j] = Scalar(matrix[i * there + j]) } }
            }
        }
        return (Tensor(shape: [rows, steps, nodes, 2], moves), Tensor(shape: [rows * steps, nodes, nodes], adjacency))
    }
}

/// The graph predictor in the form that is trained and attributed.
package struct GraphConvolutionModel: Predictor {
    package let network: GraphConvolutionPredictor<Float>
    package let states: AgentStates

    package init(_ network: GraphConvolutionPredictor<Float>, states: AgentStates) { (self.network, self.states) = (network, states) }

    package var parameters: ParameterStore<Float>? { network.parameters }
    package var hasDensity: Bool { true }

    package func loss(_ cues: Cues<Float>, future: Tensor<Float>, step: Int, random: RandomSource) throws -> Tensor<Float> {
        try network.loss(cues, future: future, mode: .training(seed: 0))
    }

    package func forecaster(_ targets: PlayedTargets, draws: [LatentDraws]) throws -> any CoalitionForecaster { Forecaster(model: self, targets: targets) }

    private struct Forecaster: CoalitionForecaster {
        let model: GraphConvolutionModel, targets: PlayedTargets
        func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast] {
            guard let first = targets.targets.first else { return [] }
            let rows = coalitions.map { targets.row($0).inOrderOfDistance }
            return try model.network(Cues(rows, slots: targets.slots, steps: first.past.count, states: model.states)).forecasts()
        }
    }
}

extension Cues.Row {
    /// The neighbours by their distance at the last step: a stranger and a substitute come where they belong.
    var inOrderOfDistance: Cues.Row {
        func distance(_ path: [SIMD2<Double>]) -> Double { path.last.map { ($0 * $0).sum() } ?? 0 }
        return .init(past: past, neighbours: neighbours.enumerated().sorted { (distance($0.element), $0.offset) < (distance($1.element), $1.offset) }.map(\.element))
    }
}
