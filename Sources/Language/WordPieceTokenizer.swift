/// Texts to numbers of word pieces, as BERT's uncased models take them: `[CLS] s [SEP]` and `[CLS] s [SEP] t [SEP]`.
///
///     let tokens = tokenizer.encoded("A man is playing a guitar.", limit: 32)     // 101 1037 … 102
///
/// Text that spells a special piece, such as `[CLS]`, is taken as text.
package struct WordPieceTokenizer: Sendable {
    package let vocabulary: Vocabulary
    /// A longer word is unknown.
    package static let longestWord = 100

    package init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// The pieces of a text, without special ones.
    package func pieces(_ text: String) -> [Int32] {
        var result: [Int32] = []
        BasicTokenisation.forEachWord(in: text) { word, characters in
            if characters > Self.longestWord { result.append(vocabulary.unknown) } else { vocabulary.append(piecesOf: word, to: &result) }
        }
        return result
    }

    /// `[CLS] pieces [SEP]`, at most `limit` tokens: the first pieces are kept.
    package func encoded(_ text: String, limit: Int) -> [Int32] { single(pieces(text), limit: limit) }

    /// The same of pieces.
    package func single(_ pieces: [Int32], limit: Int) -> [Int32] { [vocabulary.start] + pieces.prefix(max(0, limit - 2)) + [vocabulary.end] }

    /// `[CLS] first [SEP] second [SEP]`, at most `limit` tokens, the longer part cut first, and how many of the tokens belong to the first part with its `[SEP]`.
    package func pair(_ first: [Int32], _ second: [Int32], limit: Int) -> (tokens: [Int32], firstLength: Int) {
        let (m, n) = Self.truncated(first.count, second.count, limit: max(0, limit - 3))
        return ([vocabulary.start] + first.prefix(m) + [vocabulary.end] + second.prefix(n) + [vocabulary.end], m + 2)
    }

    /// How many pieces two texts of `first` and `second` pieces keep where both together may have `limit`: the longer gives way until they are equal, and
    /// of an odd number the second has one more.
    package static func truncated(_ first: Int, _ second: Int, limit: Int) -> (Int, Int) {
        guard first + second > limit else { return (first, second) }
        let isSwapped = second < first, short = min(first, second)
        var (a, b) = (short, short > limit ? short : max(short, limit - short))
        if a > limit || a + b > limit { (a, b) = (limit / 2, limit - limit / 2) }
        // Equal lengths count as not swapped; halves are dealt by length, not by place.
        return isSwapped ? (b, a) : (a, b)
    }
}
