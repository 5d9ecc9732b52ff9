/// One of the predictors that a run trains and attributes.
struct Arm: Sendable, Equatable {
    enum Model: Sendable, Equatable {
        case constantVelocity
        case recurrent(RecurrentPredictor<Float>.Neighbours)
        case graphConvolution
        case endpoint
    }

    /// As it stands in charts, and as `models` spells it.
    var name: String, word: String
    var model: Model
    /// Whether cues are removed while it trains, so that a coalition without them is nothing new to it.
    var hasPlayerDropout: Bool

    static let all = [
        Arm(name: "CV", word: "cv", model: .constantVelocity, hasPlayerDropout: false),
        Arm(name: "LSTM", word: "lstm", model: .recurrent(.none), hasPlayerDropout: true),
        Arm(name: "Traj++", word: "sum", model: .recurrent(.sum), hasPlayerDropout: true),
        Arm(name: "Edge", word: "edge", model: .recurrent(.edge), hasPlayerDropout: true),
        Arm(name: "STGCN", word: "stgcn", model: .graphConvolution, hasPlayerDropout: true),
        Arm(name: "PECNet", word: "pecnet", model: .endpoint, hasPlayerDropout: true),
        Arm(name: "Traj++ plain", word: "sum-plain", model: .recurrent(.sum), hasPlayerDropout: false),
        Arm(name: "Edge plain", word: "edge-plain", model: .recurrent(.edge), hasPlayerDropout: false),
    ]

    var isTrained: Bool { model != .constantVelocity }

    /// The arms of a list of words, CV first.
    static func list(_ words: String) throws -> [Arm] {
        var arms: [Arm] = []
        for word in words.split(separator: ",").map({ $0.filter { $0 != " " }.lowercased() }) where !word.isEmpty {
            guard let arm = all.first(where: { $0.word == word }) else {
                throw TrajectoryError("parameter models: “\(word.prefix(40))” is no predictor; give \(all.map(\.word).joined(separator: ", ")), separated by commas")
            }
            if !arms.contains(arm) { arms.append(arm) }
        }
        guard !arms.isEmpty else { throw TrajectoryError("parameter models: no predictor is named; give at least one, such as lstm, edge") }
        return arms
    }
}
