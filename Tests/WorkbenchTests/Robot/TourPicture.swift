import Foundation
import Terminal
import Testing

/// Compares a screen with the one that is checked in; `LATHE_UPDATE_GOLDEN=1` writes it anew, to be looked at as a diff.
enum TourPicture {
    static let isUpdating = ["LATHE_UPDATE_GOLDEN", "LATHE_UPDATE_GOLDENS"].contains { ProcessInfo.processInfo.environment[$0] == "1" }

    static func check(_ grid: CellGrid, _ name: String, withStyles: Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let text = picture(grid, withStyles: withStyles)
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/Tour/\(name).txt")
        if isUpdating {
            try FileManager.default.createDirectory(at: source.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: source)
            return
        }
        let wanted = try String(contentsOf: source, encoding: .utf8)
        guard wanted != text else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false), old = wanted.split(separator: "\n", omittingEmptySubsequences: false)
        let first = zip(lines, old).enumerated().first { $0.element.0 != $0.element.1 }
        Issue.record("\(name) differs from its golden screen at line \(first.map { $0.offset + 1 } ?? min(lines.count, old.count) + 1):\n  was \(first.map { String($0.element.1) } ?? "")\n  is  \(first.map { String($0.element.0) } ?? "")\nLATHE_UPDATE_GOLDEN=1 takes the new one",
                     sourceLocation: sourceLocation)
    }

    /// The text; with styles, below it a letter a cell and what each letter stands for.
    private static func picture(_ grid: CellGrid, withStyles: Bool) -> String {
        var text = grid.text + "\n"
        guard withStyles else { return text }
        var letters: [Style: Character] = [:], order: [Style] = []
        let alphabet = Array(".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        text += "\n"
        for y in 0..<grid.size.height {
            for x in 0..<grid.size.width {
                let style = grid[x, y].style
                if letters[style] == nil {
                    letters[style] = order.count < alphabet.count ? alphabet[order.count] : "?"
                    order.append(style)
                }
                text.append(letters[style] ?? "?")
            }
            text += "\n"
        }
        text += "\n"
        for style in order { text += "\(letters[style] ?? "?") \(style.foreground) on \(style.background) \(style.attributes.rawValue)\n" }
        return text
    }
}
