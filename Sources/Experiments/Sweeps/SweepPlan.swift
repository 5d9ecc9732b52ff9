import Datasets
import Foundation
import Tensors

/// The runs of a sweep, in the order in which they are done: the first seed of every cell before the second of any, cheap cells
/// first, so that an answer over everything is there early.
public struct SweepPlan: Sendable {
    public var title: String
    public var plan: Plan
    public var requests: [RunRequest]
    /// Names the set of runs: two plans with the same runs have the same.
    public var fingerprint: String
    /// Data sets that are not here.
    public var absent: [String]
    /// Sentences about pairs of method and data set that cannot be.
    public var refused: [String]
    /// Cells that the conditions leave out.
    public var excluded = 0
    /// Runs beyond the budget.
    public var overBudget = 0
    /// Of all runs, on two cores of a laptop, as the methods estimate it.
    public var estimatedSeconds: Double

    private static let mostRuns = 100_000

    /// - Parameters:
    ///   - method: finds a method by its identifier.
    ///   - entry: finds a data set by its identifier.
    /// - Throws: `SweepError` for a method, data set or parameter that is not there, a value out of its range, no run at all, or more
    ///   than 100,000.
    public init(_ sweep: Sweep, method find: (String) -> (any Method)?, entry: (String) -> DatasetEntry?) throws(SweepError) {
        (title, plan, requests, absent, refused, estimatedSeconds) = (sweep.title, sweep.plan, [], [], [], 0)
        struct Cell {
            var request: RunRequest
            var seeds: [UInt64]
            var seconds: Double
        }
        var cells: [Cell] = []
        for name in sweep.methods {
            guard let method = find(name) else { throw SweepError(sweep.file, "there is no method “\(name)”; lathe methods lists them") }
            let settings = try sweep.cells(of: method)
            let planned = method.runs(for: sweep.plan, dataset: nil)
            for dataset in sweep.datasets.isEmpty ? Self.unique(planned.map(\.dataset)) : sweep.datasets {
                guard let entry = entry(dataset) else { throw SweepError(sweep.file, "there is no data set “\(dataset)”; lathe data lists them") }
                guard entry.state != .missing else {
                    if !absent.contains(dataset) { absent.append(dataset) }
                    continue
                }
                if case .refused(let why) = method.accepts(entry) {
                    refused.append(why)
                    continue
                }
                let own = method.runs(for: sweep.plan, dataset: dataset)
                for cell in settings {
                    var requests: [RunRequest]
                    if let cell {
                        guard var request = own.first else { continue }
                        (request.condition, request.values) = (cell.name, own.baseValues(of: dataset).merging(cell.values) { $1 })
                        requests = [request]
                    } else {
                        // Without settings of the sweep's the plan's own stand.
                        requests = own.enumerated().filter { place, request in own.firstIndex { $0.condition == request.condition } == place }.map(\.element)
                    }
                    for place in requests.indices {
                        requests[place].dataset = entry.identifier
                        if let threads = sweep.threads { requests[place].threads = threads }
                        let request = requests[place]
                        guard try sweep.admits(request, method) else {
                            excluded += 1
                            continue
                        }
                        let seeds = sweep.seeds.isEmpty ? Self.unique(own.filter { cell != nil || $0.condition == request.condition }.map(\.seed)) : sweep.seeds
                        cells.append(Cell(request: request, seeds: seeds, seconds: method.estimate(request, dataset: entry).seconds))
                        guard cells.count <= Self.mostRuns else { throw SweepError(sweep.file, "it asks for more than \(Self.mostRuns) cells; leave some values out") }
                    }
                }
            }
        }
        let order = cells.indices.sorted { (cells[$0].seconds, $0) < (cells[$1].seconds, $1) }
        for turn in 0..<(cells.map(\.seeds.count).max() ?? 0) {
            for place in order where turn < cells[place].seeds.count {
                var request = cells[place].request
                request.seed = cells[place].seeds[turn]
                let isWithin = requests.count < sweep.runBudget ?? .max && estimatedSeconds + cells[place].seconds <= (sweep.hourBudget ?? .infinity) * 3600
                guard isWithin else {
                    overBudget += 1
                    continue
                }
                requests.append(request)
                estimatedSeconds += cells[place].seconds
            }
        }
        guard requests.count <= Self.mostRuns else { throw SweepError(sweep.file, "it asks for \(requests.count) runs; \(Self.mostRuns) is the most") }
        fingerprint = Self.fingerprint(requests)
        guard !requests.isEmpty else { throw SweepError(sweep.file, "no run is left: \(Self.reason(self))") }
    }

    private static func reason(_ plan: SweepPlan) -> String {
        if plan.overBudget > 0 { return "the budget is smaller than its first run" }
        if plan.excluded > 0 { return "the conditions of require leave out all \(plan.excluded) cells" }
        if let refused = plan.refused.first { return refused }
        if !plan.absent.isEmpty { return "\(plan.absent.joined(separator: ", ")) is not here; lathe data says how to bring it" }
        return "the plan has none"
    }

    private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func fingerprint(_ requests: [RunRequest]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let lines = requests.map { request in (try? encoder.encode(request)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        return SHA256.hexadecimal(of: Array(lines.sorted().joined(separator: "\n").utf8))
    }
}

extension Sweep {
    /// One setting of a method: its values, and in its name those that differ between cells.
    struct NamedCell {
        var name: String
        var values: [String: ParameterValue]
    }

    /// The cells of a method, every value checked; a single nil where the sweep sets nothing.
    func cells(of method: any Method) throws(SweepError) -> [NamedCell?] {
        let identifier = method.description.identifier, own = own[identifier] ?? Settings()
        // What stands in the method's own table goes before what is for all.
        func merged<Item>(_ common: [Item], _ own: [Item], _ name: KeyPath<Item, String>) -> [Item] {
            common.filter { item in !own.contains { $0[keyPath: name] == item[keyPath: name] } } + own
        }
        let fixed = merged(common.fixed, own.fixed, \.name), axes = merged(common.grid, own.grid, \.name), draws = merged(common.random, own.random, \.name)
        let lists = [common.list, own.list].filter { !$0.isEmpty }
        guard !(fixed.isEmpty && axes.isEmpty && draws.isEmpty && lists.isEmpty) else { return [nil] }
        func checked(_ setting: Setting) throws(SweepError) -> ParameterValue {
            guard let spec = method.parameters.first(where: { $0.name == setting.name }) else {
                throw SweepError(file, line: setting.line, "\(identifier) has no parameter “\(setting.name)”; it has \(method.parameters.map(\.name).joined(separator: ", "))")
            }
            do { return try spec.check(setting.value) } catch { throw SweepError(file, line: setting.line, "\(error)") }
        }
        var base: [String: ParameterValue] = [:]
        for setting in fixed { base[setting.name] = try checked(setting) }
        // Each part multiplies the cells: combinations, lists, draws.
        var parts: [[[Setting]]] = []
        for axis in axes { parts.append(axis.values.map { [Setting(name: axis.name, value: $0, line: axis.line)] }) }
        parts += lists
        if !draws.isEmpty { parts.append(drawn(draws, own.draws > 0 ? own : common, method)) }
        var cells: [[Setting]] = [[]]
        for part in parts {
            let (count, isTooMuch) = cells.count.multipliedReportingOverflow(by: part.count)
            guard !isTooMuch, count <= 100_000 else { throw SweepError(file, "it asks for more than 100000 cells of \(identifier); leave some values out") }
            cells = cells.flatMap { cell in part.map { cell + $0 } }
        }
        var named: [NamedCell?] = []
        for cell in cells {
            var values = base
            for setting in cell { values[setting.name] = try checked(setting) }
            let words = cell.compactMap { setting in values[setting.name].map { "\(setting.name) \($0.display)" } }
            named.append(NamedCell(name: words.joined(separator: ", "), values: values))
        }
        return named
    }

    private func drawn(_ draws: [Draw], _ settings: Settings, _ method: any Method) -> [[Setting]] {
        var random = RandomSource(seed: settings.drawSeed).stream("sweep")
        return (0..<settings.draws).map { _ in
            draws.map { draw in
                let isWhole = method.parameters.contains { spec in if case .integer = spec.kind { spec.name == draw.name } else { false } }
                func value(_ number: Double) -> ParameterValue {
                    // Three digits say where a cell lies and keep its name short.
                    isWhole ? (Int(exactly: number.rounded()).map { .integer($0) } ?? .real(number)) : .real(Double(String(format: "%.3g", number)) ?? number)
                }
                let unit = random.uniform()
                return switch draw.source {
                case .uniform(let low, let high): Setting(name: draw.name, value: value(low + (high - low) * unit), line: draw.line)
                case .logarithmic(let low, let high): Setting(name: draw.name, value: value(exp(log(low) + (log(high) - log(low)) * unit)), line: draw.line)
                case .choice(let values): Setting(name: draw.name, value: values[min(values.count - 1, Int(unit * Double(values.count)))], line: draw.line)
                }
            }
        }
    }

    /// Whether a cell meets the conditions.
    func admits(_ request: RunRequest, _ method: any Method) throws(SweepError) -> Bool {
        let values: [String: ParameterValue]
        do { values = try ParameterValues(method.parameters, request: request).all } catch { throw SweepError(file, "\(error)") }
        for (constraint, line) in zip(constraints, constraintLines) {
            // A condition about another method's parameter says nothing about this one.
            if methods.count > 1, !constraint.names.isSubset(of: Set(values.keys).union(["data", "method"])) { continue }
            do {
                let holds = try constraint.holds { name in
                    switch name {
                    case "data": return .text(request.dataset)
                    case "method": return .text(request.method)
                    default: break
                    }
                    switch values[name] {
                    case .integer(let number): return .number(Double(number))
                    case .real(let number): return .number(number)
                    case .boolean(let truth): return .truth(truth)
                    case .text(let text): return .text(text)
                    case nil: return nil
                    }
                }
                if !holds { return false }
            } catch { throw SweepError(file, line: line, "condition “\(constraint.text)”: \(error.sentence)") }
        }
        return true
    }
}
