/// What the keys of common terminals send after escape.
enum KeySequences {
    /// Numbers of a control sequence, separated by semicolons; a sub-parameter after a colon is left out. An empty one is 1,
    /// one that is too large or no number is -1.
    static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int] {
        parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { part in
            let digits = part.prefix { $0 != 0x3A }
            guard !digits.isEmpty else { return 1 }
            guard digits.count <= 9 else { return -1 }
            return digits.reduce(0) { sum, byte in
                sum < 0 || !(0x30...0x39).contains(byte) ? -1 : sum * 10 + Int(byte - 0x30)
            }
        }
    }

    /// The modifiers of an xterm parameter: 1 + shift 1 + alt 2 + control 4 (meta and the locks are left out).
    private static func modifiers(_ parameter: Int) -> KeyPress.Modifiers {
        guard parameter > 1, parameter <= 256 else { return [] }
        let bits = parameter - 1
        var modifiers: KeyPress.Modifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 2 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }

    /// The key of `CSI parameters final`, nil for what is no key.
    static func controlSequence(_ parameters: ArraySlice<UInt8>, _ final: UInt8) -> KeyPress? {
        guard parameters.allSatisfy({ (0x30..<0x3C).contains($0) }) else { return nil }
        let numbers = numbers(parameters)
        let first = numbers.first ?? 1
        let modifiers = modifiers(numbers.count > 1 ? numbers[1] : 1)
        switch final {
        case 0x41...0x44, 0x46, 0x48, 0x50...0x53:
            return letterKey(final).map { KeyPress($0, modifiers) }
        case 0x5A: // Z
            return KeyPress(.tab, modifiers.union(.shift))
        case 0x61...0x64: // a … d: rxvt's arrows with shift
            return letterKey(final - 0x20).map { KeyPress($0, .shift) }
        case 0x7E: // ~
            if first == 27, numbers.count == 3 { return key(scalar: numbers[2], modifiers) }
            return numberedKey(first).map { KeyPress($0, modifiers) }
        case 0x5E: // ^ : rxvt with control
            return numberedKey(first).map { KeyPress($0, .control) }
        case 0x40: // @ : rxvt with control and shift
            return numberedKey(first).map { KeyPress($0, [.control, .shift]) }
        case 0x75: // u
            return key(scalar: first, modifiers)
        default:
            return nil
        }
    }

    /// The key of `SS3 byte`, nil for what is no key.
    static func singleShift(_ byte: UInt8) -> KeyPress? {
        if let key = letterKey(byte) { return KeyPress(key) }
        switch byte {
        case 0x4D: return KeyPress(.enter)
        case 0x58: return KeyPress("=")
        case 0x61...0x64: return letterKey(byte - 0x20).map { KeyPress($0, .control) }
        case 0x6A...0x79: return KeyPress(Character(Unicode.Scalar(byte - 0x40))) // the number pad: * + , - . / 0 … 9
        default: return nil
        }
    }

    private static func letterKey(_ byte: UInt8) -> KeyPress.Key? {
        switch byte {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(byte) - 0x4F)
        default: nil
        }
    }

    private static func numberedKey(_ number: Int) -> KeyPress.Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// A key that is sent as the number of its character (kitty, `modifyOtherKeys`).
    private static func key(scalar number: Int, _ modifiers: KeyPress.Modifiers) -> KeyPress? {
        switch number {
        case 9: return KeyPress(.tab, modifiers)
        case 13: return KeyPress(.enter, modifiers)
        case 27: return KeyPress(.escape, modifiers)
        case 8, 127: return KeyPress(.backspace, modifiers)
        default:
            // The private area holds kitty's numbers of keys that have no character.
            guard let value = UInt32(exactly: number), let scalar = Unicode.Scalar(value), !scalar.isControl,
                  !(0xE000..<0xF900).contains(value) else { return nil }
            return KeyPress(.character(Character(scalar)), modifiers)
        }
    }
}
