import Datasets
import Tensors

/// L2-regularised squared-hinge support vector machine by dual coordinate descent (Hsieh et al., ICML 2008; section 2.6):
/// min ½ |w|² + C Σ max(0, 1 - y w·x)². A bias is a feature that is always 1.
package struct LinearSupportVectors: Sendable {
    package var cost = 1.0
    package var sweeps = 100
    package var tolerance = 0.1
    package var hasBias = true

    package init(cost: Double = 1, hasBias: Bool = true, sweeps: Int = 100, tolerance: Double = 0.1) {
        self.cost = cost
        self.hasBias = hasBias
        self.sweeps = sweeps
        self.tolerance = tolerance
    }

    /// - Parameters:
    ///   - rows: the features of all instances.
    ///   - chosen: the rows of the instances that take part; they may repeat.
    ///   - signs: for each of them +1 or -1.
    ///   - weights: w, `rows.width` numbers and one more for the bias; zeros when called.
    package func solve(_ rows: SparseFeatures, _ chosen: [Int32], signs: [Float], into weights: inout [Float], random: RandomSource) {
        let starts = rows.starts, indices = rows.indices, values = rows.values, biasColumn = rows.width
        let ridge = 1 / (2 * cost)
        let bias: Float = hasBias ? 1 : 0
        var squares = [Double](repeating: 0, count: chosen.count)
        for (number, row) in chosen.enumerated() {
            var sum = Double(bias)
            for entry in starts[Int(row)]..<starts[Int(row) + 1] { sum += Double(values[entry]) * Double(values[entry]) }
            squares[number] = sum + ridge
        }
        var duals = [Double](repeating: 0, count: chosen.count), random = random
        var order = Array(chosen.indices)
        for _ in 0..<sweeps {
            order.shuffle(using: &random)
            var (largest, smallest) = (-Double.infinity, Double.infinity)
            for number in order {
                let row = Int(chosen[number]), sign = signs[number]
                var product = bias * weights[biasColumn]
                for entry in starts[row]..<starts[row + 1] { product += values[entry] * weights[Int(indices[entry])] }
                let gradient = Double(sign * product) - 1 + duals[number] * ridge
                let projected = duals[number] == 0 ? min(gradient, 0) : gradient
                largest = max(largest, projected)
                smallest = min(smallest, projected)
                guard projected != 0 else { continue }
                let dual = max(0, duals[number] - gradient / squares[number])
                let change = Float(dual - duals[number]) * sign
                duals[number] = dual
                guard change != 0 else { continue }
                for entry in starts[row]..<starts[row + 1] { weights[Int(indices[entry])] += change * values[entry] }
                weights[biasColumn] += change * bias
            }
            if largest - smallest <= tolerance { break }
        }
    }
}
