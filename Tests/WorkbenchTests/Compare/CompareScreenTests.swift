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

    @Test func `v shows one result as a matrix of arms and sides with its spread, and fills in as runs end`() {
        var robot = ComparedRuns.robot()
        robot.press("v")
        #expect(robot.shows("Which result is shown"))
        // The first that has several arms.
        robot.press("enter", "z")
        #expect(robot.shows("2 test error") && robot.shows("reweighted") && robot.shows("original"))
        #expect(robot.shows("3.4 ±0.2 (3)") && robot.shows("4.9 ±0.2 (3)") && !robot.shows("AUC"))
        robot.press("v")
        #expect(robot.shows("test error / reweighted"))
        // One side is no matrix.
        var alone = ComparedRuns.robot(Array(ComparedRuns.all.prefix(3)))
        alone.press("v")
        #expect(!alone.shows("Which result is shown"))
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
        for steps in 0...2 {
            robot.press("e")
            for _ in 0..<steps { robot.press("j") }
            robot.press("enter")
        }
        let files = robot.effects.compactMap { effect -> (String, String)? in
            if case .writeFile(let path, let text) = effect { (path, text) } else { nil }
        }
        #expect(files.map { $0.0.split(separator: ".").last ?? "" } == ["md", "csv", "json"])
        #expect(files[0].1.contains("| test error / reweighted | % | 3.4 ±0.2 | 4.9 ±0.2 | 1.5 |"))
        let lines = files[1].1.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("test error,reweighted,%,lower,noise 0.4,3,4.9") })
        #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [15])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(files[2].1.utf8)) as? [String: Any])
        #expect((json["results"] as? [[String: Any]])?.count == 4)
        #expect(json["baseline"] as? String == "noise 0.2")
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
        let keys = ["z", "tab", "j", "k", "h", "l", "o", "x", "y", "S", "s", "+", "-", "0", ",", ".", "g", "G", "pgdn", "a", "i", "f", "b", "m", "X", "enter", "esc", "e", "enter"]
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
}
