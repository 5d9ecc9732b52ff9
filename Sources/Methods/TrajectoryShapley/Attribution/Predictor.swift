import Tensors

/// A model to attribute: it is trained by its loss, and asked for forecasts of targets from which cues are missing.
package protocol Predictor {
    /// nil for one that learns nothing.
    var parameters: ParameterStore<Float>? { get }
    /// Whether its forecasts have densities.
    var hasDensity: Bool { get }
    /// How many coalitions take a small part of the 50 ms within which a run has to stop.
    var coalitionsAtOnce: Int { get }
    /// The loss of a batch in nats (or what the model's paper trains on).
    /// - Parameter future: metres, [rows, steps, 2].
    func loss(_ cues: Cues<Float>, future: Tensor<Float>, step: Int, random: RandomSource) throws -> Tensor<Float>
    /// Makes forecasts for coalitions of these targets; what does not depend on the coalition is computed once, here.
    func forecaster(_ targets: PlayedTargets, draws: [LatentDraws]) throws -> any CoalitionForecaster
}

extension Predictor {
    package var coalitionsAtOnce: Int { 128 }
}

package protocol CoalitionForecaster {
    func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast]
}

/// Y_t = t dt v_last (no training).
package struct ConstantVelocity: Predictor {
    package let step: Double, predicted: Int
    package init(step: Double, predicted: Int) { (self.step, self.predicted) = (step, predicted) }
    package var parameters: ParameterStore<Float>? { nil }
    package var hasDensity: Bool { false }
    package func loss(_ cues: Cues<Float>, future: Tensor<Float>, step: Int, random: RandomSource) throws -> Tensor<Float> { throw TrajectoryError("constant velocity is not trained") }

    package func forecaster(_ targets: PlayedTargets, draws: [LatentDraws]) throws -> any CoalitionForecaster { Forecaster(model: self, targets: targets) }

    struct Forecaster: CoalitionForecaster {
        let model: ConstantVelocity, targets: PlayedTargets
        func forecasts(_ coalitions: [PlayedTargets.Coalition]) throws -> [Forecast] {
            coalitions.map { coalition in
                let past = targets.past(coalition)
                let move = past.count > 1 ? past[past.count - 1] - past[past.count - 2] : .zero
                return .paths(likeliest: (1...model.predicted).map { Double($0) * move }, samples: [])
            }
        }
    }
}

extension TrajectoryMixture where Scalar == Float {
    /// One forecast a row.
    func forecasts(logWeights rows: Tensor<Float>? = nil) -> [Forecast] {
        let weights = (rows ?? logWeights).scalars, heads = heads.scalars
        let modes = self.heads.shape[1], steps = self.heads.shape[2]
        return (0..<self.heads.shape[0]).map { row in
            .mixture(MixtureForecast(logWeights: weights[row * modes..<(row + 1) * modes], heads: heads[row * modes * steps * 5..<(row + 1) * modes * steps * 5], steps: steps, step: step))
        }
    }
}
