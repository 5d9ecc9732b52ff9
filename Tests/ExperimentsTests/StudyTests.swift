import Experiments
import Foundation
import Testing
import TrialMethod

@Suite struct StudyTests {
    @Test func `a plan names the data sets that are absent and makes runs of the others`() {
        let plan = StudyPlan(method: DartsMethod(), plan: .smoke, isPresent: { $0 == "board" })
        #expect(plan.absent == ["wall"] && plan.requests.map(\.seed) == [1, 2, 3] && plan.dataset == "")
        let one = StudyPlan(method: DartsMethod(), plan: .smoke, dataset: "wall", values: ["rounds": .integer(7)], seeds: [9], threads: 4, isPresent: { _ in true })
        #expect(one.requests == [RunRequest(method: "darts", dataset: "wall", plan: .smoke, seed: 9, threads: 4, values: ["rounds": .integer(7)])])
    }

    @Test func `a study runs, folds, is judged and prints its object`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let plan = StudyPlan(method: DartsMethod(), plan: .smoke, values: ["rounds": .integer(100)], isPresent: { $0 == "board" })
        let made = try runner.startStudy(plan)
        #expect(runner.waitUntilIdle(seconds: 30))
        let report = try StudyReport(study: made.study.identifier, in: runner.store, method: DartsMethod())
        let json = try JSONValue(parsing: report.json)
        #expect(json.members?.map(\.key) == ["study", "runs", "method", "dataset", "plan", "state", "seconds", "threads", "seeds", "absent", "summary", "acceptance"])
        #expect(json["runs"]?.elements?.compactMap(\.string) == made.runs.map(\.identifier))
        #expect(json["state"] == .text("finished") && json["dataset"] == .text("board") && json["seeds"] == .array([1, 2, 3].map(JSONValue.integer)))
        let row = try #require(json["summary"]?.elements?.first)
        #expect(row["name"] == .text("error") && row["n"] == .integer(3) && row["sd"]?.double ?? 0 > 0)
        let values = try made.runs.map { try runner.store.results(of: $0.identifier)[0].value }
        #expect(abs((row["mean"]?.double ?? 0) - values.reduce(0, +) / 3) < 1e-15)
        #expect(json["acceptance"]?.elements?.first?["target"] == .text("<= 0.2"))
        #expect(try runner.store.acceptance(ofStudy: made.study.identifier) == report.acceptance)
        #expect(try runner.store.studies().map(\.identifier) == [made.study.identifier])
        try runner.store.deleteStudy(made.study.identifier)
        #expect(try runner.store.runs().isEmpty && runner.store.studies().isEmpty)
    }

    @Test func `a study that could not finish says what most needs a look`() {
        #expect(StudyReport.state(of: [.finished, .failed, .running]) == .failed)
        #expect(StudyReport.state(of: [.finished, .running, .waiting]) == .running)
        #expect(StudyReport.state(of: [.finished, .finished]) == .finished)
        #expect(StudyReport.state(of: [.finished, .cancelled]) == .cancelled)
        #expect(StudyReport.state(of: []) == .waiting)
    }

    static func event(_ time: Double, _ payload: RunEvent.Payload) -> RunEvent { RunEvent(sequence: 0, time: time, payload: payload) }

    @Test func `the time left follows the newest rate and adds the later stages`() throws {
        var estimator = RunTimeEstimator(stageSeconds: [("fit", 100), ("test", 40)])
        estimator.note(Self.event(0, .stage(.init(name: "fit", index: 1, of: 2))))
        let early = try #require(estimator.estimate(at: 0).remaining)
        #expect(early.contains(140))
        for step in 1...50 { estimator.note(Self.event(Double(step), .progress(.init(done: Double(step), total: 100, unit: "steps")))) }
        let steady = estimator.estimate(at: 50)
        #expect(abs((steady.rate ?? 0) - 1) < 1e-9 && steady.remaining?.contains(90) == true && steady.stalledFor == nil)
        // Twice as slow from here on: after a minute the estimate has followed.
        for step in 51...80 { estimator.note(Self.event(50 + 2 * Double(step - 50), .progress(.init(done: Double(step), total: 100, unit: "steps")))) }
        #expect(abs((estimator.estimate(at: 110).rate ?? 0) - 0.5) < 0.1)
        #expect(estimator.estimate(at: 140).stalledFor == 30)
        estimator.note(isPaused: true, at: 112)
        #expect(estimator.estimate(at: 500).stalledFor == nil)
        estimator.note(isPaused: false, at: 512)
        #expect(estimator.estimate(at: 513).stalledFor == nil)
        estimator.note(Self.event(600, .stage(.init(name: "test", index: 2, of: 2))))
        #expect(estimator.estimate(at: 610).remaining?.contains(30) == true)
        estimator.note(Self.event(640, .finished(.init(results: []))))
        #expect(estimator.estimate(at: 700).remaining == 0...0)
    }

    @Test func `stages of earlier runs tell how long they take`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        for (seed, seconds) in [(1, 10.0), (2, 30), (3, 20)] {
            let run = try store.createRun(DartsMethod.request(seed: UInt64(seed))).identifier
            let payloads: [(Double, RunEvent.Payload)] = [(0, .stage(.init(name: "fit", index: 1, of: 2))), (seconds, .stage(.init(name: "test", index: 2, of: 2))),
                                                          (seconds + 5, .finished(.init(results: [])))]
            try store.append(payloads.enumerated().map { RunEvent(sequence: $0.offset, time: $0.element.0, payload: $0.element.1) }, to: run)
        }
        let stages = try store.stageSeconds(of: DartsMethod.request())
        #expect(stages.map(\.name) == ["fit", "test"] && stages.map(\.seconds) == [20, 5])
        #expect(try store.stageSeconds(of: RunRequest(method: "other", dataset: "d", plan: .smoke)).isEmpty)
    }
}
