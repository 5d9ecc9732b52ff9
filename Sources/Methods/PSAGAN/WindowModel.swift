import Tensors

/// A baseline that learns to make windows and knows neither series nor time.
protocol WindowModel: AnyObject {
    /// What it learns, in one order.
    var stores: [ParameterStore<Float>] { get }
    /// One step on windows of its own draw; the losses by name.
    func advance(_ step: Int, _ sampler: WindowSampler, _ random: inout RandomSource, proceed: () throws -> Void) throws -> [String: Double]
    /// Whether it stops before its steps are used up.
    var isDone: Bool { get }
    /// Windows one after the other.
    func windows(_ count: Int, _ random: inout RandomSource) throws -> [Float]
}

extension WindowModel {
    var isDone: Bool { false }
    /// All numbers of all stores.
    var snapshot: [Float] { stores.flatMap(\.snapshot) }

    /// False when the numbers belong to another model.
    func restore(_ values: [Float]) -> Bool {
        var start = 0
        for store in stores {
            let count = store.snapshot.count
            guard start + count <= values.count, store.restore(Array(values[start..<start + count])) else { return false }
            start += count
        }
        return start == values.count
    }
}

/// Terms of the baselines' losses.
package enum BaselineLoss {
    /// Σ -½ (1 + lv - μ² - e^lv): how far normal codes are from the standard ones (TimeVAE).
    package static func divergence<Scalar>(mean: Tensor<Scalar>, logVariance: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try (logVariance.scaled(by: -1, plus: -1) + mean.squared() + logVariance.exp()).sum().scaled(by: 0.5)
    }

    /// PT = 1/(n (n - 1)) Σ_{i≠j} cos²(S_i, S_j): codes are pulled apart (EBGAN).
    package static func pulling<Scalar>(_ codes: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let count = Double(codes.shape[0]), unit = try codes.normalised()
        // The diagonal adds one for each code.
        return try unit.matmul(unit, transposeOther: true).squared().sum().scaled(by: 1 / (count * (count - 1)), plus: -1 / (count - 1))
    }
}
