import Datasets
import Foundation
import GRDB

extension RunStore {
    /// Commits events, of which the last is the artifact's mark, and the artifact's bytes: all of it or nothing.
    func saveArtifact(_ data: Data, events: [RunEvent], claim: RunClaim, seconds: Double) throws(StoreError) {
        guard let last = events.last, case .artifact(let mark) = last.payload else { return }
        try keep(data, mark, last.sequence, of: claim.identifier) { db, revision in
            try Self.check(claim, db)
            let key = try Self.key(db, claim.identifier)
            try Self.insert(events, run: key, db)
            try Self.touch(key, seconds: seconds, isOwner: true, revision: revision, db)
        }
    }

    /// Keeps the bytes of an artifact whose mark is among the run's events, as an import does.
    func adoptArtifact(_ data: Data, _ mark: RunEvent.ArtifactMark, sequence: Int, of identifier: String) throws(StoreError) {
        try keep(data, mark, sequence, of: identifier) { _, _ in }
    }

    private func keep(_ data: Data, _ mark: RunEvent.ArtifactMark, _ sequence: Int, of identifier: String,
                      _ body: (Database, Int) throws -> Void) throws(StoreError) {
        let file = data.count > Self.largestBlob ? try writeFile(data, "\(identifier)-\(sequence)", "artifact") : nil
        do {
            try write { db, revision in
                try body(db, revision)
                try db.execute(sql: "INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?, ?, ?, ?, ?)", arguments: [
                    try Self.key(db, identifier), sequence, mark.name, data.count, mark.checksum, file == nil ? data : nil, file,
                ])
            }
        } catch {
            if let file { removeFile(file) }
            throw error
        }
    }

    /// The files that a run left, by name; of those with one name the newest.
    public func artifacts(of identifier: String) throws(StoreError) -> [RunEvent.ArtifactMark] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, bytes, checksum, max(sequence) FROM artifacts WHERE run = ? GROUP BY name ORDER BY name",
                             arguments: [try Self.key(db, identifier)])
                .map { RunEvent.ArtifactMark(name: $0.string(0) ?? "", bytes: $0.int(1) ?? 0, checksum: $0.string(2) ?? "") }
        }
    }

    /// The bytes of a file that a run left.
    /// - Throws: `StoreError` of kind `notFound` without such a file, of kind `corrupt` when its bytes are not those that were saved.
    public func artifact(_ name: String, of identifier: String) throws(StoreError) -> Data {
        let row = try read { db in
            try Row.fetchOne(db, sql: "SELECT checksum, data, file FROM artifacts WHERE run = ? AND name = ? ORDER BY sequence DESC LIMIT 1",
                             arguments: [try Self.key(db, identifier), name])
        }
        guard let row else {
            let names = try artifacts(of: identifier).map(\.name)
            throw StoreError(.notFound, "run \(identifier) left no file “\(name)”; \(names.isEmpty ? "it left none, as runs do that did not come to their end" : "it left \(names.joined(separator: ", "))")")
        }
        let data = if let file = row.string(2) { contents(ofFile: file) } else { row.data(1) ?? Data() }
        guard let data, SHA256.hexadecimal(of: Array(data)) == row.string(0) else {
            throw StoreError(.corrupt, "run \(identifier): the bytes of “\(name)” are not those that the run left; run it anew")
        }
        return data
    }
}
