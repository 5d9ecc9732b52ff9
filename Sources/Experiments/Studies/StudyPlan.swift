/// The runs of a study before they are made: what the method's plan asks for, with a user's settings over it, without the data
/// sets that are not here.
public struct StudyPlan: Sendable, Equatable {
    public var method: String
    /// The data set that was asked for; "" for all of the plan's.
    public var dataset: String
    public var plan: Plan
    public var requests: [RunRequest]
    /// Data sets of the plan that are not here, in the plan's order.
    public var absent: [String]

    /// - Parameters:
    ///   - dataset: nil asks for the whole plan over all of its data sets.
    ///   - condition: only this setting of the plan; nil takes all of them.
    ///   - values: settings of the user. Over a named condition they change it; without one they are a setting of their own: over the
    ///     plan's where it has a single one for the data set, else over the parameters' defaults.
    ///   - seeds: one run of each setting for each of them; empty leaves the plan's seeds.
    ///   - threads: nil leaves the plan's.
    ///   - isPresent: whether a data set is here.
    public init(method: any Method, plan: Plan, dataset: String? = nil, condition: String? = nil, values: [String: ParameterValue] = [:],
                seeds: [UInt64] = [], threads: Int? = nil, isPresent: (String) -> Bool) {
        self.method = method.description.identifier
        self.dataset = dataset ?? ""
        self.plan = plan
        requests = []
        absent = []
        let all = method.runs(for: plan, dataset: dataset)
        for planned in all where condition == nil || planned.condition == condition {
            guard isPresent(planned.dataset) else {
                if !absent.contains(planned.dataset) { absent.append(planned.dataset) }
                continue
            }
            var request = planned
            if condition == nil, !values.isEmpty {
                request.condition = ""
                request.values = all.baseValues(of: planned.dataset).merging(values) { $1 }
            } else {
                request.values.merge(values) { $1 }
            }
            if let threads { request.threads = threads }
            for seed in seeds.isEmpty ? [request.seed] : seeds {
                request.seed = seed
                if !requests.contains(request) { requests.append(request) }
            }
        }
    }
}

extension [RunRequest] {
    /// What a plan sets for a data set before a user does: its only setting's values; nothing where it has several, of which none is meant.
    func baseValues(of dataset: String) -> [String: ParameterValue] {
        let own = filter { $0.dataset == dataset }
        guard let first = own.first, own.allSatisfy({ $0.condition == first.condition }) else { return [:] }
        return first.values
    }
}
