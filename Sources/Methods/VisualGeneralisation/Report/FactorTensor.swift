import Foundation
import Tensors

/// Predictions as a file keeps them: a tensor [images, factors] for each model and set.
enum FactorTensor {
    static func make(_ numbers: [Float], rows: Int, columns: Int) throws -> Tensor<Float> {
        guard numbers.count == rows * columns else { throw VisualGeneralisationError("\(numbers.count) predictions for \(rows) images of \(columns) factors") }
        return Tensor(shape: [rows, columns], numbers)
    }

    static func file(_ tensors: [(String, Tensor<Float>)], data: String, division: String) throws -> Data {
        try Safetensors.encoded(tensors.map { (name: $0.0, tensor: $0.1) }, metadata: ["data": data, "division": division])
    }
}
