import Datasets
import Foundation

/// Reads the embedding of each domain from a CSV file: domain, then equally many numbers.
enum EmbeddingFile {
    static func read(_ path: String, names: [String]) throws -> DomainEmbedding {
        guard !path.isEmpty else { throw GRDAError("parameter embed-file: embed is file, but no file is named; give the path of a CSV of domain and numbers") }
        let source = try ByteSource(file: URL(fileURLWithPath: path))
        let bytes = try source.readAll(limit: 1 << 26)
        let columns = try TableReader.readColumns(bytes, file: path)
        guard columns.count >= 2, let first = columns.first else { throw GRDAError("\(path) has \(columns.count) columns where a domain and at least one number are needed; mend it") }
        let found: [String] = switch first.values {
        case .text(let texts): texts
        case .numbers(let numbers): numbers.map { $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : String($0) }
        }
        let places = Dictionary(found.enumerated().map { ($1, $0) }) { first, _ in first }
        let numbers = try columns.dropFirst().map { column in
            guard let values = column.numbers else { throw GRDAError("\(path): the column \(column.name) is no numbers; mend it") }
            return values
        }
        return DomainEmbedding(width: numbers.count, values: try names.flatMap { name -> [Double] in
            guard let row = places[name] else { throw GRDAError("\(path) has no row for the domain \(name); add it") }
            let values = numbers.map { $0[row] }
            guard values.allSatisfy(\.isFinite) else { throw GRDAError("\(path): the row of the domain \(name) has an entry that is no finite number; mend it") }
            return values
        })
    }
}
