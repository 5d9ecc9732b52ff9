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
    ///   - values: settings of the user, over the plan's.
    ///   - seed: nil leaves the plan's seeds; a number makes one run of each condition, with that seed.
    ///   - threads: nil leaves the plan's.
    ///   - isPresent: whether a data set is here.
    public init(method: any Method, plan: Plan, dataset: String? = nil, values: [String: ParameterValue] = [:], seed: UInt64? = nil,
                threads: Int? = nil, isPresent: (String) -> Bool) {
        self.method = method.description.identifier
        self.dataset = dataset ?? ""
        self.plan = plan
        requests = []
        absent = []
        for planned in method.runs(for: plan, dataset: dataset) {
            guard isPresent(planned.dataset) else {
                if !absent.contains(planned.dataset) { absent.append(planned.dataset) }
                continue
            }
            var request = planned
            request.values.merge(values) { $1 }
            if let seed { request.seed = seed }
            if let threads { request.threads = threads }
            if !requests.contains(request) { requests.append(request) }
        }
    }
}
