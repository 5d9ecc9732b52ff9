import Experiments

/// The command that does in a shell what the form does here.
enum RunCommand {
    /// `lathe run diva --data digits --plan standard --seed 1 --set noise=0.2`
    /// - Parameter seeds: nil: the request's; empty: the plan's own, which need no words; several become a loop of the shell.
    static func text(_ request: RunRequest, seeds: [UInt64]? = nil, method: (any Method)?) -> String {
        var words = ["lathe", "run", request.method, "--data", request.dataset, "--plan", request.plan.rawValue]
        words += ["--threads", String(request.threads)]
        let order = method?.parameters.map(\.name) ?? []
        let names = request.values.keys.sorted { left, right in
            (order.firstIndex(of: left) ?? .max, left) < (order.firstIndex(of: right) ?? .max, right)
        }
        for name in names { if let value = request.values[name] { words += ["--set", "\(name)=\(value.display)"] } }
        let command = words.map(CommandLineWords.quoted).joined(separator: " ")
        let seeds = seeds ?? [request.seed]
        switch seeds.count {
        case 0: return command
        case 1: return "\(command) --seed \(seeds[0])"
        default: return "for seed in \(seeds.map(String.init).joined(separator: " ")); do \(command) --seed $seed; done"
        }
    }
}
