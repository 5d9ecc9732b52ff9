/// Gives every run and series a slot (a colour and a marker) that it keeps for life.
///
/// The slot is derived from the identifier's text; where it is taken by another one that was registered before, the next free
/// slot is taken. Slots run without end: a palette of eight uses slot modulo eight.
public struct SeriesRegister: Sendable, Equatable {
    /// Slots that are kept apart before they repeat.
    public static let slotCount = 8
    private var slots: [String: Int] = [:]
    private var users = Array(repeating: 0, count: SeriesRegister.slotCount)

    public init() {}

    /// Registers identifiers in order; those known keep their slot.
    public mutating func register(_ identifiers: some Sequence<String>) {
        for identifier in identifiers where slots[identifier] == nil {
            let wanted = Self.preferred(identifier)
            let fewest = users.min() ?? 0
            var slot = wanted
            while users[slot] > fewest { slot = (slot + 1) % Self.slotCount }
            users[slot] += 1
            slots[identifier] = slot
        }
    }

    /// The slot of an identifier; for one that was not registered, the slot that its text prefers.
    public func slot(_ identifier: String) -> Int { slots[identifier] ?? Self.preferred(identifier) }

    /// FNV-1a of the text: the same in every process.
    private static func preferred(_ identifier: String) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in identifier.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int((hash ^ (hash >> 32)) % UInt64(slotCount))
    }
}
