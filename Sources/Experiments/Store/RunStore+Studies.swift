import Foundation
import GRDB

/// A study as the store holds it.
public struct StudyRecord: Sendable, Equatable, Identifiable {
    public var identifier: String
    /// Of its runs; several are joined by commas.
    public var method: String
    /// The data set that was asked for; "" for all of the plan's.
    public var dataset: String
    public var plan: Plan
    public var created: Double
    /// Data sets of the plan that were absent when the study was made.
    public var absent: [String]
    public var notes: String
    /// What a sweep file calls it; "" for a method's plan.
    public var title = ""
    /// `SweepPlan.fingerprint`; "" for a method's plan.
    public var fingerprint = ""
    /// The folder of its tasks, where they are a cluster's; "" where they run here.
    public var remote = ""

    public var id: String { identifier }
}

extension RunStore {
    /// Adds a study with its runs, all or nothing.
    public func createStudy(method: String, dataset: String, plan: Plan, requests: [RunRequest], absent: [String] = [],
                            title: String = "", fingerprint: String = "") throws(StoreError) -> (study: StudyRecord, runs: [RunRecord]) {
        let study = StudyRecord(identifier: RunIdentifier.make(prefix: "s"), method: method, dataset: dataset, plan: plan,
                                created: Date().timeIntervalSince1970, absent: absent, notes: "", title: title, fingerprint: fingerprint)
        try write { db, revision in
            try db.execute(sql: "INSERT INTO studies (identifier, method, dataset, plan, created, absent, title, fingerprint, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           arguments: [study.identifier, method, dataset, plan.rawValue, study.created, absent.joined(separator: "\n"), title, fingerprint, revision])
            for request in requests {
                try Self.insertRun(db, request, RunIdentifier.make(prefix: "r"), study: study.identifier, created: study.created, origin: "", revision: revision)
            }
        }
        var filter = RunFilter()
        filter.study = study.identifier
        filter.order = .oldestFirst
        return (study, try runs(filter))
    }

    /// Adds a sweep with its runs, all or nothing.
    public func createStudy(_ sweep: SweepPlan) throws(StoreError) -> (study: StudyRecord, runs: [RunRecord]) {
        var seen: Set<String> = []
        let methods = sweep.requests.map(\.method).filter { seen.insert($0).inserted }, datasets = Set(sweep.requests.map(\.dataset))
        return try createStudy(method: methods.joined(separator: ","), dataset: datasets.count == 1 ? datasets.first ?? "" : "", plan: sweep.plan,
                               requests: sweep.requests, absent: sweep.absent, title: sweep.title, fingerprint: sweep.fingerprint)
    }

    public func studies() throws(StoreError) -> [StudyRecord] {
        try read { db in try Row.fetchAll(db, sql: "SELECT identifier, method, dataset, plan, created, absent, notes, title, fingerprint, remote FROM studies ORDER BY created DESC").map(Self.study) }
    }

    public func study(_ identifier: String) throws(StoreError) -> StudyRecord {
        let study = try read { db in
            try Row.fetchOne(db, sql: "SELECT identifier, method, dataset, plan, created, absent, notes, title, fingerprint, remote FROM studies WHERE identifier = ?",
                             arguments: [identifier]).map(Self.study)
        }
        guard let study else { throw StoreError(.notFound, "there is no study “\(identifier)” in this store") }
        return study
    }

    /// The newest study of a sweep with just these runs; nil where it was never made.
    public func study(ofSweep fingerprint: String) throws(StoreError) -> StudyRecord? {
        try read { db in
            try Row.fetchOne(db, sql: """
                SELECT identifier, method, dataset, plan, created, absent, notes, title, fingerprint, remote FROM studies
                WHERE fingerprint = ? AND fingerprint <> '' ORDER BY created DESC LIMIT 1
                """, arguments: [fingerprint]).map(Self.study)
        }
    }

    private static func study(_ row: Row) -> StudyRecord {
        StudyRecord(identifier: row.string(0) ?? "", method: row.string(1) ?? "", dataset: row.string(2) ?? "",
                    plan: row.string(3).flatMap(Plan.init(rawValue:)) ?? .smoke, created: row.double(4) ?? 0,
                    absent: (row.string(5) ?? "").split(separator: "\n").map(String.init), notes: row.string(6) ?? "", title: row.string(7) ?? "", fingerprint: row.string(8) ?? "", remote: row.string(9) ?? "")
    }

    /// The study with its runs' results, for its numbers.
    public func summary(ofStudy identifier: String) throws(StoreError) -> StudySummary {
        let study = try study(identifier)
        var filter = RunFilter()
        filter.study = identifier
        filter.order = .oldestFirst
        return StudySummary(identifier: identifier, method: study.method, plan: study.plan, runs: try summaryRuns(try runs(filter)))
    }

    /// Runs with what they found, for comparisons.
    public func summaryRuns(_ records: [RunRecord]) throws(StoreError) -> [StudySummary.Run] {
        try read { db in
            try records.map { record in
                StudySummary.Run(identifier: record.identifier, request: record.request, state: record.state,
                                 results: try Self.results(db, run: try Self.key(db, record.identifier)))
            }
        }
    }

    /// Keeps a study's acceptance rows, in place of those kept before.
    public func setAcceptance(_ rows: [AcceptanceRow], ofStudy identifier: String) throws(StoreError) {
        _ = try study(identifier)
        try write { db, revision in
            try db.execute(sql: "DELETE FROM acceptance WHERE study = ?", arguments: [identifier])
            for (position, row) in rows.enumerated() {
                try db.execute(sql: "INSERT INTO acceptance VALUES (?, ?, ?, ?, ?, ?)",
                               arguments: [identifier, position, row.name, row.target, row.measured, row.passed])
            }
            try db.execute(sql: "UPDATE studies SET revision = ? WHERE identifier = ?", arguments: [revision, identifier])
        }
    }

    public func acceptance(ofStudy identifier: String) throws(StoreError) -> [AcceptanceRow] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, target, measured, passed FROM acceptance WHERE study = ? ORDER BY position", arguments: [identifier]).map {
                AcceptanceRow(name: $0.string(0) ?? "", target: $0.string(1) ?? "", measured: $0.double(2), passed: $0.int(3) == 1)
            }
        }
    }

    /// The runs of a study become a cluster's: they come back through their event logs.
    func moveToCluster(_ identifier: String, folder: String, logs: [String: String]) throws(StoreError) {
        try write { db, revision in
            try db.execute(sql: "UPDATE studies SET remote = ?, revision = ? WHERE identifier = ?", arguments: [folder, revision, identifier])
            for (run, log) in logs {
                try db.execute(sql: "UPDATE runs SET origin = ?, token = NULL, revision = ? WHERE identifier = ?", arguments: [log, revision, run])
            }
        }
    }

    /// Says of runs on a cluster what the queue says; a run that is at work and in no queue any more was interrupted.
    func setQueueStates(of runs: [(run: String, sentence: String?, isGone: Bool)]) throws(StoreError) {
        guard !runs.isEmpty else { return }
        let stored = try read { db in
            try runs.map { run in try Row.fetchOne(db.cachedStatement(sql: "SELECT state, sentence FROM runs WHERE identifier = ?"), arguments: [run.run]) }
                .map { (state: $0?.string(0) ?? "", sentence: $0?.string(1) ?? "") }
        }
        var changes: [(run: String, state: String, sentence: String)] = []
        for (run, old) in zip(runs, stored) {
            var new = (state: old.state, sentence: run.sentence ?? "")
            if run.isGone, old.state == RunState.running.rawValue || old.state == RunState.paused.rawValue {
                new = (RunState.interrupted.rawValue, "its task ended without a last word; handed in again it goes on")
            } else if run.isGone, old.state == RunState.interrupted.rawValue || old.state == RunState.cancelled.rawValue {
                new.sentence = old.sentence
            }
            if new != old { changes.append((run.run, new.state, new.sentence)) }
        }
        guard !changes.isEmpty else { return }
        try write { db, revision in
            for change in changes {
                try db.execute(sql: "UPDATE runs SET state = ?, sentence = ?, revision = ? WHERE identifier = ?", arguments: [change.state, change.sentence, revision, change.run])
            }
        }
    }

    /// Removes studies with their runs.
    public func deleteStudy(_ identifier: String) throws(StoreError) {
        var filter = RunFilter()
        filter.study = identifier
        try delete(try runs(filter).map(\.identifier))
        try write { db, _ in try db.execute(sql: "DELETE FROM studies WHERE identifier = ?", arguments: [identifier]) }
    }
}
