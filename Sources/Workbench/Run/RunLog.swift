/// Notes, warnings and events of kinds that this version does not know, oldest first.
///
/// At most `capacity` lines stay, the newest; `dropped` counts the others.
public struct RunLog: Sendable {
    static let capacity = 2_000
    /// The part of an unknown event's JSON that is kept, in characters.
    static let longestText = 4_000

    public enum Kind: Sendable, Equatable {
        case note, warning, failure
        /// An event kind of a later version, shown as it came.
        case unknown(String)
    }

    public struct Entry: Sendable, Equatable {
        public var kind: Kind
        public var text: String
        /// Seconds since 1970.
        public var time: Double
    }

    public private(set) var entries: [Entry] = []
    public private(set) var dropped = 0

    public init() {}

    mutating func add(_ kind: Kind, _ text: String, at time: Double) {
        let kept = text.utf8.count > Self.longestText ? String(text.prefix(Self.longestText)) + "…" : text
        entries.append(Entry(kind: kind, text: kept, time: time))
        // Trimmed in blocks, so that a talkative run does not move the whole array for each line.
        if entries.count > Self.capacity + 256 {
            dropped += entries.count - Self.capacity
            entries.removeFirst(entries.count - Self.capacity)
        }
    }
}
