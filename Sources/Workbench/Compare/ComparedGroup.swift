import Experiments

/// Runs that differ in nothing but their seed: what a comparison sets against another such group.
struct ComparedGroup: Sendable {
    /// What tells the group from the others: "noise 0.4", "fashion"; the whole name where there is only one.
    var name: String
    /// The palette slot of its curves and of its column.
    var slot: Int
    /// The identifiers of its runs, in the order of marking.
    var runs: [String]

    /// Groups the runs of a comparison by everything but the seed, in the order of marking.
    static func groups(_ models: [RunModel], register: SeriesRegister) -> [ComparedGroup] {
        var keys: [RunRequest] = []
        var members: [[RunModel]] = []
        for model in models {
            guard var key = model.start?.request else { continue }
            key.seed = 0
            // The number of threads changes the time, not what is found.
            key.threads = 1
            if let index = keys.firstIndex(of: key) { members[index].append(model) } else {
                keys.append(key)
                members.append([model])
            }
        }
        let names = names(members.compactMap(\.first))
        var taken: Set<Int> = []
        return members.indices.map { index in
            var slot = members[index].first.map { register.slot($0.identifier) } ?? index
            // Eight slots: a group whose own is taken moves to the next free one.
            if taken.count < SeriesRegister.slotCount { while taken.contains(slot) { slot = (slot + 1) % SeriesRegister.slotCount } }
            taken.insert(slot)
            return ComparedGroup(name: names[index], slot: slot, runs: members[index].map(\.identifier))
        }
    }

    /// Only what differs between the groups, so that names stay short.
    private static func names(_ firsts: [RunModel]) -> [String] {
        let starts = firsts.compactMap(\.start)
        guard starts.count > 1 else {
            return starts.map { [$0.request.method, $0.request.dataset, $0.request.condition].filter { !$0.isEmpty }.joined(separator: " · ") }
        }
        func differs<Value: Hashable>(_ value: (RunEvent.RunStart) -> Value) -> Bool { Set(starts.map(value)).count > 1 }
        let parameters = Set(starts.flatMap(\.values.keys)).sorted().filter { name in differs { $0.values[name] } }
        return starts.map { start in
            var parts: [String] = []
            if differs(\.request.method) { parts.append(start.request.method) }
            if differs(\.request.dataset) { parts.append(start.request.dataset) }
            if differs(\.request.plan) { parts.append(start.request.plan.rawValue) }
            if differs(\.request.condition), !start.request.condition.isEmpty {
                parts.append(start.request.condition)
            } else {
                parts += parameters.prefix(3).map { "\($0) \(start.values[$0]?.display ?? "–")" }
            }
            return parts.isEmpty ? "\(start.request.method) \(start.request.dataset)" : parts.joined(separator: " · ")
        }
    }
}

/// One side of a comparison: a group of runs, or one arm inside of a group.
struct Contender: Sendable, Equatable {
    var name: String
    var slot: Int
    var runs: [String]
    /// The arm that this side stands for; nil where sides are groups and arms are rows.
    var arm: String?
}

/// What the columns of a comparison are.
enum ComparedBy: Sendable, Equatable {
    /// Groups of runs; every arm of every result is a row.
    case groups
    /// Arms inside of the runs, which pair up within each run; every result is a row.
    case arms
}
