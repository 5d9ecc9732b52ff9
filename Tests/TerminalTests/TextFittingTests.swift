import Terminal
import Testing

@Test func namesAreCutInTheMiddle() {
    #expect("learning_rate_schedule".middleTruncated(to: 11) == "learn…edule")
    #expect("abc".middleTruncated(to: 3) == "abc")
    #expect("abcd".middleTruncated(to: 3) == "a…d")
    #expect("abcd".middleTruncated(to: 1) == "…")
    #expect("abcd".middleTruncated(to: 0) == "")
    #expect("漢字漢字".middleTruncated(to: 5) == "漢…字")
}

@Test func textIsPaddedToItsColumns() {
    #expect("ab".padded(to: 5) == "ab   ")
    #expect("ab".padded(to: 5, .right) == "   ab")
    #expect("ab".padded(to: 5, .center) == " ab  ")
    #expect("漢字".padded(to: 5, .right) == " 漢字")
    #expect("prose that is long".truncated(to: 8) == "prose t…")
    #expect("漢字".clipped(to: 3) == "漢")
}

@Test func fittedTextNeverTakesMoreThanItsColumns() {
    for text in ["", "a", "abcdefgh", "漢字漢字", "a漢b字c", "e\u{301}👩‍👩‍👧🇩🇪x", "\u{200B}a\u{202E}b"] {
        for columns in -2...10 {
            #expect(text.clipped(to: columns).columnWidth <= max(0, columns))
            #expect(text.truncated(to: columns).columnWidth <= max(0, columns))
            #expect(text.middleTruncated(to: columns).columnWidth <= max(0, columns))
            for alignment in [TextAlignment.left, .right, .center] {
                #expect(text.padded(to: columns, alignment).columnWidth == max(0, columns))
            }
        }
    }
}
