import Datasets
import Experiments
import Tensors

/// Everything a run works on, a function of the request alone: samples, graph, roles and hops.
struct Material: Sendable {
    let dataset: DomainDataset
    let graph: DomainGraph
    let roles: [DomainDataset.Role]
    let taskName: String
    let sources: [Int], targets: [Int]
    let hops: [Int?]
    /// The groups that metrics are averaged over; only those with domains.
    let levels: [(name: String, domains: [Int])]
    var samples: PreparedSamples
    /// Samples of each domain in a step.
    let batch: Int
    let group: Int
    /// What a reader of the log should know.
    let notes: [String], warnings: [String]
    /// How often two domains' rows of one place share their class, and what chance would give; nil without labels.
    let agreement: (found: Double, chance: Double)?

    static let domainLimit = 2000

    init(_ context: RunContext, _ settings: Settings) throws {
        let dataset = try context.library.open(context.request.dataset, as: DomainDataset.self)
        // Losses and reports hold a number for every pair of domains.
        guard dataset.domains.count <= Self.domainLimit else {
            throw GRDAError("\(dataset.identifier) has \(dataset.domains.count) domains where GRDA, which compares every pair, takes at most \(Self.domainLimit); leave some out, or name the column domain for what divides the rows")
        }
        var warnings: [String] = []
        (roles, taskName) = try Self.roles(dataset, settings)
        let roles = roles
        sources = roles.indices.filter { roles[$0] == .source }
        targets = roles.indices.filter { roles[$0] == .target }
        let hops = dataset.hops(from: roles)
        self.hops = hops
        var levels: [(name: String, domains: [Int])] = [("sources", sources), ("L1", hops.indices.filter { hops[$0] == 1 }), ("L2", hops.indices.filter { hops[$0] == 2 }),
                                                       ("L3+", hops.indices.filter { (hops[$0] ?? 0) >= 3 }), ("unreachable", hops.indices.filter { hops[$0] == nil })]
        levels.removeAll { $0.domains.isEmpty }
        self.levels = levels
        graph = DomainGraph(dataset.adjacency)
        if let lost = levels.first(where: { $0.name == "unreachable" }) { warnings.append("\(lost.domains.count) domains cannot be reached from any source and have a row of their own") }

        var samples = try PreparedSamples(dataset, roles: roles, windows: settings.windows)
        var isSeries = false
        if case .series = dataset.content { isSeries = true }
        if !isSeries, settings.rows == .shuffled {
            let width = samples.width
            samples.training = samples.training.enumerated().map { domain, rows in
                var random = context.random.stream("rows", domain)
                return rows.reordered(random.permutation(rows.count), width: width)
            }
            samples.evaluation = samples.training
        }
        // Series of targets go round; of other data the smallest domain bounds a step.
        let bound = isSeries ? samples.length : samples.training.map(\.count).min() ?? 1
        batch = max(1, min(settings.batch, bound))
        if batch < settings.batch, !isSeries { warnings.append("the smallest domain has \(bound) samples, so a step takes \(batch) of each domain instead of \(settings.batch)") }
        let count = dataset.domains.count
        group = settings.group > 0 ? min(max(2, settings.group), count) : max(2, count <= 20 ? (2 * count + 1) / 3 : count / 2)
        for domain in sources where samples.isClassification && samples.training[domain].labels.contains(where: { $0 < 0 }) {
            throw GRDAError("the source \(dataset.domains[domain].name) of \(dataset.identifier) has rows without label; give labels, or choose other sources")
        }
        for domain in sources where !samples.isClassification && samples.training[domain].outputs.contains(where: \.isNaN) {
            throw GRDAError("the source \(dataset.domains[domain].name) of \(dataset.identifier) has rows without a number to predict; give them, or choose other sources")
        }
        if samples.isClassification {
            let taught = Set(sources.flatMap { samples.training[$0].labels }), asked = Set(targets.flatMap { samples.training[$0].labels }).filter { $0 >= 0 }
            for label in asked.subtracting(taught).sorted() { warnings.append("the class \(samples.classNames[Int(label)]) stands in targets only; no source can teach it") }
        }
        if settings.arms.contains(where: { $0.pairing != nil }) {
            guard graph.edgeCount > 0 else { throw GRDAError("the graph of \(dataset.identifier) has no edge, so GRDA has nothing to rebuild; add edges, or take arms dann instead of grda") }
            guard !graph.isComplete || settings.selfPairs else {
                throw GRDAError("every pair of domains of \(dataset.identifier) is joined, so GRDA has no unconnected pair; set self-pairs (with head signed), or take arms dann instead of grda")
            }
        }
        agreement = Self.agreement(samples)
        self.samples = samples
        self.dataset = dataset
        self.warnings = warnings
        notes = dataset.notes
    }

    var count: Int { dataset.domains.count }
    var stepsPerEpoch: Int { (samples.length + batch - 1) / batch }

    // MARK: - Roles

    private static func roles(_ dataset: DomainDataset, _ settings: Settings) throws -> ([DomainDataset.Role], String) {
        let words = settings.sources.split(separator: ",").map { $0.drop { $0 == " " } }.map { String($0.reversed().drop { $0 == " " }.reversed()) }.filter { !$0.isEmpty }
        func number(_ name: String) throws -> Int {
            guard let place = dataset.domains.firstIndex(where: { $0.name == name }) ?? dataset.domains.firstIndex(where: { $0.title == name }) else {
                throw GRDAError("parameter sources: “\(name.prefix(40))” is no domain of \(dataset.identifier); its domains are \(dataset.domains.prefix(8).map(\.name).joined(separator: ", "))\(dataset.domains.count > 8 ? ", …" : "")")
            }
            return place
        }
        guard let first = words.first else {
            guard !dataset.tasks.isEmpty else {
                throw GRDAError("\(dataset.identifier) says of no domain that it has labels; set sources to their names, or to such as “nearest 3 of \(dataset.domains[0].name)”")
            }
            guard !settings.task.isEmpty else { return (dataset.tasks[0].roles, dataset.tasks[0].name) }
            guard let task = dataset.tasks.first(where: { $0.name == settings.task }) else {
                throw GRDAError("parameter task: \(dataset.identifier) has no task “\(settings.task.prefix(40))”; give \(dataset.tasks.map(\.name).joined(separator: ", "))")
            }
            return (task.roles, task.name)
        }
        var chosen: Set<Int> = []
        let parts = first.split(separator: " ", maxSplits: 3).map(String.init)
        if words.count == 1, parts.count == 4, parts[0] == "nearest", parts[2] == "of" {
            guard let size = Int(parts[1]), size >= 1 else { throw GRDAError("parameter sources: “\(parts[1].prefix(20))” is no number of domains; give such as “nearest 3 of \(dataset.domains[0].name)”") }
            let hops = dataset.adjacency.hops(from: [try number(parts[3])])
            chosen = Set(hops.indices.filter { hops[$0] != nil }.sorted { (hops[$0] ?? 0, $0) < (hops[$1] ?? 0, $1) }.prefix(size))
        } else {
            for word in words { chosen.insert(try number(word)) }
        }
        guard chosen.count < dataset.domains.count else { throw GRDAError("parameter sources: every domain is a source, so no target is left; name fewer") }
        return (dataset.domains.indices.map { chosen.contains($0) ? .source : .target }, settings.sources)
    }

    /// How far a place in a domain tells the class: what the pairing of slots would give away.
    private static func agreement(_ samples: PreparedSamples) -> (found: Double, chance: Double)? {
        guard samples.isClassification else { return nil }
        var same = 0, pairs = 0
        let domains = Array(samples.training.prefix(60))
        for a in domains.indices {
            for b in (a + 1)..<max(a + 1, domains.count) {
                for (x, y) in zip(domains[a].labels, domains[b].labels) where x >= 0 && y >= 0 {
                    pairs += 1
                    if x == y { same += 1 }
                }
            }
        }
        guard pairs > 0 else { return nil }
        let shares = domains.map { rows in (0..<samples.outputs).map { c in Double(rows.labels.count { $0 == Int32(c) }) / Double(max(1, rows.labels.count { $0 >= 0 })) } }
        var chance = 0.0, counted = 0.0
        for a in shares.indices {
            for b in (a + 1)..<max(a + 1, shares.count) {
                chance += zip(shares[a], shares[b]).reduce(0) { $0 + $1.0 * $1.1 }
                counted += 1
            }
        }
        return (Double(same) / Double(pairs), chance / max(1, counted))
    }

    /// Whether the pairing compares samples of one true class more often than chance, targets included.
    func leaks(_ pairing: GraphReconstruction.Pairing?) -> Bool {
        guard pairing == .slotShared, let agreement else { return false }
        return agreement.found > agreement.chance + 0.1
    }
}
