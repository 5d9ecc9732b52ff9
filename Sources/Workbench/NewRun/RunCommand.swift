import Experiments

/// The command that does in a shell what the form does here.
enum RunCommand {
    /// `lathe run diva --data digits --plan standard --seed 1 --set noise=0.2`
    /// - Parameter seeds: nil: the request's; empty: the plan's own, which need no words.
    static func text(_ request: RunRequest, seeds: [UInt64]? = nil, method: (any Method)?) -> String {
        var words = ["lathe", "run", request.method, "--data", request.dataset, "--plan", request.plan.rawValue]
        words += ["--threads", String(request.threads)]
        let order = method?.parameters.map(\.name) ?? []
        let names = request.values.keys.sorted { left, right in
            (order.firstIndex(of: left) ?? .max, left) < (order.firstIndex(of: right) ?? .max, right)
        }
        for name in names { if let value = request.values[name] { words += ["--set", "\(name)=\(value.display)"] } }
        for seed in seeds ?? [request.seed] { words += ["--seed", String(seed)] }
        return words.map(CommandLineWords.quoted).joined(separator: " ")
    }
}
