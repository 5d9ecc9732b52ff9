/// Debian's control text: stanzas between blank lines, `Name: value` fields, continuation lines that begin with a blank. The form of
/// package indices, of translated descriptions, of `/var/lib/dpkg/status` and of what `apt-cache dumpavail` prints.
struct DebianStanzas {
    /// The fields that are kept, in the order of `Field`.
    enum Field: Int, CaseIterable {
        case package, source, section, status, provides, depends, preDepends, recommends, suggests, enhances, description, englishDescription, descriptionChecksum

        fileprivate var name: String {
            switch self {
            case .package: "Package"
            case .source: "Source"
            case .section: "Section"
            case .status: "Status"
            case .provides: "Provides"
            case .depends: "Depends"
            case .preDepends: "Pre-Depends"
            case .recommends: "Recommends"
            case .suggests: "Suggests"
            case .enhances: "Enhances"
            case .description: "Description"
            case .englishDescription: "Description-en"
            case .descriptionChecksum: "Description-md5"
            }
        }
    }

    /// One stanza: where the value of each kept field stands, continuation lines included.
    struct Stanza {
        /// The line on which it begins.
        var line: Int
        fileprivate var values = [Range<Int>?](repeating: nil, count: Field.allCases.count)
        /// The bytes of a field's value; nil where the stanza lacks it.
        subscript(field: Field) -> Range<Int>? { values[field.rawValue] }
    }

    private var lines: TextLines
    private static let numbers = Dictionary(uniqueKeysWithValues: Field.allCases.map { (Array($0.name.utf8)[...], $0) })

    init(_ file: DatasetFiles.File) throws {
        if let packing = Packing(file.bytes) { throw DatasetError(file: file.name, "is packed with \(packing.name), which is not read; unpack it with `\(packing.command)` and add what comes out") }
        lines = TextLines(file)
    }

    var file: String { lines.file }
    var bytes: [UInt8] { lines.bytes }

    /// The next stanza; nil at the end.
    /// - Throws: `DatasetError` for a line that is neither a field nor a continuation.
    mutating func next() throws -> Stanza? {
        var stanza: Stanza?
        var open: Field?, isInside = false
        while lines.advance() {
            if isBlankLine {
                if let stanza { return stanza }
                continue
            }
            let first = lines.bytes[lines.start]
            if first == UInt8(ascii: "#") { continue }
            if first == 0x20 || first == 0x09 {
                guard isInside else { throw lines.failure("continues a field where none has begun; mend the stanza") }
                if let open, let begun = stanza?.values[open.rawValue] { stanza?.values[open.rawValue] = begun.lowerBound..<lines.end }
                continue
            }
            guard let colon = lines.bytes[lines.start..<lines.end].firstIndex(of: UInt8(ascii: ":")), colon > lines.start,
                  lines.bytes[lines.start..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw lines.failure("is neither `Name: value` nor a continuation that begins with a blank; give a package index, a Translation-en file, dpkg's status file or the output of apt-cache dumpavail")
            }
            if stanza == nil { stanza = Stanza(line: lines.line) }
            isInside = true
            open = Self.numbers[lines.bytes[lines.start..<colon]]
            if let open {
                guard stanza?.values[open.rawValue] == nil else { throw lines.failure("gives the field \(open.name) a second time; put a blank line between stanzas") }
                stanza?.values[open.rawValue] = colon + 1..<lines.end
            }
        }
        return stanza
    }

    private var isBlankLine: Bool { lines.bytes[lines.start..<lines.end].allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    func failure(_ stanza: Stanza, _ sentence: String) -> DatasetError { DatasetError(file: file, place: "line \(stanza.line)", sentence) }
}

/// How a file is packed, told by its first bytes.
enum Packing {
    case xz, lz4, bzip2, zstandard

    /// nil when the bytes are none of these.
    init?(_ bytes: [UInt8]) {
        switch bytes.prefix(4) {
        case [0xFD, 0x37, 0x7A, 0x58]: self = .xz
        case [0x04, 0x22, 0x4D, 0x18], [0x02, 0x21, 0x4C, 0x18]: self = .lz4
        case [0x28, 0xB5, 0x2F, 0xFD]: self = .zstandard
        default:
            guard bytes.starts(with: Array("BZh".utf8)) else { return nil }
            self = .bzip2
        }
    }

    var name: String {
        switch self {
        case .xz: "xz"
        case .lz4: "lz4"
        case .bzip2: "bzip2"
        case .zstandard: "zstd"
        }
    }

    /// The command that unpacks a file called FILE.
    var command: String {
        switch self {
        case .xz: "xz -dk FILE"
        case .lz4: "/usr/lib/apt/apt-helper cat-file FILE > Packages"
        case .bzip2: "bzip2 -dk FILE"
        case .zstandard: "zstd -d FILE"
        }
    }
}
