import Experiments
import Foundation
import Tensors
import Testing
import TrajectoryShapley

/// Check 10: what holds for every game and every model.
@Suite struct InvariantTests {
    private func table(_ players: Int, seed: UInt64) -> [Double] {
        var random = RandomSource(seed: seed)
        return (0..<1 << players).map { _ in random.normal() }
    }

    @Test func `exact values are the mean over all orders, sum to the whole, and scale with the game`() throws {
        for players in 1...5 {
            let game = try CoalitionGame(players: players, values: table(players, seed: UInt64(players)))
            var orders: [[Int]] = [[]]
            for player in 0..<players { orders = orders.flatMap { order in (0...order.count).map { place in Array(order[..<place]) + [player] + Array(order[place...]) } } }
            #expect(Set(orders).count == (1...players).reduce(1, *))
            let walks = PermutationWalks(players: players, orders: orders).values { game.values[Int($0)] }
            #expect(zip(walks.means, game.shapley).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect(abs(game.shapley.reduce(0, +) - (game.full - game.empty)) < 1e-12)
            let other = try CoalitionGame(players: players, values: game.values.map { 3 * $0 - 7 })
            #expect(zip(other.shapley, game.shapley).allSatisfy { abs($0 - 3 * $1) < 1e-11 })
        }
    }

    @Test func `a player that changes nothing gets nothing, and equal players get the same`() throws {
        // Player 1 never matters; players 0 and 2 stand for each other.
        let game = try CoalitionGame(players: 3, values: (0..<8).map { bits in [0, 1, 2.5][(bits & 1) + (bits >> 2 & 1)] })
        #expect(game.shapley[1] == 0 && game.shapley[0] == game.shapley[2])
    }

    @Test func `walks sum to the whole for any number, and antithetic pairs are reverses`() throws {
        let game = try CoalitionGame(players: 6, values: table(6, seed: 3))
        for count in [2, 4, 10] {
            let walks = PermutationWalks(players: 6, count: count, random: RandomSource(seed: 8))
            #expect(walks.orders.count == count && walks.orders[1] == walks.orders[0].reversed())
            #expect(walks.coalitions.count <= count * 5 + 2)
            let found = walks.values { game.values[Int($0)] }
            #expect(abs(found.means.reduce(0, +) - (game.full - game.empty)) < 1e-12 && (found.errors != nil) == (count > 2))
        }
        #expect(throws: TrajectoryError.self) { try CoalitionGame(players: 13, values: [Double](repeating: 0, count: 1 << 13)) }
        #expect(throws: TrajectoryError.self) { try CoalitionGame(players: 2, values: [0, 1]) }
    }

    // MARK: - Models

    private func target(_ neighbours: [[SIMD2<Double>]], shift: SIMD2<Double> = .zero) -> Target {
        Target(past: [SIMD2(-2, -0.3), SIMD2(-1, -0.1), .zero], future: [SIMD2(0.9, 0.2), SIMD2(1.8, 0.1)], neighbours: neighbours.map { .init(path: $0) }, origin: shift)
    }

    private static let paths: [[SIMD2<Double>]] = [[SIMD2(1, 1), SIMD2(0.8, 0.9), SIMD2(0.7, 0.9)], [SIMD2(-2, 0), SIMD2(-2, 0.5), SIMD2(-1.9, 1)], [SIMD2(3, -2), SIMD2(2.5, -2), SIMD2(2, -2)]]
    private static let states = AgentStates(step: 0.4, positionScale: 3, velocityScale: 2)

    /// One untrained model of each kind: what follows holds for any weights.
    private static var models: [(name: String, model: any Predictor)] {
        var random = RandomSource(seed: 2)
        let widths = PredictorWidths(history: 6, edge: 6, decoder: 8, modes: 2)
        func recurrent(_ neighbours: RecurrentPredictor<Float>.Neighbours) -> any Predictor {
            RecurrentModel(RecurrentPredictor<Float>(neighbours, widths: widths, step: 0.4, random: &random), objective: RecurrentObjective(.exactMarginal), states: states, predicted: 2)
        }
        return [("LSTM", recurrent(.none)), ("Traj++", recurrent(.sum)), ("Edge", recurrent(.edge)),
                ("STGCN", GraphConvolutionModel(GraphConvolutionPredictor<Float>(observed: 3, predicted: 2, step: 0.4, random: &random), states: states)),
                ("PECNet", EndpointModel(EndpointPredictor<Float>(observed: 3, predicted: 2, random: &random), states: states)),
                ("CV", ConstantVelocity(step: 0.4, predicted: 2))]
    }

    private func games(_ targets: [Target], _ model: any Predictor, _ measures: [ErrorMeasure] = [.ade, .minade]) throws -> [[GameValues]] {
        try Attributor(estimator: .exact, permutations: 8, measures: measures, random: RandomSource(seed: 1)).games(PlayedTargets(targets), of: model, first: 0) {}.map(\.games)
    }

    @Test(arguments: 0..<6) func `every model's games are efficient, and of a cue that it cannot see nothing is said`(place: Int) throws {
        let (name, model) = Self.models[place]
        for games in try games([target(Self.paths), target([]), target(Array(Self.paths.prefix(1)))], model) {
            for game in games {
                #expect(game.efficiencyError < 1e-12, "\(name)")
                if name == "LSTM" || name == "CV" { #expect(game.values.dropFirst().allSatisfy { $0 == 0 } && game.givenPast.allSatisfy { $0 == 0 }, "\(name)") }
            }
        }
        if name != "LSTM", name != "CV" { #expect(try games([target(Self.paths)], model)[0][0].values.dropFirst().contains { abs($0) > 1e-6 }, "\(name)") }
    }

    @Test(arguments: 0..<6) func `an empty slot beside others changes no value`(place: Int) throws {
        let (name, model) = Self.models[place]
        // Alone, and beside a target with more neighbours, whose slots are empty here.
        let alone = try games([target(Array(Self.paths.prefix(2)))], model)[0], beside = try games([target(Array(Self.paths.prefix(2))), target(Self.paths)], model)[0]
        for (a, b) in zip(alone, beside) { #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name): \(a.values) \(b.values)") }
    }

    @Test(arguments: 0..<6) func `equal neighbours are worth the same, and names of neighbours do not matter`(place: Int) throws {
        let (name, model) = Self.models[place]
        let twins = try games([target([Self.paths[0], Self.paths[0], Self.paths[1]])], model)[0]
        // The graph convolution knows an order of the nodes, so its twins stand in different places.
        if name != "STGCN" {
            for game in twins { #expect(abs(game.values[1] - game.values[2]) < 1e-5, "\(name)") }
            let straight = try games([target(Self.paths)], model)[0], turned = try games([target(Self.paths.reversed())], model)[0]
            for (a, b) in zip(straight, turned) { #expect(zip(a.values.dropFirst(), b.values.dropFirst().reversed()).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)") }
        } else {
            // It puts them in the order of their distance itself.
            let straight = try games([target(Self.paths)], model)[0], turned = try games([target(Self.paths.reversed())], model)[0]
            for (a, b) in zip(straight, turned) { #expect(zip(a.values.dropFirst(), b.values.dropFirst().reversed()).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)") }
        }
    }

    @Test func `turning a scene turns a constant velocity's forecast`() throws {
        let turn = Turn(1.1), still = target([]), turned = Target(past: turn(still.past), future: turn(still.future), neighbours: [])
        let found = try games([still, turned], ConstantVelocity(step: 0.4, predicted: 2))
        #expect(zip(found[0], found[1]).allSatisfy { abs($0.values[0] - $1.values[0]) < 1e-12 })
    }

    @Test func `neighbours are exchanged with another scene, each set once`() {
        let targets = (0..<12).map { place -> Target in
            var made = target([[SIMD2(Double(place), 0), .zero, SIMD2(Double(place), 1)]])
            made.scene = place / 4
            return made
        }
        let exchanged = targets.withNeighboursExchanged(random: RandomSource(seed: 3))
        let donors = exchanged.map { Int($0.neighbours[0].path[0].x) }
        #expect(Set(donors).count == 12 && donors.enumerated().allSatisfy { $0.offset / 4 != $0.element / 4 })
        let strangers = targets.withStranger(random: RandomSource(seed: 3))
        #expect(zip(strangers, targets).allSatisfy { $0.neighbours.count == 2 && $0.neighbours[0] == $1.neighbours[0] && Int($0.neighbours[1].path[0].x) / 4 != $1.scene })
        // One scene has nobody to exchange with.
        #expect(Array(targets.prefix(4)).withNeighboursExchanged(random: RandomSource(seed: 1)) == Array(targets.prefix(4)))
    }

    @Test func `6 and 7: social pooling and the graph's kernel`() throws {
        let f = Tensor<Double>(shape: [1, 3, 3], [1, 0, 0.5, 0, 1, -0.5, 0.5, 0.5, 1])
        let theta = Tensor<Double>(shape: [3, 2], [0.2, 0, 0.1, 0.3, 0, 0.4]), phi = Tensor<Double>(shape: [3, 2], [0.5, 0.2, 0, 0.2, 0.1, 0])
        let mask = Tensor<Double>(shape: [1, 3, 3], [1, 1, 0, 1, 1, 0, 0, 0, 1])
        let scores = try f.matmul(theta).matmul(f.matmul(phi), transposeOther: true).scalars
        #expect(zip(scores.prefix(3), [0.15, 0.03, 0.11]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(scores)")
        let round = try SocialPooling.round(f, theta: f.matmul(theta), phi: f.matmul(phi), g: f, mask: mask)
        #expect(zip(round.weights.scalars.prefix(3), [0.529964, 0.470036, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(round.features.scalars.prefix(3), [1.529964, 0.470036, 0.529964]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(round.features.scalars.suffix(3), [1, 1, 2]).allSatisfy { abs($0 - $1) < 1e-6 })
        let points = [SIMD2(0.4, 0), SIMD2(0.1, 0.4), SIMD2(0.0, 0)]
        let ours = SceneGraph.matrix(points, kernel: .ours), code = SceneGraph.matrix(points, kernel: .code)
        #expect(zip(ours.prefix(3), [0.181818, 0.366129, 0.437927]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs(code[0] - 0.818182) < 1e-6 && abs(code[1] + 0.366129) < 1e-6)
        var random = RandomSource(seed: 1)
        // The published network has one layer of 1,308 numbers and a slope more, which it never uses.
        #expect(GraphConvolutionPredictor<Float>(observed: 8, predicted: 12, step: 0.4, random: &random).parameters.parameterCount == 7563 - 1309)
    }
}
