extension NodeTexts {
    /// Which words occur in each text, as ones: what a method that needs node features takes from a graph that has texts only.
    ///
    /// A word is a run of two or more of `a-z`, `0-9`, `+`, `#` and bytes beyond ASCII; ASCII capitals are made small. Kept are words
    /// that stand in at least `minimum` texts and in at most half of them, at most `limit`: the most frequent, ties by bytes. Columns
    /// run in the order of the words' bytes. No label is looked at.
    public func wordFeatures(minimum: Int = 3, limit: Int = 10_000) -> SparseFeatures {
        var numbers: [ArraySlice<UInt8>: Int32] = [:]
        var words: [ArraySlice<UInt8>] = [], documents: [Int] = []
        var rows: [Int32] = [], ends: [Int] = []
        var last: [Int] = []
        let small = (0..<count).flatMap { bytes(of: $0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        for node in 0..<count {
            var position = starts[node]
            let end = starts[node + 1]
            while position < end {
                let first = position
                while position < end, Self.isWordByte(small[position]) { position += 1 }
                if position - first >= 2 {
                    let word = small[first..<position]
                    let number: Int32
                    if let known = numbers[word] {
                        number = known
                    } else {
                        number = Int32(truncatingIfNeeded: words.count)
                        numbers[word] = number
                        words.append(word)
                        documents.append(0)
                        last.append(-1)
                    }
                    if last[Int(number)] != node {
                        last[Int(number)] = node
                        documents[Int(number)] += 1
                        rows.append(number)
                    }
                }
                position = max(position, first + 1)
            }
            ends.append(rows.count)
        }
        let frequent = words.indices.filter { documents[$0] >= minimum && 2 * documents[$0] <= count }
            .sorted { (documents[$1], words[$0]) < (documents[$0], words[$1]) }
            .prefix(limit)
            .sorted { words[$0].lexicographicallyPrecedes(words[$1]) }
        var columns = [Int32](repeating: -1, count: words.count)
        for (column, word) in frequent.enumerated() { columns[word] = Int32(truncatingIfNeeded: column) }
        var builder = SparseFeatures.Builder(), first = 0
        for end in ends {
            for number in rows[first..<end] where columns[Int(number)] >= 0 { builder.add(column: columns[Int(number)], value: 1) }
            // A word was counted once a text, so no column comes twice.
            _ = builder.endRow()
            first = end
        }
        return builder.finish(width: frequent.count)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "#"), 0x80...: true
        default: false
        }
    }
}

/// Most frequent first; equal ones by bytes.
private func < (left: (Int, ArraySlice<UInt8>), right: (Int, ArraySlice<UInt8>)) -> Bool {
    left.0 != right.0 ? left.0 < right.0 : left.1.lexicographicallyPrecedes(right.1)
}
