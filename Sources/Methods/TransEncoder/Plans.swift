import Experiments

extension TransEncoderMethod {
    /// Pairs that are generated, for runs without data.
    static let generated = "graded-pairs", benchmark = "stsbenchmark"

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let set: String, seeds: Int
        switch plan {
        case .smoke: (set, seeds) = (dataset ?? "small-pairs", 1)
        case .standard: (set, seeds) = (dataset ?? Self.benchmark, 3)
        case .paper: (set, seeds) = (dataset ?? Self.benchmark, 3)
        }
        let runs = (1...seeds).map { RunRequest(method: "trans-encoder", dataset: set, plan: plan, seed: UInt64($0)) }
        // The generated pairs with an encoder from nothing need no file, so a whole plan has them too.
        guard plan == .standard, dataset == nil else { return runs.map(small) }
        return runs + (1...3).map { small(RunRequest(method: "trans-encoder", dataset: Self.generated, plan: plan, seed: UInt64($0))) }
    }

    /// Generated words mean nothing to a pretrained encoder: these pairs are for the one that starts from nothing, with rates and passes that suit it.
    private func small(_ request: RunRequest) -> RunRequest {
        guard request.dataset == Self.generated, request.plan == .standard else { return request }
        var request = request
        request.values = ["encoder": .text("small"), "layers": .integer(0), "pairs": .integer(0), "start-steps": .integer(400), "cross-rate": .real(1e-3), "cross-epochs": .integer(6), "bi-rate": .real(1e-3), "bi-epochs": .integer(6)]
        return request
    }
}
