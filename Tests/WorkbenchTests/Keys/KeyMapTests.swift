import Foundation
import Terminal
import Testing
import Workbench

@Suite("One key map")
struct KeyMapTests {
    @Test("docs/keys.md is what the key map says; lathe keys writes it anew")
    func reference() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/keys.md")
        if TourPicture.isUpdating { try Data(KeyReference.markdown().utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == KeyReference.markdown(), "docs/keys.md is stale: LATHE_UPDATE_GOLDEN=1 writes it")
    }

    @Test("no key means two things at one place")
    func unique() {
        var seen: [String: String] = [:]
        for binding in KeyMap.standard.bindings {
            #expect(!binding.verb.isEmpty && binding.hint.hasSuffix("."), "\(binding.action.rawValue)")
            for key in binding.keys {
                let place = "\(binding.place.title) \(key)"
                #expect(seen[place] == nil || seen[place] == binding.action.rawValue, "\(place): \(binding.action.rawValue) and \(seen[place] ?? "")")
                seen[place] = binding.action.rawValue
            }
        }
    }

    @Test("the footer ends with ? and is cut from the right", arguments: [60, 70, 80, 100, 140])
    func footer(_ width: Int) {
        let robot = Robot(Size(width: width, height: 24))
        #expect(robot.footer.hasSuffix("? keys") && robot.footer.hasPrefix(" n new"))
        #expect(robot.footer.count <= width)
    }

    @Test("the footer can be clicked")
    func click() {
        var robot = Robot(isEmpty: true)
        let column = robot.footer.distance(from: robot.footer.startIndex, to: robot.footer.range(of: "D data")!.lowerBound)
        robot.tell(.input(.mouse(MouseEvent(.press(.left), x: column + 3, y: 39))))
        #expect(robot.header.contains("data"))
    }

    @Test("the help lists the keys of the place, filters them and does the chosen one")
    func help() {
        var robot = Robot()
        robot.press("?")
        robot.type("data sets")
        #expect(robot.shows("Shows the data sets."))
        robot.press("enter")
        #expect(robot.header.contains("lathe ▸ data"))
    }

    @Test("the help says why an action cannot be done now")
    func disabled() {
        var robot = Robot()
        robot.press("?")
        robot.type("pause")
        #expect(robot.shows("not now: it is not running"))
    }
}
