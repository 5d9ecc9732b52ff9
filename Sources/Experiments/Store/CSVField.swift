/// A cell of a table in CSV: quoted where it holds a comma, a quote or a line end (RFC 4180).
package enum CSVField {
    package static func quoted(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
