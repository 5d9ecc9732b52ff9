/// Turns the bytes that a terminal sends into events. Total: any bytes, cut anywhere, give events or nothing.
///
/// Understands UTF-8, the key sequences of xterm, VT220, the Linux console, rxvt and kitty (`CSI u`), mouse reports in SGR and
/// X10 form, bracketed paste and focus reports. Unknown sequences are swallowed whole, so that no rest of one types text.
///
/// The escape key and the start of a sequence are the same byte: when nothing more comes within `timeout`, call `flush()`.
public struct InputDecoder: Sendable {
    private enum State: Sendable {
        case ground
        /// Between the paste brackets.
        case paste
        /// In a string sequence (OSC, DCS, APC, PM, SOS) that began with escape and this byte; `count` bytes are swallowed.
        case string(introducer: UInt8, count: Int)
    }

    private var state = State.ground
    /// Bytes that are not decoded yet, the first ones of a sequence or of the pasted text.
    private var pending: [UInt8] = []
    /// How much of the pasted text has been searched for the closing bracket.
    private var searched = 0
    private var heldButton = MouseEvent.Button.left
    private let eraseByte: UInt8?
    private let sequences: [[UInt8]: KeyPress]

    /// Longest control sequence that is waited for.
    private static let longestSequence = 64
    /// Pasted text beyond this comes in pieces.
    private static let longestPaste = 1 << 20
    private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

    /// - Parameters:
    ///   - eraseByte: what the backspace key sends besides 0x7F, often 0x08; nil leaves that to `ctrl-h`.
    ///   - keys: sequences of this terminal that differ from the usual ones; each begins with escape.
    public init(eraseByte: UInt8? = nil, keys: [(sequence: [UInt8], key: KeyPress)] = []) {
        self.eraseByte = eraseByte
        sequences = Dictionary(keys.map { ($0.sequence, $0.key) }) { first, _ in first }
    }

    /// How long to wait for more bytes before `flush()`; nil where nothing is pending.
    public var timeout: Duration? {
        switch state {
        case .ground: pending.isEmpty ? nil : .milliseconds(25)
        case .string: .milliseconds(25)
        case .paste: .seconds(2)
        }
    }

    /// The events that the bytes complete.
    public mutating func decode(_ bytes: [UInt8]) -> [InputEvent] {
        pending += bytes
        var events: [InputEvent] = []
        var position = 0
        while position < pending.count {
            let before = position
            switch state {
            case .ground: position = decodeOne(at: position, &events)
            case .paste: position = collectPaste(from: position, &events)
            case .string(let introducer, let count): position = skipString(from: position, introducer, count)
            }
            // Nothing was consumed: a sequence is incomplete.
            if position == before, !isStateChanged { break }
            isStateChanged = false
        }
        pending.removeFirst(min(position, pending.count))
        searched = max(0, searched - position)
        return events
    }

    /// The events in what is pending when no more bytes come: an escape alone, alt with a bracket, a paste without end.
    public mutating func flush() -> [InputEvent] {
        let rest = pending
        let old = state
        pending = []
        searched = 0
        state = .ground
        switch old {
        case .paste:
            return rest.isEmpty ? [] : [.paste(Self.pastedText(rest[...]))]
        case .string(let introducer, let count):
            return count == 0 && rest.isEmpty ? [.key(KeyPress(.character(Self.character(introducer)), .alt))] : []
        case .ground:
            guard rest.first == 0x1B else { return [] }
            if rest.count == 1 { return [.key(KeyPress(.escape))] }
            if rest == [0x1B, 0x1B] { return [.key(KeyPress(.escape)), .key(KeyPress(.escape))] }
            if rest.count == 2 { return [.key(KeyPress(.character(Self.character(rest[1])), .alt))] }
            return []
        }
    }

    private var isStateChanged = false

    private mutating func enter(_ newState: State) {
        state = newState
        isStateChanged = true
    }

    private static func character(_ byte: UInt8) -> Character { Character(Unicode.Scalar(byte)) }

    // MARK: Ground

    /// Decodes one event at the position and answers the position after it; the same where more bytes are needed.
    private mutating func decodeOne(at position: Int, _ events: inout [InputEvent]) -> Int {
        if pending[position] == 0x1B { return decodeEscape(at: position, &events) }
        guard let (key, next) = plainKey(at: position) else { return position }
        if let key { events.append(.key(key)) }
        return next
    }

    /// A key without escape: its press (nil where the bytes are none) and the position after; nil where incomplete.
    private func plainKey(at position: Int) -> (KeyPress?, Int)? {
        let byte = pending[position]
        if byte == eraseByte { return (KeyPress(.backspace), position + 1) }
        switch byte {
        case 0x00: return (KeyPress(.character(" "), .control), position + 1)
        case 0x09: return (KeyPress(.tab), position + 1)
        case 0x0D: return (KeyPress(.enter), position + 1)
        case 0x1B: return (KeyPress(.escape), position + 1)
        case 0x01...0x1A: return (KeyPress(.character(Self.character(byte + 0x60)), .control), position + 1)
        case 0x1C...0x1F: return (KeyPress(.character(Self.character(byte + 0x40)), .control), position + 1)
        case 0x7F: return (KeyPress(.backspace), position + 1)
        case 0x20..<0x7F: return (KeyPress(.character(Self.character(byte))), position + 1)
        default: return multibyteKey(at: position)
        }
    }

    private func multibyteKey(at position: Int) -> (KeyPress?, Int)? {
        let lead = pending[position]
        let (count, least): (Int, UInt32) = switch lead {
        case 0xC2...0xDF: (2, 0x80)
        case 0xE0...0xEF: (3, 0x800)
        case 0xF0...0xF4: (4, 0x1_0000)
        default: (1, 0)
        }
        guard count > 1 else { return (nil, position + 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(count))
        for offset in 1..<count {
            guard position + offset < pending.count else { return nil }
            let byte = pending[position + offset]
            guard byte & 0xC0 == 0x80 else { return (nil, position + offset) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let scalar = value >= least ? Unicode.Scalar(value) : nil
        return (scalar.flatMap { $0.isControl ? nil : KeyPress(.character(Character($0))) }, position + count)
    }

    // MARK: Escape

    private mutating func decodeEscape(at position: Int, _ events: inout [InputEvent]) -> Int {
        guard position + 1 < pending.count else { return position }
        switch pending[position + 1] {
        case 0x5B: // [
            return decodeControlSequence(at: position, prefix: 2, [], &events)
        case 0x4F: // O
            return decodeSingleShift(at: position, &events)
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F: // ] P X ^ _
            enter(.string(introducer: pending[position + 1], count: 0))
            return position + 2
        case 0x1B:
            // Escape twice and a sequence is that key with alt, as rxvt has it; else the first was the key.
            guard position + 2 < pending.count else { return position }
            if pending[position + 2] == 0x5B {
                return decodeControlSequence(at: position, prefix: 3, .alt, &events)
            }
            events.append(.key(KeyPress(.escape)))
            return position + 1
        default:
            guard let (key, next) = plainKey(at: position + 1) else { return position }
            if let key { events.append(.key(KeyPress(key.key, key.modifiers.union(.alt)))) }
            return next
        }
    }

    private func decodeSingleShift(at position: Int, _ events: inout [InputEvent]) -> Int {
        guard position + 2 < pending.count else { return position }
        let byte = pending[position + 2]
        // Not the final byte of a sequence: this was alt-O.
        guard (0x40..<0x7F).contains(byte) else {
            events.append(.key(KeyPress(.character("O"), .alt)))
            return position + 2
        }
        let key = sequences[Array(pending[position..<(position + 3)])] ?? KeySequences.singleShift(byte)
        if let key { events.append(.key(key)) }
        return position + 3
    }

    /// A sequence `CSI parameters final`; `prefix` bytes lead to its parameters.
    private mutating func decodeControlSequence(at position: Int, prefix: Int, _ modifiers: KeyPress.Modifiers,
                                                _ events: inout [InputEvent]) -> Int {
        let start = position + prefix
        var end = start
        while end < pending.count, (0x20..<0x40).contains(pending[end]) {
            end += 1
            // Absurdly long: nothing that a terminal sends.
            if end - start > Self.longestSequence { return end }
        }
        guard end < pending.count else { return position }
        let final = pending[end]
        guard (0x40..<0x7F).contains(final) else { return end }
        let parameters = pending[start..<end]
        var next = end + 1

        switch final {
        case 0x4D where parameters.isEmpty: // X10 mouse: three bytes follow
            guard next + 2 < pending.count else { return position }
            let report = pending[next..<(next + 3)].map { Int($0) - 32 }
            appendMouse(code: report[0], x: report[1] - 1, y: report[2] - 1, isRelease: report[0] & 99 == 3, &events)
            return next + 3
        case 0x4D where parameters.first == 0x3C, 0x6D where parameters.first == 0x3C: // SGR mouse
            let numbers = KeySequences.numbers(parameters.dropFirst())
            if numbers.count == 3 {
                appendMouse(code: numbers[0], x: numbers[1] - 1, y: numbers[2] - 1, isRelease: final == 0x6D, &events)
            }
            return next
        case 0x5B where parameters.isEmpty: // function keys of the Linux console: one more byte
            guard next < pending.count else { return position }
            if (0x41...0x45).contains(pending[next]) { events.append(.key(KeyPress(.function(Int(pending[next]) - 0x40)))) }
            next += 1
            return next
        case 0x49 where parameters.isEmpty:
            events.append(.focus(true))
            return next
        case 0x4F where parameters.isEmpty:
            events.append(.focus(false))
            return next
        case 0x7E where parameters.elementsEqual("200".utf8):
            enter(.paste)
            searched = 0
            return next
        default:
            let known = sequences[Array(pending[(position + prefix - 2)..<next])]
            if let key = known ?? KeySequences.controlSequence(parameters, final) {
                events.append(.key(KeyPress(key.key, key.modifiers.union(modifiers))))
            }
            return next
        }
    }

    private mutating func appendMouse(code: Int, x: Int, y: Int, isRelease: Bool, _ events: inout [InputEvent]) {
        guard (0..<128).contains(code) else { return }
        var modifiers: KeyPress.Modifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        let low = code & 3
        let action: MouseEvent.Action
        if code & 64 != 0 {
            action = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][low]
        } else if isRelease {
            action = .release(low == 3 ? heldButton : [.left, .middle, .right][low])
        } else if low == 3 {
            return // moved without a button
        } else {
            let button: MouseEvent.Button = [.left, .middle, .right][low]
            if code & 32 == 0 { heldButton = button }
            action = code & 32 == 0 ? .press(button) : .drag(button)
        }
        events.append(.mouse(MouseEvent(action, x: x, y: y, modifiers: modifiers)))
    }

    // MARK: Paste and strings

    private mutating func collectPaste(from position: Int, _ events: inout [InputEvent]) -> Int {
        // The bracket may have begun in what was searched already.
        var index = max(position, searched - Self.pasteEnd.count + 1)
        while index < pending.count {
            if pending[index] == 0x1B, pending[index...].starts(with: Self.pasteEnd) {
                if index > position { events.append(.paste(Self.pastedText(pending[position..<index]))) }
                enter(.ground)
                searched = 0
                return index + Self.pasteEnd.count
            }
            index += 1
        }
        searched = pending.count
        guard pending.count - position > Self.longestPaste else { return position }
        // The tail may be the beginning of the bracket or of a scalar.
        let cut = pending.count - 16
        events.append(.paste(Self.pastedText(pending[position..<cut])))
        return cut
    }

    /// Decoded with U+FFFD for bytes that are not UTF-8; line ends become `\n`.
    private static func pastedText(_ bytes: ArraySlice<UInt8>) -> String {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count)
        var wasReturn = false
        for byte in bytes {
            if byte == 0x0D {
                lines.append(0x0A)
            } else if byte != 0x0A || !wasReturn {
                lines.append(byte)
            }
            wasReturn = byte == 0x0D
        }
        return String(decoding: lines, as: UTF8.self)
    }

    /// Swallows a string sequence up to BEL or ST; another escape breaks it off, and so does absurd length.
    private mutating func skipString(from position: Int, _ introducer: UInt8, _ swallowed: Int) -> Int {
        var index = position
        while index < pending.count {
            let byte = pending[index]
            if byte == 0x07 || byte == 0x18 || byte == 0x1A {
                enter(.ground)
                return index + 1
            }
            if byte == 0x1B {
                guard index + 1 < pending.count else { break }
                enter(.ground)
                return pending[index + 1] == 0x5C ? index + 2 : index
            }
            index += 1
            if swallowed + index - position > 4096 {
                enter(.ground)
                return index
            }
        }
        state = .string(introducer: introducer, count: swallowed + index - position)
        return index
    }
}
