import Experiments
import Foundation
import Tensors

/// What is left of a fitted model: a vector for each request and one for each item, whose product, plus biases, becomes a score. Tables of
/// scores are made from it when they are needed.
package struct FactorModel: Codable, Sendable {
    /// How a product becomes a score.
    package enum Link: String, Codable, Sendable {
        /// p(y|x): softmax over all items and token 0, which stands first and is left out afterwards.
        case softmax
        case softplus, sigmoid, identity
    }

    package var link: Link
    package var width: Int
    /// Requests of D, requests of V: rows of `width`.
    package var test: FloatBlock, validation: FloatBlock
    /// Items (with the link softmax token 0 first): rows of `width`, and their biases.
    package var items: FloatBlock, itemBiases: FloatBlock
    /// Biases of requests of D and of V; empty where there are none.
    package var testBiases: FloatBlock, validationBiases: FloatBlock

    package init(link: Link, width: Int, test: [Float], validation: [Float], items: [Float], itemBiases: [Float], testBiases: [Float] = [], validationBiases: [Float] = []) {
        (self.link, self.width) = (link, width)
        (self.test, self.validation, self.items) = (FloatBlock(test), FloatBlock(validation), FloatBlock(items))
        (self.itemBiases, self.testBiases, self.validationBiases) = (FloatBlock(itemBiases), FloatBlock(testBiases), FloatBlock(validationBiases))
    }

    package enum Part: Sendable { case test, validation }

    /// Whether the numbers are of these sizes; a checkpoint is a file, and may be another run's.
    package func fits(test n: Int, validation v: Int, items m: Int) -> Bool {
        let vocabulary = link == .softmax ? m + 1 : m
        func holds(_ block: FloatBlock, _ count: Int) -> Bool { block.bytes.count == 4 * count }
        return (1...100_000).contains(width) && holds(test, n * width) && holds(validation, v * width) && holds(items, vocabulary * width) && holds(itemBiases, vocabulary)
            && (testBiases.bytes.isEmpty || holds(testBiases, n)) && (validationBiases.bytes.isEmpty || holds(validationBiases, v))
    }

    /// Requests a block.
    private static let block = 256

    /// The scores of all requests of a part for the items 1 … m.
    package func scores(_ part: Part, items m: Int, excluded: [Bool], proceed: () throws -> Void) throws -> ScoreTable {
        let vectors = (part == .test ? test : validation).floats, biases = (part == .test ? testBiases : validationBiases).floats
        let vocabulary = link == .softmax ? m + 1 : m, rows = vectors.count / max(1, width)
        let table = Tensor<Float>(shape: [vocabulary, width], items.floats), itemBias = Tensor<Float>(shape: [vocabulary], itemBiases.floats)
        var values: [Double] = []
        values.reserveCapacity(rows * m)
        for start in stride(from: 0, to: rows, by: Self.block) {
            try proceed()
            let count = min(Self.block, rows - start)
            var products = try Tensor(shape: [count, width], Array(vectors[start * width..<(start + count) * width])).matmul(table, transposeOther: true) + itemBias
            if !biases.isEmpty { products = try products + Tensor(shape: [count, 1], Array(biases[start..<start + count])) }
            switch link {
            case .softmax: products = try products.softmax().sliced(axis: 1, 1..<vocabulary)
            case .softplus: products = try products.softplus()
            case .sigmoid: products = try products.sigmoid()
            case .identity: break
            }
            values += products.scalars.lazy.map { Double($0) }
        }
        return ScoreTable(rows: rows, columns: m, values: values, excluded: excluded)
    }
}
