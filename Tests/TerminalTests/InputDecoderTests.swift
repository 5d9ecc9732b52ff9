import Terminal
import Testing

private func decode(_ text: String, flush: Bool = true) -> [String] {
    var decoder = InputDecoder()
    var events = decoder.decode(Array(text.utf8))
    if flush { events += decoder.flush() }
    return events.map(\.description)
}

private let cases: [(String, [String])] = [
    ("j", ["j"]), ("G", ["G"]), (" ", ["space"]), ("\r", ["enter"]), ("\t", ["tab"]), ("\u{7F}", ["backspace"]), ("\0", ["ctrl-space"]),
    ("\u{3}", ["ctrl-c"]), ("\u{8}", ["ctrl-h"]), ("\n", ["ctrl-j"]), ("\u{1C}\u{1F}", ["ctrl-\\", "ctrl-_"]),
    ("é漢😀", ["é", "漢", "😀"]),
    ("\u{1B}", ["esc"]), ("\u{1B}\u{1B}", ["esc", "esc"]), ("\u{1B}x", ["alt-x"]), ("\u{1B}é", ["alt-é"]), ("\u{1B}\r", ["alt-enter"]),
    ("\u{1B}\u{7F}", ["alt-backspace"]), ("\u{1B}[", ["alt-["]), ("\u{1B}O", ["alt-O"]), ("\u{1B}]", ["alt-]"]), ("\u{1B}P", ["alt-P"]),
    ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", ["up", "down", "right", "left"]), ("\u{1B}OA\u{1B}OH\u{1B}OF", ["up", "home", "end"]),
    ("\u{1B}[1;5C\u{1B}[1;2A\u{1B}[1;3D", ["ctrl-right", "shift-up", "alt-left"]), ("\u{1B}\u{1B}[A", ["alt-up"]),
    ("\u{1B}[5~\u{1B}[6~\u{1B}[3~\u{1B}[2~\u{1B}[1~\u{1B}[4~", ["page-up", "page-down", "delete", "insert", "home", "end"]),
    ("\u{1B}[5;5~", ["ctrl-page-up"]), ("\u{1B}OP\u{1B}[15~\u{1B}[24~\u{1B}[[A\u{1B}[1;2P", ["f1", "f5", "f12", "f1", "shift-f1"]),
    ("\u{1B}[Z", ["shift-tab"]), ("\u{1B}[97;5u\u{1B}[13;2u\u{1B}[27u", ["ctrl-a", "shift-enter", "esc"]),
    ("\u{1B}[27;5;9~", ["ctrl-tab"]), ("\u{1B}Op\u{1B}OM\u{1B}Oj", ["0", "enter", "*"]), ("\u{1B}[a\u{1B}[5^", ["shift-up", "ctrl-page-up"]),
    ("\u{1B}[I\u{1B}[O", ["focus:in", "focus:out"]),
    ("\u{1B}[<0;13;4M\u{1B}[<32;14;4M\u{1B}[<0;14;4m", ["mouse:press-left@12,3", "mouse:drag-left@13,3", "mouse:release-left@13,3"]),
    ("\u{1B}[<64;1;1M\u{1B}[<65;1;1M\u{1B}[<18;2;2M", ["mouse:wheel-up@0,0", "mouse:wheel-down@0,0", "mouse:ctrl-press-right@1,1"]),
    ("\u{1B}[M !!\u{1B}[M#!!", ["mouse:press-left@0,0", "mouse:release-left@0,0"]),
    ("\u{1B}[M!$%\u{1B}[M#$%\u{1B}[M`$%", ["mouse:press-middle@3,4", "mouse:release-middle@3,4", "mouse:wheel-up@3,4"]),
    ("\u{1B}[200~a\r\nb\u{1B}[31m\u{3}\u{1B}[201~x", ["paste:a\nb\u{1B}[31m\u{3}", "x"]), ("\u{1B}[200~\u{1B}[201~", []),
    ("\u{1B}[201~x", ["x"]), ("\u{1B}[?1;2cx", ["x"]), ("\u{1B}[99999999999999999999~x", ["x"]), ("\u{1B}[<1;2Mx", ["x"]),
    ("\u{1B}]11;rgb:0000/0000/0000\u{7}x", ["x"]), ("\u{1B}P1$r0m\u{1B}\\x", ["x"]), ("\u{1B}]2;un\u{1B}[Ax", ["up", "x"]),
]

@Test(arguments: cases) func bytesBecomeEvents(text: String, events: [String]) {
    #expect(decode(text) == events)
}

@Test func eventsDoNotDependOnHowBytesArrive() {
    for (text, events) in cases {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var decoder = InputDecoder()
            let all = decoder.decode(Array(bytes[..<cut])) + decoder.decode(Array(bytes[cut...])) + decoder.flush()
            #expect(all.map(\.description) == events, "\(text.debugDescription) cut at \(cut)")
        }
        var decoder = InputDecoder()
        let single = bytes.flatMap { decoder.decode([$0]) } + decoder.flush()
        #expect(single.map(\.description) == events, "\(text.debugDescription) byte by byte")
    }
}

@Test func everyTruncationLeavesTheDecoderUsable() {
    for (text, _) in cases {
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            var decoder = InputDecoder()
            _ = decoder.decode(Array(bytes[..<count]))
            _ = decoder.flush()
            #expect(decoder.timeout == nil)
            #expect(decoder.decode([0x71]) == [.key("q")], "\(text.debugDescription) cut to \(count)")
        }
    }
}

@Test func randomBytesNeverStopTheDecoder() {
    var generator = SystemRandomNumberGenerator()
    let likely = Array("\u{1B}\u{1B}\u{1B}[[O<;;0129~MmuABIP]_\u{7}\\".utf8) + [0x9B, 0xC3, 0xA9, 0xF0, 0xFF, 0x80]
    for round in 0..<3_000 {
        var decoder = InputDecoder(eraseByte: 8, keys: [(Array("\u{1B}[31~".utf8), "f1")])
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            bytes.append(round.isMultiple(of: 2) ? UInt8.random(in: 0...255, using: &generator) : likely.randomElement(using: &generator) ?? 0)
        }
        var events: [InputEvent] = []
        for byte in bytes { events += decoder.decode([byte]) }
        events += decoder.flush()
        #expect(decoder.timeout == nil)
        for event in events { #expect(InputEvent(event.description) == event, "\(bytes)") }
    }
}

@Test func everyByteAfterEscapeIsSafe() {
    for first in UInt8.min...UInt8.max {
        for second in UInt8.min...UInt8.max {
            var decoder = InputDecoder()
            _ = decoder.decode([0x1B, first, second])
            _ = decoder.decode([0x1B, 0x5B, first, second])
            _ = decoder.decode([0x1B, 0x4F, first, second])
            _ = decoder.flush()
            #expect(decoder.decode([0x71]) == [.key("q")])
        }
    }
}

@Test func aLongPasteComesInPiecesAndNothingIsLost() {
    var decoder = InputDecoder()
    let text = String(repeating: "0123456789", count: 250_000)
    var pasted = ""
    for event in decoder.decode(Array("\u{1B}[200~".utf8)) + stride(from: 0, to: text.utf8.count, by: 9_973).flatMap({ start in
        decoder.decode(Array(Array(text.utf8)[start..<min(start + 9_973, text.utf8.count)]))
    }) + decoder.decode(Array("\u{1B}[201~q".utf8)) {
        if case .paste(let piece) = event { pasted += piece } else { #expect(event == .key("q")) }
    }
    #expect(pasted == text)
}

@Test func aPasteWithoutEndIsGivenUp() {
    var decoder = InputDecoder()
    #expect(decoder.decode(Array("\u{1B}[200~abc".utf8)).isEmpty)
    #expect(decoder.timeout == .seconds(2))
    #expect(decoder.flush() == [.paste("abc")])
    #expect(decoder.decode([0x71]) == [.key("q")])
}

@Test func theTerminalsOwnKeysComeFirst() {
    var decoder = InputDecoder(eraseByte: 8, keys: [(Array("\u{1B}[31~".utf8), "f1"), (Array("\u{1B}Ox".utf8), "home")])
    #expect(decoder.decode(Array("\u{8}\u{1B}[31~\u{1B}Ox".utf8)).map(\.description) == ["backspace", "f1", "home"])
}
