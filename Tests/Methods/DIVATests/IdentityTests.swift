import DIVA
import Foundation
import Tensors
import Testing

/// The identities (a) to (g) of section 8, on random problems with both more examples than features and fewer.
@Suite struct IdentityTests {
    struct Problem: Sendable, CustomTestStringConvertible {
        var n: Int, d: Int, k: Int, form: WeightedLeastSquares.Form?
        var z: Matrix, y: Matrix, a: [Double], lambda = 0.7
        var testDescription: String { "N \(n), D \(d), K \(k), \(form.map { "\($0)" } ?? "smaller form")" }

        init(_ n: Int, _ d: Int, _ k: Int, form: WeightedLeastSquares.Form? = nil) {
            (self.n, self.d, self.k, self.form) = (n, d, k, form)
            var random = RandomSource(seed: UInt64(n * 100 + d * 10 + k)).stream("identities")
            z = Matrix(rows: n, columns: d, values: (0..<n * d).map { _ in random.normal() })
            y = Matrix(rows: n, columns: k, values: (0..<n * k).map { _ in random.normal() })
            a = (0..<n).map { $0 % 4 == 3 ? 0 : 0.2 + 2 * random.uniform() }
        }

        func ridge(_ weights: [Double]? = nil, lambda: Double? = nil) throws -> WeightedRidge {
            try WeightedLeastSquares(features: z, targets: y, weights: weights ?? a, form: form).solve(lambda: lambda ?? self.lambda)
        }
    }

    static let problems = [Problem(12, 5, 1), Problem(12, 5, 2), Problem(12, 5, 3), Problem(6, 15, 1), Problem(6, 15, 2), Problem(6, 15, 3),
                           Problem(12, 5, 3, form: .dual), Problem(6, 15, 3, form: .primal)]

    @Test(arguments: problems)
    func `(a) leave-one-out predictions equal retraining without the example`(_ p: Problem) throws {
        let ridge = try p.ridge()
        for i in 0..<p.n {
            var without = p.a
            without[i] = 0
            let retrained = try p.ridge(without).predict(p.z.rows(i..<i + 1))
            expect(Array(ridge.leaveOneOut.row(i)), retrained.values, within: 1e-11)
        }
    }

    @Test(arguments: problems, OuterLoss.allCases)
    func `(b) the weighted sum of derivatives is minus lambda times the derivative by lambda`(_ p: Problem, _ loss: OuterLoss) throws {
        let derivative = try DatasetDerivative.leaveOneOut(p.ridge(), loss: loss)
        let sum = zip(p.a, derivative.gradient).reduce(0) { $0 + $1.0 * $1.1 }
        let h = 1e-5
        func value(_ lambda: Double) throws -> Double { try DatasetDerivative.leaveOneOut(p.ridge(lambda: lambda), loss: loss).loss }
        let byLambda = (try value(p.lambda + h) - value(p.lambda - h)) / (2 * h)
        #expect(abs(sum + p.lambda * byLambda) < 1e-6 * max(1, abs(sum)))
    }

    @Test func `(b) in the fixture both sides are -0.0994212963`() throws {
        let derivative = try DatasetDerivative.leaveOneOut(FixtureTests.ridge(), loss: .squared)
        let sum = zip(FixtureTests.a, derivative.gradient).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(sum + 0.0994212963) < 1e-9)
    }

    @Test(arguments: problems)
    func `(c) scaling weights and lambda together changes nothing but the size of the derivative`(_ p: Problem) throws {
        let t = 3.7
        let one = try p.ridge(), other = try p.ridge(p.a.map { t * $0 }, lambda: t * p.lambda)
        expect(other.coefficients.values, one.coefficients.values, within: 1e-11)
        expect(other.leaveOneOut.values, one.leaveOneOut.values, within: 1e-11)
        let (g, h) = (try DatasetDerivative.leaveOneOut(one, loss: .squared), try DatasetDerivative.leaveOneOut(other, loss: .squared))
        #expect(abs(g.loss - h.loss) < 1e-10 * max(1, g.loss))
        expect(h.gradient.map { t * $0 }, g.gradient, within: 1e-9 * max(1, g.loss))
    }

    @Test(arguments: problems)
    func `(d) permuting examples permutes the derivative, and a doubled example of half weight changes nothing`(_ p: Problem) throws {
        var random = RandomSource(seed: 5)
        let order = random.permutation(p.n)
        let shuffled = try WeightedLeastSquares(features: p.z.rows(at: order), targets: p.y.rows(at: order),
                                                weights: order.map { p.a[$0] }, form: p.form).solve(lambda: p.lambda)
        let g = try DatasetDerivative.leaveOneOut(p.ridge(), loss: .squared)
        let h = try DatasetDerivative.leaveOneOut(shuffled, loss: .squared)
        expect(h.gradient, order.map { g.gradient[$0] }, within: 1e-9 * max(1, g.loss))

        var halved = p.a
        halved[0] /= 2
        let doubled = try WeightedLeastSquares(features: p.z.appendingRows(of: p.z.rows(0..<1)), targets: p.y.appendingRows(of: p.y.rows(0..<1)),
                                               weights: halved + [halved[0]]).solve(lambda: p.lambda)
        expect(doubled.coefficients.values, try p.ridge().coefficients.values, within: 1e-11)
    }

    @Test(arguments: problems)
    func `(e) and (f) weighted leverages lie in 0 ..< 1 and sum to the effective dimension`(_ p: Problem) throws {
        let ridge = try p.ridge()
        let weighted = zip(p.a, ridge.leverage).map { $0 * $1 }
        // The trace of C, independently: sum of solutions for the unit vectors.
        let gram = p.z.gram(weights: p.a) + p.lambda * Matrix.identity(p.d)
        let trace = try Cholesky(gram).inverse().trace
        #expect(abs(weighted.reduce(0, +) - (Double(p.d) - p.lambda * trace)) < 1e-10)
        #expect(weighted.allSatisfy { $0 >= 0 && $0 < 1 })
    }

    @Test(arguments: problems, OuterLoss.allCases)
    func `(g) derivatives agree with central differences`(_ p: Problem, _ loss: OuterLoss) throws {
        let mask = (0..<p.n).map { $0 % 3 == 2 ? 0.0 : 1.0 }
        let validation = Problem(4, p.d, p.k)
        let ridge = try p.ridge()
        let leaveOneOut = try DatasetDerivative.leaveOneOut(ridge, loss: loss, mask: mask)
        let held = DatasetDerivative.validation(ridge, features: validation.z, targets: validation.y, loss: loss)
        // Weights below 0 are no weights: where a is 0 the difference is taken at 1e-6 + what is there.
        let h = 1e-6
        func losses(_ i: Int, _ step: Double, from base: [Double]) throws -> (Double, Double) {
            var a = base
            a[i] += step
            let moved = try p.ridge(a)
            return (try DatasetDerivative.leaveOneOut(moved, loss: loss, mask: mask).loss,
                    DatasetDerivative.validation(moved, features: validation.z, targets: validation.y, loss: loss).loss)
        }
        let scale = leaveOneOut.gradient.map { abs($0) }.max() ?? 1, heldScale = held.gradient.map { abs($0) }.max() ?? 1
        for i in 0..<p.n {
            if p.a[i] > 0 {
                let (up, down) = (try losses(i, h, from: p.a), try losses(i, -h, from: p.a))
                #expect(abs((up.0 - down.0) / (2 * h) - leaveOneOut.gradient[i]) < 1e-6 * max(1, scale))
                #expect(abs((up.1 - down.1) / (2 * h) - held.gradient[i]) < 1e-6 * max(1, heldScale))
            } else {
                // One-sided of second order: (-3 f(0) + 4 f(h) - f(2h)) / 2h.
                let step = 1e-4
                let (f0, f1, f2) = (try losses(i, 0, from: p.a), try losses(i, step, from: p.a), try losses(i, 2 * step, from: p.a))
                #expect(abs((-3 * f0.0 + 4 * f1.0 - f2.0) / (2 * step) - leaveOneOut.gradient[i]) < 1e-4 * max(1, scale))
                #expect(abs((-3 * f0.1 + 4 * f1.1 - f2.1) / (2 * step) - held.gradient[i]) < 1e-4 * max(1, heldScale))
            }
        }
    }

    @Test(arguments: [(12, 5), (6, 15), (9, 9)], OuterLoss.allCases)
    func `(g) the dual form equals the primal form`(_ size: (Int, Int), _ loss: OuterLoss) throws {
        let primal = Problem(size.0, size.1, 3, form: .primal), dual = Problem(size.0, size.1, 3, form: .dual)
        let (p, d) = (try primal.ridge(), try dual.ridge())
        expect(d.leaveOneOut.values, p.leaveOneOut.values, within: 1e-9)
        #expect(abs(d.inverseTrace - p.inverseTrace) < 1e-9)
        let (g, h) = (try DatasetDerivative.leaveOneOut(p, loss: loss), try DatasetDerivative.leaveOneOut(d, loss: loss))
        expect(h.gradient, g.gradient, within: 1e-9 * max(1, g.loss))
        let other = Problem(4, size.1, 3)
        expect(DatasetDerivative.validation(d, features: other.z, targets: other.y, loss: loss).gradient,
               DatasetDerivative.validation(p, features: other.z, targets: other.y, loss: loss).gradient, within: 1e-9)
    }

    @Test func `at lambda_loo the squared derivatives at a = 1 sum to nearly zero`() throws {
        let p = Problem(60, 5, 3)
        // Targets that the features explain in part, so that the best lambda is neither 0 nor infinite.
        let y = p.z.multiplied(by: Matrix(rows: 5, columns: 3, repeating: 0.3)) + p.y
        let problem = try WeightedLeastSquares(features: p.z, targets: y)
        // Golden section on log lambda to the minimum itself, not the grid's.
        func loss(_ x: Double) throws -> Double {
            let ridge = try problem.solve(lambda: exp(x))
            return OuterLoss.squared.evaluate(ridge.leaveOneOut, targets: y).loss
        }
        var (low, high) = (-4.0, 9.0)
        for _ in 0..<120 {
            let left = low + 0.382 * (high - low), right = low + 0.618 * (high - low)
            if try loss(left) < loss(right) { high = right } else { low = left }
        }
        let lambda = exp((low + high) / 2)
        let g = try DatasetDerivative.leaveOneOut(problem.solve(lambda: lambda), loss: .squared).gradient
        #expect(abs(g.reduce(0, +)) < 1e-4 * g.reduce(0) { $0 + abs($1) })
    }
}
