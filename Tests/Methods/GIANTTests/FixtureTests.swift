import Datasets
import GIANT
import Tensors
import Testing

/// The numbers of section 9 of the sheet.
@Suite struct FixtureTests {
    static let texts = NodeTexts(["gcc compiler for c", "python compiler", "python module for numpy arrays", "c library c headers", "numpy arrays arrays"])

    @Test func `TF-IDF of five short texts in the official form`() throws {
        let vectoriser = try TFIDF(fitting: Self.texts, options: TFIDF.Options.official[0])
        let rows = try vectoriser.rows(of: Self.texts)
        func row(_ i: Int) -> [String: Double] { Dictionary(uniqueKeysWithValues: rows.row(i).map { (vectoriser.term(Int($0.column)), Double($0.value)) }) }
        for (column, frequency) in zip(0..., vectoriser.documentFrequencies) {
            #expect(abs(Double(vectoriser.inverseDocumentFrequencies[column]) - (frequency == 2 ? 0.510826 : 0.916291)) < 1e-6)
        }
        let expected: [(Int, [String: Double])] = [
            (0, ["c": 0.401043, "compiler": 0.401043, "for": 0.401043, "gcc": 0.719370]),
            (2, ["module": 0.667677, "python": 0.372225, "for": 0.372225, "numpy": 0.372225, "arrays": 0.372225]),
            (3, ["c": 0.619132, "headers": 0.555282, "library": 0.555282]), (4, ["arrays": 0.894427, "numpy": 0.447214]),
        ]
        for (number, terms) in expected {
            let found = row(number)
            #expect(Set(found.keys) == Set(terms.keys))
            for (term, value) in terms { #expect(abs((found[term] ?? 0) - value) < 1e-6, "\(number) \(term)") }
        }
        // Rising document frequency, then byte order of the tokens.
        #expect((0..<vectoriser.width).map { vectoriser.term($0) } == ["gcc", "headers", "library", "module", "arrays", "c", "compiler", "for", "numpy", "python"])
    }

    @Test func `character n-grams stay inside a padded word, and the most frequent features stay`() throws {
        let texts = NodeTexts(["ab ab", "abc é"])
        let characters = try TFIDF(fitting: texts, options: .init(tokens: .characters, lengths: 3...3, maximumShare: 1, maximumFeatures: 100))
        #expect((0..<characters.width).map { characters.term($0) } == [" é ", "ab ", "abc", "bc ", " ab"])
        let few = try TFIDF(fitting: texts, options: .init(tokens: .characters, lengths: 3...3, maximumShare: 1, maximumFeatures: 2))
        #expect((0..<few.width).map { few.term($0) } == ["bc ", " ab"])
    }

    @Test func `PIFA of a path`() throws {
        let graph = Adjacency(count: 4, from: [0, 1, 2], to: [1, 2, 3]), half = Float(0.5).squareRoot()
        let features = SparseFeatures(dense: [1, 0, 0, 0, 1, 0, 0, 0, 1, half, half, 0], width: 3)
        func dense(_ rows: SparseFeatures) -> [[Double]] {
            (0..<rows.count).map { i in
                var row = [0.0, 0, 0]
                for entry in rows.row(i) { row[Int(entry.column)] = Double(entry.value) }
                return row
            }
        }
        let all = [Bool](repeating: true, count: 4)
        let official = try dense(LabelEmbeddings.aggregated(features, over: graph, isTraining: all))
        let plain = try dense(LabelEmbeddings.aggregated(features, over: graph, isTraining: all, normalisesRows: false))
        func agree(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 } }
        for (row, expected) in [[0, 1, 0], [0.816497, 0, 0.577350], [0.447214, 0.894427, 0], [0, 0, 1]].enumerated() { #expect(agree(official[row], expected), "\(official[row])") }
        #expect(agree(plain[1], [0.707107, 0, 0.707107]))
        #expect(agree(plain[2], [0.382683, 0.923880, 0]))
    }

    @Test func `of a label embedding the largest entries stay, of equal ones the lower columns`() throws {
        let graph = Adjacency(count: 2, from: [0], to: [1]), features = SparseFeatures(dense: [2, 1, -3, 1, 1, 0, 0, 0, 0, 1], width: 5)
        for (largest, columns) in [(1, [2]), (2, [0, 2]), (3, [0, 1, 2]), (4, [0, 1, 2, 3]), (5, [0, 1, 2, 3, 4])] as [(Int, [Int32])] {
            #expect(try LabelEmbeddings.aggregated(features, over: graph, isTraining: [true, true], largest: largest).row(1).map(\.column) == columns)
        }
    }

    @Test func `an isolated node leaves the other label embeddings alone`() throws {
        let from: [Int32] = [0, 1, 2], to: [Int32] = [1, 2, 3]
        let four = SparseFeatures(dense: (0..<20).map { Float($0 % 7) }, width: 5), five = SparseFeatures(dense: (0..<25).map { Float($0 % 7) }, width: 5)
        let small = try LabelEmbeddings.aggregated(four, over: Adjacency(count: 4, from: from, to: to), isTraining: .init(repeating: true, count: 4))
        let large = try LabelEmbeddings.aggregated(five, over: Adjacency(count: 5, from: from, to: to), isTraining: .init(repeating: true, count: 5))
        for row in 0..<4 { #expect(small.row(row).map(\.value) == large.row(row).map(\.value)) }
        #expect(large.row(4).isEmpty)
    }

    @Test(arguments: [(169_343, 100, 11), (2_449_029, 100, 15), (111_059_956, 100, 21), (2745, 16, 8), (63_436, 16, 12), (10, 16, 0)])
    func `depth of a tree`(labels: Int, leaf: Int, depth: Int) throws { #expect(try TreeShape.depth(labels: labels, maximumLeaf: leaf) == depth) }

    @Test func `levels of a chain`() throws {
        #expect(try TreeShape.levels(leaves: 2048, splits: 4, minimumCodes: 32) == [32, 128, 512, 2048])
        #expect(try TreeShape.levels(leaves: 4096, splits: 8, minimumCodes: 8) == [8, 64, 512, 4096])
        #expect(try TreeShape.levels(leaves: 256, splits: 8, minimumCodes: 8) == [4, 32, 256])
        // No level of a single cluster.
        #expect(try TreeShape.levels(leaves: 512, splits: 8, minimumCodes: 4) == [8, 64, 512])
        for bad in [{ try TreeShape.depth(labels: 10, maximumLeaf: 1) }, { try TreeShape.levels(leaves: 8, splits: 1, minimumCodes: 2).count }, { try TreeShape.levels(leaves: 8, splits: 2, minimumCodes: 0).count }] {
            #expect(throws: GIANTError.self) { try bad() }
        }
        #expect(throws: GIANTError.self) { try TreeShape.depth(labels: 0, maximumLeaf: 2) }
    }

    @Test(arguments: [BisectingClusters.Sampling.all, .upperLevels])
    func `every label is in one leaf, and siblings differ by at most one`(sampling: BisectingClusters.Sampling) throws {
        var random = RandomSource(seed: 3)
        let rows = SparseFeatures(dense: (0..<1003 * 12).map { _ in Float(random.normal()) }, width: 12).unitRows()
        var clusters = BisectingClusters(random: RandomSource(seed: 1))
        clusters.sampling = sampling
        let codes = try clusters.leafCodes(rows, depth: 6)
        var sizes = [Int](repeating: 0, count: 64)
        for code in codes { sizes[Int(code)] += 1 }
        #expect(sizes.reduce(0, +) == 1003)
        for leaf in stride(from: 0, to: 64, by: 2) { #expect(abs(sizes[leaf] - sizes[leaf + 1]) <= 1) }
        #expect(try clusters.leafCodes(rows, depth: 6) == codes)
    }

    @Test func `two groups that lie apart are two leaves`() throws {
        func codes(_ first: Int, _ second: Int) throws -> [Int32] {
            var values: [Float] = []
            for i in 0..<first { values += [1, 0.01 * Float(i)] }
            for i in 0..<second { values += [0.01 * Float(i), 1] }
            return try BisectingClusters(random: RandomSource(seed: 2)).leafCodes(SparseFeatures(dense: values, width: 2).unitRows(), depth: 1)
        }
        let even = try codes(4, 4)
        #expect(Set(even[0..<4]).count == 1 && Set(even[4..<8]).count == 1 && even[0] != even[4])
        #expect(try codes(5, 3).count { $0 == 0 } == 4)
    }

    @Test func `the median is selected as by sorting`() {
        var random = RandomSource(seed: 5)
        for count in 1..<40 {
            let values = (0..<count).map { _ in Float(random.integer(below: 9)) }
            for rank in 0..<count {
                var copy = values
                #expect(BisectingClusters.element(rank, of: &copy, count: count) == values.sorted()[rank])
            }
        }
    }

    @Test func `squared hinge of four clusters, value and gradient`() throws {
        let tape = Tape<Double>()
        tape.begin()
        let z = tape.watch(Tensor<Double>(shape: [4], [2, 0.5, -0.5, -2]))
        var pairs = ActivePairs()
        pairs.examples = [0, 0, 0, 0]
        pairs.signs = [1, 1, -1, -1]
        pairs.counts = [1, 1, 1, 1]
        pairs.batch = 1
        let loss = try LevelLoss.squaredHinge(z, pairs)
        #expect(abs(loss.scalar - 0.125) < 1e-12)
        try tape.backward(from: loss)
        #expect(zip(tape.gradient(of: z).scalars, [0, -0.25, 0.25, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
        tape.end()
    }

    @Test func `beam search with l3-hinge`() throws {
        let chain = try ClusterChain(codes: [0, 1, 2, 3], leaves: 4, splits: 2, minimumCodes: 2), scores: [Float] = [0.9, 0.1, 1.2, -1]
        func search(_ width: Int) -> [BeamSearch.Kept] {
            let beam = BeamSearch(width: width, postProcessor: .hinge)
            return beam.next(beam.top([0.8, -0.2]), below: 0, of: chain, keeping: 4) { scores[Int($0)] }
        }
        let beam = BeamSearch(width: 2, postProcessor: .hinge)
        #expect(zip(beam.top([0.8, -0.2]), [Float(0.992032), 0.177639]).allSatisfy { abs($0.value - $1) < 1e-6 })
        let found = search(2)
        #expect(found.map(\.cluster) == [0, 1, 2, 3])
        for (kept, expected) in zip(found, [0.991040, 0.478547, 0.177639, 0.0000596]) { #expect(abs(Double(kept.value) - expected) < 1e-6) }
        #expect(search(100) == found)
    }

    @Test func `a support vector machine of two points`() {
        var weights: [Float] = [0, 0]
        LinearSupportVectors(cost: 1, hasBias: false, sweeps: 1000, tolerance: 1e-9).solve(SparseFeatures(dense: [1, -1], width: 1), [0, 1], signs: [1, -1], into: &weights, random: RandomSource(seed: 1))
        #expect(abs(weights[0] - 0.8) < 1e-5)
    }

    @Test func `precision and recall leave out rows without positives`() {
        #expect(ClusterRecall.recall([[1, 2], [3, 4]], [[1, 9], []], at: 2) == 0.5)
        #expect(ClusterRecall.precision([[1, 2], [3, 4]], [[1, 9], []], at: 2) == 0.5)
        #expect(ClusterRecall.recall([[1]], [[]], at: 1) == nil)
    }
}

/// XR-Linear on a graph whose links can be read off the words.
@Suite struct RankerTests {
    @Test func `linear machines down a tree find neighbours that the words name, and leave out what is excluded`() throws {
        // Node i has word i / 8 and is linked to the other seven nodes of its word.
        var values = [Float](repeating: 0, count: 64 * 8), from: [Int32] = [], to: [Int32] = []
        for node in 0..<64 {
            values[node * 8 + node / 8] = 1
            for other in node + 1..<max(node + 1, (node / 8 + 1) * 8) { (from, to) = (from + [Int32(node)], to + [Int32(other)]) }
        }
        let graph = Adjacency(count: 64, from: from, to: to), rows = (0..<64).map { Int32($0) }
        let x = FeatureRows(SparseFeatures(dense: values, width: 8)), vectors = NodeVectors((0..<64).flatMap { [Float($0 / 32), 1] }, width: 2)
        let features = LinearRanker.features(x, vectors)
        #expect(features.width == 10 && abs(Double(features.row(40).last?.value ?? 0) - 0.5.squareRoot()) < 1e-6)
        var options = LinearRanker.Options()
        (options.maximumLeaf, options.splits, options.minimumCodes) = (8, 2, 2)
        let ranker = try LinearRanker(features, over: graph, rows: rows, options: options, random: RandomSource(seed: 3))
        #expect(ranker.chain.levels == [2, 4, 8])
        for node in [0, 17, 63] as [Int32] {
            let group = Set((node / 8 * 8..<node / 8 * 8 + 8).map { $0 }), found = ranker.best(node, of: features, keeping: 7, excluding: [node])
            #expect(Set(found.map(\.cluster)) == group.subtracting([node]), "\(node)")
            #expect(found.allSatisfy { $0.value > 0.5 } && zip(found, found.dropFirst()).allSatisfy { $0.value >= $1.value })
            let fewer = ranker.best(node, of: features, keeping: 100, excluding: group)
            #expect(fewer.allSatisfy { !group.contains($0.cluster) && $0.value < 0.5 })
        }
    }
}
