/// Numbers byte strings in the order in which they first come: open addressing over one flat array of bytes, so that millions of
/// words cost their bytes and twelve more each.
package struct TokenTable: Sendable {
    private var bytes: [UInt8] = []
    private var starts = [0]
    private var slots = [Int32](repeating: -1, count: 1024)

    package init() {}
    package var count: Int { starts.count - 1 }
    var memoryBytes: Int { bytes.capacity + 8 * starts.capacity + 4 * slots.capacity }
    package subscript(number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

    private static func hash(_ token: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in token { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x3FFF_FFFF_FFFF_FFFF)
    }

    private func slot(of token: ArraySlice<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(token) & mask
        while slots[slot] >= 0, self[Int(slots[slot])] != token { slot = (slot + 1) & mask }
        return slot
    }

    /// The number of a token that came before; nil for any other.
    package func number(of token: ArraySlice<UInt8>) -> Int32? {
        let number = slots[slot(of: token)]
        return number >= 0 ? number : nil
    }

    /// The number of a token, a new one for a new token.
    package mutating func insert(_ token: ArraySlice<UInt8>) -> Int32 {
        let place = slot(of: token)
        if slots[place] >= 0 { return slots[place] }
        let number = Int32(count)
        bytes.append(contentsOf: token)
        starts.append(bytes.count)
        slots[place] = number
        if 2 * count > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        for number in 0..<count { slots[slot(of: self[number])] = Int32(number) }
    }
}

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
