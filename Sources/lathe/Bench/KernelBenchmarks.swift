import DIVA
import Layers
import Tensors

extension Benchmark {
    /// Single operations there and back, with what they reach: GFLOP/s count a multiplication and an addition as two, also where
    /// the kernel saves some of them (minimal filtering).
    static let kernels: [Benchmark] = Layers.KernelBenchmarks.all.map { kernel in
        Benchmark(name: kernel.name) { options in
            let step = try kernel.makeStep()
            for _ in 0..<3 { try step() }
            let times = try repeated(options) { try step() }
            let measurement = Measurement(milliseconds: times)
            return Measurement(milliseconds: times, others: [("gflops", 2 * kernel.multiplications / measurement.median / 1e6)])
        }
    }

    /// The dataset derivative of the leave-one-out loss, 5,000 examples of 1,281 features and 10 classes: what one step of
    /// DIVA costs, from the products of the features to the derivative by every example's weight.
    static let divaGradient = Benchmark(name: "diva-gradient") { options in
        let (count, width, classes) = (5000, 1281, 10)
        var random = RandomSource(seed: 0)
        let features = Matrix(rows: count, columns: width, values: (0..<count * width).map { _ in random.normal() })
        var targets = Matrix(rows: count, columns: classes)
        for row in 0..<count { targets[row, random.integer(below: classes)] = 1 }
        return Measurement(milliseconds: try repeated(options) {
            let problem = try WeightedLeastSquares(features: features, targets: targets)
            _ = try DatasetDerivative.leaveOneOut(problem.solve(lambda: 100), loss: .squared)
        })
    }

    /// The milliseconds of as many calls as the time allows, at least three.
    private static func repeated(_ options: Options, _ body: () throws -> Void) throws -> [Double] {
        var times: [Double] = []
        let end = ContinuousClock.now + .seconds(options.seconds)
        while ContinuousClock.now < end || times.count < 3 { times.append(try Measurement.time(body)) }
        return times
    }
}
