import Tensors

/// Generated sentence pairs whose likeness is known: two sentences of one topic share so many of their things, said in the same or in other words.
///
/// Each topic has things, each thing two words that mean it. A sentence names `things` of them between little words; its partner keeps some of them, in
/// another order, each time with either of its words, and has others instead. The score is 5 x the share that was kept.
struct GradedPairs: Sendable {
    var topics = 6, thingsPerTopic = 24, things = 5
    var training: Int, development: Int, test: Int
    var seed: UInt64 = 1

    private static let littleWords = ["the", "a", "of", "and", "in", "near", "with", "some"]

    func dataset(identifier: String) throws -> any Dataset {
        let root = RandomSource(seed: seed).stream("graded pairs")
        var letters = root.stream("words"), known: Set<String> = []
        func word() -> String {
            while true {
                let syllables = (0..<2 + letters.integer(below: 2)).map { _ in "\(Array("bdfgklmnprst")[letters.integer(below: 12)])\(Array("aeiou")[letters.integer(below: 5)])" }
                if known.insert(syllables.joined()).inserted { return syllables.joined() }
            }
        }
        let words = (0..<topics).map { _ in (0..<thingsPerTopic).map { _ in [word(), word()] } }
        var pairs: [PairDataset.Pair] = []
        for (part, count) in [(PairDataset.Part.training, training), (.development, development), (.test, test)] {
            var random = root.stream(part.rawValue)
            for _ in 0..<count {
                let topic = random.integer(below: topics), order = random.permutation(thingsPerTopic), kept = random.integer(below: things + 1)
                let first = Array(order.prefix(things)), second = first.prefix(kept) + order[things..<2 * things - kept]
                func sentence(_ things: [Int]) -> String {
                    things.shuffled(using: &random).map { thing in
                        "\(Self.littleWords[random.integer(below: Self.littleWords.count)]) \(words[topic][thing][random.integer(below: 2)])"
                    }.joined(separator: " ") + "."
                }
                pairs.append(.init(sentence(first), sentence(Array(second)), score: 5 * Double(kept) / Double(things), part: part))
            }
        }
        let text = pairs.map { "\($0.score ?? 0)\t\($0.first)\t\($0.second)\n" }.joined()
        return try PairDataset(identifier: identifier, checksum: SHA256.hexadecimal(of: Array(text.utf8)), pairs: pairs, tests: ["graded"],
                               notes: ["generated: the score is five times the share of things that both sentences name"])
    }
}
