import Terminal
import Testing
import Workbench

@Suite("The data sets")
struct DataTests {
    @Test("a missing set shows the command that brings it, and y copies it")
    func missing() {
        var robot = Robot()
        robot.press("D", "end")
        #expect(robot.shows("sudo apt install dataset-fashion-mnist"))
        robot.press("y")
        #expect(robot.effects.contains(.copy("sudo apt install dataset-fashion-mnist", what: "the command that brings fashion-mnist")))
        robot.press("n")
        #expect(robot.shows("it is not on this machine"))
    }

    @Test("each kind is shown in its own way")
    func kinds() {
        var robot = Robot(Size(width: 120, height: 44))
        robot.press("D")
        #expect(robot.shows("classes") && robot.shows("examples"))
        robot.press("down")
        #expect(robot.shows("nodes by degree"))
        robot.press("down")
        #expect(robot.shows("first rows") && robot.shows("Mill Lane") && robot.shows("3 missing"))
        robot.press("down")
        #expect(robot.shows("series"))
    }

    @Test("a set that cannot be opened says why")
    func damaged() {
        var robot = Robot()
        robot.press("D")
        robot.tell(.datasetPreviewFailed(dataset: "digits", sentence: "digits.csv, line 3: 63 columns where 64 are needed"))
        #expect(robot.shows("line 3: 63 columns"))
    }

    @Test("n offers the methods that can work on it")
    func train() {
        var robot = Robot(methods: [SampleMethod(), SampleMethod(identifier: "other", refusesKinds: [.images])])
        robot.press("D", "n")
        #expect(robot.shows("not on digits"))
        robot.press("down", "enter")
        #expect(robot.shows("it takes no images"))
        robot.press("up", "enter")
        #expect(robot.shows("Settings"))
    }

    @Test("a data set is asked for once")
    func once() {
        var robot = Robot()
        robot.press("D", "down", "up", "down", "up")
        #expect(robot.effects.count { $0 == .preview(dataset: "digits") } == 1)
    }
}
