import Experiments
import Foundation
import Terminal

/// Where words go: data on standard output, talk on standard error.
enum Talk {
    /// Columns and rows of the terminal that standard output is; nil where it is none or does not say.
    static var window: (columns: Int, rows: Int)? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Columns for prose: the terminal's, at most 100; else 100.
    static var width: Int { window.map { min(100, max(20, $0.columns)) } ?? 100 }

    /// One line on standard error.
    static func say(_ line: String) { write(line + "\n", to: .standardError) }

    /// One line on standard output.
    static func print(_ line: String) { write(line + "\n", to: .standardOutput) }

    /// JSON on standard output, one line.
    static func print(_ json: JSONValue) {
        var writer = JSONWriter()
        writer.value(json)
        print(writer.text)
    }

    static func write(_ text: String, to file: FileHandle) {
        do { try file.write(contentsOf: Data(text.utf8)) } catch {
            // The reader is gone or the disk is full: there is nobody to tell.
            exit(file === FileHandle.standardOutput ? 2 : 1)
        }
    }

    /// Lines of a table: columns as wide as their widest cell, numbers to the right where `right` says so.
    static func table(_ rows: [[String]], right: Set<Int> = []) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].columnWidth : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.columnWidth)
                return right.contains(column) ? space + cell : cell + space
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

extension JSONValue {
    /// An object with its members in the given order.
    static func record(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }

    /// A string, or null where there is none.
    static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
}
