import Experiments
import Foundation
import Testing
import TrialMethod

/// Files that runs leave: in the store, beside a log, and gone with their run.
@Suite(.serialized) struct ArtifactTests {
    @Test(arguments: [0, 9 << 20]) func `a run leaves its file, small ones in the store and large ones beside it, and takes it along when it is removed`(bytes: Int) throws {
        let folder = try TemporaryFolder(), runner = try makeRunner(folder)
        let run = try runner.start(DartsMethod.request(rounds: 3, checkpointBytes: bytes))
        #expect(runner.waitUntilIdle(seconds: 60))
        let marks = try runner.store.artifacts(of: run)
        #expect(marks.map(\.name) == ["estimate.txt"])
        let data = try runner.store.artifact("estimate.txt", of: run)
        #expect(data.count == marks[0].bytes && data.count > bytes)
        let error = #expect(throws: StoreError.self) { try runner.store.artifact("policy.json", of: run) }
        #expect(error?.kind == .notFound && error?.description.contains("estimate.txt") == true)
        let beside = try FileManager.default.contentsOfDirectory(atPath: folder.location.path).filter { $0.hasSuffix(".checkpoints") }
        let files = try beside.flatMap { try FileManager.default.contentsOfDirectory(atPath: folder.file($0).path) }.filter { $0.hasSuffix(".artifact") }
        #expect(files.count == (bytes == 0 ? 0 : 1))
        if let file = files.first {
            // Other bytes than those that were left are not handed out.
            let place = folder.file(beside[0]).appendingPathComponent(file)
            try Data("0".utf8).write(to: place)
            #expect(throws: StoreError.self) { try runner.store.artifact("estimate.txt", of: run) }
            try runner.store.delete([run])
            #expect(!FileManager.default.fileExists(atPath: place.path))
        }
    }

    @Test func `a run without a store leaves its file beside its log, and an import takes it in`() throws {
        let folder = try TemporaryFolder(), log = folder.file("a.jsonl")
        let outcome = try RunExecutor(library: .init(folders: []), cacheFolder: folder.location).run(
            DartsMethod.request(rounds: 3), identifier: "rnode", of: DartsMethod(), log: log)
        #expect(outcome.state == .finished)
        let store = try RunStore(at: folder.file("other.sqlite"))
        try store.importEventLog(log)
        try store.importEventLog(log)
        let left = try store.artifact("estimate.txt", of: "rnode")
        #expect(try left == Data(contentsOf: folder.file("a.jsonl.artifacts").appendingPathComponent("estimate.txt")))
        // A file that is not the one which the log names is not taken.
        try Data("3.2".utf8).write(to: folder.file("a.jsonl.artifacts").appendingPathComponent("estimate.txt"))
        let strict = try RunStore(at: folder.file("strict.sqlite"))
        try strict.importEventLog(log)
        #expect(throws: StoreError.self) { try strict.artifact("estimate.txt", of: "rnode") }
    }

    @Test func `a name that leads out of its folder is refused`() throws {
        let sink = RecordingSink()
        let context = try RunContext(request: DartsMethod.request(), parameters: ParameterValues(DartsMethod().parameters, request: DartsMethod.request()),
                                     library: .init(folders: []), cacheFolder: FileManager.default.temporaryDirectory, restoredState: nil, sink: sink)
        for name in ["", "../x", ".hidden", "a/b", String(repeating: "a", count: 65), "ä"] {
            #expect(throws: ArtifactError.self) { try context.saveArtifact(name, Data()) }
        }
        try context.saveArtifact("policy.json", Data("{}".utf8))
        #expect(sink.artifacts == ["policy.json": Data("{}".utf8)])
    }

    @Test func `a store of the version before artifacts is brought on`() throws {
        let folder = try TemporaryFolder(), file = folder.file("store.sqlite")
        var older = StoreSchema.current
        older.steps.removeLast(older.version - 1)
        let run = try RunStore(at: file, schema: older).createRun(DartsMethod.request()).identifier
        #expect(try RunStore(at: file).artifacts(of: run).isEmpty)
    }
}
