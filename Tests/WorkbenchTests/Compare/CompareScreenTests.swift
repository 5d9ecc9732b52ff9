import Catalogue
import Charts
import Experiments
import Foundation
import Terminal
import Testing
import Workbench

@Suite struct CompareScreenTests {
    @Test func `golden: two groups of three seeds, at both sizes, with and without colour`() {
        for (width, height) in [(80, 24), (120, 40)] {
            let plain = ComparedRuns.robot(width: width, height: height)
            GoldenScreen.check(plain.app.draw(size: plain.size), "compare-\(width)x\(height)")
            let colored = ComparedRuns.robot(width: width, height: height, inColor: true)
            GoldenScreen.check(colored.app.draw(size: colored.size), "compare-\(width)x\(height)-colour", inColor: true)
        }
    }

    @Test func `differences are paired over seeds and say which side is better`() {
        var robot = ComparedRuns.robot()
        #expect(robot.effects.contains(.openRun("n20s1")) && robot.effects.contains(.openRun("n40s3")))
        robot.press("2", "z")
        #expect(robot.shows("test error / reweighted"))
        // 3.4 ±0.2 against 4.9 ±0.2; every pair differs by 1.5 exactly.
        #expect(robot.shows("3.4 ±0.2") && robot.shows("4.9 ±0.2"))
        #expect(robot.shows("↑1.5"))
        #expect(robot.shows("worse"))
        #expect(robot.shows("paired over 3 seeds; 95 % interval 1.5 … 1.5"))
    }

    @Test func `b picks the baseline and the differences turn around`() {
        var robot = ComparedRuns.robot()
        robot.press("b")
        #expect(robot.shows("What are the others measured against?"))
        robot.press("j", "enter", "2", "z")
        #expect(robot.shows("noise 0.4 (3 seeds) = baseline"))
        #expect(robot.shows("↓1.5") && robot.shows("better"))
    }

    @Test func `one group is compared by its arms, which pair up within each run`() {
        var robot = ComparedRuns.robot(Array(ComparedRuns.all.prefix(3)))
        #expect(robot.shows("original (3 seeds) = baseline"))
        robot.press("2", "z")
        // 3.4 − 5.2 over the seeds: −1.9, −1.8, −1.7.
        #expect(robot.shows("↓1.8"))
        #expect(robot.shows("better"))
        robot.press("z", "a")
        #expect(robot.shows("all runs differ only in their seed"))
    }

    @Test func `only parameters that differ are shown until f unfolds them`() {
        var robot = ComparedRuns.robot()
        robot.press("3", "z")
        #expect(robot.shows("noise"))
        #expect(!robot.shows("loss"))
        #expect(robot.shows("1 of"))
        robot.press("f")
        #expect(robot.shows("loss") && robot.shows("machine"))
    }

    @Test func `metric and x-axis are chosen from what the runs have`() {
        var robot = ComparedRuns.robot()
        robot.press("m")
        #expect(robot.shows("test error/original") && robot.shows("test error/reweighted"))
        robot.press("j", "enter")
        #expect(robot.shows("1 test error/reweighted"))
        robot.press("X", "j", "enter")
        #expect(robot.shows("test error/original"), "the x axis is named")
        robot.press("i")
        #expect(robot.shows("seed 1") && robot.shows("seed 3"))
    }

    @Test func `export writes Markdown, CSV and JSON that say the same`() throws {
        var robot = ComparedRuns.robot()
        for steps in 0...5 {
            robot.press("e")
            for _ in 0..<steps { robot.press("j") }
            robot.press("enter")
        }
        let files = robot.effects.compactMap { effect -> (String, String)? in
            if case .writeFile(let path, let text) = effect { (path, text) } else { nil }
        }
        #expect(files.map { $0.0.split(separator: ".").last ?? "" } == ["md", "tex", "csv", "json", "txt", "svg"])
        #expect(files[0].1.contains("| test error / reweighted | % | 3.4 ±0.2 | 4.9 ±0.2 | 1.5 |"))
        let latex = files[1].1
        #expect(latex.contains("\\begin{tabular}{llrr}") && latex.contains("test error / reweighted & \\% & 3.4 $\\pm$0.2 & 4.9 $\\pm$0.2 \\\\"))
        // Better only where the interval says so: the second group is worse in every result but AUC's, which is worse too.
        #expect(!latex.contains("\\textbf"))
        #expect(files[4].1.contains("step") && files[4].1.contains("noise 0.4"))
        #expect(files[5].1.hasPrefix("<svg ") && files[5].1.hasSuffix("</svg>\n") && files[5].1.contains("textLength"))
        let lines = files[2].1.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("test error,reweighted,%,lower,noise 0.4,3,4.9") })
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [17])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(files[3].1.utf8)) as? [String: Any])
        #expect((json["results"] as? [[String: Any]])?.count == 4)
        #expect(json["baseline"] as? String == "noise 0.2")
        let differences = (json["results"] as? [[String: Any]])?.compactMap { $0["differences"] as? [[String: Any]] }.flatMap { $0 } ?? []
        #expect(differences.contains { $0["correctedProbability"] != nil } == lines.dropFirst().contains { !($0.split(separator: ",", omittingEmptySubsequences: false).last ?? "").isEmpty })
    }

    @Test func `a mean over seeds is pointwise, also where steps differ, and its band holds every run`() {
        let aligned = ComparedCurve.mean([SeriesData(values: [1.0, 2, 3]), SeriesData(values: [3.0, 4, .nan])])
        var means: [Double] = []
        aligned.mean.forEach { means.append($0.value) }
        #expect(means == [2, 3, 3])
        #expect(aligned.band.upper.valueRange == 3...4)
        let mixed = ComparedCurve.mean([SeriesData(steps: [0.0, 2, 4], values: [0.0, 2, 4]), SeriesData(steps: [1.0, 2, 3, 9], values: [3.0, 4, 5, 11])])
        var points: [Double: Double] = [:]
        mixed.mean.forEach { points[$0.step] = $0.value }
        #expect(points == [1: 2, 2: 3, 3: 4, 4: 5])
        #expect(ComparedCurve.mean([]).mean.isEmpty)
        let long = ComparedCurve.mean([SeriesData(values: (0..<50_000).map { Double($0 % 7) }), SeriesData(values: (0..<50_000).map { Double($0 % 7) })])
        #expect(long.mean.count <= ComparedCurve.pointLimit)
        #expect(long.band.upper.valueRange?.upperBound == 6)
    }

    @Test func `a compared run that still goes on grows its curve, and its results count when it is finished`() throws {
        let events = try SampleRun.events()
        var live = try SampleRun.opened("a1b2c3", events: Array(events.prefix(4)))
        live.row.state = .running
        var robot = ComparedRuns.robot([live, ComparedRuns.all[3]])
        #expect(robot.shows("1 not finished"))
        for event in events.dropFirst(4).dropLast() { robot.tell(.runEvents(run: "a1b2c3", [event])) }
        robot.press("m")
        #expect(robot.shows("loss/loo") && robot.shows("loss/test"))
        robot.press("esc", "2", "z")
        #expect(!robot.shows("2.9"))
        robot.tell(.runEvents(run: "a1b2c3", [events[events.count - 1]]))
        #expect(robot.shows("2.9"))
        #expect(!robot.shows("not finished"))
    }

    @Test func `no size and no key traps, with runs missing, running and without results`() throws {
        let keys = ["r", "/", "z", "tab", "j", "k", "h", "l", "o", "x", "y", "S", "s", "+", "-", "0", ",", ".", "g", "G", "pgdn", "a", "i", "f", "b", "m", "X", "enter", "esc", "e", "enter"]
        var seed: UInt64 = 11
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        var half = try SampleRun.opened("a1b2c3", events: Array(SampleRun.events().prefix(6)))
        half.row.state = .running
        for runs in [ComparedRuns.all, [half], [half, ComparedRuns.all[0]]] {
            var robot = ComparedRuns.robot(runs)
            for _ in 0..<800 {
                robot.press(keys[random(keys.count)])
                if robot.app.stack.count == 1 { robot = ComparedRuns.robot(runs) }
                if random(6) == 0 { robot.resize(random(170), random(60)) }
                #expect(robot.app.draw(size: robot.size).size == robot.size)
            }
        }
    }

    /// Two noises, two numbers of steps, two seeds; noise moves the error by 1 and steps move it by 0.5.
    private static let crossed = [0.2, 0.4].flatMap { noise in [2, 8].flatMap { steps in (1...2).map { seed in
        var run = ComparedRuns.opened(noise: noise, seed: UInt64(seed), offset: noise * 5 + Double(steps) / 12)
        run.row.identifier = "n\(Int(noise * 100))t\(steps)s\(seed)"
        let request = RunRequest(method: "diva", dataset: "digits", plan: .smoke, seed: UInt64(seed), condition: "noise \(noise), steps \(steps)", values: ["noise": .real(noise), "steps": .integer(steps)])
        run.row.request = request
        run.events[0].payload = .started(.init(request: request, values: ["noise": .real(noise), "steps": .integer(steps), "loss": .text("ce")], datasetChecksum: "abc", build: "test", machine: "two cores"))
        return run
    } } }

    @Test func `r groups by one setting, and the groups pair up over seeds and everything else`() {
        var robot = ComparedRuns.robot(Self.crossed, width: 160)
        #expect(robot.shows("(2 seeds)"), "everything but the seed at first: four groups")
        robot.press("r")
        #expect(robot.shows("What makes runs one group?") && robot.shows("everything but the seed"))
        // everything, condition, noise, steps
        robot.press("j", "j", "enter", "2", "z")
        #expect(robot.shows("noise 0.2 (4 runs) = baseline"))
        #expect(robot.shows("noise 0.4") && robot.shows("paired over 4"))
        #expect(robot.shows("↑1 "), "the steps do not blur the difference")
        // A pinned baseline stays while the filter comes and goes.
        robot.press("z", "b", "j", "enter")
        #expect(robot.shows("noise 0.4 (4 runs) = baseline"))
        robot.press("1", "/")
        for character in "cfg.steps=8" { robot.press(String(character)) }
        robot.press("enter")
        #expect(robot.shows("noise 0.4 (2 runs) = baseline") && robot.shows("runs / cfg.steps=8"))
        robot.press("esc")
        #expect(robot.shows("noise 0.4 (4 runs) = baseline"))
    }

    @Test func `the filter leaves runs or results, and says when nothing is left`() {
        var robot = ComparedRuns.robot(Self.crossed, width: 160)
        robot.press("/")
        for character in "cfg.noise>0.3" { robot.press(String(character)) }
        #expect(robot.shows("runs / cfg.noise>0.3"))
        robot.press("enter", "3", "z")
        #expect(robot.shows("steps") && !robot.shows("0.2"), "only the settings that still differ")
        robot.press("z", "esc", "2", "/")
        for character in "auc" { robot.press(String(character)) }
        robot.press("enter", "z")
        #expect(robot.shows("AUC / reweighted") && !robot.shows("test error / original"))
        robot.press("z", "esc", "1", "/")
        for character in "nowhere" { robot.press(String(character)) }
        robot.press("enter")
        #expect(robot.shows("no run is left by runs / nowhere"))
        robot.press("esc")
        #expect(robot.shows("(2 seeds)"))
    }

    @Test func `c draws a table's rows in the plane, with arrows from the baseline's means over seeds to the other side's`() {
        func opened(_ width: Int64, seed: UInt64, up: Double) -> OpenedRun {
            let identifier = "w\(width)s\(seed)", request = RunRequest(method: "rim", dataset: "small-shop", plan: .smoke, seed: seed, values: ["width": .integer(Int(width))])
            let row = RunRow(identifier: identifier, study: "study", request: request, state: .finished, created: SampleRun.start)
            let wiggle = Double(seed) * 0.2
            func cells(_ model: String, _ x: Double, _ y: Double) -> [RunEvent.Table.Cell] { [.text(model), .number(x + wiggle), .number(y + wiggle), .text("HP")] }
            let table = RunEvent.Table(name: "both directions", columns: [.init("model"), .init("ItemRec precision", unit: "%"), .init("UserRec precision", unit: "%"), .init("group")],
                                       rows: [cells("GRU", 4, 4 + up), cells("ALS", 3, 3 - up / 2), [.text("broken"), .number(.nan), .number(1), .text("HP")]])
            let payloads: [RunEvent.Payload] = [.started(.init(request: request, values: request.values, datasetChecksum: "abc", build: "test", machine: "two cores")), .table(table), .finished(.init(results: [], seconds: 1))]
            return OpenedRun(row: row, events: payloads.enumerated().map { RunEvent(sequence: $0, time: SampleRun.start + Double($0), payload: $1) }, series: [])
        }
        let runs = [opened(16, seed: 1, up: 0), opened(16, seed: 2, up: 0), opened(64, seed: 1, up: 4), opened(64, seed: 2, up: 4)]
        var robot = ComparedRuns.robot(runs, methods: methodCatalogue)
        robot.press("c")
        #expect(robot.shows("What is drawn of") && robot.shows("Both directions"))
        robot.press("j", "enter")
        #expect(robot.shows("Both directions") && robot.shows("arrows from the baseline"))
        #expect(robot.shows("↑") && robot.shows("↓"), "one row went up, one down")
        #expect(robot.shows("1 up, 1 down; most GRU × HP +4"))
        // Zooming stays within the plane, and the curves come back.
        robot.press("+", "-", "0", "c", "enter")
        #expect(!robot.shows("1 up, 1 down"))
    }

    @Test func `the result under the cursor is drawn against a setting, by what matters, on parallel axes and as a pivot of any two settings`() {
        // Noise moves the error, the number of steps does not.
        let runs = [0.2, 0.4].flatMap { noise in [2, 8].flatMap { steps in (1...2).map { seed in
            var run = ComparedRuns.opened(noise: noise, seed: UInt64(seed), offset: noise * 10)
            run.row.identifier = "n\(Int(noise * 100))t\(steps)s\(seed)"
            let request = RunRequest(method: "diva", dataset: "digits", plan: .smoke, seed: UInt64(seed), values: ["noise": .real(noise), "steps": .integer(steps)])
            run.row.request = request
            run.events[0].payload = .started(.init(request: request, values: ["noise": .real(noise), "steps": .integer(steps), "loss": .text("ce")], datasetChecksum: "abc", build: "test", machine: "two cores"))
            return run
        } } }
        func robot(_ answer: Int) -> ScreenRobot {
            var robot = ComparedRuns.robot(runs, width: 160)
            robot.press("c")
            #expect(robot.shows("What is drawn of “test error”?"))
            for _ in 0..<answer { robot.press("j") }
            robot.press("enter")
            return robot
        }
        #expect(robot(1).shows("test error against noise") && robot(2).shows("test error against steps"))
        let important = robot(3)
        #expect(important.shows("What moves test error") && important.shows("η² over 16 values"))
        // Arms differ by 2 − 0.1 x seed, noise by 2: between groups of noise lies about half, between steps nothing.
        let settings = ComparedRuns.settings(runs)
        let shares = Dictionary(uniqueKeysWithValues: settings.importance().map { ($0.dimension, $0.share) })
        #expect(settings.dimensions == ["arm", "noise", "steps"] && (shares["steps"] ?? 1) < 1e-9 && abs((shares["noise"] ?? 0) + (shares["arm"] ?? 0) - 1) < 0.02, "\(shares)")
        let cells = settings.pivot(rows: "steps", columns: "noise")
        #expect(cells.rows == ["2", "8"] && cells.columns == ["0.2", "0.4"] && cells.cells.allSatisfy { $0?.count == 4 })
        var pivot = robot(4)
        #expect(pivot.shows("Which setting makes the rows?"))
        pivot.press("j", "j", "enter")
        #expect(pivot.shows("Which setting makes the columns?"))
        pivot.press("j", "enter")
        #expect(pivot.shows("test error by steps and noise") && pivot.shows("(4)"))
        let parallel = robot(5)
        #expect(parallel.shows("Settings and test error") && parallel.shows("reweighted"))
        // p values of one table are corrected together.
        var table = ComparedRuns.robot(width: 160)
        table.press("2", "z")
        #expect(table.shows("p Holm"))
    }
}
