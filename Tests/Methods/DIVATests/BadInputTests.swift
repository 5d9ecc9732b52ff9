import DIVA
import Datasets
import Experiments
import Foundation
import Tensors
import Testing

/// Section 9: each mistake gives one sentence that names the culprit.
@Suite struct BadInputTests {
    static let z = Matrix([[1, 0], [0, 1], [1, 1], [2, -1]])

    private func sentence(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "no error"
    }

    @Test func `training sets are checked`() {
        #expect(sentence { _ = try TrainingSet(features: Matrix(rows: 0, columns: 3), labels: [], classes: 2) }.contains("empty"))
        #expect(sentence { _ = try TrainingSet(features: Matrix([[1]]), labels: [0], classes: 2) }.contains("one example"))
        #expect(sentence { _ = try TrainingSet(features: Matrix([[1, 2], [3, .nan]]), labels: [0, 1], classes: 2) }.contains("row 1, column 1"))
        #expect(sentence { _ = try TrainingSet(features: Matrix([[1, .infinity], [3, 4]]), labels: [0, 1], classes: 2) }.contains("row 0, column 1"))
        #expect(sentence { _ = try TrainingSet(features: Self.z, labels: [0, 1, 2, 0], classes: 2) }.contains("label of example 2 is 2"))
        #expect(sentence { _ = try TrainingSet(features: Self.z, labels: [0, -1, 0, 0], classes: 2) }.contains("label of example 1 is -1"))
        #expect(sentence { _ = try TrainingSet(features: Self.z, labels: [0, 1], classes: 2) }.contains("4 rows of features but 2 labels"))
        #expect((try? TrainingSet(features: Self.z, labels: [1, 1, 1, 1], classes: 2))?.hasOneClassOnly == true)
    }

    @Test func `weights and lambda are checked`() {
        func problem(_ weights: [Double]) throws -> WeightedLeastSquares {
            try WeightedLeastSquares(features: Self.z, targets: FixtureTests.y, weights: weights)
        }
        #expect(sentence { _ = try problem([1, -0.1, 1, 1]) }.contains("weight of example 1 is -0.1"))
        #expect(sentence { _ = try problem([1, 1, .nan, 1]) }.contains("weight of example 2"))
        #expect(sentence { _ = try problem([1, 1]) }.contains("2 weights"))
        #expect(sentence { _ = try problem([0, 0, 0, 0]) }.contains("all weights have reached 0"))
        for lambda in [0, -1, .nan, .infinity] {
            #expect(sentence { _ = try problem([1, 1, 1, 1]).solve(lambda: lambda) }.contains("ridge strength must be a positive number"))
        }
    }

    @Test func `an interpolated example and a failed factorisation say to raise lambda`() {
        let wide = Matrix([[1e6, 0, 0], [0, 1e6, 0], [0, 0, 1e6]])
        #expect(sentence { _ = try WeightedLeastSquares(features: wide, targets: Matrix.identity(3)).solve(lambda: 1e-3) }.contains("example 0 is interpolated"))
        // Z'Z is exactly [[4, 4], [4, 4]], whose second pivot is exactly 0.
        let same = Matrix([[2, 2], [0, 0]])
        #expect(sentence { _ = try WeightedLeastSquares(features: same, targets: Matrix.identity(2)).solve(lambda: 1e-300) }.contains("raise lambda"))
    }

    @Test func `a step that removes everything, and an extension without a pool, are errors`() {
        var reweighting = Reweighting(count: 3, eta: 5, scaling: .rms)
        #expect(sentence { try reweighting.advance(along: [1, 1, 1]) }.contains("all weights reached 0 at step 1"))
        #expect(sentence { _ = try Extension(coreCount: 5, poolCount: 0) }.contains("no pool"))
        #expect(sentence { _ = try Extension(coreCount: 1, poolCount: 5) }.contains("core"))
    }

    @Test func `AUC and F1 of nothing are not numbers`() {
        #expect(DetectionMetrics.areaUnderCurve(scores: [1, 2], isBad: [false, false]) == nil)
        #expect(DetectionMetrics.areaUnderCurve(scores: [1, 2], isBad: [true, true]) == nil)
        #expect(DetectionMetrics.receiverOperatingCurve(scores: [1, 2], isBad: [true, true]) == nil)
        #expect(DetectionMetrics.Flags(flagged: [true, false], isBad: [false, false]).f1 == nil)
        #expect(DetectionMetrics.Flags(flagged: [false, false], isBad: [true, false]).precision == nil)
    }

    @Test(arguments: [
        ("lambda", ParameterValue.text("tiny"), "parameter lambda"), ("lambda", .text("-3"), "parameter lambda"), ("lambda", .text("0"), "parameter lambda"),
        ("task", .text("paint"), "parameter task"), ("noise", .real(1.5), "parameter noise"), ("examples", .integer(1), "parameter examples"),
        ("transforms", .text("flip-sideways"), "flip-sideways"), ("steps", .integer(0), "parameter steps"), ("nonsense", .integer(0), "no parameter"),
    ]) func `a setting out of range names itself`(_ name: String, _ value: ParameterValue, _ words: String) {
        #expect(sentence { _ = try run(request([name: value], plan: .smoke)) }.contains(words))
    }

    @Test func `more than a data set holds is said before anything is computed`() {
        #expect(sentence { _ = try run(request(["task": .text("extend"), "core": .integer(1000), "pool": .integer(1000)])) }.contains("lower core or pool"))
        #expect(sentence { _ = try run(request(["validation": .integer(1300)])) }.contains("too few"))
        #expect(sentence { _ = try run(request(["task": .text("augment"), "transforms": .text(" , ")])) }.contains("at least one"))
        #expect(sentence { _ = try run(request([:], dataset: "no-such-set")) }.contains("no-such-set"))
    }

    @Test func `sets of other kinds are refused before a run`() {
        let method = DIVAMethod()
        for kind in DatasetKind.allCases {
            let entry = DatasetEntry(identifier: "x", title: "x", kind: kind, state: .present, rows: 10, shape: "", origin: "", licence: "")
            switch method.accepts(entry) {
            case .accepted: #expect(kind == .images || kind == .features || kind == .textGraph)
            case .refused(let why): #expect(why.contains(kind.title))
            }
        }
    }
}
