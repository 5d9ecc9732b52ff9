import Tensors

/// Generates graphs whose nodes carry text: a block graph in which both the neighbours and half of the words tell the class.
///
///     let graph = try TextBlockGraph.scaling(nodes: 50_000).generate(identifier: "text-sbm", seed: 1)
///
/// A text is a row of words, each with even chance one of the class's own (uniform) or one that all classes share (uniform, or by
/// Zipf's law: word of rank r as often as 1/r). An edge joins a random node with one of its class (`inside` of the edges) or of another
/// class. O(nodes x words + edges); the same seed gives the same bytes.
public struct TextBlockGraph: Sendable {
    public var nodes: Int
    public var classes: Int
    /// Words in each text.
    public var wordsPerText: Int
    /// How many words belong to each class.
    public var classWords: Int
    /// How many words all classes share.
    public var commonWords: Int
    /// Whether the shared words follow Zipf's law; else each is as likely as another.
    public var isZipf: Bool
    /// The mean degree wanted; repeated edges and the last half edge fall short of it.
    public var meanDegree: Double
    /// The share of edges that stay inside a class.
    public var inside: Double

    /// The smoke plan's graph: 240 nodes, 4 classes.
    public static let small = TextBlockGraph(nodes: 240, classes: 4, wordsPerText: 20, classWords: 40, commonWords: 200, isZipf: false, meanDegree: 6, inside: 0.8)

    /// The graph of the scaling check, `text-sbm(n, seed)`: 32 classes, 24 words a node.
    public static func scaling(nodes: Int) -> TextBlockGraph {
        TextBlockGraph(nodes: nodes, classes: 32, wordsPerText: 24, classWords: 200, commonWords: 20_000, isZipf: true, meanDegree: 8, inside: 0.8)
    }

    /// - Throws: `DatasetError` when there are fewer nodes than classes, fewer than two classes, or more nodes or edges than are held.
    public func generate(identifier: String, seed: UInt64) throws -> GraphDataset {
        let edgeCount = meanDegree * Double(nodes) / 2
        guard classes >= 2, nodes >= classes, nodes <= Adjacency.nodeLimit, edgeCount >= 0, edgeCount <= Double(Adjacency.edgeLimit),
              wordsPerText >= 0, classWords > 0, commonWords > 0 else {
            throw DatasetError(file: identifier, "cannot be generated with \(nodes) nodes in \(classes) classes; take two or more classes, a node or more in each, "
                + "at most \(grouped(Adjacency.nodeLimit)) nodes and \(grouped(Adjacency.edgeLimit)) edges")
        }
        let root = RandomSource(seed: seed)
        let labels = root.shuffled("labels", nodes).map { $0 % classes }
        let words = "\(identifier) \(nodes) \(seed) version 1"
        return try GraphDataset(
            identifier: identifier, checksum: SHA256.hexadecimal(of: Array(words.utf8)), adjacency: adjacency(labels, Int(edgeCount), root.stream("edges")),
            features: SparseFeatures(none: nodes), labels: labels, classNames: (1...classes).map { "block \($0)" },
            texts: texts(labels, root.stream("texts")), notes: ["generated, seed \(seed)"])
    }

    private func adjacency(_ labels: [Int], _ count: Int, _ source: RandomSource) -> Adjacency {
        var random = source
        // The nodes of each class side by side, so that one of a class, or of any other, is one draw.
        var starts = [Int](repeating: 0, count: classes + 1)
        for label in labels { starts[label + 1] += 1 }
        for label in 0..<classes { starts[label + 1] += starts[label] }
        var next = starts, members = [Int32](repeating: 0, count: nodes)
        for (node, label) in labels.enumerated() {
            members[next[label]] = Int32(truncatingIfNeeded: node)
            next[label] += 1
        }
        var from: [Int32] = [], to: [Int32] = []
        from.reserveCapacity(count)
        to.reserveCapacity(count)
        for _ in 0..<count {
            let first = random.integer(below: nodes), label = labels[first]
            let own = starts[label]..<starts[label + 1]
            let place: Int
            if random.uniform() < inside {
                place = own.lowerBound + random.integer(below: own.count)
            } else {
                let other = random.integer(below: nodes - own.count)
                place = other < own.lowerBound ? other : other + own.count
            }
            from.append(Int32(truncatingIfNeeded: first))
            to.append(members[place])
        }
        return Adjacency(count: nodes, from: from, to: to)
    }

    private func texts(_ labels: [Int], _ source: RandomSource) -> NodeTexts {
        var random = source
        let vocabulary = (0..<commonWords + classes * classWords).map { Array(Self.word($0).utf8) }
        var cumulative: [Double] = []
        if isZipf {
            var sum = 0.0
            cumulative = (1...commonWords).map {
                sum += 1 / Double($0)
                return sum
            }
        }
        var builder = NodeTexts.Builder(), text: [UInt8] = []
        builder.reserve(bytes: nodes * wordsPerText * 7, texts: nodes)
        for label in labels {
            text.removeAll(keepingCapacity: true)
            for place in 0..<wordsPerText {
                let word: Int
                if random.uniform() < 0.5 {
                    word = commonWords + label * classWords + random.integer(below: classWords)
                } else if isZipf {
                    word = Self.firstAtLeast(random.uniform() * (cumulative.last ?? 0), cumulative)
                } else {
                    word = random.integer(below: commonWords)
                }
                if place > 0 { text.append(0x20) }
                text.append(contentsOf: vocabulary[word])
            }
            builder.append(text)
        }
        return builder.finish()
    }

    private static func firstAtLeast(_ target: Double, _ sums: [Double]) -> Int {
        var low = 0, high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < target { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A word that can be spoken, of its own for each number: syllables of a consonant and a vowel.
    static func word(_ number: Int) -> String {
        let consonants = Array("bdfgklmnprstvz"), vowels = Array("aeiou")
        var rest = number, word = ""
        repeat {
            let syllable = rest % (consonants.count * vowels.count)
            word.append(consonants[syllable / vowels.count])
            word.append(vowels[syllable % vowels.count])
            rest = rest / (consonants.count * vowels.count) - 1
        } while rest >= 0
        return word
    }
}

extension RandomSource {
    /// The numbers 0 ..< count in an order of the stream's own.
    fileprivate func shuffled(_ stream: String, _ count: Int) -> [Int] {
        var random = self.stream(stream)
        return random.permutation(count)
    }
}
