import Catalogue
import Charts
import Foundation
import Terminal
import Testing
import Workbench

/// The sessions in `sessions/`: each was made by really running the workbench, and is an end-to-end test.
@Suite struct ShippedSessions {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("sessions")
    static let screens = GoldenScreen.folder.deletingLastPathComponent().appendingPathComponent("sessions")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".session") }.map { String($0.dropLast(8)) }.sorted()

    private func session(_ name: String) throws -> Session { try Session(contentsOf: Self.folder.appendingPathComponent(name + ".session")) }

    @Test func `at least three ship, each with its script`() {
        #expect(Self.names.count >= 3)
        for name in Self.names { #expect(FileManager.default.fileExists(atPath: Self.folder.appendingPathComponent(name + ".script").path), "\(name)") }
    }

    @Test(arguments: names) func `every bookmark shows the screen that is checked in`(_ name: String) throws {
        let session = try session(name)
        #expect(!session.bookmarks.isEmpty)
        for bookmark in session.bookmarks {
            for (width, height) in [(80, 24), (120, 40)] {
                for hasColor in [false, true] {
                    let grid = try SessionPlayer.screen(session, at: .bookmark(bookmark.name), size: Size(width: width, height: height),
                                                        methods: methodCatalogue, appearance: Appearance(hasColor: hasColor))
                    let file = "\(name)/\(bookmark.name.split(separator: " ").joined(separator: "-"))-\(width)x\(height)\(hasColor ? "-colour" : "")"
                    GoldenScreen.check(grid, file, inColor: hasColor, in: Self.screens)
                }
            }
        }
    }

    @Test(arguments: names) func `a session that ships is small and tells nothing of the machine that made it`(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(name + ".session"), encoding: .utf8)
        #expect(text.utf8.count < 500_000)
        for word in ["/tmp/", "/work/", "/root/", ProcessInfo.processInfo.hostName] where word.count > 3 { #expect(!text.contains(word), "\(word)") }
    }

    @Test(arguments: names) func `any place is reached quickly, forwards and backwards, and is always the same`(_ name: String) throws {
        let session = try session(name)
        var player = SessionPlayer(session, methods: methodCatalogue)
        player.seek(to: session.duration)
        let end = player.screen()
        var slowest = Duration.zero
        let clock = ContinuousClock()
        for step in 0..<40 {
            let place = session.duration * Double((step * 17) % 40) / 40
            slowest = max(slowest, clock.measure { player.seek(to: place) })
        }
        player.seek(to: session.duration)
        #expect(player.screen() == end)
        #expect(slowest < .milliseconds(500), "the slowest jump took \(slowest)")
    }

    @Test func `the cast of a session plays in a terminal: it draws the last screen`() throws {
        guard let name = Self.names.first else { return }
        let session = try session(name)
        let cast = SessionCast.text(session, methods: methodCatalogue, depth: .colors256)
        #expect(cast.utf8.count > 2_000)
        #expect(cast.hasPrefix("{\"version\":2,\"width\":\(session.header.width),\"height\":\(session.header.height)"))
        #expect(session.bookmarks.allSatisfy { mark in cast.contains("\"m\",\"\(mark.name)\"]") })
    }
}
