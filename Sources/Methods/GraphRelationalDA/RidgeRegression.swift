import Tensors

/// The closed-form baseline for numbers: inputs and a one → outputs on the samples of the sources, the penalty on all weights, the bias too.
package enum RidgeRegression {
    /// - Returns: weights, (inputs + 1) x outputs, the bias last.
    static func fit(_ samples: PreparedSamples, sources: [Int], penalty: Double) throws -> Matrix {
        var rows: [Double] = [], targets: [Double] = [], count = 0
        for domain in sources {
            let part = samples.training[domain]
            for slot in 0..<part.count {
                rows += part.inputs[slot * samples.width..<(slot + 1) * samples.width].map(Double.init) + [1]
                targets += part.outputs[slot * samples.outputs..<(slot + 1) * samples.outputs].map(Double.init)
            }
            count += part.count
        }
        let x = Matrix(rows: count, columns: samples.width + 1, values: rows), y = Matrix(rows: count, columns: samples.outputs, values: targets)
        var gram = x.gram()
        gram.addToDiagonal(penalty)
        do { return try Cholesky(gram).solve(x.multiplied(by: y, transposeSelf: true)) } catch {
            throw GRDAError("ridge has no solution (\(error)); give a ridge-penalty above 0")
        }
    }

    /// Outputs of the evaluated samples, laid out as `Evaluation` reads them.
    static func outputs(_ weights: Matrix, _ samples: PreparedSamples) -> [Float] {
        let slots = samples.evaluationSlots
        return samples.evaluation.flatMap { rows in
            (0..<slots).flatMap { slot -> [Float] in
                let slot = slot % max(1, rows.count), x = rows.inputs[slot * samples.width..<(slot + 1) * samples.width].map(Double.init) + [1]
                return (0..<samples.outputs).map { column in Float(x.indices.reduce(0.0) { $0 + x[$1] * weights[$1, column] }) }
            }
        }
    }
}
