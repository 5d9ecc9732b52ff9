/// WordNet's database files (`wndb(5WN)`): a node a synonym set of the `data` files with its gloss for a text, an edge for each pointer,
/// the lexicographer file for a class. `index` files are checked against the sets they name.
///
/// A line of `data.noun`: offset, lexicographer file, type, hexadecimal number of words, words each with its sense, number of pointers,
/// pointers each of symbol, target, part of speech and source and target word; of verbs also sentence frames; a bar; the gloss. Lines
/// that begin with two blanks are the licence.
enum WordNet {
    /// The lexicographer files in the order of their numbers (`lexnames(5WN)`).
    private static let lexicographerFiles = [
        "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact", "noun.attribute", "noun.body", "noun.cognition",
        "noun.communication", "noun.event", "noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object", "noun.person",
        "noun.phenomenon", "noun.plant", "noun.possession", "noun.process", "noun.quantity", "noun.relation", "noun.shape", "noun.state",
        "noun.substance", "noun.time", "verb.body", "verb.change", "verb.cognition", "verb.communication", "verb.competition", "verb.consumption",
        "verb.contact", "verb.creation", "verb.emotion", "verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative",
        "verb.weather", "adj.ppl",
    ]
    static let partNames = ["noun", "verb", "adj", "adv"]

    /// A pointer that waits for the set it leads to.
    private struct Pointer {
        var source: Int32
        var part: UInt8
        var offset: Int
        var file: Int
        var line: Int
    }

    /// Reads `data.noun` and others of its kind; files whose name has `index.` are checked only.
    /// - Throws: `DatasetError` with file and line for anything that is not as the format says, and for a pointer into a file that is
    ///   there but has no set at that place.
    static func read(_ files: [DatasetFiles.File]) throws -> TextGraphParts {
        var parts = TextGraphParts(), texts = NodeTexts.Builder()
        var lexicographer: [Int] = [], pointers: [Pointer] = []
        // Adjective satellites (s) lie in the file of adjectives.
        var numbers: [UInt8: [Int: Int32]] = [:]
        let data = files.filter { !isIndex($0) }
        guard let first = data.first else { throw DatasetError(file: files.first?.name ?? "wordnet", "is no data file; give data.noun, data.verb, data.adj or data.adv") }
        for (number, file) in data.enumerated() {
            var lines = TextLines(file), partOfFile: UInt8?
            while lines.advance() {
                if lines.isBlank || isLicence(lines) { continue }
                guard parts.names.count < Adjacency.nodeLimit else { throw lines.failure("is beyond the \(grouped(Adjacency.nodeLimit)) sets that are read; give fewer files") }
                let node = Int32(truncatingIfNeeded: parts.names.count)
                guard let offset = digits(&lines, 8) else { throw lines.failure("does not begin with an offset of eight digits; give a data file of WordNet as published") }
                guard let lexicographerFile = digits(&lines, 2), lexicographerFile < lexicographerFiles.count else {
                    throw lines.failure("has no number of a lexicographer file from 00 to \(lexicographerFiles.count - 1) after the offset; mend it")
                }
                guard let part = letter(&lines).map(partOfSpeech), let part, partOfFile ?? part == part else {
                    throw lines.failure("has no type of a set (n, v, a, s or r), or another than the lines before it; mend it")
                }
                partOfFile = part
                guard let wordCount = hexadecimal(&lines, 2), wordCount > 0 else { throw lines.failure("has no number of words, two hexadecimal digits; mend it") }
                for word in 0..<wordCount {
                    guard let range = wordRange(&lines), hexadecimal(&lines, 1) != nil, let name = lines.text(range), !name.contains("\t") else {
                        throw lines.failure("ends or has no sense number within the \(wordCount) words that it announces; mend it")
                    }
                    if word == 0 { parts.names.append(name) }
                }
                guard let pointerCount = digits(&lines, 3) else { throw lines.failure("has no number of pointers, three digits; mend it") }
                for _ in 0..<pointerCount {
                    guard wordRange(&lines) != nil, let target = digits(&lines, 8), let targetPart = letter(&lines).map(partOfSpeech), let targetPart, hexadecimal(&lines, 4) != nil else {
                        throw lines.failure("ends within the \(pointerCount) pointers that it announces, or one lacks symbol, target, part of speech or words; mend it")
                    }
                    pointers.append(Pointer(source: node, part: targetPart, offset: target, file: number, line: lines.line))
                }
                if part == UInt8(ascii: "v") {
                    guard let frames = digits(&lines, 2) else { throw lines.failure("has no number of sentence frames, two digits; mend it") }
                    for _ in 0..<frames {
                        guard lines.take(UInt8(ascii: "+")), lines.takeSpace(), digits(&lines, 2) != nil, hexadecimal(&lines, 2) != nil else {
                            throw lines.failure("ends within the \(frames) sentence frames that it announces; mend it")
                        }
                    }
                }
                guard lines.take(UInt8(ascii: "|")) else { throw lines.failure("has no bar before its gloss; mend it") }
                var gloss = lines.position..<lines.end
                while !gloss.isEmpty, lines.bytes[gloss.lowerBound] == 0x20 { gloss = gloss.lowerBound + 1..<gloss.upperBound }
                while !gloss.isEmpty, lines.bytes[gloss.upperBound - 1] == 0x20 { gloss = gloss.lowerBound..<gloss.upperBound - 1 }
                guard UTF8Span.isValid(lines.bytes[gloss]) else { throw lines.failure("has a gloss that is not UTF-8; save the file as UTF-8") }
                texts.append(lines.bytes[gloss])
                lexicographer.append(lexicographerFile)
                guard numbers[part, default: [:]].updateValue(node, forKey: offset) == nil else { throw lines.failure("has the offset of an earlier set; give each file once") }
            }
            guard partOfFile != nil else { throw DatasetError(file: file.name, "holds no sets; give a data file of WordNet as published") }
        }
        try link(pointers, numbers, data, &parts)
        for file in files where isIndex(file) { try check(file, numbers, &parts) }
        let used = Set(lexicographer).sorted()
        let labels = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        parts.labels = lexicographer.map { labels[$0] ?? -1 }
        parts.classNames = used.map { lexicographerFiles[$0] }
        parts.texts = texts.finish()
        guard parts.from.count <= Adjacency.edgeLimit else { throw DatasetError(file: first.name, "has more than \(grouped(Adjacency.edgeLimit)) pointers; give fewer files") }
        return parts
    }

    private static func link(_ pointers: [Pointer], _ numbers: [UInt8: [Int: Int32]], _ files: [DatasetFiles.File], _ parts: inout TextGraphParts) throws {
        var outside = 0
        for pointer in pointers {
            guard let part = numbers[pointer.part] else { outside += 1; continue }
            guard let target = part[pointer.offset] else {
                throw DatasetError(file: files[pointer.file].name, place: "line \(pointer.line)", "points to \(pointer.offset), where no set begins; give files of one version of WordNet")
            }
            parts.from.append(pointer.source)
            parts.to.append(target)
        }
        if outside > 0 { parts.notes.append("\(grouped(outside)) pointers to parts of speech that were not given were left out") }
    }

    /// An index file: lemma, part of speech, number of sets, number of pointer symbols and they, number of senses, of those tagged, offsets.
    private static func check(_ file: DatasetFiles.File, _ numbers: [UInt8: [Int: Int32]], _ parts: inout TextGraphParts) throws {
        var lines = TextLines(file), lemmas = 0, skipped = 0
        while lines.advance() {
            if lines.isBlank || isLicence(lines) { continue }
            guard wordRange(&lines) != nil, let part = letter(&lines).map(partOfSpeech), let part, let sets = number(&lines), sets > 0, let symbols = number(&lines) else {
                throw lines.failure("is no lemma with its part of speech and number of sets; give an index file of WordNet as published")
            }
            for _ in 0..<symbols { guard wordRange(&lines) != nil else { throw lines.failure("ends within the \(symbols) pointer symbols that it announces; mend it") } }
            guard number(&lines) != nil, number(&lines) != nil else { throw lines.failure("has no numbers of senses after the pointer symbols; mend it") }
            for _ in 0..<sets {
                guard let offset = digits(&lines, 8) else { throw lines.failure("ends within the \(sets) sets that it announces; mend it") }
                if let known = numbers[part], known[offset] == nil {
                    throw lines.failure("names the set \(offset), which no data file has; give files of one version of WordNet")
                }
                if numbers[part] == nil { skipped += 1 }
            }
            // The published lines end with two blanks.
            _ = lines.takeSpace()
            guard lines.isAtEnd else { throw lines.failure("goes on after its last set; mend it") }
            lemmas += 1
        }
        parts.notes.append("\(grouped(lemmas)) lemmas of an index were checked" + (skipped > 0 ? ", \(grouped(skipped)) sets of them lie in data files that were not given" : ""))
    }

    // MARK: - Fields

    private static func isIndex(_ file: DatasetFiles.File) -> Bool { file.leaf.hasPrefix("index.") }

    private static func isLicence(_ lines: TextLines) -> Bool {
        lines.end - lines.start >= 2 && lines.bytes[lines.start] == 0x20 && lines.bytes[lines.start + 1] == 0x20
    }

    private static func partOfSpeech(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "n"), UInt8(ascii: "v"), UInt8(ascii: "a"), UInt8(ascii: "r"): letter
        case UInt8(ascii: "s"): UInt8(ascii: "a")
        default: nil
        }
    }

    /// Takes what stands before the next blank, and the blank; nil when nothing stands there.
    private static func wordRange(_ lines: inout TextLines) -> Range<Int>? {
        let range = lines.field(separator: 0x20)
        return range.isEmpty ? nil : range
    }

    private static func letter(_ lines: inout TextLines) -> UInt8? {
        guard let range = wordRange(&lines), range.count == 1 else { return nil }
        return lines.bytes[range.lowerBound]
    }

    private static func number(_ lines: inout TextLines) -> Int? {
        guard let range = wordRange(&lines), range.count <= 6 else { return nil }
        return number(lines, range, base: 10)
    }

    private static func digits(_ lines: inout TextLines, _ count: Int) -> Int? {
        guard let range = wordRange(&lines), range.count == count else { return nil }
        return number(lines, range, base: 10)
    }

    /// A sense number may have one or two digits, all else as many as the format says.
    private static func hexadecimal(_ lines: inout TextLines, _ count: Int) -> Int? {
        guard let range = wordRange(&lines), range.count >= count, range.count <= max(2, count) else { return nil }
        return number(lines, range, base: 16)
    }

    private static func number(_ lines: TextLines, _ range: Range<Int>, base: Int) -> Int? {
        var value = 0
        for byte in lines.bytes[range] {
            let digit: Int
            switch byte {
            case 0x30...0x39: digit = Int(byte - 0x30)
            case 0x61...0x66: digit = Int(byte - 0x61) + 10
            case 0x41...0x46: digit = Int(byte - 0x41) + 10
            default: return nil
            }
            guard digit < base else { return nil }
            value = value * base + digit
        }
        return value
    }
}
