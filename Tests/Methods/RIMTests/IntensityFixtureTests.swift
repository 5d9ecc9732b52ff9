import Foundation
import RIM
import Testing

/// Section 8, numbers 4, 5, 6, 13.
@Suite struct IntensityFixtureTests {
    let features = HawkesFeatures(scales: [0.5, 1])
    let users: [[Double]] = [[0, 10, 20, 50], [5, 6, 40], [0, 30, 31, 33]]

    func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance } }

    func moments(_ users: [[Double]]) -> HawkesMoments {
        var moments = HawkesMoments(features)
        for times in users { moments.add(times, until: 60, horizon: 10) }
        return moments
    }

    @Test func `features, integrals and sums of one user`() throws {
        #expect(isClose(features(users[0], at: 60, horizon: 10), [0.271432, 0.392933, 0.000012, 0.002479, 1]))
        let moments = moments([users[0]])
        let expected: [[Double]] = [[3.257880, 2.347203, 0.153695, 0.339744, 2.864284], [1.858784, 0.102463, 0.254489, 2.607067], [1, 0.666667, 0.999994], [0.499997, 0.997521], [6]]
        for (k, row) in expected.enumerated() {
            for (place, value) in row.enumerated() {
                #expect(abs(moments.symmetric[k * 5 + k + place] - value) < 2e-6)
                #expect(moments.symmetric[(k + place) * 5 + k] == moments.symmetric[k * 5 + k + place])
            }
        }
        #expect(isClose(moments.sums, [0.276299, 0.435982, 0.307393, 0.509953, 3]) && moments.events == 3)
        let fit = try HawkesFit(moments, penalty: 1000, sweeps: 100_000)
        #expect(isClose(fit.weights, [0, 0, 0, 0.033926, 0.494113], 2e-6))
        #expect(abs(fit.rate(features(users[0], at: 60, horizon: 10)) - 0.494197) < 2e-6 && abs(fit.objective + 0.249940) < 1e-6)
    }

    @Test func `the integral is that of a Riemann sum`() {
        let times = users[1], steps = 200_000, moments = moments([times])
        var sum = [Double](repeating: 0, count: 25)
        let length = 5.5 / Double(steps)
        for step in 0..<steps {
            let g = features(times.filter { $0 < 5 + 10 * (Double(step) + 0.5) * length }, at: 5 + 10 * (Double(step) + 0.5) * length, horizon: 10)
            for k in 0..<5 { for l in 0..<5 { sum[k * 5 + l] += g[k] * g[l] * length } }
        }
        #expect(isClose(sum, moments.symmetric, 1e-3))
    }

    @Test func `a fit of three users, and their moving averages`() throws {
        let fit = try HawkesFit(moments(users), penalty: 1000, sweeps: 100_000)
        #expect(fit.events == 8 && isClose(fit.weights, [0.097843, 0, 0.249879, 0, 0.370327], 2e-6))
        #expect(isClose(users.map { fit.rate(features($0, at: 60, horizon: 10)) }, [0.396887, 0.373923, 0.372291], 2e-6))
        #expect(isClose(users.map { UserIntensity.movingAverage($0, at: 60, horizon: 10) }, [0.395412, 0.143939, 0.174495], 1e-6))
    }

    @Test func `HP at its start, and its gradient by finite differences`() throws {
        let poisson = HawkesPoisson(features: users.map { features($0, at: 60, horizon: 10) }, counts: [2, 0, 1], ridge: 1e-3)
        let start = [Double](repeating: 0, count: 5), weights = HawkesPoisson.weights(start)
        #expect(isClose(users.map { HawkesPoisson.count(weights, features($0, at: 60, horizon: 10)) }, [1.155377, 0.818360, 0.828001], 1e-6))
        let (loss, gradient) = poisson.evaluate(start)
        #expect(abs(loss - 0.901743) < 1e-6 && isClose(gradient, [-0.027307, -0.030175, 0.000350, 0.000640, 0.010552], 1e-6))
        let point = [0.3, -1, 2, 0.1, -0.5], slope = poisson.evaluate(point).gradient
        for k in 0..<5 {
            var (up, down) = (point, point)
            up[k] += 1e-5
            down[k] -= 1e-5
            let numeric = (poisson.evaluate(up).loss - poisson.evaluate(down).loss) / 2e-5
            #expect(abs(numeric - slope[k]) < 1e-6 * max(1, abs(slope[k])))
        }
        let fitted = try poisson.fit(iterations: 500)
        #expect(fitted.loss < loss && fitted.weights.allSatisfy { $0 >= 0 })
    }

    @Test func `HP finds the rate of a constant process`() throws {
        let poisson = HawkesPoisson(features: (0..<50).map { _ in [1.0] }, counts: (0..<50).map { Double($0 % 4) }, ridge: 0)
        #expect(abs(try poisson.fit(iterations: 500).weights[0] - 1.46) < 1e-4)
    }

    @Test func `many events at one moment keep the sums finite, and their gram matrix has no negative eigenvalue`() throws {
        var moments = HawkesMoments(HawkesFeatures(scales: HawkesFeatures.scales(count: 12, from: -6, to: 1)))
        for _ in 0..<3 { moments.add([0] + [Double](repeating: 5, count: 40) + [7, 7, 9], until: 60, horizon: 10) }
        let gram = moments.symmetric
        #expect(gram.allSatisfy { $0.isFinite })
        // xᵀGx is an integral of a square.
        for seed in 0..<20 {
            let x = (0..<25).map { sin(Double(7 * seed + 3 * $0 + 1)) }
            var value = 0.0, scale = 0.0
            for k in 0..<25 { for l in 0..<25 { value += x[k] * gram[k * 25 + l] * x[l]; scale += abs(x[k] * gram[k * 25 + l] * x[l]) } }
            #expect(value > -1e-12 * scale)
        }
        _ = try HawkesFit(moments, penalty: 1000, sweeps: 2000)
    }

    @Test func `calibration of a right and of a doubled count`() {
        let exact = Calibration([1, 2, 3], [1, 2, 3]), doubled = Calibration([2, 4, 6], [1, 2, 3])
        #expect(exact.ratio == 1 && doubled.ratio == 2 && exact.loss < doubled.loss)
        let bins = Calibration.bins([3, 1, 2, 4], [30, 10, 20, 40], count: 2)
        #expect(bins.map(\.expected) == [1.5, 3.5] && bins.map(\.observed) == [15, 35])
    }
}
