import Experiments
import Foundation
import Tensors

/// Training by epochs with the published rule (section 2.3): when the validation loss has not improved by 1e-4 of itself for five epochs
/// in a row, the rate is quartered and the best weights come back; at the end the best weights stay.
package struct PlateauRule: Sendable, Codable, Equatable {
    package static let patience = 5, factor = 0.25, threshold = 1e-4
    package private(set) var best = Double.infinity
    /// Epochs without improvement.
    package private(set) var waited = 0

    package init() {}

    package enum Verdict: Sendable, Equatable {
        case improved, waiting
        /// Quarter the rate, and take the best weights back.
        case cut
    }

    package mutating func judge(_ loss: Double) -> Verdict {
        if loss < best - Self.threshold * abs(best) || best == .infinity {
            best = loss
            waited = 0
            return .improved
        }
        waited += 1
        guard waited >= Self.patience else { return .waiting }
        waited = 0
        return .cut
    }
}

extension Trainer {
    /// Trains a model from where a checkpoint left it, or from its start.
    /// - Parameters:
    ///   - epoch: trains one epoch, numbered from 1, and returns its mean loss.
    ///   - validate: the loss that the plateau rule judges.
    ///   - unit: of both losses.
    /// - Throws: `CheckpointError` when the checkpoint holds another model's numbers; `RIMError` when a loss is not finite.
    mutating func fit(_ name: String, _ store: ParameterStore<Float>, weightDecay: Double = 0, rate: Double, epochs: Int, unit: String,
                      epoch: (Int, Optimiser<Float>) throws -> Double, validate: (Int) throws -> Double) throws {
        let optimiser = Optimiser(store, .adagrad(epsilon: 1e-3, weightDecay: weightDecay), rate: rate)
        var done = 0, rule = PlateauRule(), best = store.snapshot
        if let progress = state.progress, progress.model == name {
            guard (0...epochs).contains(progress.epoch), progress.network.restore(store, optimiser), progress.best.floats.count == best.count else { throw CheckpointError.foreign }
            (done, rule, best) = (progress.epoch, progress.rule, progress.best.floats)
        }
        while done < epochs {
            let training = try epoch(done + 1, optimiser), validation = try validate(done + 1)
            done += 1
            guard training.isFinite, validation.isFinite else { throw RIMError("the loss of \(name) is not finite at epoch \(done); take a smaller rate than \(short(optimiser.rate))") }
            context.metric("loss/\(name), training", step: Double(done), value: training, unit: unit)
            context.metric("loss/\(name), validation", step: Double(done), value: validation, unit: unit)
            context.progress(Double(done), of: Double(epochs), unit: "epochs of \(name)")
            switch rule.judge(validation) {
            case .improved: best = store.snapshot
            case .waiting: break
            case .cut:
                optimiser.rate *= PlateauRule.factor
                _ = store.restore(best)
                state.cuts.append(.init(model: name, epoch: done))
                reportCuts()
            }
            let kept = (done, rule, best)
            try context.saveCheckpoint("\(name), epoch \(done)") {
                var snapshot = state
                snapshot.progress = .init(model: name, epoch: kept.0, network: NetworkBlock(store, optimiser), best: FloatBlock(kept.2), rule: kept.1)
                return try snapshot.encoded()
            }
        }
        _ = store.restore(best)
        state.progress = nil
        context.note("\(name): best validation loss \(short(rule.best)) \(unit)")
    }

    /// Where the rate was cut, for the chart of the losses.
    func reportCuts() {
        context.emit(.table(.init(name: "rate cuts", columns: [.init("what"), .init("epoch")], rows: state.cuts.map { [.text("\($0.model): rate ÷ 4"), .number(Double($0.epoch))] })))
    }
}
