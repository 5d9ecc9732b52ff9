/// Makes a graph of Debian's packages: a node a package with its description for a text, an edge where one needs another, the archive's
/// section for a class, and the source package for a group.
struct DebianGraph {
    /// Which packages and relations make the graph.
    enum Rule {
        /// Every package. Edges from Depends, Pre-Depends and Recommends: the first of alternatives; the name of a virtual package
        /// stands for its provider where there is just one. Sections of fewer than 100 packages are no classes (of an index of fewer
        /// than 10,000 packages: fewer than one in a hundred, at least five).
        case whole
        /// Packages of ten topic sections but for those named as debug symbols, documentation, data or headers. Edges from Depends,
        /// Recommends, Suggests and Enhances, every alternative; the largest connected part.
        case tenSections
    }

    private static let topicSections = ["database", "editors", "games", "graphics", "mail", "math", "science", "sound", "video", "web"]
    private static let leftOutEndings = ["-dbg", "-dbgsym", "-doc", "-data", "-common", "-dev"]
    /// Texts are cut at the last blank before so many characters.
    private static let textLimit = 480

    private struct Package {
        var name: String
        var section: String
        var source: String
        var description: String
        var checksum: String?
        /// Alternatives of each relation.
        var relations: [[String]]
        var provides: [String]
    }

    private var packages: [Package] = []
    private var known: Set<String> = []
    /// English descriptions by the checksum of the original.
    private var translations: [String: String] = [:]
    private var repeated = 0, notInstalled = 0
    private let rule: Rule

    /// Reads package indices and translated descriptions, in any order; of packages of one name the first is taken.
    /// - Throws: `DatasetError` for a line that is none of control text, a stanza without a package's name, a packed file, text that is
    ///   not UTF-8, and when no package is left.
    static func read(_ files: [DatasetFiles.File], rule: Rule) throws -> TextGraphParts {
        var graph = DebianGraph(rule: rule)
        for file in files { try graph.read(file) }
        guard let first = files.first else { throw DatasetError(file: "debian", "no file was given; give a package index") }
        guard !graph.packages.isEmpty else { throw DatasetError(file: first.name, "describes no package; give a package index, dpkg's status file or the output of apt-cache dumpavail") }
        return try graph.parts(file: first.name)
    }

    private init(rule: Rule) { self.rule = rule }

    // MARK: - Reading

    private mutating func read(_ file: DatasetFiles.File) throws {
        var stanzas = try DebianStanzas(file)
        while let stanza = try stanzas.next() {
            func text(_ field: DebianStanzas.Field) throws -> String? {
                guard let range = stanza[field] else { return nil }
                guard let text = String(validating: stanzas.bytes[range], as: UTF8.self) else {
                    throw stanzas.failure(stanza, "the stanza that begins here has a value that is not UTF-8; save the file as UTF-8")
                }
                return text
            }
            guard let name = try text(.package).map(Self.firstWord), Self.isPackageName(name) else {
                throw stanzas.failure(stanza, "the stanza that begins here names no package (lower-case letters, digits, + - and .); give a package index, "
                    + "a Translation-en file, dpkg's status file or the output of apt-cache dumpavail")
            }
            let checksum = try text(.descriptionChecksum).map(Self.firstWord), english = try text(.englishDescription)
            if let checksum, let english { translations[checksum] = translations[checksum] ?? english }
            // A stanza of translated descriptions says nothing else.
            guard let section = try text(.section) ?? (english == nil ? "" : nil) else { continue }
            if let status = try text(.status), !status.hasSuffix(" installed") {
                notInstalled += 1
                continue
            }
            guard known.insert(name).inserted else {
                repeated += 1
                continue
            }
            var relations: [[String]] = []
            let fields: [DebianStanzas.Field] = rule == .whole ? [.depends, .preDepends, .recommends] : [.depends, .recommends, .suggests, .enhances]
            for field in fields { relations += try text(field).map(Self.relations) ?? [] }
            packages.append(Package(
                name: name, section: Self.sectionName(section), source: try text(.source).map(Self.firstWord) ?? name,
                description: try english ?? text(.description) ?? "", checksum: checksum, relations: relations,
                provides: try text(.provides).map(Self.relations)?.compactMap(\.first) ?? []))
        }
    }

    private static func isPackageName(_ name: String) -> Bool {
        (1...200).contains(name.utf8.count) && name.utf8.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x41...0x5A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func firstWord(_ text: String) -> String {
        String(decoding: text.utf8.drop(while: isBlank).prefix { !isBlank($0) }, as: UTF8.self)
    }

    /// What stands after the last "/", such as `admin` of `contrib/admin`.
    private static func sectionName(_ text: String) -> String {
        firstWord(text).split(separator: "/").last.map(String.init) ?? ""
    }

    /// The names between commas, each with its alternatives between bars; versions, architectures and profiles are left out.
    private static func relations(_ text: String) -> [[String]] {
        text.utf8.split(separator: UInt8(ascii: ",")).compactMap { relation in
            let names = relation.split(separator: UInt8(ascii: "|")).compactMap { alternative -> String? in
                let name = alternative.drop(while: isBlank).prefix { byte in
                    !isBlank(byte) && byte != UInt8(ascii: "(") && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ":")
                }
                return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
            }
            return names.isEmpty ? nil : names
        }
    }

    /// A description in one line: a line of one dot is an empty one, white space is one blank, and of a text of more characters than
    /// the limit what stands before the last blank within it is kept.
    static func line(of description: String) -> String {
        var description = description
        // Blanks beyond ASCII, such as the one that does not break a line, are white space too.
        if description.utf8.contains(where: { $0 >= 0x80 }) {
            description = String(String.UnicodeScalarView(description.unicodeScalars.map { !$0.isASCII && $0.properties.isWhitespace ? " " : $0 }))
        }
        var result: [UInt8] = []
        // Characters in `result`, and where its last word begins.
        var length = 0, lastWord = 0
        for line in description.utf8.split(separator: 0x0A) {
            let words = line.split(whereSeparator: { isBlank($0) || $0 < 0x20 || $0 == 0x7F })
            if words.count == 1, words[0].elementsEqual([UInt8(ascii: ".")]) { continue }
            for word in words {
                let longer = length + (length > 0 ? 1 : 0) + word.count { $0 & 0xC0 != 0x80 }
                if longer > textLimit {
                    if length == 0 { return String(String.UnicodeScalarView(String(decoding: word, as: UTF8.self).unicodeScalars.prefix(textLimit))) }
                    return String(decoding: result.prefix(length == textLimit && lastWord > 0 ? lastWord - 1 : result.count), as: UTF8.self)
                }
                if length > 0 { result.append(0x20) }
                lastWord = result.count
                result.append(contentsOf: word)
                length = longer
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: - Making the graph

    private func parts(file: String) throws -> TextGraphParts {
        var chosen = packages
        if rule == .tenSections {
            chosen = packages.filter { package in
                Self.topicSections.contains(package.section) && !Self.leftOutEndings.contains { package.name.hasSuffix($0) }
            }
            guard !chosen.isEmpty else {
                throw DatasetError(file: file, "has no package of the sections \(Self.topicSections.joined(separator: ", ")); add it with --as debian, which takes every section")
            }
        }
        chosen.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        guard chosen.count <= Adjacency.nodeLimit else { throw DatasetError(file: file, "describes more than \(grouped(Adjacency.nodeLimit)) packages; take a part of it") }
        var parts = TextGraphParts()
        parts.names = chosen.map(\.name)
        parts.groups = chosen.map { Self.isPackageName($0.source) ? $0.source : $0.name }
        let brief = addTexts(chosen, to: &parts)
        label(chosen, &parts)
        link(chosen, &parts)
        guard parts.from.count <= Adjacency.edgeLimit else { throw DatasetError(file: file, "has more than \(grouped(Adjacency.edgeLimit)) relations; take a part of it") }
        if rule == .tenSections { parts = parts.restricted(to: parts.largestComponent()) }
        if brief > 0 { parts.notes.append("\(grouped(brief)) packages have their one-line description only; add the Translation-en file too (apt-get -o Acquire::Languages=en update brings it)") }
        if repeated > 0 { parts.notes.append("\(grouped(repeated)) further stanzas of a package that was there already were left out") }
        if notInstalled > 0 { parts.notes.append("\(grouped(notInstalled)) packages that are not installed were left out") }
        return parts
    }

    /// - Returns: how many packages have no more than the first line of their description.
    private func addTexts(_ chosen: [Package], to parts: inout TextGraphParts) -> Int {
        var builder = NodeTexts.Builder(), brief = 0
        for package in chosen {
            let english = package.checksum.flatMap { translations[$0] }
            if english == nil, package.checksum != nil, !package.description.contains("\n") { brief += 1 }
            builder.append(Self.line(of: english ?? package.description).utf8)
        }
        parts.texts = builder.finish()
        return brief
    }

    private func label(_ chosen: [Package], _ parts: inout TextGraphParts) {
        var counts: [String: Int] = [:]
        for package in chosen { counts[package.section, default: 0] += 1 }
        let least = rule == .tenSections ? 1 : chosen.count >= 10_000 ? 100 : max(5, chosen.count / 100)
        parts.classNames = counts.filter { !$0.key.isEmpty && $0.value >= least }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(uniqueKeysWithValues: parts.classNames.enumerated().map { ($1, $0) })
        parts.labels = chosen.map { numbers[$0.section] ?? -1 }
    }

    private func link(_ chosen: [Package], _ parts: inout TextGraphParts) {
        let numbers = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1.name, Int32(truncatingIfNeeded: $0)) })
        var providers: [String: Set<Int32>] = [:]
        if rule == .whole {
            for (node, package) in chosen.enumerated() {
                for name in package.provides { providers[name, default: []].insert(Int32(truncatingIfNeeded: node)) }
            }
        }
        var resolved = 0, ambiguous = 0, unknown = 0
        for (node, package) in chosen.enumerated() {
            let node = Int32(truncatingIfNeeded: node)
            for alternatives in package.relations {
                for name in rule == .whole ? Array(alternatives.prefix(1)) : alternatives {
                    let target: Int32
                    if let number = numbers[name] {
                        target = number
                    } else if let found = providers[name] {
                        guard found.count == 1, let only = found.first else { ambiguous += 1; continue }
                        resolved += 1
                        target = only
                    } else {
                        unknown += 1
                        continue
                    }
                    if target != node {
                        parts.from.append(node)
                        parts.to.append(target)
                    }
                }
            }
        }
        guard rule == .whole else { return }
        if resolved > 0 { parts.notes.append("\(grouped(resolved)) links to virtual packages go to the only provider") }
        if ambiguous > 0 { parts.notes.append("\(grouped(ambiguous)) links to virtual packages of several providers were left out") }
        if unknown > 0 { parts.notes.append("\(grouped(unknown)) links to packages that are not described were left out") }
    }
}
