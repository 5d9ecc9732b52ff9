import Foundation
import Terminal
import Testing

@Test(arguments: [
    "j", "G", "ctrl-c", "alt-x", "alt-X", "ctrl-alt-a", "enter", "esc", "space", "ctrl-space", "tab", "shift-tab", "up", "shift-up",
    "ctrl-alt-shift-page-down", "f1", "f12", "-", "ctrl--", "é", "漢", ":", "backspace", "delete", "insert", "home", "end",
    "paste:", "paste:two\nlines", "paste:ctrl-c", "mouse:press-left@0,0", "mouse:ctrl-alt-shift-drag-right@12,9999",
    "mouse:release-middle@3,4", "mouse:wheel-up@1,2", "resize:80x24", "resize:0x0", "focus:in", "focus:out", "suspended", "resumed",
    // A mark after the prefix is one grapheme with it.
    "alt-\u{32E}", "ctrl-alt-\u{734}", "\u{301}", "paste:\u{301}", "paste:\u{200D}",
])
func eventsReadAndWriteTheSameText(text: String) throws {
    let event = try #require(InputEvent(text))
    #expect(event.description == text)
    let data = try JSONEncoder().encode([event])
    #expect(try JSONDecoder().decode([InputEvent].self, from: data) == [event])
    #expect(try JSONDecoder().decode([String].self, from: data) == [text])
}

@Test(arguments: [
    "", "foo", "ctrl-", "ctrl-foo", "f0", "f36", "f01", "resize:", "resize:80", "resize:-1x5", "resize:99999x1", "resize:axb",
    "resize:9999999999999999999999x1", "mouse:press-left", "mouse:press-left@1", "mouse:press-left@-1,0", "mouse:fly@1,1",
    "mouse:press-left@10000,0", "\u{1B}", "\n", "focus:", "Suspended ",
])
func textThatIsNoEventIsRefused(text: String) {
    #expect(InputEvent(text) == nil)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([InputEvent].self, from: JSONEncoder().encode([text])) }
}

@Test func formsThatTerminalsCannotTellApartAreOneKey() {
    #expect(KeyPress(.character("g"), .shift) == "G")
    #expect(KeyPress(.character("C"), .control) == "ctrl-c")
    // `KeyPress("…")` is a literal, which must be a key; names from outside come through `init?(_: String)`.
    for (text, key) in [("Ctrl-C", "ctrl-c"), ("pgup", KeyPress(.pageUp)), ("ESCAPE", "esc"), ("PageUp", nil)] as [(String, KeyPress?)] {
        #expect(KeyPress(text) == key)
    }
    #expect(KeyPress("x").insertedText == "x" && KeyPress("space").insertedText == " ")
    #expect(KeyPress("ctrl-x").insertedText == nil && KeyPress("enter").insertedText == nil)
}
