import DIVA
import Experiments
import Foundation
import Tensors
import Testing

@Suite struct ProcedureTests {
    @Test func `AUC counts pairs, ties one half`() {
        // Bad scores 3 and 1, good 2, 1 and 0: pairs won 3 + (0 + ½ + 1).
        let area = DetectionMetrics.areaUnderCurve(scores: [3, 2, 1, 1, 0], isBad: [true, false, true, false, false])
        #expect(abs((area ?? 0) - 4.5 / 6) < 1e-15)
    }

    @Test func `AUC is the area under the ROC curve`() throws {
        var random = RandomSource(seed: 3)
        let isBad = (0..<300).map { _ in random.uniform() < 0.3 }
        let scores = isBad.map { ($0 ? 1 : 0) + (random.normal() * 4).rounded() / 4 }
        let curve = try #require(DetectionMetrics.receiverOperatingCurve(scores: scores, isBad: isBad, maximumPoints: 1000))
        var area = 0.0
        for i in 1..<curve.falsePositiveRate.count {
            area += (curve.falsePositiveRate[i] - curve.falsePositiveRate[i - 1]) * (curve.truePositiveRate[i] + curve.truePositiveRate[i - 1]) / 2
        }
        #expect(abs(area - (try #require(DetectionMetrics.areaUnderCurve(scores: scores, isBad: isBad)))) < 1e-12)
        #expect(curve.falsePositiveRate.last == 1 && curve.truePositiveRate.last == 1)
    }

    @Test func `F1 is the harmonic mean of precision and recall`() throws {
        let flags = DetectionMetrics.Flags(flagged: [true, true, false, false, true], isBad: [true, false, true, false, true])
        let (precision, recall) = (try #require(flags.precision), try #require(flags.recall))
        #expect(abs(try #require(flags.f1) - 2 * precision * recall / (precision + recall)) < 1e-15)
    }

    @Test func `a step moves against the derivative in the chosen unit and never below 0`() throws {
        let g = [3.0, -4, 0, 12]
        for (scaling, scale) in [(Reweighting.Scaling.raw, 1.0), (.maxabs, 12), (.rms, (169.0 / 4).squareRoot())] {
            var reweighting = Reweighting(count: 4, eta: 0.5, scaling: scaling)
            try reweighting.advance(along: g)
            expect(reweighting.weights, g.map { max(0, 1 - 0.5 * $0 / scale) }, within: 1e-15)
        }
    }

    @Test func `an extension takes the most negative first, in chunks, and stops at 0`() throws {
        var choice = try Extension(coreCount: 2, poolCount: 4)
        choice.advance(along: [9, 9, -1, -3, 2, -2], chunk: 2, maximum: 0)
        #expect(choice.chosen == [1, 3] && !choice.isFinished)
        #expect(choice.weights == [1, 1, 0, 1, 0, 1])
        #expect(choice.mask == [1, 1, 0, 0, 0, 0])
        choice.advance(along: [9, 9, -1, -3, 2, -2], chunk: 2, maximum: 0)
        #expect(choice.chosen == [1, 3, 0] && !choice.isFinished)
        choice.advance(along: [9, 9, -1, -3, 2, -2], chunk: 2, maximum: 0)
        #expect(choice.chosen == [1, 3, 0] && choice.isFinished)
        var bounded = try Extension(coreCount: 2, poolCount: 4)
        bounded.advance(along: [9, 9, -1, -3, 2, -2], chunk: 0, maximum: 2)
        #expect(bounded.chosen == [1, 3] && bounded.isFinished)
    }

    @Test func `probabilities are the shares of the weights`() {
        expect(AugmentationProbabilities.shares(weights: [1, 1, 0.5, 0.5, 0, 1], count: 2), [0.5, 0.25, 0.25], within: 1e-15)
    }

    @Test func `noise replaces the asked share, by other classes only where that is asked`() {
        let labels = (0..<500).map { $0 % 10 }
        let noisy = LabelNoise(share: 0.3, kind: .other).applied(to: labels, classes: 10, random: RandomSource(seed: 1))
        #expect(zip(labels, noisy).count { $0 != $1 } == 150)
        #expect(noisy.allSatisfy { (0..<10).contains($0) })
        let any = LabelNoise(share: 0.3, kind: .any).applied(to: labels, classes: 10, random: RandomSource(seed: 1))
        let changed = zip(labels, any).count { $0 != $1 }
        #expect(changed < 150 && changed > 110)
    }

    @Test func `transforms move pixels where they should`() {
        let picture = Pictures(width: 3, height: 2, channels: 1, maximum: 9, pixels: [1, 2, 3, 4, 5, 6])
        let random = RandomSource(seed: 1)
        #expect(PictureTransform.flipHorizontal.applied(to: picture, random: random).pixels == [3, 2, 1, 6, 5, 4])
        #expect(PictureTransform.flipVertical.applied(to: picture, random: random).pixels == [4, 5, 6, 1, 2, 3])
        #expect(PictureTransform.rotate180.applied(to: picture, random: random).pixels == [6, 5, 4, 3, 2, 1])
        #expect(PictureTransform.invert.applied(to: picture, random: random).pixels == [8, 7, 6, 5, 4, 3])
        let square = Pictures(width: 2, height: 2, channels: 1, maximum: 9, pixels: [1, 2, 3, 4])
        // A quarter turn four times is the picture itself, and once is not.
        let once = PictureTransform.rotate90.applied(to: square, random: random)
        #expect(once.pixels == [2, 4, 1, 3])
        #expect((0..<4).reduce(square) { turned, _ in PictureTransform.rotate90.applied(to: turned, random: random) } == square)
        let shifted = PictureTransform.shift.applied(to: Pictures(width: 8, height: 8, channels: 1, maximum: 9, pixels: [UInt8](repeating: 5, count: 64 * 20)), random: random)
        #expect(Set(shifted.pixels) == [0, 5])
    }

    @Test func `scaling centres, normalises, drops dead columns and appends 1`() throws {
        let training = Matrix([[1, 5, 0], [3, 5, 2], [2, 5, 7]])
        let scaling = try FeatureScaling(training: training)
        #expect(scaling.kept == [0, 2])
        let scaled = scaling.applied(to: training)
        #expect(scaled.columns == 3)
        for row in 0..<3 {
            let values = Array(scaled.row(row))
            #expect(abs(values[0] * values[0] + values[1] * values[1] - 1) < 1e-12 && values[2] == 1)
        }
        #expect(throws: DIVAError.self) { try FeatureScaling(training: Matrix([[1, 2], [1, 2]])) }
    }

    @Test func `splits deal every row out once`() throws {
        let split = try Split(trainingCount: 1797, testCount: 0, wanted: 1000, required: false, validation: 100, test: 0, others: 50, random: RandomSource(seed: 1))
        #expect(split.test.count == 597)
        let all = split.training + split.validation + split.others + split.test
        #expect(Set(all).count == all.count && all.allSatisfy { (0..<1797).contains($0) })
        let published = try Split(trainingCount: 100, testCount: 30, wanted: 500, required: false, validation: 0, test: 10, others: 0, random: RandomSource(seed: 1))
        #expect(published.training.count == 100 && published.test == Array(100..<110))
    }

    @Test func `the sweep finds the least leave-one-out loss of its grid`() throws {
        let p = IdentityTests.Problem(40, 8, 2)
        let problem = try WeightedLeastSquares(features: p.z, targets: p.z.multiplied(by: Matrix(rows: 8, columns: 2, repeating: 0.5)) + p.y)
        let sweep = try LambdaSelection.sweep(problem)
        #expect(sweep.lambdas.count == 11 && sweep.lambdas.first == 0.01)
        #expect(sweep.losses.min() == sweep.losses[try #require(sweep.lambdas.firstIndex(of: sweep.best))])
    }

    @Test(arguments: GradientBaseline.allCases) func `gradient baselines learn a separable problem`(_ kind: GradientBaseline) throws {
        var random = RandomSource(seed: 8)
        let labels = (0..<200).map { $0 % 2 }
        let rows = labels.map { [($0 == 0 ? -1.0 : 1) + 0.3 * random.normal(), random.normal(), 1] }
        let set = try TrainingSet(features: Matrix(rows), labels: labels, classes: 2)
        let weights = try GradientBaselineTraining().train(kind, on: set, clean: try set.subset(Array(0..<20)), random: RandomSource(seed: 1), proceed: {})
        #expect(Baselines.errorRate(set.features.multiplied(by: weights), labels: labels) < 5)
    }
}
