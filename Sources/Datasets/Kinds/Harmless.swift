/// Outside text for one line of a screen: line breaks, tabs, escapes, other control characters, marks of writing direction and
/// characters that show as nothing become spaces, so that no file can move the cursor or turn a line around.
package func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: result.append(" ")
        default: result.append(scalar)
        }
    }
    return String(result)
}
