import Experiments
import Tensors

/// Training of the sequence models (section 2.3).
extension Trainer {
    private func encoder(_ base: BaseModel, _ name: String) -> any SequenceEncoder<Float> {
        var random = context.random.stream("\(name) start")
        return base == .transformer
            ? AttentiveItemModel<Float>(vocabulary: material.m + 1, width: settings.width, layers: settings.layers, heads: settings.heads, random: &random)
            : RecurrentItemModel<Float>(vocabulary: material.m + 1, width: settings.width, layers: settings.layers, random: &random)
    }

    /// Fits the GRU or the Transformer to the next items of these events, and leaves the states of all requests.
    mutating func fitSequences(_ base: BaseModel, _ training: TrainingEvents, name: String) throws -> FactorModel {
        let model = encoder(base, name), random = context.random.stream(name), material = material, settings = settings, context = context
        let sequences = training.users.map { SequenceBatches.tokens(material.trainingItems($0, training.counts[$0]), truncation: settings.truncation) }
        // Four fifths of the users train, the others say when to stop.
        var order = random.stream("validation users")
        let shuffled = order.permutation(sequences.count), cut = max(1, min(sequences.count - 1, Int((0.8 * Double(sequences.count)).rounded())))
        let fitted = shuffled.prefix(cut).map { sequences[$0] }, held = shuffled.dropFirst(cut).map { sequences[$0] }
        let tape = Tape<Float>(), length = model.isRecurrent ? settings.chunk : Int.max
        try fit(name, model.parameters, rate: base == .transformer ? settings.transformerRate : settings.rate, epochs: settings.epochs, unit: "nats an event") { epoch, optimiser in
            var draw = random.stream("epoch", epoch)
            let order = draw.permutation(fitted.count)
            var sum = 0.0, events = 0
            for start in stride(from: 0, to: order.count, by: settings.batch) {
                let batch = order[start..<min(order.count, start + settings.batch)].map { fitted[$0] }
                var carried: [Tensor<Float>] = []
                for piece in SequenceBatches.pieces(batch, length: length) {
                    try context.proceed()
                    let before = try model.carried(carried, first: piece.active)
                    let loss = try tape.differentiate(model.parameters) {
                        let (loss, next) = try model.loss(piece, carried: before)
                        carried = next
                        return loss
                    }
                    optimiser.update()
                    sum += Double(loss) * Double(piece.targets.count)
                    events += piece.targets.count
                }
            }
            return events > 0 ? sum / Double(events) : 0
        } validate: { epoch in
            context.metric("loss/uniform guess, ln V", step: Double(epoch), value: logarithm(Double(material.m + 1)), unit: "nats an event")
            return try model.meanLoss(held, batch: settings.batch, length: settings.chunk, proceed: context.proceed)
        }
        if base == .gru, name == base.name, settings.uses(.rnn) { state.recurrentWeights = [FloatBlock(model.parameters.snapshot)] }
        return try factors(of: model)
    }

    /// The states of all requests, and the table that scores items.
    private func factors(of model: any SequenceEncoder<Float>) throws -> FactorModel {
        func states(_ requests: [Request]) throws -> [Float] {
            try model.lastStates(requests.map { SequenceBatches.tokens(material.historyItems($0), truncation: settings.truncation - 1) }, batch: settings.batch, proceed: context.proceed)
        }
        return FactorModel(link: .softmax, width: settings.width, test: try states(material.split.test), validation: try states(material.split.validation),
                           items: model.embedding.value.scalars, itemBiases: model.outputBias.value.scalars)
    }

    /// The extension: an intensity on the states of the GRU, at every event of the training histories.
    mutating func fitRecurrentIntensity() throws {
        guard let kept = state.factors(of: BaseModel.gru.name), !state.recurrentWeights.isEmpty else {
            throw RIMError("parameter intensities: rnn reads the states of the GRU; add gru to models, or leave rnn out")
        }
        let model = encoder(.gru, BaseModel.gru.name), width = kept.width
        guard model.parameters.restore(state.recurrentWeights.first?.floats ?? []) else { throw CheckpointError.foreign }
        var intervals: [RecurrentIntensity.Interval] = []
        let training = material.training, users = training.users
        for start in stride(from: 0, to: users.count, by: settings.batch) {
            let part = Array(users[start..<min(users.count, start + settings.batch)])
            let histories = part.map { SequenceBatches.tokens(material.trainingItems($0, training.counts[$0]), truncation: settings.truncation - 1) }
            let time = histories.map(\.count).max() ?? 1
            try context.proceed()
            let tokens = histories.flatMap { $0 + [Int32](repeating: 0, count: time - $0.count) }
            let states = try model.states(TokenBlock(batch: part.count, time: time, tokens: tokens), carried: []).states.scalars
            for (row, user) in part.enumerated() {
                let own = material.events.events(of: user).prefix(training.counts[user]), tokens = histories[row]
                // Token j > 0 of the history is event own.upperBound - tokens.count + j.
                for place in tokens.indices where tokens[place] != 0 {
                    let event = own.upperBound - tokens.count + place, end = material.split.ends[user]
                    let next = event + 1 < own.upperBound ? material.intensityTimes[event + 1] : end
                    guard event >= own.lowerBound, next.isFinite else { continue }
                    let values = states[(row * time + place) * width..<(row * time + place + 1) * width].map { Double($0) }
                    intervals.append(.init(state: values, length: (next - material.intensityTimes[event]) / material.horizon, endsInEvent: event + 1 < own.upperBound))
                }
            }
        }
        let fitted = try RecurrentIntensity(fitting: intervals, width: width, iterations: 200) { iteration, loss in
            try context.proceed()
            context.metric("RNN intensity fit/negative log-likelihood", step: Double(iteration), value: loss, unit: "nats an event")
        }
        state.recurrentCounts = [(kept.test, material.split.test), (kept.validation, material.split.validation)].map { block, requests in
            let values = block.floats
            return requests.enumerated().map { row, request in
                fitted.expectedCount(values[row * width..<(row + 1) * width].map { Double($0) }, ago: (request.start - material.intensityTimes[request.history.upperBound - 1]) / material.horizon)
            }
        }
        context.note("the RNN intensity is an extension: the published code has none")
    }
}
