import GRDB

/// The store's tables, by version. A step brings a store from the version before it; a step that has shipped is never changed.
package struct StoreSchema: Sendable {
    package typealias Step = @Sendable (Database) throws -> Void
    /// Step i leads to version i + 1.
    package var steps: [Step]
    package var version: Int { steps.count }

    package static let current = StoreSchema(steps: [first, artifactsAndSweeps])

    /// "Lath": tells our files from other programs' SQLite files.
    package static let applicationIdentifier = 0x4C61_7468

    private static let first: Step = { db in
        try db.execute(sql: """
            CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT;
            INSERT INTO counter VALUES ('revision', 0);

            CREATE TABLE studies (
                identifier TEXT NOT NULL PRIMARY KEY, method TEXT NOT NULL, dataset TEXT NOT NULL, plan TEXT NOT NULL,
                created REAL NOT NULL, absent TEXT NOT NULL, notes TEXT NOT NULL DEFAULT '', revision INTEGER NOT NULL DEFAULT 0
            ) STRICT;

            CREATE TABLE runs (
                key INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, study TEXT,
                method TEXT NOT NULL, dataset TEXT NOT NULL, plan TEXT NOT NULL, seed INTEGER NOT NULL, threads INTEGER NOT NULL,
                condition TEXT NOT NULL, parameters TEXT NOT NULL,
                state TEXT NOT NULL, sentence TEXT NOT NULL DEFAULT '',
                created REAL NOT NULL, started REAL, ended REAL, seconds REAL NOT NULL DEFAULT 0,
                stageName TEXT, stageIndex INTEGER, stageCount INTEGER, done REAL, total REAL, progressUnit TEXT,
                host TEXT, process INTEGER, processStart INTEGER, token TEXT, heartbeat REAL,
                nextSequence INTEGER NOT NULL DEFAULT 0, points INTEGER NOT NULL DEFAULT 0, checkpointSequence INTEGER,
                origin TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '',
                wish TEXT, revision INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE INDEX runsByStudy ON runs (study);
            CREATE INDEX runsByState ON runs (state);
            CREATE INDEX runsByMethod ON runs (method, dataset);
            CREATE INDEX runsByCreation ON runs (created);
            CREATE INDEX runsByRevision ON runs (revision);
            CREATE TABLE removals (identifier TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;

            CREATE TABLE events (
                run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, sequence INTEGER NOT NULL, time REAL NOT NULL,
                kind TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (run, sequence)
            ) STRICT;

            CREATE TABLE series (
                key INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, path TEXT NOT NULL,
                unit TEXT NOT NULL, points INTEGER NOT NULL DEFAULT 0, UNIQUE (run, path)
            ) STRICT;
            CREATE TABLE chunks (
                key INTEGER PRIMARY KEY, run INTEGER NOT NULL, series INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
                firstSequence INTEGER NOT NULL, lastSequence INTEGER NOT NULL, count INTEGER NOT NULL,
                points BLOB NOT NULL, parts BLOB NOT NULL
            ) STRICT;
            CREATE INDEX chunksBySeries ON chunks (series, firstSequence);
            CREATE INDEX chunksByRun ON chunks (run, lastSequence);

            CREATE TABLE results (
                run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL,
                arm TEXT NOT NULL, unit TEXT NOT NULL, value REAL, better TEXT NOT NULL, baseline TEXT, PRIMARY KEY (run, position)
            ) STRICT;

            CREATE TABLE checkpoints (
                run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, sequence INTEGER NOT NULL, name TEXT NOT NULL,
                time REAL NOT NULL, seconds REAL NOT NULL, bytes INTEGER NOT NULL, state BLOB, file TEXT,
                PRIMARY KEY (run, sequence)
            ) STRICT;

            CREATE TABLE acceptance (
                study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL,
                target TEXT NOT NULL, measured REAL, passed INTEGER NOT NULL, PRIMARY KEY (study, position)
            ) STRICT;
            """)
    }

    /// Files that runs leave, and studies that a sweep file asked for.
    private static let artifactsAndSweeps: Step = { db in
        try db.execute(sql: """
            ALTER TABLE studies ADD COLUMN title TEXT NOT NULL DEFAULT '';
            ALTER TABLE studies ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
            ALTER TABLE studies ADD COLUMN remote TEXT NOT NULL DEFAULT '';
            CREATE TABLE artifacts (
                run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, sequence INTEGER NOT NULL, name TEXT NOT NULL,
                bytes INTEGER NOT NULL, checksum TEXT NOT NULL, data BLOB, file TEXT,
                PRIMARY KEY (run, sequence)
            ) STRICT;
            """)
    }
}
