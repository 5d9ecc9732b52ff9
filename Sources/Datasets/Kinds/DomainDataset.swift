/// Data of several domains (states, shops, years) with a graph that says which domains are close, and tasks that say which
/// domains have labels.
public struct DomainDataset: Dataset {
    public enum Role: String, Sendable, Codable, Equatable {
        /// Labels train.
        case source
        /// Labels, where there are any, only measure.
        case target
    }

    public struct Domain: Sendable, Equatable {
        /// As the files name it, such as `CA` or `12`.
        public var name: String
        /// Its name in words, such as "California"; the name where there is none.
        public var title: String
        /// Where it stands on a map in the unit square, x to the right and y downwards; nil where no place is known.
        public var position: Position?
        /// Numbers that are known of the domain itself (an angle, latitude and longitude); all domains have equally many.
        public var coordinates: [Double]

        public init(name: String, title: String? = nil, position: Position? = nil, coordinates: [Double] = []) {
            self.name = name
            self.title = title ?? name
            self.position = position
            self.coordinates = coordinates
        }
    }

    public struct Position: Sendable, Equatable {
        public var x: Double
        public var y: Double
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// One way to divide the domains into sources and targets.
    public struct Task: Sendable, Equatable {
        public var name: String
        /// One role a domain.
        public var roles: [Role]
        public init(name: String, roles: [Role]) {
            self.name = name
            self.roles = roles
        }
    }

    /// What the domains hold; every array has one element a domain.
    public enum Content: Sendable, Equatable {
        /// Inputs (rows of `width` numbers) and a class for each row, -1 where it is not known.
        case classified(width: Int, inputs: [[Double]], labels: [[Int]], classNames: [String])
        /// Inputs (rows of `width` numbers) and a number to predict for each row, NaN where it is not known.
        case measured(width: Int, inputs: [[Double]], outputs: [[Double]])
        /// One series a domain, all equally long, from which `Series` cuts windows.
        case series(values: [[Double]], Series)
    }

    /// How windows of a series become examples: `inputs` steps are given, the next `outputs` are asked for.
    public struct Series: Sendable, Equatable {
        public var inputs: Int
        public var outputs: Int
        /// Steps of a cycle (months of a year); windows that begin with a cycle are the aligned ones.
        public var period: Int
        /// What one step is, and the unit of the values: "month", "°F".
        public var step: String
        public var unit: String
        /// Whether each window has the mean of its inputs taken off, so that the level is left out and the change stays.
        public var removesLevel: Bool

        public init(inputs: Int, outputs: Int, period: Int, step: String, unit: String, removesLevel: Bool) {
            self.inputs = inputs
            self.outputs = outputs
            self.period = period
            self.step = step
            self.unit = unit
            self.removesLevel = removesLevel
        }
    }

    public let identifier: String
    public let checksum: String
    public let domains: [Domain]
    /// Which domains are close: node i is domain i.
    public let adjacency: Adjacency
    /// The known tasks, the first the usual one; empty where no roles were given.
    public let tasks: [Task]
    public let content: Content
    /// What reading left out or mended, in words, for the Data screen and a run's log.
    public let notes: [String]

    /// - Throws: `DatasetError` when the lengths do not fit together, a domain has no samples, a task lacks sources or targets, or
    ///   a source has a row without label.
    public init(identifier: String, checksum: String, domains: [Domain], adjacency: Adjacency, tasks: [Task], content: Content,
                notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        guard domains.count >= 2, adjacency.count == domains.count, Set(domains.map(\.coordinates.count)).count == 1 else {
            throw DatasetError(file: file, "has \(domains.count) domains and a graph of \(adjacency.count) nodes; give at least two domains, one node and equally many numbers for each")
        }
        try Self.check(content, domains, file)
        for task in tasks {
            guard task.roles.count == domains.count, task.roles.contains(.source), task.roles.contains(.target) else {
                let lacking = task.roles.contains(.source) ? "target" : "source"
                throw DatasetError(file: file, "the task \(task.name) has no \(lacking) domain; give at least one source and one target")
            }
        }
        self.identifier = identifier
        self.checksum = checksum
        self.domains = domains
        self.adjacency = adjacency
        self.tasks = tasks
        self.content = content
        self.notes = notes + adjacency.notes
    }

    private static func check(_ content: Content, _ domains: [Domain], _ file: String) throws {
        func each(_ arrays: Int...) throws {
            guard arrays.allSatisfy({ $0 == domains.count }) else { throw DatasetError(file: file, "has samples for \(arrays) of \(domains.count) domains; give samples for each") }
        }
        func rows(_ width: Int, _ inputs: [[Double]], _ counts: [Int]) throws {
            for (place, domain) in domains.enumerated() where width < 1 || inputs[place].isEmpty || inputs[place].count != width * counts[place] {
                throw DatasetError(file: file, "domain \(domain.name) has no samples, or not \(width) inputs for each; give at least one row a domain")
            }
            guard inputs.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw DatasetError(file: file, "has an input that is no finite number; mend it") }
        }
        switch content {
        case .classified(let width, let inputs, let labels, let classNames):
            try each(inputs.count, labels.count)
            try rows(width, inputs, labels.map(\.count))
            for (domain, labels) in zip(domains, labels) {
                if let bad = labels.first(where: { $0 < -1 || $0 >= classNames.count }) {
                    throw DatasetError(file: file, "domain \(domain.name) has the label \(bad), outside 0 ... \(classNames.count - 1); mend it")
                }
            }
        case .measured(let width, let inputs, let outputs):
            try each(inputs.count, outputs.count)
            try rows(width, inputs, outputs.map(\.count))
        case .series(let values, let series):
            try each(values.count)
            let length = values.first?.count ?? 0
            guard series.inputs >= 1, series.outputs >= 1, series.period >= series.inputs + series.outputs, length >= series.period else {
                throw DatasetError(file: file, "has series of \(length) steps, shorter than one cycle of \(series.period); give longer series")
            }
            for (domain, values) in zip(domains, values) where values.count != length || !values.allSatisfy(\.isFinite) {
                throw DatasetError(file: file, "domain \(domain.name) has \(values.count) values where others have \(length), or one that is no finite number; mend it")
            }
        }
    }

    /// Rows of all domains; for series, the number of series.
    public var count: Int {
        switch content {
        case .classified(_, _, let labels, _): labels.reduce(0) { $0 + $1.count }
        case .measured(_, _, let outputs): outputs.reduce(0) { $0 + $1.count }
        case .series(let values, _): values.count
        }
    }

    public var edgeCount: Int { adjacency.edgeCount }

    public var memoryBytes: Int {
        let numbers = switch content {
        case .classified(let width, _, _, _), .measured(let width, _, _): count * (width + 1)
        case .series(let values, _): values.count * (values.first?.count ?? 0)
        }
        return 8 * numbers + adjacency.memoryBytes + 96 * domains.count
    }

    /// Hops from each domain to the nearest source; nil where no path leads to one.
    public func hops(from roles: [Role]) -> [Int?] { adjacency.hops(from: roles.indices.filter { roles[$0] == .source }) }
}

extension Adjacency {
    /// Breadth-first distance of each node to the nearest of `nodes`; nil where no path leads to one. Nodes outside the graph are left out.
    public func hops(from nodes: [Int]) -> [Int?] {
        var hops = [Int?](repeating: nil, count: count)
        var queue: [Int] = []
        for node in nodes where node >= 0 && node < count && hops[node] == nil {
            hops[node] = 0
            queue.append(node)
        }
        var next = 0
        while next < queue.count {
            let node = queue[next]
            for neighbour in neighbours(of: node) where hops[Int(neighbour)] == nil {
                hops[Int(neighbour)] = (hops[node] ?? 0) + 1
                queue.append(Int(neighbour))
            }
            next += 1
        }
        return hops
    }

    /// Whether every pair of different nodes is joined.
    public var isComplete: Bool { count >= 2 && edgeCount == count * (count - 1) / 2 }
}
