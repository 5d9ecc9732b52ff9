import DIVA
import Tensors
import Testing

/// Section 8 of the method's sheet: four examples, two features, two classes, lambda 1, numbers exact to 1e-10.
@Suite struct FixtureTests {
    static let z = Matrix([[1, 0], [0, 1], [1, 1], [2, -1]])
    static let y = Matrix([[1, 0], [0, 1], [0, 1], [1, 0]])
    static let a = [1, 0.5, 2, 0]

    static func ridge(_ form: WeightedLeastSquares.Form = .primal) throws -> WeightedRidge {
        try WeightedLeastSquares(features: z, targets: y, weights: a, form: form).solve(lambda: 1)
    }

    @Test(arguments: [WeightedLeastSquares.Form.primal, .dual])
    func `the ridge solution and its leave-one-out predictions are the sheet's`(form: WeightedLeastSquares.Form) throws {
        let ridge = try Self.ridge(form)
        expect(ridge.coefficients.values, [0.35, 0.2, -0.2, 0.6], within: 1e-12)
        expect(ridge.leverage, [0.35, 0.4, 0.35, 2.6], within: 1e-12)
        expect(ridge.inflation, [1.5384615385, 1.25, 3.3333333333, 1], within: 1e-10)
        expect(ridge.leaveOneOut.values, [0, 0.3076923077, -0.25, 0.5, 0.5, 0.3333333333, 0.9, -0.2], within: 1e-10)
    }

    @Test(arguments: [WeightedLeastSquares.Form.primal, .dual])
    func `the squared loss has the sheet's three terms`(form: WeightedLeastSquares.Form) throws {
        let derivative = try DatasetDerivative.leaveOneOut(Self.ridge(form), loss: .squared)
        #expect(abs(derivative.loss - 2.1516190007) < 1e-10)
        expect(derivative.terms[0], [-0.321688856, -0.2648849441, -0.424727975, -0.1720644313], within: 1e-9)
        expect(derivative.terms[1], [-0.6365664353, -0.5675995465, -1.2256694208, -3.0708584096], within: 1e-10)
        expect(derivative.terms[2], [1.1788802913, 0.3125, 1.6203703704, 0.26], within: 1e-10)
        expect(derivative.gradient, [0.220625, -0.5199844906, -0.0300270255, -2.9829228409], within: 1e-9)
    }

    @Test(arguments: [WeightedLeastSquares.Form.primal, .dual])
    func `the cross-entropy and the masked loss have the sheet's derivatives`(form: WeightedLeastSquares.Form) throws {
        let ridge = try Self.ridge(form)
        let entropy = try DatasetDerivative.leaveOneOut(ridge, loss: .crossEntropy)
        #expect(abs(entropy.loss - 2.3129363188) < 1e-10)
        expect(entropy.gradient, [-0.125838058, -0.362500903, -0.0008749688, -0.919542035], within: 1e-9)
        let masked = try DatasetDerivative.leaveOneOut(ridge, loss: .squared, mask: [1, 1, 1, 0])
        #expect(abs(masked.loss - 2.1016190007) < 1e-10)
        expect(masked.gradient, [0.265625, -0.6799844906, -0.0250270255, -2.9829228409], within: 1e-10)
    }

    @Test(arguments: [WeightedLeastSquares.Form.primal, .dual])
    func `the validation loss has the sheet's derivative`(form: WeightedLeastSquares.Form) throws {
        let derivative = DatasetDerivative.validation(try Self.ridge(form), features: Matrix([[1, -1], [0.5, 2]]),
                                                      targets: Matrix([[1, 0], [0, 1]]), loss: .squared)
        #expect(abs(derivative.loss - 0.503125) < 1e-12)
        expect(derivative.gradient, [-0.1409375, 0.405, 0.0903125, -0.51125], within: 1e-12)
    }
}

/// Compares number by number.
func expect(_ found: [Double], _ wanted: [Double], within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == wanted.count, sourceLocation: sourceLocation)
    for (i, (x, y)) in zip(found, wanted).enumerated() {
        #expect(abs(x - y) <= tolerance, "entry \(i): \(x) instead of \(y)", sourceLocation: sourceLocation)
    }
}
