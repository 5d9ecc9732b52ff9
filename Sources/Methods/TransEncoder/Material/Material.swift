import Datasets
import Experiments
import Language
import Tensors

/// What a run works on, a function of the request alone: sentences, pairs of them, which train, which select, which test.
struct Material {
    /// Every sentence once.
    let sentences: [String]
    /// Every ordered pair once, by the numbers of its sentences.
    let pairs: [Pair]
    /// P: numbers of pairs.
    let training: [Int]
    let dev: EvaluationSet?
    let tests: [EvaluationSet]
    /// The gold scores of pairs where known, with the name of the set.
    let gold: [Int: (score: Double, set: String)]
    /// What a reader should know.
    let notes: [String]
    let checksum: String

    struct Pair: Sendable, Hashable { var first: Int, second: Int }

    /// The three sets of the paper that can be had here.
    static let standardSets = ["sts-semeval", "stsbenchmark", "sick"]

    init(_ context: RunContext, _ settings: Settings) throws {
        let library = context.library, own = try library.open(context.request.dataset, as: PairDataset.self)
        var opened: [String: PairDataset] = [own.identifier: own]
        func open(_ name: String) throws -> PairDataset {
            if let known = opened[name] { return known }
            let set = try library.open(name, as: PairDataset.self)
            opened[name] = set
            return set
        }
        let present = Self.standardSets.filter { library.entry($0).map { $0.state != .missing } ?? false }
        let isStandard = Self.standardSets.contains(own.identifier), ownTests = own.tests.indices.contains { !own.scored(.test, test: $0).isEmpty }
        var notes: [String] = []
        func tell(_ name: String, _ set: PairDataset) {
            if set.skippedLines > 0 { notes.append("\(set.skippedLines) lines of \(name) have no single || and are left out") }
            if set.emptySentences > 0 { notes.append("\(set.emptySentences) sentences of \(name) are empty; each stands as its two special tokens") }
        }
        tell(own.identifier, own)

        var builder = Builder()
        // P, the pairs of STS de-duplicated together and SICK's by themselves, as published.
        var candidates: [PairDataset.Pair]
        if settings.source == .all {
            let sets = present + (isStandard ? [] : [own.identifier])
            let texts = try sets.filter { $0 != "sick" }.flatMap { try open($0).pairs }
            var seen: Set<String> = []
            candidates = texts.filter { seen.insert($0.first + $0.second).inserted }
            if sets.contains("sick") { candidates += try open("sick").distinct }
        } else {
            candidates = own.distinct
        }
        guard candidates.count >= 2 else { throw TransEncoderError("\(own.identifier) has \(candidates.count) distinct pair, and two are the least; add pairs") }
        var chosen = Array(candidates.indices)
        if settings.pairs > 0, settings.pairs < candidates.count {
            var random = context.random.stream("pairs")
            chosen = Array(random.permutation(candidates.count).prefix(max(2, settings.pairs)))
        }
        training = chosen.map { builder.add(candidates[$0]) }

        // What selects.
        let devSource: PairDataset? = switch settings.devSet {
        case "auto", "": own.pairs.contains { $0.part == .development && $0.score != nil } ? own : present.contains("stsbenchmark") ? try open("stsbenchmark") : nil
        default: try open(settings.devSet)
        }
        dev = devSource.flatMap { set in
            let scored = set.pairs.filter { $0.part == .development && $0.score != nil }
            return scored.count < 2 ? nil : EvaluationSet(name: "\(set.tests.first ?? set.identifier) dev", pairs: scored.map { builder.add($0) }, gold: scored.compactMap(\.score))
        }
        guard settings.selection == .last || dev != nil else {
            throw TransEncoderError("parameter selection: dev needs scored development pairs, and neither \(own.identifier) nor an STS benchmark on this machine has them; bring stsbenchmark, name a set with dev-set, or take last")
        }

        // What tests.
        let names = settings.testSets ?? (isStandard || !ownTests ? present : [own.identifier])
        tests = try names.flatMap { name in
            let set = try open(name)
            if set.identifier != own.identifier { tell(name, set) }
            return set.tests.indices.compactMap { test in
                let scored = set.scored(.test, test: test)
                return scored.count < 2 ? nil : EvaluationSet(name: set.tests[test], pairs: scored.map { builder.add($0) }, gold: scored.compactMap(\.score))
            }
        }
        guard Set(tests.map(\.name)).count == tests.count else { throw TransEncoderError("parameter test-sets: “\(names.joined(separator: ", "))” gives one test set twice; name each once") }
        if settings.testSets != nil, tests.isEmpty { throw TransEncoderError("parameter test-sets: “\(names.joined(separator: ", "))” has no scored test pairs; name sets that have, or auto") }
        let missing = Self.standardSets.filter { !present.contains($0) }
        if isStandard, !missing.isEmpty { notes.append("\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") not on this machine, so \(missing.count == 1 ? "it is" : "they are") not measured; `lathe data show \(missing[0])` says how to bring \(missing.count == 1 ? "it" : "one")") }
        if tests.isEmpty { notes.append("no set has scored test pairs, so nothing is measured but the dev set") }

        var gold: [Int: (score: Double, set: String)] = [:]
        for set in tests + [dev].compactMap({ $0 }) { for (pair, score) in zip(set.pairs, set.gold) where gold[pair] == nil { gold[pair] = (score, set.name) } }
        self.gold = gold
        sentences = builder.sentences
        pairs = builder.pairs
        self.notes = notes
        checksum = DatasetFiles.checksum(opened.values.sorted { $0.identifier < $1.identifier }.map { ($0.identifier, $0.checksum) })
    }

    /// Numbers sentences and pairs in the order in which they first come.
    private struct Builder {
        var sentences: [String] = [], pairs: [Pair] = []
        private var sentenceNumbers: [String: Int] = [:], pairNumbers: [Pair: Int] = [:]

        private mutating func sentence(_ text: String) -> Int {
            if let known = sentenceNumbers[text] { return known }
            sentenceNumbers[text] = sentences.count
            sentences.append(text)
            return sentences.count - 1
        }

        mutating func add(_ pair: PairDataset.Pair) -> Int {
            let numbered = Pair(first: sentence(pair.first), second: sentence(pair.second))
            if let known = pairNumbers[numbered] { return known }
            pairNumbers[numbered] = pairs.count
            pairs.append(numbered)
            return pairs.count - 1
        }
    }
}
