import CCrash
import Datasets
import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// The file of the running program.
enum ProgramFile {
    static let path = "/proc/self/exe"

    /// Its path, size and time: whether a report came of this very build.
    static let identity: String? = {
        var status = stat()
        guard let file = try? FileManager.default.destinationOfSymbolicLink(atPath: path), stat(path, &status) == 0 else { return nil }
        return "\(file) of \(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }()
}

/// The names of what was called: the handler of a signal writes addresses, and a later start of the same program looks them up.
enum CrashNames {
    private static let mark = "program+0x"

    /// The report with a name behind each address within the program; as it was where another build wrote it.
    static func filled(in text: String) -> String {
        guard let identity = ProgramFile.identity, text.contains(identity) else { return text }
        let lines = text.components(separatedBy: "\n")
        let places = lines.indices.compactMap { index -> (line: Int, address: UInt64)? in
            let line = lines[index].drop { $0 == " " }
            guard line.hasPrefix(mark), let address = UInt64(line.dropFirst(mark.count), radix: 16) else { return nil }
            return (index, address)
        }
        guard !places.isEmpty, let names = try? SymbolTable(of: ProgramFile.path)?.names(of: places.map(\.address)) else { return text }
        var result = lines
        for (place, name) in zip(places, names) { if let name { result[place.line] += "  \(readable(name))" } }
        return result.joined(separator: "\n")
    }

    private static func readable(_ name: String) -> String {
        guard let words = lathe_crash_readable_name(name) else { return name }
        defer { free(words) }
        return String(cString: words)
    }
}

/// The functions of a 64-bit little-endian ELF file, as its linker names them.
struct SymbolTable {
    private let symbols: [UInt8]
    private let strings: [UInt8]
    private static let symbolSize = 24, sectionSize = 64

    /// - Returns: nil where the file has no symbols (it was stripped) or is of another kind.
    /// - Throws: `DatasetError` where it cannot be read.
    init?(of path: String) throws {
        let file = try ByteSource(file: URL(fileURLWithPath: path))
        let head = try file.read(at: 0, count: 64)
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), Self.number(head, 58, 2) == Self.sectionSize else { return nil }
        let sections = try file.read(at: Int(clamping: Self.number(head, 40, 8)), count: Int(Self.number(head, 60, 2)) * Self.sectionSize)
        func section(_ index: Int) throws -> [UInt8]? {
            let start = index * Self.sectionSize
            guard index >= 0, start + Self.sectionSize <= sections.count else { return nil }
            return try file.read(at: Int(clamping: Self.number(sections, start + 24, 8)), count: Int(clamping: Self.number(sections, start + 32, 8)))
        }
        let table = stride(from: 0, to: sections.count, by: Self.sectionSize).first { Self.number(sections, $0 + 4, 4) == 2 }
        guard let table, let symbols = try section(table / Self.sectionSize), let strings = try section(Int(Self.number(sections, table + 40, 4))) else { return nil }
        self.symbols = symbols
        self.strings = strings
    }

    /// The function that holds each address; nil where none does.
    func names(of addresses: [UInt64]) -> [String?] {
        var names = [String?](repeating: nil, count: addresses.count)
        for start in stride(from: 0, through: symbols.count - Self.symbolSize, by: Self.symbolSize) where symbols[start + 4] & 15 == 2 {
            let first = Self.number(symbols, start + 8, 8), size = Self.number(symbols, start + 16, 8)
            for (index, address) in addresses.enumerated() where address >= first && address - first < size {
                let name = Int(Self.number(symbols, start, 4))
                guard name < strings.count else { continue }
                names[index] = String(decoding: strings[name...].prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        return names
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }
}
