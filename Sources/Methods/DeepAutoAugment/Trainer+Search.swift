import Augmentation
import Experiments
import Foundation
import Tensors

extension Trainer {
    /// The network that searches, as it begins.
    private func searchNetwork() -> ClassifierNetwork<Float> {
        var start = context.random.stream("search weights")
        return ClassifierNetwork(settings.network, classes: material.pretraining.classNames.count, start: .he, epsilon: 1e-3, random: &start)
    }

    /// The pretrained network, from the state.
    private func pretrained() throws -> ClassifierNetwork<Float> {
        let network = searchNetwork()
        guard state.pretrained.count == network.stores.count else { throw CheckpointError.foreign }
        for (store, block) in zip(network.stores, state.pretrained) { guard store.restore(block.floats) else { throw CheckpointError.foreign } }
        return network
    }

    mutating func pretrain() throws {
        try timed(0) { trainer in
            let (context, material, settings) = (trainer.context, trainer.material, trainer.settings), network = trainer.searchNetwork()
            let training = ClassifierTraining(network, material.pretraining, material.searchNormalisation, settings.pretrainingAugmentation, settings.pretraining, random: context.random.stream("pretraining"))
            try trainer.trained("pretraining", training, epochs: settings.pretraining.epochs) { _, _ in }
            trainer.state.pretrained = network.stores.map { FloatBlock($0.snapshot) }
            let accuracy = try network.accuracy(material.pretraining, material.searchNormalisation, proceed: context.proceed).percent
            trainer.state.pretrainedAccuracy = accuracy
            trainer.state.results.append(.init(name: "training accuracy of the search network", arm: "pretraining", unit: "%", value: accuracy, better: .neither))
            if accuracy >= 99 { context.warning("the search network fits \(short(accuracy)) % of its pictures; near a perfect fit gradients vanish, so take fewer pretraining-epochs (54 to 82 % worked)") }
        }
    }

    private func matching(_ network: ClassifierNetwork<Float>) throws -> GradientMatching {
        try GradientMatching(network, search: material.search, validation: material.validation, material.searchNormalisation, settings.matching)
    }

    /// Which operations help or hurt here, at "do nothing": no search is needed for that.
    mutating func importance() throws {
        try timed(1) { trainer in
            let context = trainer.context, images = max(1, trainer.settings.importanceImages)
            var matching = try trainer.matching(trainer.pretrained()), rewards: [[Double]] = []
            let probabilities = PolicyLayer().probabilities
            for image in 0..<images {
                try context.proceed()
                var draw = context.random.stream("importance", image)
                let (row, label) = matching.drawImage(&draw)
                if let outcome = try matching.outcome(row: row, label: label, below: [], probabilities: probabilities, &draw, proceed: context.proceed) { rewards.append(outcome.rewards) }
                context.progress(Double(image + 1), of: Double(images), unit: "images")
            }
            guard 2 * rewards.count >= images, !rewards.isEmpty else { throw DeepAAError("\(images - rewards.count) of \(images) images have no gradient to match; the network fits too well, so pretrain it for fewer epochs") }
            trainer.reportImportance(.init(rewards), images: rewards.count)
        }
    }

    mutating func searchLayer(_ layer: Int) throws {
        guard !state.isSearched else { return }
        guard state.search.done.count == layer else { throw CheckpointError.foreign }
        try timed(1) { trainer in
            let (context, settings) = (trainer.context, trainer.settings), network = try trainer.pretrained()
            var matching = try trainer.matching(network)
            let random = context.random.stream("search"), start = trainer.firstStep(ofLayer: layer)
            if trainer.state.search.layer.steps == 0 { trainer.reportLayerStart(layer, start) }
            while trainer.state.search.layer.steps < settings.steps {
                try context.proceed()
                let outcomes = try trainer.state.search.advance(&matching, rule: settings.rule, rate: settings.rate, random: random, proceed: context.proceed)
                let step = trainer.state.search.layer.steps
                trainer.reportStep(layer, start + step, outcomes, matching)
                context.progress(Double(step), of: Double(settings.steps), unit: "steps of layer \(layer + 1) of \(settings.layers)")
                if step < settings.steps { try trainer.save("layer \(layer + 1), step \(step)") }
            }
            trainer.state.search.finishLayer()
            trainer.reportLayerEnd(layer)
            let identity = trainer.state.search.done[layer][0]
            if identity > settings.stopsAt, layer + 1 < settings.layers {
                context.note("layer \(layer + 1) does nothing with probability \(short(identity)), more than \(short(settings.stopsAt)): the search ends here")
                trainer.state.isSearched = true
            }
            if layer + 1 == settings.layers { trainer.state.isSearched = true }
        }
        if state.isSearched { found = try AugmentationPolicy(layers: state.search.done) }
    }

    /// Steps of the layers before.
    func firstStep(ofLayer layer: Int) -> Int { state.search.cosines.prefix(layer).reduce(0) { $0 + $1.count } }

    mutating func finishPolicy() throws {
        guard let found else { throw CheckpointError.foreign }
        if settings.policyFile.isEmpty {
            let request = context.request
            let origin = [("method", "deepaa"), ("dataset", settings.searchDataset.isEmpty ? request.dataset : settings.searchDataset), ("seed", "\(request.seed)"), ("network", settings.network.name),
                          ("steps", "\(settings.steps)"), ("images", "\(settings.matching.images)"), ("regulariser", settings.rule.rawValue)]
            try context.saveArtifact("policy.json", PolicyFile.encoded(found, origin: origin))
            if state.search.skipped > 0 { context.note("\(state.search.skipped) of \(state.search.seen) images had no gradient to match and were passed over") }
        }
        reportPolicy(found)
    }

    // MARK: - Evaluation

    mutating func judge(_ place: Int) throws {
        let arms = try settings.arms(found: found)
        guard arms.indices.contains(place), state.judged.count == place else { throw CheckpointError.foreign }
        let arm = arms[place]
        guard !arm.isFound || found != nil else { throw CheckpointError.foreign }
        try timed(2) { trainer in
            let (context, material, settings) = (trainer.context, trainer.material, trainer.settings)
            // All arms begin with the same numbers and see the pictures in the same order, so that differences pair up.
            var start = context.random.stream("evaluation weights")
            let network = ClassifierNetwork<Float>(settings.evaluationNetwork, classes: material.training.classNames.count, start: .uniform, epsilon: 1e-5, random: &start)
            let training = ClassifierTraining(network, material.training, material.normalisation, arm.augmentation, settings.evaluation, random: context.random.stream("evaluation"))
            try trainer.trained(arm.name, training, epochs: settings.evaluation.epochs) { _, epoch in
                guard epoch % settings.testEvery == 0, epoch < settings.evaluation.epochs else { return }
                let accuracy = try network.accuracy(material.test, material.normalisation, proceed: context.proceed).percent
                context.metric("test accuracy/\(arm.name)", step: Double(epoch), value: accuracy, unit: "%")
            }
            let test = try network.accuracy(material.test, material.normalisation, proceed: context.proceed)
            let clean = try network.accuracy(material.training, material.normalisation, proceed: context.proceed)
            context.metric("test accuracy/\(arm.name)", step: Double(settings.evaluation.epochs), value: test.percent, unit: "%")
            guard test.loss.isFinite else { throw DeepAAError("the test loss of \(arm.name) is not finite; take a smaller rate") }
            trainer.state.judged.append(.init(arm: arm.name, test: test.percent, clean: clean.percent, testLoss: test.loss))
            trainer.reportArms()
        }
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }
