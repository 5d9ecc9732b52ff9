import Foundation
import Layers
import Tensors
import Testing
import TrajectoryShapley

/// Section 8 of the sheet: figures that were computed independently.
@Suite struct FixtureTests {
    func isClose(_ found: [Double], _ expected: [Double], within tolerance: Double = 1e-6) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
    }

    /// The game of check 1: past is bit 0, a bit 1, b bit 2.
    let game: CoalitionGame

    init() throws { game = try CoalitionGame(players: 3, values: [-4, -1, -3.8, -0.7, -4.1, -1.0, -3.9, -0.6]) }

    @Test func `1: a game of past, a and b`() throws {
        #expect(isClose(game.shapley, [3.133333, 0.283333, -0.016667]))
        #expect(abs(game.shapley.reduce(0, +) - 3.4) < 1e-12 && abs(game.full - game.empty - 3.4) < 1e-12)
        #expect(isClose(game.banzhaf, [3.125, 0.275, -0.025]) && abs(game.banzhaf.reduce(0, +) - 3.375) < 1e-12)
        let given = try #require(game.givenPast)
        #expect(isClose(given.shapley, [0.35, 0.05]))
        #expect(abs(GameValues(values: game.shapley, empty: -4, full: -0.6, pastOnly: -1).social - 0.283333) < 1e-6)
        let one = PermutationWalks(players: 3, orders: [[1, 2, 0]]).values { game.values[Int($0)] }
        #expect(isClose(one.means, [3.3, 0.2, -0.1]) && one.errors == nil)
        let pair = PermutationWalks(players: 3, orders: [[0, 1, 2], [2, 1, 0]]).values { game.values[Int($0)] }
        #expect(isClose(pair.means, [3.15, 0.25, 0]))
    }

    @Test func `2: the log density of one step`() {
        #expect(abs(MixtureForecast.logDensity(SIMD2(0.3, -0.1), SIMD3(0.25, 0.16, 0.2 * 0.5 * 0.4)) + 0.459330) < 1e-6)
    }

    /// Heads of check 3 for one mode: covariances as deviations and correlations.
    private func heads() -> [Double] {
        [(1.0, 0.5, 0.25, 0.16, 0.04), (1.2, 0.4, 0.36, 0.25, -0.06)].flatMap { mx, my, xx, yy, xy in [mx, my, log(xx.squareRoot()), log(yy.squareRoot()), atanh(xy / (xx * yy).squareRoot())] }
    }

    @Test func `3: the single integrator, on the tape and in double precision`() throws {
        let truth = [SIMD2(0.5, 0.1), SIMD2(0.8, 0.5)]
        let forecast = MixtureForecast(logWeights: [0], heads: heads().map { Float($0) }[...], steps: 2, step: 0.4)
        #expect(isClose(forecast.means[0].flatMap { [$0.x, $0.y] }, [0.4, 0.2, 0.88, 0.36]))
        #expect(isClose(forecast.covariances[0].flatMap { [$0.x, $0.y, $0.z] }, [0.04, 0.0256, 0.0064, 0.0976, 0.0656, -0.0032]))
        #expect(isClose(forecast.logDensities(truth), [1.225790, 0.511590], within: 2e-6))
        #expect(abs(forecast.negativeLogLikelihood(truth, low: nil) + 0.868690) < 2e-6)
        let mixture = TrajectoryMixture<Double>(logWeights: Tensor(shape: [1, 1], [0]), heads: Tensor(shape: [1, 1, 2, 5], heads()), step: 0.4)
        let future = Tensor<Double>(shape: [1, 2, 2], truth.flatMap { [$0.x, $0.y] })
        #expect(isClose(try mixture.logDensities(future).scalars, [1.225790, 0.511590]))
        #expect(abs(try mixture.pathLoss(future).scalar + 0.868690) < 1e-6)
    }

    @Test func `4: a mixture by steps and by whole paths`() throws {
        let logs = Tensor<Double>(shape: [1, 2, 2], [-1, -2, -3, -0.5]), weights = Tensor<Double>(shape: [1, 2], [log(0.3), log(0.7)])
        let steps = try (logs + weights.expandingAxis(at: 2)).permuted([0, 2, 1]).logSumOfExponentials().scalars
        #expect(isClose(steps, [-1.929541, -0.765348]) && abs(-steps.reduce(0, +) / 2 - 1.347445) < 1e-6)
        let path = try (logs.sum(axes: [2]) + weights).logSumOfExponentials().scalars
        #expect(abs(-path[0] / 2 - 1.661087) < 1e-6)
    }

    @Test func `5: additive attention, and a neighbour that is masked out`() throws {
        let parameters = ParameterStore<Double>()
        var random = RandomSource(seed: 1)
        let attention = AdditiveAttention(edge: 2, history: 2, inner: 2, in: parameters, from: &random)
        // Rows of the sheet's matrices are outputs.
        attention.keys.weight.assign(Tensor(shape: [2, 2], [0.5, 0.3, -0.2, 0.8]))
        attention.query.weight.assign(Tensor(shape: [2, 2], [1, -0.6, 0.4, 0.2]))
        attention.score.weight.assign(Tensor(shape: [2, 1], [0.7, -1.1]))
        let edges = Tensor<Double>(shape: [1, 3, 2], [0.2, -0.4, 0.5, 0.1, -0.3, 0.6]), history = Tensor<Double>(shape: [1, 2], [0.1, 0.3])
        let all = try attention(edges, history: history, mask: Tensor(shape: [1, 3], [1, 1, 1]))
        #expect(isClose(all.scores.scalars, [0.545689, 0.046698, -0.443467]))
        #expect(isClose(all.weights.scalars, [0.505297, 0.306788, 0.187915]))
        #expect(isClose(all.context.scalars, [0.198079, -0.058691]))
        let two = try attention(edges, history: history, mask: Tensor(shape: [1, 3], [1, 0, 1]))
        #expect(isClose(two.weights.scalars, [0.728921, 0, 0.271079]) && isClose(two.context.scalars, [0.064461, -0.128921]))
        let none = try attention(edges, history: history, mask: Tensor(shape: [1, 3], [0, 0, 0]))
        #expect(none.context.scalars == [0, 0])
    }

    @Test func `8: states of a path`() {
        let states = AgentStates(step: 0.4).states(of: [SIMD2(0, 0), SIMD2(0.5, 0.1), SIMD2(1.1, 0.15), SIMD2(1.6, 0.4)])
        func part(_ first: Int) -> [Double] { stride(from: first, to: states.count, by: 6).flatMap { Array(states[$0...$0 + 1]) } }
        let velocities = part(2), accelerations = part(4)
        #expect(isClose(velocities, [1.25, 0.25, 1.25, 0.25, 1.5, 0.125, 1.25, 0.625]))
        #expect(isClose(accelerations, [0, 0, 0, 0, 0.625, -0.3125, -0.625, 1.25]))
        #expect(AgentStates(step: 0.4).states(of: [.zero, .zero, .zero]).allSatisfy { $0 == 0 })
    }

    @Test func `9: the divergence and the mutual information of the latent`() throws {
        func logs(_ values: [Double]) -> Tensor<Double> { Tensor(shape: [2, 3], values.map { log($0) }) }
        let p = logs([0.5, 0.3, 0.2, 0.2, 0.6, 0.2])
        let found = try LatentTerms.divergence(logs([0.7, 0.2, 0.1, 0.3, 0.3, 0.4]), from: p)
        #expect(isClose(found.rows.scalars, [0.085123, 0.190954]) && abs(found.mean.scalar - 0.138039) < 1e-6)
        #expect(abs(try LatentTerms.mutualInformation(p).scalar - 0.058692) < 1e-6)
    }
}
