import Experiments

/// The weights of a run's training examples: the newest with all attributes, and how they came there.
///
/// The history holds at most `capacity` numbers: when it is full, every second snapshot goes and from then on only every second
/// new one is kept, so that a long run is remembered evenly. The newest snapshot is always there.
public struct WeightHistory: Sendable {
    /// 2,000,000 Float32 numbers: 8 MB.
    static let capacity = 2_000_000

    struct Snapshot: Sendable {
        var step: Double
        var values: [Float]
    }

    public private(set) var newest = RunEvent.ExampleWeights(name: "", step: 0, identifiers: [], values: [])
    /// Positions in `newest` from the lowest to the highest value; ties by identifier, values that are not finite last.
    public private(set) var ranking: [Int] = []
    /// Positions in `newest` and in every snapshot, by identifier.
    private var positions: [Int: Int] = [:]
    private var snapshots: [Snapshot] = []
    private var count = 0
    private var stride = 1

    public init() {}

    /// The number of examples.
    public var exampleCount: Int { min(newest.identifiers.count, newest.values.count) }

    mutating func append(_ weights: RunEvent.ExampleWeights) {
        let known = weights.identifiers == newest.identifiers
        newest = weights
        if !known {
            // Another set of examples is another history: positions would not mean the same.
            positions = [:]
            for (position, identifier) in weights.identifiers.prefix(exampleCount).enumerated() {
                positions[identifier] = position
            }
            snapshots = []
            count = 0
            stride = 1
        }
        rank()
        if count % stride == 0 { snapshots.append(Snapshot(step: weights.step, values: weights.values.map(Float.init))) }
        count += 1
        if snapshots.count > 2, snapshots.count * max(1, exampleCount) > Self.capacity {
            snapshots = snapshots.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
            stride *= 2
        }
    }

    private mutating func rank() {
        let values = newest.values, identifiers = newest.identifiers
        ranking = (0..<exampleCount).sorted { a, b in
            switch (values[a].isFinite, values[b].isFinite) {
            case (true, false): true
            case (false, true): false
            case (true, true) where values[a] != values[b]: values[a] < values[b]
            default: identifiers[a] < identifiers[b]
            }
        }
    }

    /// The position of an example in `newest`.
    public func position(of identifier: Int) -> Int? { positions[identifier] }

    /// The value of an attribute ("label", "predicted", …) of the example at a position.
    public func attribute(_ name: String, at position: Int) -> RunEvent.Table.Cell? {
        guard let found = newest.attributes.first(where: { $0.name == name }), found.values.indices.contains(position)
        else { return nil }
        return found.values[position]
    }

    /// The weight of one example over the steps that are remembered, the newest included.
    public func trajectory(of identifier: Int) -> (steps: [Double], values: [Double]) {
        guard let position = positions[identifier] else { return ([], []) }
        var steps: [Double] = [], values: [Double] = []
        for snapshot in snapshots where snapshot.values.indices.contains(position) {
            steps.append(snapshot.step)
            values.append(Double(snapshot.values[position]))
        }
        if steps.last != newest.step, newest.values.indices.contains(position) {
            steps.append(newest.step)
            values.append(newest.values[position])
        }
        return (steps, values)
    }
}

/// The pictures or texts of a run's examples, by identifier.
///
/// Kept up to `capacity` bytes of pixels; what comes later is counted, not kept, and drawn as its caption only.
public struct ExampleImages: Sendable {
    /// 24 MB: all 60,000 pictures of 20 x 20 pixels.
    static let capacity = 24_000_000

    public private(set) var items: [Int: RunEvent.ImageSet.Item] = [:]
    /// Identifiers in the order in which they came.
    public private(set) var order: [Int] = []
    /// Pictures that were left out for room.
    public private(set) var omitted = 0
    private var bytes = 0

    public init() {}

    mutating func add(_ set: RunEvent.ImageSet) {
        for var item in set.items {
            let size = item.thumbnail?.pixels.count ?? 0
            // A picture that takes the place of an earlier one takes its room too.
            bytes -= items[item.identifier]?.thumbnail?.pixels.count ?? 0
            if bytes + size > Self.capacity {
                omitted += 1
                item.thumbnail = nil
            } else {
                bytes += size
            }
            if items.updateValue(item, forKey: item.identifier) == nil { order.append(item.identifier) }
        }
    }
}
