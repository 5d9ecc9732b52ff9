import Datasets

/// The pieces of words that an encoder knows by number: a piece that begins a word, or one that goes on with it (`##ing`).
package struct Vocabulary: Sendable {
    /// Every piece as `vocab.txt` spells it, by number.
    package let pieces: [String]
    package let padding: Int32
    package let unknown: Int32
    package let start: Int32
    package let end: Int32
    /// For masked inputs; nil where the vocabulary has none.
    package let mask: Int32?
    private let heads: PieceTable
    private let continuations: PieceTable

    package var count: Int { pieces.count }

    /// A lookup of bytes to numbers of pieces.
    private struct PieceTable: Sendable {
        var table = TokenTable()
        var numbers: [Int32] = []
        var longest = 0

        mutating func add(_ bytes: ArraySlice<UInt8>, _ number: Int32) {
            let place = Int(table.insert(bytes))
            // A piece that stands twice has its later number, as in the reference implementation.
            if place < numbers.count { numbers[place] = number } else { numbers.append(number) }
            longest = max(longest, bytes.count)
        }
    }

    /// - Parameters:
    ///   - pieces: one a number, from 0.
    ///   - file: how errors call it.
    /// - Throws: `DatasetError` when a special piece is missing or there are more than 2^31 - 1 pieces.
    package init(_ pieces: [String], file: String) throws {
        var numbers: [String: Int32] = [:], heads = PieceTable(), continuations = PieceTable()
        guard pieces.count < Int(Int32.max) else { throw DatasetError(file: file, "has \(pieces.count) lines, more than a vocabulary can have; give the encoder's own vocab.txt") }
        for (number, piece) in pieces.enumerated() {
            if piece.hasPrefix("["), piece.hasSuffix("]") { numbers[piece] = Int32(number) }
            let bytes = Array(piece.utf8)
            guard !bytes.isEmpty else { continue }
            if bytes.count > 2, bytes.starts(with: [0x23, 0x23]) { continuations.add(bytes[2...], Int32(number)) } else { heads.add(bytes[...], Int32(number)) }
        }
        func special(_ name: String) throws -> Int32 {
            guard let number = numbers[name] else {
                throw DatasetError(file: file, "has no line \(name), so it is no vocabulary of word pieces; give the vocab.txt that belongs to the encoder")
            }
            return number
        }
        padding = try special("[PAD]")
        unknown = try special("[UNK]")
        start = try special("[CLS]")
        end = try special("[SEP]")
        mask = numbers["[MASK]"]
        self.pieces = pieces
        self.heads = heads
        self.continuations = continuations
    }

    /// Reads `vocab.txt`: a piece a line, LF or CRLF.
    /// - Throws: `DatasetError` when it is not UTF-8, or as `init(_:file:)`.
    package init(lines bytes: [UInt8], file: String) throws {
        var pieces: [String] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let plain = line.last == 0x0D ? line.dropLast() : line
            guard let piece = String(validating: plain, as: UTF8.self) else {
                throw DatasetError(file: file, place: "line \(pieces.count + 1)", "is not UTF-8; give the vocab.txt that belongs to the encoder")
            }
            pieces.append(piece)
        }
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        try self.init(pieces, file: file)
    }

    /// Greedy longest match from the left (Wu et al. 2016, WordPiece), the pieces after the first looked up as continuations; a word with a place
    /// that nothing matches is unknown as a whole.
    package func append(piecesOf word: ArraySlice<UInt8>, to result: inout [Int32]) {
        let first = result.count
        var position = word.startIndex
        while position < word.endIndex {
            let lookup = position == word.startIndex ? heads : continuations
            var stop = min(word.endIndex, position + lookup.longest), match: Int32?
            while stop > position {
                // Only whole characters.
                if stop == word.endIndex || word[stop] & 0xC0 != 0x80, let place = lookup.table.number(of: word[position..<stop]) {
                    match = lookup.numbers[Int(place)]
                    break
                }
                stop -= 1
            }
            guard let match else {
                result.removeLast(result.count - first)
                result.append(unknown)
                return
            }
            result.append(match)
            position = stop
        }
    }
}

extension Vocabulary {
    /// A vocabulary made of texts, for an encoder that starts from nothing: the special pieces, every character of the texts as a beginning and as
    /// a continuation, then whole words that occur `minimum` times or more, the most frequent first, at most `limit` pieces in all.
    package init(of texts: some Sequence<String>, limit: Int = 30_000, minimum: Int = 2) throws {
        var table = TokenTable(), counts: [Int] = [], characters: Set<String> = []
        for text in texts {
            BasicTokenisation.forEachWord(in: text) { word, _ in
                let number = Int(table.insert(word))
                if number == counts.count { counts.append(0) }
                counts[number] += 1
            }
        }
        for number in counts.indices { for scalar in String(decoding: table[number], as: UTF8.self).unicodeScalars { characters.insert(String(scalar)) } }
        let letters = characters.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + letters.map { "##\($0)" }
        let words = counts.indices.filter { counts[$0] >= minimum && String(decoding: table[$0], as: UTF8.self).unicodeScalars.count > 1 }
            .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : table[$0].lexicographicallyPrecedes(table[$1]) }
        pieces += words.prefix(max(0, limit - pieces.count)).map { String(decoding: table[$0], as: UTF8.self) }
        try self.init(pieces, file: "the vocabulary of the texts")
    }
}
