import Language
import Tensors

/// What the encoder scores as it comes, by layers and pooling (the table of starts in section 5 of the sheet).
enum StartTable {
    struct Row { var name: String, layers: Int, pooling: Pooling }

    /// All layers, the first four and three, those of the run, and the embeddings alone.
    static func variants(_ member: Member) -> [Row] {
        let all = member.pretrained.configuration.layers
        var rows: [Row] = []
        for layers in [all] + [4, 3, member.layers].filter({ $0 < all }) where !rows.contains(where: { $0.layers == layers }) {
            let name = layers == all ? "all \(all)" : "first \(layers)"
            rows += [Row(name: "\(name), mean", layers: layers, pooling: .mean), Row(name: "\(name), cls", layers: layers, pooling: .cls)]
        }
        return rows + [Row(name: "embeddings only, mean", layers: 0, pooling: .mean)]
    }

    /// Spearman's correlations of each variant on the test sets: one pass through all layers gives them all.
    static func rows(_ trainer: Trainer) throws -> [TrainingState.StartRow] {
        let member = trainer.members[0], material = trainer.material, variants = variants(member), tokenizer = member.pretrained.tokenizer
        let encoder: BERTEncoder<Float> = try member.pretrained.loadedEncoder(), width = encoder.width
        var numbers: [Int: Int] = [:], used: [Int] = []
        for set in material.tests { for pair in set.pairs { for sentence in [material.pairs[pair].first, material.pairs[pair].second] where numbers[sentence] == nil { numbers[sentence] = used.count; used.append(sentence) } } }
        let tokens = used.map { tokenizer.single(member.pieces[$0], limit: trainer.settings.bi.tokens) }
        var vectors = variants.map { _ in [Float](repeating: 0, count: used.count * width) }
        try BERTEncoder<Float>.forEachBatch(of: tokens.map(\.count), tokensAtOnce: 1024) { places, done in
            try trainer.context.proceed()
            trainer.context.progress(Double(done), of: Double(used.count), unit: "sentences through all layers")
            let batch = TokenBatch(places.map { tokens[$0] }, padding: tokenizer.vocabulary.padding), states = try encoder.states(batch)
            for (number, variant) in variants.enumerated() {
                try BERTEncoder.pooled(states[variant.layers], batch, variant.pooling).withScalars { values in
                    for (row, place) in places.enumerated() { for column in 0..<width { vectors[number][place * width + column] = values[row * width + column] } }
                }
            }
        }
        return variants.enumerated().map { number, variant in
            let cosines = Cosines(vectors[number], width: width)
            return .init(name: variant.name, values: material.tests.map { set in
                var scores = [Float](repeating: 0, count: material.pairs.count)
                for pair in set.pairs { scores[pair] = cosines[numbers[material.pairs[pair].first] ?? 0, numbers[material.pairs[pair].second] ?? 0] }
                return set.spearman(scores)
            })
        }
    }
}
