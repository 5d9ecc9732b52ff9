import Foundation
import Testing

/// The pages that are made from the program say what the program says.
@Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theReadmeHasEveryKeyOfTheKeyMap() throws {
        let program = try Program()
        defer { program.remove() }
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let rows = try program.run("keys").output.split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.count > 40)
        for row in rows { #expect(readme.contains(row), "run make screens: README.md lacks \(row)") }
    }
}
