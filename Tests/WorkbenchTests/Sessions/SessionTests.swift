import Catalogue
import Charts
import Experiments
import Foundation
import Terminal
import Testing
import Workbench

@Suite struct SessionTests {
    private let size = Size(width: 100, height: 30)

    private func player(_ session: Session, methods: [any Method] = ScreenRobot.oneMethod) -> SessionPlayer {
        SessionPlayer(session, methods: methods, appearance: Appearance(hasColor: false))
    }

    @Test func `a replay ends on the screen that was seen, also through a file`() throws {
        let hand = try RecordedRobot.visit()
        let session = hand.recorder.session(title: "a visit")
        let read = try Session(text: try session.text(), file: "visit.session")
        #expect(read.bookmarks == session.bookmarks)
        #expect(read.messages.count == session.messages.count)
        for copy in [session, read] {
            var player = player(copy)
            player.seek(to: .infinity)
            #expect(player.screen(size) == hand.robot.app.draw(size: size))
        }
        #expect(try read.text() == session.text(), "a file that is read and written again is the same")
    }

    @Test func `a session sees the methods that it was recorded with, whatever was added since`() throws {
        let hand = try RecordedRobot.visit()
        var session = hand.recorder.session(title: "a visit")
        session.header.methods = ["diva", "gone since"]
        session = try Session(text: try session.text(), file: "visit.session")
        #expect(session.header.methods == ["diva", "gone since"])
        #expect(methodCatalogue.count > 1)
        #expect(player(session, methods: methodCatalogue).app.workspace.methods.map(\.description.identifier) == ["diva"])
        session.header.methods = nil
        #expect(player(session, methods: methodCatalogue).app.workspace.methods.count == methodCatalogue.count)
    }

    @Test func `every moment is the same whichever way it is reached`() throws {
        let session = try RecordedRobot.visit().recorder.session()
        var straight = player(session)
        var screens: [(Double, CellGrid)] = []
        var place = 0.0
        while place < straight.duration {
            straight.seek(to: place)
            screens.append((place, straight.screen()))
            place += 0.7
        }
        var jumping = player(session)
        for (place, screen) in screens.reversed() + screens.shuffled() {
            jumping.seek(to: place)
            #expect(jumping.screen() == screen, "at \(place) s")
        }
        var playing = player(session)
        for (place, screen) in screens {
            playing.advance(by: place - playing.position)
            #expect(playing.screen() == screen)
        }
    }

    @Test func `pauses are cut to the idle limit`() throws {
        let session = try RecordedRobot.visit().recorder.session()
        let length = (session.messages.last?.time ?? 0) - session.header.started
        #expect(length > 60)
        #expect(session.duration < length - 50)
        #expect(zip(session.playingTimes, session.playingTimes.dropFirst()).allSatisfy { $1 - $0 >= 0 && $1 - $0 <= session.header.idleLimit })
    }

    @Test func `bookmarks lead to the moment before the next message, and stepping goes on from there`() throws {
        let session = try RecordedRobot.visit().recorder.session()
        var player = player(session)
        let isFound = player.seek(toBookmark: "the highest weight")
        #expect(isFound)
        #expect(player.screen().text.contains("weight of #"))
        player.step()
        #expect(!player.screen().text.contains("weight of #"))
        let isMadeUp = player.seek(toBookmark: "nothing")
        #expect(!isMadeUp)
        #expect(throws: SessionError.self) {
            try SessionPlayer.screen(session, at: .bookmark("nothing"), size: size, methods: ScreenRobot.oneMethod)
        }
    }

    @Test func `a session can be seen at another size and without colour`() throws {
        let session = try RecordedRobot.visit().recorder.session()
        for (width, height) in [(80, 24), (120, 40), (60, 16), (20, 5), (0, 0)] {
            let grid = try SessionPlayer.screen(session, at: .bookmark("opened"), size: Size(width: width, height: height),
                                                methods: ScreenRobot.oneMethod, appearance: Appearance(hasColor: false, glyphs: .ascii))
            #expect(grid.size == Size(width: width, height: height))
        }
    }

    @Test func `a file that is cut off anywhere gives a sentence with its name and the line`() throws {
        let text = try RecordedRobot.visit().recorder.session(title: "a visit").text()
        let bytes = Array(text.utf8)
        let lineEnds = bytes.indices.filter { bytes[$0] == 10 }
        // Every line's end, every byte of the first and the last two lines, and every 101st byte of the others.
        let cuts = Set(lineEnds + lineEnds.map { $0 + 1 } + Array(0..<lineEnds[1]) + Array(lineEnds[lineEnds.count - 3]..<bytes.count)
                       + Array(stride(from: 0, to: bytes.count, by: 101)))
        for cut in cuts.sorted() where cut < bytes.count - 1 {
            do {
                _ = try Session(text: String(decoding: bytes[..<cut], as: UTF8.self), file: "visit.session")
                Issue.record("a session of \(cut) bytes of \(bytes.count) was taken")
            } catch {
                #expect(error.description.hasPrefix("visit.session, line "), "\(cut): \(error.description)")
                let line = lineEnds.count { $0 < cut } + 1
                #expect(error.description.contains("line \(max(1, line)):") || error.description.contains("line \(max(1, line - 1)):"), "\(cut): \(error.description)")
            }
        }
        #expect(throws: Never.self) { try Session(text: text, file: "visit.session") }
    }

    @Test func `damaged bytes never trap`() throws {
        var bytes = Array(try RecordedRobot.visit().recorder.session().text().utf8)
        var seed: UInt64 = 5
        for _ in 0..<400 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let place = Int((seed >> 20) % UInt64(bytes.count))
            let old = bytes[place]
            bytes[place] = UInt8(truncatingIfNeeded: seed >> 50)
            if let session = try? Session(text: String(decoding: bytes, as: UTF8.self), file: "s") {
                var player = player(session)
                player.seek(to: session.duration)
                _ = player.screen(Size(width: 80, height: 24))
            }
            bytes[place] = old
        }
    }

    @Test func `lines that mean nothing are named`() throws {
        let header = try #require(try Session(header: Session.Header()).text().split(separator: "\n").first.map(String.init))
        func sentence(_ lines: String...) -> String {
            do { _ = try Session(text: lines.joined(separator: "\n") + "\n", file: "s.session") } catch { return error.description }
            return "taken"
        }
        #expect(sentence(header, #"{"t":0,"end":0}"#) == "taken")
        #expect(sentence("") == "s.session, line 1: the file is empty, a session starts with its header")
        #expect(sentence("{}").hasPrefix("s.session, line 1: this is no session"))
        #expect(sentence("hello").hasPrefix("s.session, line 1: this is no session"))
        #expect(sentence(header.replacingOccurrences(of: #""version":1"#, with: #""version":7"#)).contains("the session has version 7, written by Lathe"))
        #expect(sentence(header.replacingOccurrences(of: #""width":80"#, with: #""width":99999999"#)).contains("99999999 x 24 cells"))
        #expect(sentence(header, #"{"t":0,"in":"hyper-q"}"#, #"{"t":0,"end":1}"#) == "s.session, line 2: “in” is not a key, paste or mouse event")
        #expect(sentence(header, #"{"t":0,"size":"-3x9"}"#, #"{"t":0,"end":1}"#) == "s.session, line 2: “size” is not columns x rows, such as 80x24")
        #expect(sentence(header, #"{"in":"q"}"#, #"{"t":0,"end":1}"#).hasPrefix("s.session, line 2: “t”"))
        #expect(sentence(header, #"{"t":1e999,"in":"q"}"#, #"{"t":0,"end":1}"#).hasPrefix("s.session, line 2: "))
        #expect(sentence(header, #"{"t":0,"aura":1}"#, #"{"t":0,"end":1}"#).contains("“aura” is no kind of message"))
        #expect(sentence(header, #"{"t":0,"in":"q"}"#, #"{"t":0,"end":2}"#) == "s.session, line 3: the end counts 2 lines, there are 1; some were lost")
        #expect(sentence(header, #"{"t":0,"end":0}"#, #"{"t":0,"in":"q"}"#).contains("1 more lines follow"))
    }

    @Test func `the recorder stays within its bounds and what it keeps still plays to the same screen`() throws {
        var hand = RecordedRobot(byteLimit: 60_000, secondLimit: 1e9)
        let opened = try SampleRun.opened()
        hand.tell(.runs([opened.row]))
        for _ in 0..<60 {
            hand.press("enter")
            hand.tell(.runOpened(opened))
            hand.press("tab", "z", "S", "q")
        }
        #expect(hand.recorder.byteCount <= 2 * 60_000)
        let session = hand.recorder.session()
        #expect(session.messages.count < 60 * 6)
        var player = player(session)
        player.seek(to: .infinity)
        #expect(player.screen(size).text == hand.robot.app.draw(size: size).text)

        var old = RecordedRobot(secondLimit: 1000)
        for _ in 0..<300 {
            old.press("j")
            old.wait(20)
        }
        let kept = old.recorder.session()
        #expect((kept.messages.last?.time ?? 0) - kept.header.started <= 2000)
    }

    @Test func `ticks that say nothing new are not kept`() {
        var hand = RecordedRobot()
        for _ in 0..<1000 { hand.wait(0.02) }
        #expect(hand.recorder.messageCount < 60)
    }

    @Test func `a cast has asciinema's form, ten frames a second at most, and the bookmarks`() throws {
        let session = try RecordedRobot.visit().recorder.session(title: "a visit")
        let lines = SessionCast.text(session, methods: ScreenRobot.oneMethod).split(separator: "\n")
        let header = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(header["version"] as? Int == 2 && header["width"] as? Int == 100 && header["height"] as? Int == 30)
        var last = -1.0, marks: [String] = [], frames = 0
        for line in lines.dropFirst() {
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
            let time = try #require(event[0] as? Double ?? (event[0] as? Int).map(Double.init))
            #expect(time >= last)
            last = time
            if event[1] as? String == "m" { marks.append(event[2] as? String ?? "") } else { frames += 1 }
        }
        #expect(marks == ["opened", "the highest weight"])
        #expect(frames > 10 && Double(frames) <= session.duration * 10 + 4)
    }

    @Test func `a script says with file and line what it does not understand`() throws {
        let script = try SessionScript(text: "title A\nsize 90x30\n\n# nothing\npress n ctrl-c   # two\ntype a b\nwait done\npause 1.5\nbookmark here\n", file: "a.script")
        #expect(script.title == "A" && script.size == Size(width: 90, height: 30))
        #expect(script.steps.map(\.line) == [5, 5, 6, 7, 8, 9])
        for (text, sentence) in [("press hyper", "there is no key “hyper”"), ("dance", "“dance” is no step"), ("pause -1", "“-1” is no number"),
                                 ("size 9", "“9” is no size"), ("wait", "wait needs")] {
            do {
                _ = try SessionScript(text: "title x\n" + text, file: "a.script")
                Issue.record("\(text) was taken")
            } catch { #expect(error.description.hasPrefix("a.script, line 2: \(sentence)"), "\(error)") }
        }
    }
}
