import Foundation
import GRDB

/// What one process may ask of the process that runs a run.
public enum RunWish: String, Sendable, CaseIterable {
    case pause, resume, cancel
    /// Stop at once and leave the run interrupted, for another process to go on with.
    case release
}

extension RunStore {
    /// Takes a waiting or stopped run for this process. Of two that try, one gets it.
    /// - Throws: `StoreError` of kind `conflict` where the run is finished or a living process has it.
    public func claim(_ identifier: String) throws(StoreError) -> RunClaim {
        let claim = RunClaim(identifier: identifier, token: RunIdentifier.make(prefix: "t") + RunIdentifier.make(prefix: "t"))
        let owner = RunOwner.current
        try write { db, revision in
            let record = try Self.record(db, identifier)
            let hasToken = try String.fetchOne(db, sql: "SELECT token FROM runs WHERE identifier = ?", arguments: [identifier]) != nil
            switch record.state {
            case .finished: throw StoreError(.conflict, "run \(identifier) is finished; “retry” starts a new one with the same settings")
            case .running, .paused, .waiting:
                if hasToken, record.owner != owner || record.state != .waiting, !Self.isOrphan(record) {
                    let holder = record.owner.map { "process \($0.process) on \($0.host)" } ?? "another process"
                    throw StoreError(.conflict, "run \(identifier) belongs to \(holder), which is still at work")
                }
            default: break
            }
            try db.execute(sql: """
                UPDATE runs SET token = ?, host = ?, process = ?, processStart = ?, heartbeat = ?, wish = NULL, state = 'waiting', revision = ?
                WHERE identifier = ?
                """, arguments: [claim.token, owner.host, owner.process, owner.processStart, Date().timeIntervalSince1970, revision, identifier])
        }
        return claim
    }

    /// Brings a claimed run to where it goes on: behind its newest checkpoint, or to its beginning where it has none. The events
    /// behind that point are dropped and come anew.
    /// - Returns: the checkpoint; nil for a fresh start.
    public func rewind(_ claim: RunClaim) throws(StoreError) -> StoredCheckpoint? {
        try dropUnreadableCheckpoints(of: claim.identifier)
        let checkpoint = try checkpoint(of: claim.identifier)
        try write { db, revision in
            try Self.check(claim, db)
            let key = try Self.key(db, claim.identifier)
            try Self.truncate(db, run: key, from: checkpoint.map { $0.sequence + 1 } ?? 0)
            try db.execute(sql: "UPDATE runs SET checkpointSequence = ?, revision = ? WHERE key = ?", arguments: [checkpoint?.sequence, revision, key])
        }
        return checkpoint
    }

    /// Writes the state of a claimed run, and that its owner lives.
    public func setState(_ state: RunState, sentence: String = "", seconds: Double? = nil, claim: RunClaim) throws(StoreError) {
        try write { db, revision in
            try Self.check(claim, db)
            let ended = state == .running || state == .paused || state == .waiting ? nil : Date().timeIntervalSince1970
            try db.execute(sql: """
                UPDATE runs SET state = ?, sentence = ?, seconds = coalesce(?, seconds), ended = ?, heartbeat = ?, revision = ? WHERE identifier = ?
                """, arguments: [state.rawValue, sentence, seconds, ended, Date().timeIntervalSince1970, revision, claim.identifier])
        }
    }

    /// Writes that the run's owner lives, and how long it has worked.
    /// - Returns: what another process wished, once.
    public func heartbeat(_ claim: RunClaim, seconds: Double) throws(StoreError) -> RunWish? {
        try write { db, revision in
            try Self.check(claim, db)
            let wish = try String.fetchOne(db.cachedStatement(sql: "SELECT wish FROM runs WHERE identifier = ?"), arguments: [claim.identifier])
            try db.cachedStatement(sql: "UPDATE runs SET heartbeat = ?, seconds = ?, wish = NULL, revision = ? WHERE identifier = ?")
                .execute(arguments: [Date().timeIntervalSince1970, seconds, revision, claim.identifier])
            return wish.flatMap(RunWish.init(rawValue:))
        }
    }

    /// Reads a wish without writing; cheap enough to ask several times a second.
    func pendingWish(_ claim: RunClaim) throws(StoreError) -> RunWish? {
        try read { db in
            try String.fetchOne(db.cachedStatement(sql: "SELECT wish FROM runs WHERE identifier = ?"), arguments: [claim.identifier])
        }.flatMap(RunWish.init(rawValue:))
    }

    /// Asks the process that runs a run, whichever it is, to do something; it answers within a second.
    public func wish(_ wish: RunWish, of identifier: String) throws(StoreError) {
        try update(identifier, "wish = ?", [wish.rawValue])
    }

    /// Marks runs whose process went away as interrupted; every workbench does so at its start and now and then.
    /// - Returns: their identifiers.
    @discardableResult
    public func markOrphans() throws(StoreError) -> [String] {
        var filter = RunFilter()
        filter.states = [.waiting, .running, .paused]
        let suspects = try runs(filter).filter(Self.isOrphan)
        guard !suspects.isEmpty else { return [] }
        return try write { db, revision in
            try suspects.compactMap { suspect in
                let record = try Self.record(db, suspect.identifier)
                // Only if nobody took it up in between.
                guard record.owner == suspect.owner, record.state == suspect.state, Self.isOrphan(record) else { return nil }
                try db.execute(sql: "UPDATE runs SET state = 'interrupted', token = NULL, ended = heartbeat, sentence = ?, revision = ? WHERE identifier = ?",
                               arguments: ["its process went away", revision, suspect.identifier])
                return suspect.identifier
            }
        }
    }

    /// A run of this machine is an orphan when its process is gone; one of another machine when nobody wrote it for a minute.
    /// A waiting run without an owner belongs to nobody and waits on.
    static func isOrphan(_ record: RunRecord) -> Bool {
        guard record.origin.isEmpty, let owner = record.owner else { return false }
        if let isAlive = owner.isAlive { return !isAlive }
        return Date().timeIntervalSince1970 - (record.heartbeat ?? record.created) > 60
    }
}
