import Experiments

/// Runs that belong together: what a comparison sets against another such group.
struct ComparedGroup: Sendable {
    /// What makes runs one group.
    enum By: Sendable, Hashable {
        /// They differ in nothing but their seed.
        case everything
        /// They agree in one setting: a parameter, or "method", "data", "plan", "condition".
        case setting(String)
    }

    /// What tells the group from the others: "noise 0.4", "fashion"; the whole name where there is only one.
    var name: String
    /// The palette slot of its curves and of its column.
    var slot: Int
    /// The identifiers of its runs, in the order of marking.
    var runs: [String]

    /// Groups the runs of a comparison, in the order of marking.
    static func groups(_ models: [RunModel], by: By, register: SeriesRegister) -> [ComparedGroup] {
        var keys: [Key] = []
        var members: [[RunModel]] = []
        for model in models {
            guard let start = model.start else { continue }
            let key = Key(start, by)
            if let index = keys.firstIndex(of: key) { members[index].append(model) } else {
                keys.append(key)
                members.append([model])
            }
        }
        let names: [String] = if case .setting(let name) = by { keys.map { $0.name(name) } } else { names(members.compactMap(\.first)) }
        var taken: Set<Int> = []
        return members.indices.map { index in
            var slot = members[index].first.map { register.slot($0.identifier) } ?? index
            // Eight slots: a group whose own is taken moves to the next free one.
            if taken.count < SeriesRegister.slotCount { while taken.contains(slot) { slot = (slot + 1) % SeriesRegister.slotCount } }
            taken.insert(slot)
            return ComparedGroup(name: names[index], slot: slot, runs: members[index].map(\.identifier))
        }
    }

    /// What the runs of a group have in common.
    private enum Key: Equatable {
        case request(RunRequest)
        case setting(String)

        init(_ start: RunEvent.RunStart, _ by: By) {
            switch by {
            case .everything:
                var request = start.request
                request.seed = 0
                // The number of threads changes the time, not what is found.
                request.threads = 1
                self = .request(request)
            case .setting(let name): self = .setting(RunSettings(start)[name] ?? "–")
            }
        }

        func name(_ setting: String) -> String {
            guard case .setting(let value) = self else { return setting }
            return ["method", "data"].contains(setting) ? value : "\(setting) \(value.isEmpty ? "–" : value)"
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

/// What may tell one run from another, by name: method, data, plan, condition, and every parameter.
struct RunSettings: Sendable {
    /// What besides parameters tells runs apart, in the order of mention.
    static let ofRuns = ["method", "data", "plan", "condition"]

    private let start: RunEvent.RunStart
    init(_ start: RunEvent.RunStart) { self.start = start }

    subscript(name: String) -> String? {
        switch name {
        case "method": start.request.method
        case "data": start.request.dataset
        case "plan": start.request.plan.rawValue
        case "condition": start.request.condition
        // A parameter may be called as one of these is; it keeps its name with a mark.
        default: start.values[name.hasSuffix(Self.mark) ? String(name.dropLast(Self.mark.count)) : name]?.display
        }
    }

    static func name(ofParameter name: String) -> String { ofRuns.contains(name) || name == "arm" ? name + mark : name }
    private static let mark = " (parameter)"

    /// The settings in which runs differ; the seed is none.
    static func differing(_ starts: [RunEvent.RunStart]) -> [String] {
        let names = ofRuns + Set(starts.flatMap(\.values.keys)).map(name(ofParameter:)).sorted()
        let all = starts.map(RunSettings.init)
        return names.filter { name in Set(all.map { $0[name] ?? "–" }).count > 1 }
    }

    /// Everything but one setting and the seed: runs of two groups that agree in it pair up.
    func rest(without name: String) -> String {
        // A sweep's condition is the very words of its parameters, so it says again what is set aside.
        let own = Self.ofRuns.filter { $0 != name && ($0 != "condition" || Self.ofRuns.contains(name)) }.map { self[$0] ?? "" }
        let parameters = start.values.keys.sorted().filter { Self.name(ofParameter: $0) != name }.map { "\($0)=\(start.values[$0]?.display ?? "")" }
        return (own + (Self.ofRuns.contains(name) && name != "data" ? [] : parameters)).joined(separator: "\u{1}")
    }
}
