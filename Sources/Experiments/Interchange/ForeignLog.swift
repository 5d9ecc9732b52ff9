import Foundation

/// A run that another program logs, as a growing stream of our events. What a log says becomes a run like any other: it is watched, stored,
/// compared and exported by the same code.
protocol ForeignLog: Sendable {
    /// The run's name among others of its folder, for lists.
    var name: String { get }
    /// Where it lies.
    var location: URL { get }
    /// What came since the last call, at most about `limit` bytes of it; empty where nothing did. The first event is `started`.
    mutating func update(limit: Int) throws -> [RunEvent]
    /// Damage and other things a reader must know, each once.
    mutating func takeProblems() -> [String]
    /// The log says that the run is over.
    var isOver: Bool { get }
    /// How it ended where it ended badly.
    var failure: String? { get }
    /// The values that series had last, for the end of a log that says none itself.
    var newest: NewestValues { get }
}

extension ForeignLog {
    mutating func update() throws -> [RunEvent] { try update(limit: 16 << 20) }
    var failure: String? { nil }
}

/// The last value of each series of a foreign log: its results, since other programs name none.
struct NewestValues: Sendable {
    private var order: [String] = []
    private var values: [String: Double] = [:]

    mutating func take(_ series: String, _ value: Double) {
        if values.updateValue(value, forKey: series) == nil { order.append(series) }
    }

    /// Results by series: the arm is what stands after the last slash.
    var results: [RunEvent.Result] {
        order.compactMap { series in
            values[series].map { value in
                let parts = Self.split(series)
                return RunEvent.Result(name: parts.name, arm: parts.arm, value: value, better: Self.direction(series))
            }
        }
    }

    static func split(_ series: String) -> (name: String, arm: String) {
        guard let slash = series.lastIndex(of: "/"), slash != series.startIndex else { return (series, "run") }
        return (String(series[..<slash]), String(series[series.index(after: slash)...]))
    }

    /// Which way is better, as far as the usual names of metrics tell.
    static func direction(_ series: String) -> RunEvent.Result.Direction {
        let lower = series.lowercased()
        if ["loss", "error", "perplexity", "rmse", "mae", "mse", "nll", "fid"].contains(where: lower.contains) { return .lower }
        if ["acc", "auc", "f1", "precision", "recall", "reward", "return", "bleu", "iou", "map", "spearman", "pearson"].contains(where: lower.contains) { return .higher }
        return .neither
    }
}

/// Gives our events their numbers, and gathers points of one series that come together.
struct ForeignEvents {
    private(set) var next = 0
    var series = SeriesTable()
    private var events: [RunEvent] = []
    private var time = 0.0

    mutating func add(_ payload: RunEvent.Payload, at time: Double) {
        flush()
        self.time = max(self.time, time)
        events.append(RunEvent(sequence: next, time: self.time, payload: payload))
        next += 1
    }

    /// - Parameter series: its place in the table.
    mutating func point(_ series: Int, step: Double, value: Double, at time: Double, isResult: Bool = true) {
        self.time = max(self.time, time)
        self.series.add(series, step: step, value: value, isResult: isResult)
    }

    private mutating func flush() {
        for batch in series.take() {
            events.append(RunEvent(sequence: next, time: time, payload: .metric(batch)))
            next += 1
        }
    }

    /// What was gathered.
    mutating func take() -> [RunEvent] {
        flush()
        defer { events = [] }
        return events
    }

    /// The last values of the series.
    var newest: NewestValues {
        var values = NewestValues()
        for series in series.all { if let value = series.newest { values.take(series.name, value) } }
        return values
    }
}

/// Where a folder holds logs of other programs.
enum ForeignLogs {
    /// Every run at or below a place: a folder with event files of TensorBoard is one, and so is a file of W&B's.
    /// - Throws: `InterchangeError` where the place cannot be looked at.
    static func find(at location: URL) throws -> [any ForeignLog] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: location.path, isDirectory: &isFolder) else { throw InterchangeError("\(location.path): there is no such file or folder") }
        guard isFolder.boolValue else {
            if location.pathExtension == "wandb" { return [WandbLog(location)] }
            if location.lastPathComponent.contains("tfevents") { return [TensorBoardLog(location.deletingLastPathComponent(), name: location.lastPathComponent, files: [location])] }
            return []
        }
        // Links are not followed: a folder may link to one of those above it.
        guard let walker = FileManager.default.enumerator(at: location, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles]) else {
            throw InterchangeError("\(location.path): cannot be read; check that it is yours")
        }
        var folders: [URL: Int] = [:], order: [URL] = [], logs: [any ForeignLog] = []
        let root = location.standardizedFileURL.path
        for case let file as URL in walker where (try? file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true {
            if file.pathExtension == "wandb" { logs.append(WandbLog(file)) }
            guard file.lastPathComponent.contains("tfevents") else { continue }
            let folder = file.deletingLastPathComponent().standardizedFileURL
            if folders.updateValue(1, forKey: folder) == nil { order.append(folder) }
        }
        logs += order.sorted { $0.path < $1.path }.map { folder in
            let name = folder.path.hasPrefix(root) ? String(folder.path.dropFirst(root.count)).trimmingCharacters(in: ["/"]) : folder.path
            return TensorBoardLog(folder, name: name.isEmpty ? folder.lastPathComponent : name)
        }
        return logs
    }
}
