/// Numbers byte strings in the order in which they first come: open addressing over one flat array of bytes, so that millions of
/// words cost their bytes and twelve more each.
package struct TokenTable: Sendable {
    private var bytes: [UInt8] = []
    private var starts = [0]
    private var slots = [Int32](repeating: -1, count: 1024)

    package init() {}
    package var count: Int { starts.count - 1 }
    package var memoryBytes: Int { bytes.capacity + 8 * starts.capacity + 4 * slots.capacity }
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
