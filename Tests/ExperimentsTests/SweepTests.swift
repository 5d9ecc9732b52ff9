import Datasets
import Experiments
import Foundation
import Testing
import TrialMethod

/// Sweep files: what they ask for, in which order, and what is wrong with those that ask for nothing that can be.
@Suite struct SweepTests {
    static func entry(_ name: String) -> DatasetEntry? {
        guard ["board", "wall", "away"].contains(name) else { return nil }
        return DatasetEntry(identifier: name, title: name, kind: .table, state: name == "away" ? .missing : .embedded, rows: 1, shape: "", origin: "", licence: "")
    }

    static func plan(_ text: String) throws -> SweepPlan {
        try SweepPlan(Sweep(text: text, file: "s.toml"), method: { $0 == "darts" ? DartsMethod() : nil }, entry: entry)
    }

    static let head = "methods = [\"darts\"]\ndata = [\"board\"]\n"

    @Test func `cells are every combination, and the first seed of all comes before the second of any`() throws {
        let plan = try Self.plan("""
            title = "How many darts?"
            methods = ["darts"]
            data = ["board", "wall", "away"]
            plan = "smoke"
            seeds = "4..5"
            threads = 1
            [set]
            fail-at = -1
            [grid]
            rounds = [10, 20]
            pause = [0.0, 0.5]
            """)
        #expect(plan.title == "How many darts?" && plan.absent == ["away"] && plan.requests.count == 2 * 4 * 2)
        #expect(plan.requests.prefix(8).allSatisfy { $0.seed == 4 } && plan.requests.suffix(8).allSatisfy { $0.seed == 5 })
        #expect(plan.requests.prefix(4).map(\.condition) == ["rounds 10, pause 0", "rounds 10, pause 0.5", "rounds 20, pause 0", "rounds 20, pause 0.5"])
        #expect(plan.requests[1].values == ["rounds": .integer(10), "pause": .real(0.5), "fail-at": .integer(-1)])
        #expect(plan.requests.allSatisfy { $0.threads == 1 && $0.plan == .smoke })
        #expect(Set(plan.requests).count == plan.requests.count)
    }

    @Test func `lists and draws multiply with the grid, draws repeat and stay in their range`() throws {
        let text = Self.head + """
            seeds = [1]
            list = [{ fail-at = 3 }, { fail-at = 4, checkpoint-bytes = 8 }]
            [grid]
            rounds = [5, 6, 7]
            [random]
            count = 4
            seed = 9
            pause = { from = 0.001, to = 1.0, scale = "log" }
            """
        let plan = try Self.plan(text)
        let same = try Self.plan(text)
        #expect(plan.requests.count == 3 * 2 * 4 && plan.requests == same.requests)
        let pauses = plan.requests.compactMap { request -> Double? in if case .real(let pause)? = request.values["pause"] { pause } else { nil } }
        #expect(pauses.count == 24 && Set(pauses).count == 4 && pauses.allSatisfy { (0.001...1).contains($0) })
        let other = try Self.plan(text.replacing("seed = 9", with: "seed = 10"))
        #expect(other.fingerprint != plan.fingerprint)
        #expect(try Self.plan("# the same\n" + text).fingerprint == plan.fingerprint)
    }

    @Test func `without settings the plan's own are run`() throws {
        let plan = try Self.plan("methods = \"darts\"")
        #expect(plan.requests.map { "\($0.dataset) \($0.seed)" } == ["board 1", "wall 1", "board 2", "wall 2", "board 3", "wall 3"])
    }

    @Test func `settings stand over those of the plan where it has one setting for the data set`() throws {
        let plan = try Self.plan(Self.head + "plan = \"paper\"\n[set]\npause = 0.5\n")
        #expect(plan.requests.allSatisfy { $0.values == ["rounds": .integer(900), "pause": .real(0.5)] } && plan.requests.count == 3)
        let own = StudyPlan(method: DartsMethod(), plan: .paper, dataset: "board", values: ["pause": .real(0.5)], isPresent: { _ in true })
        #expect(own.requests.map(\.values) == plan.requests.map(\.values) && own.requests.allSatisfy { $0.condition.isEmpty })
        let changed = StudyPlan(method: DartsMethod(), plan: .paper, dataset: "board", values: ["rounds": .integer(7)], isPresent: { _ in true })
        #expect(changed.requests.allSatisfy { $0.values == ["rounds": .integer(7)] })
    }

    @Test func `conditions leave cells out and budgets leave runs out`() throws {
        let text = Self.head + "seeds = [1, 2]\nrequire = [\"rounds * 2 <= 40 and not (data == 'board' and rounds == 10)\"]\n[grid]\nrounds = [10, 20, 30]\n"
        let plan = try Self.plan(text)
        #expect(plan.requests.map(\.condition) == ["rounds 20", "rounds 20"] && plan.excluded == 2)
        let short = try Self.plan(Self.head + "seeds = \"1..4\"\n[budget]\nruns = 3\n")
        #expect(short.requests.map(\.seed) == [1, 2, 3] && short.overBudget == 1)
    }

    @Test(arguments: [
        ("1 + 2 * 3 == 7", true), ("(1 + 2) * 3 == 7", false), ("- 2 < -1", true), ("not true or 1 < 2", true), ("not (true or 1 < 2)", false),
        ("max-leaf - 6 == 10", true), ("max-leaf == 16 and kind == \"a-b\"", true), ("kind != 'a-b'", false), ("1e-3 < .01", true), ("8 / 2 / 2 == 2", true), ("5 - 2 - 1 == 2", true),
        ("not not true", true), ("kind == 16", false),
    ]) func `a condition is counted out as it reads`(text: String, holds: Bool) throws {
        let condition = text.replacing("max-leaf", with: "checkpoint-bytes").replacing("kind", with: "data").replacing("a-b", with: "board").replacing("\"", with: "'")
        let file = Self.head + "seeds = [1]\nrequire = [\"\(condition)\"]\n[set]\ncheckpoint-bytes = 16\n"
        if holds { #expect(try Self.plan(file).requests.count == 1) } else { #expect(throws: SweepError.self) { try Self.plan(file) } }
    }

    @Test(arguments: [
        ("", nil, "names no method"), ("methods = [\"arrows\"]", nil, "no method “arrows”"), ("methods = [\"darts\"]\ndata = [\"floor\"]", nil, "no data set “floor”"),
        ("methods = [\"darts\"]\n\nspeed = 3", 3, "no key “speed”"), ("methods = [\"darts\"]\nplan = \"quick\"", 2, "no plan"),
        ("methods = [\"darts\"]\nseeds = \"5..1\"", 2, "range such as"), ("methods = [\"darts\"]\nseeds = [1.5]", 2, "whole numbers"), ("methods = [\"darts\"]\nseeds = [-1]", 2, "whole numbers"),
        ("methods = [\"darts\"]\n[grid]\nrounds = []", 3, "list of values"), ("methods = [\"darts\"]\n[grid]\nrounds = [1, \"two\"]", 3, "not in its range"),
        ("methods = [\"darts\"]\n[grid]\nrounds = [0]", 3, "not in its range"), ("methods = [\"darts\"]\n[set]\nround = 1", 3, "no parameter “round”"),
        ("methods = [\"darts\"]\n[random]\nrounds = { from = 1, to = 5 }", 2, "count"), ("methods = [\"darts\"]\n[random]\ncount = 2\nrounds = { from = 5, to = 1 }", 4, "drawn from"),
        ("methods = [\"darts\"]\n[random]\ncount = 2\npause = { from = 0.0, to = 1, scale = \"log\" }", 4, "begins above 0"),
        ("methods = [\"darts\"]\nrequire = [\"rounds <\"]", 2, "ends where a value"), ("methods = [\"darts\"]\nrequire = [\"rounds\"]", 2, "neither true nor false"),
        ("methods = [\"darts\"]\nrequire = [\"width < 3\"]", 2, "no “width”"), ("methods = [\"darts\"]\nrequire = [\"rounds < 0\"]", nil, "leave out all"),
        ("methods = [\"darts\"]\ndata = [\"away\"]", nil, "is not here"), ("methods = [\"darts\"]\n[budget]\nruns = 0", 3, "whole number"),
        ("methods = [\"darts\"]\n[budget]\nhours = -1", 3, "above 0"), ("methods = [\"darts\"]\n[method.darts.sets]\nrounds = 1", nil, "no “sets”"),
        ("methods = [\"darts\", \"darts\"]", 1, "twice"), ("methods = [[[", 1, "is not TOML"),
        ("methods = [\"darts\"]\nrequire = [\"\(String(repeating: "(", count: 200))\"]", 2, "too deep"), ("methods = [\"darts\"]\nrequire = [\"rounds < 9 ; 1\"]", 2, "has no place"),
        ("methods = [\"darts\"]\n[grid]\nrounds = [\((1...400).map(String.init).joined(separator: ","))]\nfail-at = [\((1...400).map(String.init).joined(separator: ","))]", nil, "more than 100000"),
    ] as [(String, Int?, String)]) func `what cannot be is one sentence with file and line`(text: String, line: Int?, words: String) throws {
        let error = try #require(throws: SweepError.self) { try Self.plan(text) }
        #expect(error.description.contains(words) && error.description.hasPrefix("s.toml") && !error.description.contains("\n"), "\(error)")
        if let line { #expect(error.line == line, "\(error)") }
    }

    @Test func `any text is a plan or a sentence`() throws {
        var random = SystemRandomNumberGenerator()
        let whole = Array((Self.head + "require = [\"rounds < 3 or data == 'x'\"]\nlist = [{ pause = 1 }]\n[grid]\nrounds = [1, 2]\n[random]\ncount = 2\npause = { from = 0.1, to = 1 }\n").utf8)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) { bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 9...126, using: &random) }
            _ = try? Self.plan(String(decoding: bytes.prefix(Int.random(in: 1...bytes.count, using: &random)), as: UTF8.self))
        }
    }

    @Test func `a sweep is found again by its runs and by nothing else`() throws {
        let folder = try TemporaryFolder(), store = try RunStore(at: folder.file("store.sqlite"))
        let plan = try Self.plan(Self.head + "seeds = [1, 2]\n[grid]\nrounds = [2, 3]\n")
        #expect(try store.study(ofSweep: plan.fingerprint) == nil)
        let made = try store.createStudy(plan)
        #expect(try store.study(ofSweep: plan.fingerprint)?.identifier == made.study.identifier && made.runs.map(\.request) == plan.requests)
        #expect(try store.study(ofSweep: "") == nil)
        let report = try StudyReport(study: made.study.identifier, in: store, method: DartsMethod())
        // The rows of the method's plan say nothing about other settings.
        #expect(report.acceptance.isEmpty && report.title == "s")
    }
}
