import Datasets
import Foundation
import GIANT
import Tensors
import Testing

/// Rows in files and rows in memory are the same to every algorithm.
@Suite struct StoredRowsTests {
    @Test func `features, label embeddings, tree and batches are the same from files`() throws {
        let dataset = try TextBlockGraph.small.generate(identifier: "small-texts", seed: 4), texts = try #require(dataset.texts)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("giant-rows-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var found: [(rows: SparseFeatures, labels: SparseFeatures, sketch: SparseFeatures, codes: [Int32], bags: [Float])] = []
        for place in [nil, folder] {
            // Several vectorisers side by side, as in the official form.
            let text = try TextFeatures(texts, options: TFIDF.Options.official, in: place)
            let labels = try LabelEmbeddings.aggregated(text.rows, over: dataset.adjacency, isTraining: [Bool](repeating: true, count: dataset.count), largest: 40, in: place)
            let sketch = try LabelEmbeddings.sketched(text.rows, in: place, random: RandomSource(seed: 2))
            let codes = try BisectingClusters(random: RandomSource(seed: 1)).leafCodes(labels, depth: 4)
            found.append((text.rows.inMemory(), labels.inMemory(), sketch.inMemory(), codes, try text.rows.bags([3, 200, 3]).values))
            #expect(labels.row(7).count <= 40 && labels.count == dataset.count)
        }
        #expect(found[0].rows == found[1].rows && found[0].labels == found[1].labels && found[0].sketch == found[1].sketch)
        #expect(found[0].codes == found[1].codes && found[0].bags == found[1].bags && Set(found[0].codes).count == 16)
        #expect(found[0].bags == [3, 200, 3].flatMap { row in found[0].rows.row(row).map(\.value) })
        #expect(throws: GIANTError.self) { try TextFeatures(texts, options: TFIDF.Options.official).rows.bags([Int32(dataset.count)]) }
    }
}
