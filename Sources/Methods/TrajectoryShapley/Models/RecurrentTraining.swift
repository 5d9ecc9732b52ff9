import Layers
import Tensors

/// How a recurrent predictor is trained.
package struct RecurrentObjective: Sendable, Equatable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// -(1/T) log Σ_k p_k Π_t N: no posterior.
        case exactMarginal = "exact-marginal"
        /// The published loss, with a posterior q(z | x, y).
        case variational
    }
    package var kind: Kind
    /// Dropout of encodings, and of the prior's hidden layer.
    package var recurrentDropout = 0.0, priorDropout = 0.0
    /// The posterior's logits stay within ±c.
    package var clip = SigmoidRamp(from: 0.05, to: 5, centre: 300, width: 60)
    /// Weight of the divergence.
    package var weight = SigmoidRamp(from: 0, to: 100, centre: 400, width: 100)
    /// A divergence below this costs nothing (nats).
    package var freeNats = 0.07

    package init(_ kind: Kind, recurrentDropout: Double = 0, priorDropout: Double = 0) {
        self.kind = kind
        self.recurrentDropout = recurrentDropout
        self.priorDropout = priorDropout
    }
}

extension RecurrentPredictor {
    /// -[ (1/B) Σ_b Σ_t min(6, log Σ_k q_k N) - w max(0.07, mean KL(q ‖ p)) + MI(p) ], all values of z enumerated.
    /// - Parameters:
    ///   - scale: of future positions, as the posterior reads them.
    ///   - noise: standard normal [rows * K, steps, 2]; nil feeds the mean back.
    package func variationalLoss(_ cues: Cues<Scalar>, future: Tensor<Scalar>, scale: Double, objective: RecurrentObjective, step: Int, noise: Tensor<Scalar>?, mode: ForwardMode = .inference) throws -> Tensor<Scalar> {
        guard let posterior else { throw TrajectoryError("this predictor has no posterior; build it for the variational objective") }
        let x = try context(cues, dropout: objective.recurrentDropout, mode: mode), last = try cues.own.lastStep()
        let logits = try posterior.logits(x, last: last, future: future.scaled(by: 1 / scale), clip: objective.clip[step])
        let logQ = try logits.logSoftmax(), logP = try decoder.logPrior(x, dropout: objective.priorDropout, mode: mode)
        let heads = try decoder(x, first: firstInputs(last), steps: future.shape[1], noise: noise)
        let densities = try TrajectoryMixture(logWeights: logQ, heads: heads, step: self.step).logDensities(future)
        // [rows, K, steps] with log q beside, K last, so that each step is a mixture of its own.
        let joint = try (densities + logQ.expandingAxis(at: 2)).permuted([0, 2, 1])
        let likelihood = try joint.logSumOfExponentials().clamped(-1e30, TrajectoryMixture<Scalar>.densityLimit).sum(axes: [1]).mean()
        let divergence = try LatentTerms.divergence(logQ, from: logP).mean.clamped(objective.freeNats, 1e30)
        let information = try LatentTerms.mutualInformation(logP)
        return try divergence.scaled(by: objective.weight[step]) - likelihood - information
    }
}

/// A recurrent predictor in the form that is trained and attributed.
package struct RecurrentModel: Predictor {
    package let network: RecurrentPredictor<Float>
    package let objective: RecurrentObjective
    package let states: AgentStates
    package let predicted: Int

    package init(_ network: RecurrentPredictor<Float>, objective: RecurrentObjective, states: AgentStates, predicted: Int) {
        (self.network, self.objective, self.states, self.predicted) = (network, objective, states, predicted)
    }

    package var parameters: ParameterStore<Float>? { network.parameters }
    package var hasDensity: Bool { true }

    package func loss(_ cues: Cues<Float>, future: Tensor<Float>, step: Int, random: RandomSource) throws -> Tensor<Float> {
        var seeds = random.stream("dropout")
        let mode = ForwardMode.training(seed: seeds.next())
        switch objective.kind {
        case .exactMarginal: return try network.marginalLoss(cues, future: future, dropout: (objective.recurrentDropout, objective.priorDropout), mode: mode)
        case .variational:
            var noise = random.stream("noise")
            let rows = cues.rows * network.widths.modes
            return try network.variationalLoss(cues, future: future, scale: states.positionScale, objective: objective, step: step,
                                               noise: .normal([rows, future.shape[1], 2], from: &noise), mode: mode)
        }
    }

    package func forecaster(_ targets: PlayedTargets, draws: [LatentDraws]) throws -> any CoalitionForecaster {
        network.neighbours == .edge ? try EncodedForecaster(self, targets) : WholeForecaster(model: self, targets: targets)
    }

    /// Runs the whole network for each coalition.
    private struct WholeForecaster: CoalitionForecaster {
        let model: RecurrentModel, targets: PlayedTargets
        func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast] {
            guard let first = targets.targets.first else { return [] }
            let cues = Cues<Float>(coalitions.map(targets.row), slots: targets.slots, steps: first.past.count, states: model.states)
            return try model.network(cues, steps: model.predicted).forecasts()
        }
    }

    /// The encoding of a neighbour depends on the coalition only through whether the past is in, so each is encoded twice (four times with
    /// substitutes), and a coalition costs one attention and one pass of the decoder.
    private struct EncodedForecaster: CoalitionForecaster {
        let model: RecurrentModel, targets: PlayedTargets
        /// Of each target, past out and in: [2 * targets, width].
        private let histories, lasts: Tensor<Float>
        /// Of each slot of each target, past out and in, own and substitute; the last row is the zero of an empty slot.
        private let edges: Tensor<Float>
        private let slots: Int

        init(_ model: RecurrentModel, _ targets: PlayedTargets) throws {
            (self.model, self.targets) = (model, targets)
            let all = targets.targets.indices, steps = targets.targets.first?.past.count ?? 1, network = model.network
            slots = max(1, targets.slots)
            let own = all.flatMap { target in
                [UInt64(0), 1].map { Cues<Float>.Row(past: targets.past(.init(target: target, players: $0)), neighbours: []) }
            }
            let owns = Cues<Float>(own, slots: 0, steps: steps, states: model.states)
            histories = try network.encodedHistory(owns.own)
            lasts = try owns.own.lastStep()
            var rows: [Cues<Float>.Row] = []
            for target in all {
                for past in [UInt64(0), 1] {
                    for isSubstitute in [false, true] {
                        let paths = isSubstitute && targets.substitutes == nil ? [] : targets.targets[target].neighbours.indices.map { targets.neighbourPath(target, $0, isSubstitute: isSubstitute) }
                        rows.append(.init(past: targets.past(.init(target: target, players: past)), neighbours: paths))
                    }
                }
            }
            let cues = Cues<Float>(rows, slots: slots, steps: steps, states: model.states), width = AgentStates.width
            let beside = try cues.own.expandingAxis(at: 1).broadcast(to: [rows.count, slots, steps, width]).reshaped(rows.count * slots, steps, width)
            let encoded = try network.encodedEdges(cues.neighbours.reshaped(rows.count * slots, steps, width), beside: beside)
            edges = try Tensor.concatenated([encoded, Tensor(shape: [1, network.widths.edge], repeating: 0)], axis: 0)
        }

        func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast] {
            var histories: [Int32] = [], edges: [Int32] = [], mask: [Float] = []
            let empty = Int32(self.edges.shape[0] - 1)
            for coalition in coalitions {
                let past = Int(coalition.players & 1)
                histories.append(Int32(2 * coalition.target + past))
                let seen = targets.seen(coalition)
                for slot in 0..<slots {
                    if slot < seen.count {
                        let row = (2 * coalition.target + past) * 2 + (seen[slot].isSubstitute ? 1 : 0)
                        edges.append(Int32(row * slots + seen[slot].place))
                    } else { edges.append(empty) }
                    mask.append(slot < seen.count ? 1 : 0)
                }
            }
            let network = model.network, rows = coalitions.count
            let x = try network.context(history: self.histories.gathered(histories), edges: self.edges.gathered(edges).reshaped(rows, slots, network.widths.edge), mask: Tensor(shape: [rows, slots], mask))
            return try network.mixture(x, last: lasts.gathered(histories), steps: model.predicted).forecasts()
        }
    }
}
