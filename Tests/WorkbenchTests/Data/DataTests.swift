import Datasets
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

    @Test("texts of nodes are shown wrapped, each with what its node is, and no escape of a file reaches the screen")
    func texts() {
        var preview = DatasetPreview()
        preview.nodeCount = 2
        preview.edges = [[0, 1]]
        preview.columns = ["node", "name", "class", "degree", "text"].map { .init(name: $0) }
        let long = Array(repeating: "wrapped words", count: 40).joined(separator: " ")
        preview.rows = [["0", "4ti2", "math", "2", "tool \u{1B}[2Jsuite"], ["1", "abacas", "science", "1", long + " END"]]
        var robot = Robot(Size(width: 120, height: 44))
        robot.press("D")
        robot.tell(.datasetPreview(dataset: "digits", preview))
        #expect(robot.shows("sample texts") && robot.shows("node 0 · name 4ti2 · class math · degree 2") && robot.shows("wrapped words"))
        #expect(!robot.shows("first rows") && !robot.shows("END") && !robot.shows("\u{1B}"))
    }

    @Test("a data set is asked for once")
    func once() {
        var robot = Robot()
        robot.press("D", "down", "up", "down", "up")
        #expect(robot.effects.count { $0 == .preview(dataset: "digits") } == 1)
    }
}
