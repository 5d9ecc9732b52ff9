import Experiments
import Workbench

/// Stored runs with given results: two settings of the noise, three seeds each.
enum ComparedRuns {
    static func opened(noise: Double, seed: UInt64, offset: Double) -> OpenedRun {
        let identifier = "n\(Int(noise * 100))s\(seed)"
        let request = RunRequest(method: "diva", dataset: "digits", plan: .smoke, seed: seed, values: ["noise": .real(noise)])
        var row = RunRow(identifier: identifier, study: "study", request: request, state: .finished, created: SampleRun.start)
        let steps = (0..<20).map(Double.init)
        let wiggle = Double(seed) * 0.1
        row.results = [
            .init(name: "test error", arm: "original", unit: "%", value: 5 + offset + wiggle, better: .lower),
            .init(name: "test error", arm: "reweighted", unit: "%", value: 3 + offset + 2 * wiggle, better: .lower, baseline: "original"),
            .init(name: "AUC", arm: "reweighted", value: 0.99 - offset / 100, better: .higher),
        ]
        let values: [String: ParameterValue] = ["noise": .real(noise), "steps": .integer(3), "loss": .text("ce")]
        let payloads: [RunEvent.Payload] = [
            .started(.init(request: request, values: values, datasetChecksum: "abc", build: "test", machine: "two cores")),
            .finished(.init(results: row.results, seconds: 10 + Double(seed))),
        ]
        let events = payloads.enumerated().map { RunEvent(sequence: $0, time: SampleRun.start + Double($0), payload: $1) }
        func series(_ arm: String, _ shift: Double) -> RunSeries {
            RunSeries(name: "test error/\(arm)", unit: "%", steps: steps, values: steps.map { 3 + offset + shift + wiggle + 2 / (1 + $0) })
        }
        return OpenedRun(row: row, events: events, series: [series("original", 2), series("reweighted", 0)])
    }

    static let all: [OpenedRun] = [(0.2, 0.0), (0.4, 1.5)].flatMap { noise, offset in
        (1...3).map { opened(noise: noise, seed: UInt64($0), offset: offset) }
    }

    /// A robot at the comparison of the runs.
    static func robot(_ runs: [OpenedRun] = all, width: Int = 120, height: Int = 40, inColor: Bool = false, methods: [any Method] = ScreenRobot.oneMethod) -> ScreenRobot {
        var robot = ScreenRobot(width: width, height: height, appearance: Appearance(hasColor: inColor), methods: methods)
        robot.tell(.runs(runs.map(\.row)))
        robot.press(":")
        for character in "compare " + runs.map(\.row.identifier).joined(separator: " ") { robot.press(character == " " ? "space" : String(character)) }
        robot.press("enter")
        for run in runs { robot.tell(.runOpened(run)) }
        return robot
    }

    /// What the screen works out of the runs for the result “test error”.
    static func settings(_ runs: [OpenedRun]) -> ComparedSettings {
        ComparedSettings("test error", runs: runs.compactMap { opened in
            let model = RunModel(opened)
            guard let start = model.start, let summary = model.summary else { return nil }
            return (StudySummary.Run(identifier: opened.row.identifier, request: start.request, state: .finished, results: summary.results), start.values)
        })
    }
}
