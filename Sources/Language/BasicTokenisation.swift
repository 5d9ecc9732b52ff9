import Foundation

/// BERT's uncased normalisation (Devlin et al. 2019, `BasicTokenizer`): control characters go, white space becomes a blank, ideographs stand alone,
/// accents are taken off (NFD without Mn), letters are made small, words are cut at white space and at every punctuation character.
///
/// The text stays decomposed, so a Hangul syllable is its letters; there is no NFKC, so a ligature stays one.
package enum BasicTokenisation {
    /// Calls `body` with each word, normalised, and how many characters it has.
    package static func forEachWord(in text: String, _ body: (_ word: ArraySlice<UInt8>, _ characters: Int) -> Void) {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { plain(text.utf8, body) } else { unicode(text, body) }
    }

    // MARK: - ASCII

    private static func plain(_ bytes: String.UTF8View, _ body: (ArraySlice<UInt8>, Int) -> Void) {
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { body(word[...], word.count) }
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: end()
            case 0x00...0x1F, 0x7F: continue
            case 0x41...0x5A: word.append(byte | 0x20)
            case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
                end()
                body([byte], 1)
            default: word.append(byte)
            }
        }
        end()
    }

    // MARK: - Unicode

    private static func unicode(_ text: String, _ body: (ArraySlice<UInt8>, Int) -> Void) {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isDropped(scalar) { continue }
            if scalar.properties.isWhitespace { cleaned.append(" "); continue }
            guard isIdeograph(scalar) else { cleaned.append(scalar); continue }
            cleaned.append(" ")
            cleaned.append(scalar)
            cleaned.append(" ")
        }
        var word: [UInt8] = [], characters = 0
        func end() {
            if !word.isEmpty { body(word[...], characters) }
            word.removeAll(keepingCapacity: true)
            characters = 0
        }
        for scalar in String(cleaned).decomposedStringWithCanonicalMapping.unicodeScalars where scalar.properties.generalCategory != .nonspacingMark {
            for small in scalar.properties.lowercaseMapping.unicodeScalars {
                if small == " " {
                    end()
                } else if isPunctuation(small) {
                    end()
                    body(Array(String(small).utf8)[...], 1)
                } else {
                    word.append(contentsOf: String(small).utf8)
                    characters += 1
                }
            }
        }
        end()
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: return false
        case 0, 0xFFFD: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse: return true
        default: return false
        }
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        case 0..<128: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation: return true
        default: return false
        }
    }
}
