import Datasets
import Experiments
import Foundation
import Language
import Tensors

/// Texts and names of classes through one pretrained sentence encoder, the mean over at most 64 tokens, through the cache.
struct SentenceFeatures {
    let context: RunContext
    let texts: LabelledTexts
    let weights: WeightsFile
    let isReporting: Bool
    private static let tokens = 64

    /// - Parameter name: the weights data set; "auto" for all-minilm-l6-v2.
    /// - Throws: `DatasetError` when the weights are not on this machine.
    init(_ context: RunContext, _ texts: LabelledTexts, weights name: String, isReporting: Bool) throws {
        (self.context, self.texts, self.isReporting) = (context, texts, isReporting)
        weights = try context.library.weights(name.isEmpty || name == "auto" ? "all-minilm-l6-v2" : name)
    }

    /// rows.count x width.
    func features(_ rows: [Int]) throws -> Matrix {
        let pretrained = try PretrainedEncoder(weights), width = pretrained.configuration.width, tokenizer = pretrained.tokenizer
        let cache = FeatureCache(folder: context.cacheFolder, identity: "sentence v1|\(texts.checksum)|\(weights.checksum)|\(Self.tokens) tokens", dimension: width)
        var known = try cache.load(proceed: context.proceed)
        let missing = rows.filter { known[$0] == nil }
        if !missing.isEmpty {
            let encoder: BERTEncoder<Float> = try pretrained.loadedEncoder(), limit = min(Self.tokens, pretrained.configuration.positions)
            let values = try encoder.vectors(of: missing.map { tokenizer.encoded(texts.text($0), limit: limit) }, .mean, padding: tokenizer.vocabulary.padding, tokensAtOnce: 1024) { done in
                try context.proceed()
                if isReporting { context.progress(Double(done), of: Double(missing.count), unit: "texts encoded") }
            }
            let fresh = missing.enumerated().map { (row: $1, values: Array(values[$0 * width..<($0 + 1) * width])) }
            for entry in fresh { known[entry.row] = entry.values }
            do { try cache.store(fresh) } catch {
                if isReporting { context.warning("features are not kept in \(cache.folder.path) (\(error.localizedDescription)); they will be computed again next time") }
            }
        }
        var values: [Double] = []
        values.reserveCapacity(rows.count * width)
        for row in rows { values.append(contentsOf: (known[row] ?? []).lazy.map { Double($0) }) }
        return Matrix(rows: rows.count, columns: width, values: values)
    }
}
