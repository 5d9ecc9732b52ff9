import Datasets
import Experiments

/// What the form says: a method with a plan, a data set, settings, seeds and threads, and the runs that follow from it.
///
/// The plan's own runs come from the method; what the user sets lies over them.
struct RunForm: Sendable {
    enum Field: Sendable, Equatable {
        case plan, data, condition, seeds, threads
        case parameter(Int)
    }

    static let threadRange = 1...64
    static let seedLimit = 100

    let method: any Method
    private(set) var plan: Plan = .smoke
    private(set) var dataset: String
    /// nil: all settings of the plan.
    private(set) var condition: String?
    /// nil: the plan's own.
    private(set) var seeds: [UInt64]?
    private(set) var threads: Int?
    /// Values that the user set.
    private(set) var values: [String: ParameterValue] = [:]
    /// Parameters that get several values one after the other, in the order in which they were set: every combination is a run a seed.
    private(set) var grid: [Axis] = []

    struct Axis: Sendable, Equatable {
        var name: String
        var values: [ParameterValue]
    }
    static let gridLimit = 1000
    /// The plan's own runs on the data set.
    private(set) var planned: [RunRequest] = []

    init(method: any Method, dataset: String, plan: Plan = .smoke) {
        self.method = method
        self.dataset = dataset
        self.plan = plan
        refresh()
    }

    var fields: [Field] {
        var fields: [Field] = [.plan, .data]
        if conditions.count > 1 { fields.append(.condition) }
        return fields + method.parameters.indices.map(Field.parameter) + [.seeds, .threads]
    }

    /// The settings that the plan asks for, in its order.
    var conditions: [String] {
        var seen: Set<String> = []
        return planned.map(\.condition).filter { seen.insert($0).inserted }
    }

    private var plannedSeeds: [UInt64] {
        var seen: Set<UInt64> = []
        let seeds = planned.map(\.seed).filter { seen.insert($0).inserted }
        return seeds.isEmpty ? [1] : seeds
    }

    var shownSeeds: [UInt64] { seeds ?? plannedSeeds }
    var shownThreads: Int { threads ?? planned.first?.threads ?? 2 }

    /// The runs that a start makes.
    var requests: [RunRequest] {
        var templates = planned.filter { condition == nil || $0.condition == condition }
        if templates.isEmpty { templates = [RunRequest(method: method.description.identifier, dataset: dataset, plan: plan)] }
        var requests: [RunRequest] = []
        var seen: Set<RunRequest> = []
        if !grid.isEmpty { return sweep(templates) }
        if let seeds {
            // Each setting once, with the user's seeds.
            var settings: Set<String> = []
            templates = templates.filter { settings.insert("\($0.condition)|\($0.values.sorted { $0.key < $1.key })").inserted }
                .flatMap { template in seeds.map { seed in var request = template; request.seed = seed; return request } }
        }
        for template in templates {
            let request = finished(template)
            if seen.insert(request).inserted { requests.append(request) }
        }
        return requests
    }

    /// With the user's values, and without those that are the plan's default again.
    private func finished(_ template: RunRequest, _ cell: [String: ParameterValue] = [:]) -> RunRequest {
        var request = template
        if let threads { request.threads = threads }
        request.values.merge(values) { _, own in own }
        request.values.merge(cell) { _, own in own }
        request.values = request.values.filter { name, value in
            method.parameters.first { $0.name == name }.map { $0.defaultValue(for: plan) != value } ?? true
        }
        return request
    }

    /// Every combination of the several values, the first seed of each before the second of any, as in a sweep's file.
    private func sweep(_ templates: [RunRequest]) -> [RunRequest] {
        var cells: [[(name: String, value: ParameterValue)]] = [[]]
        for axis in grid { cells = cells.flatMap { cell in axis.values.map { cell + [(axis.name, $0)] } } }
        var settings: [RunRequest] = []
        for template in templates where !settings.contains(where: { $0.condition == template.condition && $0.values == template.values }) { settings.append(template) }
        var requests: [RunRequest] = []
        for seed in shownSeeds {
            for setting in settings {
                for cell in cells {
                    var request = finished(setting, Dictionary(cell.map { ($0.name, $0.value) }) { $1 })
                    request.seed = seed
                    let words = cell.map { "\($0.name) \($0.value.display)" }.joined(separator: ", ")
                    request.condition = [setting.condition, words].filter { !$0.isEmpty }.joined(separator: ", ")
                    requests.append(request)
                }
            }
        }
        return requests
    }

    /// The number of combinations of the several values.
    private static func count(_ grid: [Axis]) -> Int { grid.reduce(1) { $0 > gridLimit ? $0 : $0 * max(1, $1.values.count) } }

    // MARK: What a field shows

    func title(_ field: Field) -> String {
        switch field {
        case .plan: "plan"
        case .data: "data"
        case .condition: "settings"
        case .seeds: "seeds"
        case .threads: "threads"
        case .parameter(let index): method.parameters[index].title
        }
    }

    func text(_ field: Field) -> String {
        switch field {
        case .plan: plan.rawValue
        case .data: dataset
        case .condition: condition ?? "all \(conditions.count)"
        case .seeds: SeedList.text(shownSeeds)
        case .threads: String(shownThreads)
        case .parameter(let index):
            axis(method.parameters[index]).map { $0.values.map(\.display).joined(separator: ", ") } ?? value(method.parameters[index]).display
        }
    }

    /// The several values of a parameter, where it has some.
    private func axis(_ spec: ParameterSpec) -> Axis? { grid.first { $0.name == spec.name } }

    func unit(_ field: Field) -> String {
        if case .parameter(let index) = field { return method.parameters[index].unit }
        return ""
    }

    /// What may be entered, in words.
    func range(_ field: Field) -> String {
        switch field {
        case .plan: return Plan.allCases.map(\.rawValue).joined(separator: ", ")
        case .data: return "space lists the data sets"
        case .condition: return "all, or one"
        case .seeds: return "1 2 3, or 1-5"
        case .threads: return "\(Self.threadRange.lowerBound) … \(Self.threadRange.upperBound)"
        case .parameter(let index): return method.parameters[index].range
        }
    }

    func help(_ field: Field) -> String {
        switch field {
        case .plan: "How much of the paper a run does: smoke takes seconds and shows that everything works, standard takes minutes and is measured against the paper, paper does what the paper did."
        case .data: "What the method trains on."
        case .condition: "The settings that the plan compares; one of them alone is quicker."
        case .seeds: "One run for each seed. The same seed gives the same numbers; results are summarised over seeds."
        case .threads: "Processor threads of one run. One thread gives the same numbers to the last bit, after an interruption too."
        case .parameter(let index): method.parameters[index].help
        }
    }

    /// Texts may hold commas of their own.
    private static func takesSeveral(_ spec: ParameterSpec) -> Bool {
        switch spec.kind {
        case .integer, .real: true
        default: false
        }
    }

    /// The choices of a field with what they mean; empty for numbers and text.
    func choices(_ field: Field) -> [ParameterSpec.Choice] {
        switch field {
        case .plan: return Plan.allCases.map { .init($0.rawValue, "") }
        case .condition: return [.init("all", "every setting of the plan")] + conditions.map { .init($0.isEmpty ? "plain" : $0, "") }
        case .parameter(let index):
            switch method.parameters[index].kind {
            case .choice(let choices): return choices
            case .boolean: return [.init("yes", ""), .init("no", "")]
            default: return []
            }
        case .data, .seeds, .threads: return []
        }
    }

    /// What the list of choices has besides: every choice of a parameter, a run for each.
    func sweepChoices(_ field: Field) -> [ParameterSpec.Choice] {
        guard case .parameter = field, choices(field).count > 1 else { return [] }
        return [.init(Self.each, "each of them, a run for each")]
    }

    private static let each = "each"

    /// Whether several values may be typed, with commas between.
    func takesSeveral(_ field: Field) -> Bool { if case .parameter(let index) = field { Self.takesSeveral(method.parameters[index]) } else { false } }

    func isChanged(_ field: Field) -> Bool {
        switch field {
        case .plan, .data: false
        case .condition: condition != nil
        case .seeds: seeds != nil
        case .threads: threads != nil
        case .parameter(let index): values[method.parameters[index].name] != nil || axis(method.parameters[index]) != nil
        }
    }

    /// The value that a run gets: the user's, else the chosen setting's, else the plan's.
    func value(_ spec: ParameterSpec) -> ParameterValue {
        if let own = values[spec.name] { return own }
        let chosen = planned.first { condition == nil || $0.condition == condition }
        return chosen?.values[spec.name] ?? spec.defaultValue(for: plan)
    }

    // MARK: Changes

    mutating func choose(dataset: String) {
        self.dataset = dataset
        condition = nil
        refresh()
    }

    /// Takes what was typed.
    /// - Throws: `ParameterError` that names the range.
    mutating func set(_ field: Field, to text: String) throws(ParameterError) {
        switch field {
        case .plan:
            guard let plan = Plan(rawValue: text.lowercased()) else { throw ParameterError("plan: “\(text)” is none of \(range(.plan))") }
            self.plan = plan
            condition = nil
            refresh()
        case .data: choose(dataset: text)
        case .condition:
            if text == "all" || text.hasPrefix("all ") { condition = nil
            } else {
                let name = text == "plain" ? "" : text
                guard conditions.contains(name) else { throw ParameterError("settings: “\(text)” is none of \(conditions.joined(separator: ", "))") }
                condition = name
            }
        case .seeds: seeds = try SeedList.parse(text, limit: Self.seedLimit)
        case .threads:
            guard let number = Int(text.filter { $0 != " " }), Self.threadRange.contains(number) else {
                throw ParameterError("threads: “\(text)” is not in \(range(.threads))")
            }
            threads = number
        case .parameter(let index):
            let spec = method.parameters[index]
            do {
                let several = try several(spec, text), rest = grid.filter { $0.name != spec.name }
                if several.count > 1 {
                    let grown = rest + [Axis(name: spec.name, values: several)]
                    guard Self.count(grown) <= Self.gridLimit else { throw ParameterError("\(spec.name): that makes more than \(Self.gridLimit) combinations; leave some values out") }
                    grid = grown
                    values[spec.name] = nil
                } else {
                    values[spec.name] = try several.first ?? spec.parse(text)
                    grid = rest
                }
            } catch { throw error as? ParameterError ?? ParameterError("\(spec.name): \(error)") }
        }
    }

    /// The values that a text names for a parameter, each once; none where the parameter takes only one.
    private func several(_ spec: ParameterSpec, _ text: String) throws -> [ParameterValue] {
        var words: [String] = []
        switch spec.kind {
        case .choice(let choices) where text == Self.each: words = choices.map(\.value)
        case .boolean where text == Self.each: words = ["yes", "no"]
        default: if Self.takesSeveral(spec), text.contains(",") { words = text.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init) }
        }
        var found: [ParameterValue] = []
        for word in words {
            let value = try spec.parse(word)
            if !found.contains(value) { found.append(value) }
        }
        return found
    }

    mutating func reset(_ field: Field) {
        switch field {
        case .plan, .data: break
        case .condition: condition = nil
        case .seeds: seeds = nil
        case .threads: threads = nil
        case .parameter(let index):
            let name = method.parameters[index].name
            values[name] = nil
            grid.removeAll { $0.name == name }
        }
    }

    /// The value before (`-1`) or after (`1`).
    mutating func step(_ field: Field, by direction: Int) {
        let choices = choices(field)
        if !choices.isEmpty {
            let current = field == .condition ? (condition.map { $0.isEmpty ? "plain" : $0 } ?? "all") : text(field)
            let index = choices.firstIndex { $0.value == current } ?? 0
            let next = (index + direction + choices.count) % choices.count
            try? set(field, to: choices[next].value)
            return
        }
        switch field {
        case .threads: threads = min(max(shownThreads + direction, Self.threadRange.lowerBound), Self.threadRange.upperBound)
        case .seeds:
            let count = min(max(shownSeeds.count + direction, 1), Self.seedLimit)
            let first = shownSeeds.first ?? 1
            seeds = (0..<UInt64(count)).map { first &+ $0 }
        case .parameter(let index):
            let spec = method.parameters[index]
            grid.removeAll { $0.name == spec.name }
            values[spec.name] = ParameterStep.next(spec, value(spec), direction)
        case .plan, .data, .condition: break
        }
    }

    private mutating func refresh() { planned = method.runs(for: plan, dataset: dataset).filter { $0.dataset == dataset } }
}
