/// Counts in how many documents each n-gram occurs. An n-gram is a key: the numbers of its tokens, packed.
struct DocumentCounts {
    private(set) var keys: [UInt64] = []
    private(set) var documents: [Int32] = []
    private var last: [Int32] = []
    private var slots = [Int32](repeating: -1, count: 4096)
    /// How often n-grams of a single document were thrown out to make room.
    private(set) var prunings = 0
    var memoryBytes: Int { 8 * keys.capacity + 4 * (documents.capacity + last.capacity + slots.capacity) }

    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: ((key &* 0x9E37_79B9_7F4A_7C15) >> 24) & 0xFF_FFFF_FFFF) & mask
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
        return slot
    }

    func number(of key: UInt64) -> Int32? {
        let number = slots[slot(of: key)]
        return number >= 0 ? number : nil
    }

    /// Notes that `key` occurs in `document`; documents come in order.
    mutating func note(_ key: UInt64, in document: Int32) {
        let place = slot(of: key)
        if slots[place] >= 0 {
            let number = Int(slots[place])
            if last[number] != document {
                last[number] = document
                documents[number] += 1
            }
            return
        }
        slots[place] = Int32(keys.count)
        keys.append(key)
        documents.append(1)
        last.append(document)
        if 2 * keys.count > slots.count { rehash(2 * slots.count) }
    }

    /// Throws out what occurs in one document only.
    mutating func prune() {
        let kept = keys.indices.filter { documents[$0] > 1 }
        keys = kept.map { keys[$0] }
        last = kept.map { last[$0] }
        documents = kept.map { documents[$0] }
        prunings += 1
        rehash(slots.count)
    }

    private mutating func rehash(_ size: Int) {
        slots = [Int32](repeating: -1, count: size)
        for number in keys.indices { slots[slot(of: keys[number])] = Int32(number) }
    }
}
