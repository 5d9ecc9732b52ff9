import DIVA
import Datasets
import Tensors
import Testing

/// The digits fixture of section 8: the first 200 rows, labels of rows 0, 5, 10, … replaced by (label + 1) mod 10.
@Suite struct DigitsFixtureTests {
    struct Row: Sendable {
        var lambda: Double, loss: OuterLoss, total: Double, first: [Double], area: Double, f1: Double, flagged: Int, sum: Double
    }

    static let rows = [
        Row(lambda: 0.1, loss: .squared, total: 111.536424, first: [0.113967, -0.025836, -0.145677, 0.083346], area: 0.93719, f1: 0.61667, flagged: 80, sum: 5.307888),
        Row(lambda: 1, loss: .squared, total: 102.17145, first: [0.007919, -0.066229, -0.127598, 0.010509], area: 0.93969, f1: 0.66667, flagged: 65, sum: 0.700652),
        Row(lambda: 10, loss: .squared, total: 118.354688, first: [-0.011978, -0.015213, -0.144612, -0.017556], area: 0.98344, f1: 0.87671, flagged: 33, sum: -16.116746),
        Row(lambda: 1, loss: .crossEntropy, total: 386.929168, first: [-0.035008, -0.061924, -0.14115, -0.061783], area: 0.95281, f1: 0.76404, flagged: 49, sum: -7.373518),
    ]

    @Test(arguments: rows) func `derivatives, AUC and F1 are the sheet's`(row: Row) throws {
        let digits = try TestData.library.images("digits")
        let inputs = try Pictures(digits, rows: Array(0..<200)).matrix()
        let labels = (0..<200).map { i in
            let label = digits.training.labels[i]
            return i % 5 == 0 ? (label + 1) % 10 : label
        }
        let isBad = (0..<200).map { $0 % 5 == 0 }
        let set = try TrainingSet(features: FeatureScaling(training: inputs).applied(to: inputs), labels: labels, classes: 10)
        let ridge = try WeightedLeastSquares(features: set.features, targets: set.targets).solve(lambda: row.lambda)
        let derivative = try DatasetDerivative.leaveOneOut(ridge, loss: row.loss)
        #expect(abs(derivative.loss - row.total) < 1e-6)
        expect(Array(derivative.gradient.prefix(4)), row.first, within: 1e-6)
        #expect(abs(derivative.gradient.reduce(0, +) - row.sum) < 1e-6)
        let detections = Detection.all(ridge: ridge, derivative: derivative, labels: labels, epsilon: 0)
        let diva = try #require(detections.first { $0.arm == "diva" })
        let flags = DetectionMetrics.Flags(flagged: try #require(diva.flagged), isBad: isBad)
        #expect(flags.flagged == row.flagged)
        #expect(abs(try #require(flags.f1) - row.f1) < 1e-5)
        let area = try #require(DetectionMetrics.areaUnderCurve(scores: derivative.gradient, isBad: isBad))
        #expect(abs(area - row.area) < 1e-5)
    }
}
