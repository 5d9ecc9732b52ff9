import Datasets
import Foundation
import Testing
import VisualGeneralisation

/// Sections 2.3, 2.4 and 2.7.
@Suite struct MeasureTests {
    @Test func `variances over the full grid`() {
        for (t, wanted) in [(2, 0.25), (3, 0.166667), (6, 0.116667), (10, 0.101852), (16, 0.094444), (40, 0.087607)] { #expect(abs(FactorScores.variance(t) - wanted) < 5e-7) }
    }

    @Test func `the sheet's R²`() {
        let factors = [FactorDataset.Factor("a", 3), .init("b", 4)]
        let scores = FactorScores([0.1, 0, 0.5, 0.5, 0.8, 0.6, 0.9, 0.7], values: [0, 0, 1, 1, 2, 2, 2, 3], factors: factors)
        #expect(zip(scores.errors, [0.015, 0.0305556]).allSatisfy { abs($0 - $1) < 1e-6 } && zip(scores.r2, [0.91, 0.78]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs((scores.mean(.all, factors) ?? 0) - 0.845) < 1e-6 && abs(scores.errors.reduce(0, +) / 2 - 0.0227778) < 1e-6)
    }

    @Test(arguments: [
        ("dsprites", FactorSplit.Kind.interpolation, 0.964, 0.955, 0.746, 0.682), ("dsprites", .extrapolation, 0.873, 0.842, 0.111, -0.112),
        ("rooms", .interpolation, 0.968, 0.962, 0.822, 0.786), ("rooms", .extrapolation, 0.916, 0.899, 0.225, 0.070),
        ("arm", .interpolation, 0.784, 0.698, 0.960, 0.945), ("arm", .extrapolation, 0.782, 0.695, 0.313, 0.038),
        ("celebglow", .extrapolation, 0.695, 0.594, -0.127, -0.502), ("sprites", .interpolation, 0.954, 0.942, 0.774, 0.717), ("sprites", .extrapolation, 0.851, 0.813, 0.084, -0.144),
    ])
    func `reference lines are those of the sheet`(name: String, kind: FactorSplit.Kind, clampAll: Double, clampFree: Double, meanAll: Double, meanFree: Double) throws {
        let own = try #require([Sets.dsprites, Sets.rooms, Sets.arm, Sets.celebGlow, Sets.sprites].first { $0.name == name })
        let lines = ReferenceLines(try own.split(kind))
        func pair(_ line: ReferenceLines.Line) -> (all: Double, free: Double) {
            let r2 = lines.test(line).r2, free = own.factors.indices.filter { !own.factors[$0].isKept }
            return (r2.reduce(0, +) / Double(r2.count), free.reduce(0) { $0 + r2[$1] } / Double(free.count))
        }
        let clamp = pair(.clamp), mean = pair(.mean)
        #expect(abs(clamp.all - clampAll) < 6e-4 && abs(clamp.free - clampFree) < 6e-4 && abs(mean.all - meanAll) < 6e-4 && abs(mean.free - meanFree) < 6e-4, "\(clamp) \(mean)")
    }

    @Test func `clamp on one factor`() throws {
        func values(_ own: Sets.Case, _ kind: FactorSplit.Kind) throws -> [Double] {
            let lines = ReferenceLines(try own.split(kind))
            return own.factors.indices.compactMap { lines.oneFactor(.clamp, $0) }
        }
        func near(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 6e-4 } }
        #expect(try near(values(Sets.dsprites, .interpolation), [0.657, 0.992, 0.988, 0.988]) && near(values(Sets.dsprites, .extrapolation), [0.143, 0.809, 0.765, 0.765]))
        #expect(try near(values(Sets.rooms, .interpolation), [0.879, 0.879, 0.879, 0.810, 0.946]) && near(values(Sets.rooms, .extrapolation), [0.697, 0.697, 0.697, 0.524, 0.750]))
        #expect(try near(values(Sets.arm, .interpolation), [0.657, -0.5, -0.5, 0.992, 0.992]) && near(values(Sets.arm, .extrapolation), [0.657, -0.5, -0.5, 0.944, 0.944]))
        #expect(try near(values(Sets.sprites, .interpolation), [0.657, 0.879, 0.953, 0.953]) && near(values(Sets.sprites, .extrapolation), [0.143, 0.697, 0.647, 0.647]))
        let lines = ReferenceLines(try Sets.sprites.split(.extrapolation))
        for j in 1..<5 { #expect(abs((lines.oneFactor(.mean, j) ?? 0) + 2.2) <= 0.2) }
        #expect(lines.oneFactor(.clamp, 0) == nil)
    }

    /// The closed form agrees with predicting every test image.
    @Test(arguments: [FactorSplit.Kind.interpolation, .extrapolation]) func `reference lines are what their predictions score`(kind: FactorSplit.Kind) throws {
        let split = try Sets.sprites.split(kind), lines = ReferenceLines(split), parts = try FactorPartition(split), dataset = try FactorDataset(identifier: "s", generator: Sprites(), heldOutShare: 0.2)
        let rows = parts.test.map(dataset.values)
        for line in ReferenceLines.Line.allCases {
            let predictions = rows.flatMap { row in row.indices.map { Float(lines.prediction(line, $0, row[$0])) } }
            let scores = FactorScores(predictions, values: rows.flatMap(\.self), factors: split.factors)
            #expect(zip(scores.r2, lines.test(line).r2).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test func `a perfect model, a constant one, and a change of the factors' order`() throws {
        let split = try Sets.sprites.split(.extrapolation), factors = split.factors, dataset = try FactorDataset(identifier: "s", generator: Sprites(), heldOutShare: 0.2)
        let parts = try FactorPartition(split), lines = ReferenceLines(split)
        func target(_ row: [Int]) -> [Float] { row.indices.map { Float(FactorScores.target(row[$0], factors[$0])) } }
        for j in 1..<5 {
            let rows = parts.oneFactor[j].map(dataset.values)
            let found = OneFactorFindings(j, rows.flatMap(target), values: rows.flatMap(\.self), split: split, trainingMean: lines.trainingMean(j))
            #expect(found.scores.r2.allSatisfy { abs($0 - 1) < 1e-9 } && abs((found.ratio ?? 0) - 1) < 1e-6 && found.seenShare == 0)
            let clamped = OneFactorFindings(j, rows.flatMap { row in row.indices.map { Float(lines.prediction(.clamp, $0, row[$0])) } }, values: rows.flatMap(\.self), split: split, trainingMean: lines.trainingMean(j))
            #expect(clamped.seenShare == 1 && (clamped.ratio ?? 1) < 1 && abs(clamped.outOfDistribution - (lines.oneFactor(.clamp, j) ?? 0)) < 1e-5)
        }
        let grid = (0..<dataset.count).map(dataset.values)
        #expect(FactorScores(grid.flatMap { $0.map { _ in Float(0.5) } }, values: grid.flatMap(\.self), factors: factors).r2.allSatisfy { abs($0) < 1e-9 })
        let some = Array(grid.prefix(300)), predictions = some.flatMap { $0.map { Float($0) * 0.1 } }
        let straight = FactorScores(predictions, values: some.flatMap(\.self), factors: factors)
        let turned = FactorScores(some.flatMap { $0.reversed().map { Float($0) * 0.1 } }, values: some.flatMap { $0.reversed() }, factors: factors.reversed())
        #expect(straight.r2 == turned.r2.reversed())
        // A number that is none and one beyond all values are counted somewhere, never a trap.
        let odd = OneFactorFindings(1, [.nan, .nan, 1e30, .infinity, -1e30], values: [0, 5, 0, 0, 0], split: split, trainingMean: 0.3)
        #expect(odd.seenShare == 1)
    }

    @Test func `MIG of the sheet`() {
        let a = [0, 0, 1, 1, 0, 0, 1, 1], b = [0, 1, 0, 1, 0, 1, 0, 1], latents = [[0.1, 0.2, 0.9, 0.8, 0.15, 0.05, 0.95, 0.3], [0, 1, 0, 1, 0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.6]]
        #expect(Disentanglement.bins(latents[0], 20) == [2, 4, 19, 17, 3, 1, 20, 6])
        let information = latents.map { latent in [a, b].map { Disentanglement.mutualInformation(Disentanglement.bins(latent, 20), $0) } }
        let wanted = [[log(2.0), log(2.0)], [0, log(2.0)], [0, 0]]
        #expect(zip(information.joined(), wanted.joined()).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(abs(Disentanglement.mutualInformationGap(latents: latents, factors: [a, b]) - 0.5) < 1e-12)
        #expect(abs(Disentanglement.mutualInformationGap(latents: latents, factors: [a, b, [3, 3, 3, 3, 3, 3, 3, 3]]) - 0.5) < 1e-12)
    }

    @Test func `DCI of the sheet`() {
        let scores = Disentanglement.scores([[0.8, 0.1, 0.1], [0.1, 0.9, 0], [0.05, 0, 0.9], [0.05, 0, 0]])
        #expect(zip(scores.rows, [0.418328, 0.704097, 0.812316, 1]).allSatisfy { abs($0 - $1) < 1e-6 } && abs(scores.disentanglement - 0.648042) < 1e-6)
        #expect(zip(scores.columns, [0.489036, 0.765502, 0.765502]).allSatisfy { abs($0 - $1) < 1e-6 } && abs(scores.completeness - 0.673347) < 1e-6)
    }

    @Test func `boosted trees give importance to the columns that matter, and fit better with each tree`() {
        let count = 400
        func hash(_ i: Int, _ j: UInt64) -> Double { FactorHash.uniform(UInt64(i) &* 7 &+ j) }
        let columns = (0..<3).map { j in (0..<count).map { hash($0, UInt64(j)) } }
        let target = (0..<count).map { columns[0][$0] > 0.5 ? 1 : columns[1][$0] * 0.2 }
        let importance = BoostedTrees().importance(latents: columns, factors: [target])
        #expect(importance[0][0] > 0.9 && importance[2][0] < 0.02 && abs(importance.reduce(0) { $0 + $1[0] } - 1) < 1e-12)
        func error(_ trees: Int) -> Double { zip(BoostedTrees(trees: trees).fit(columns, target).predictions, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
        #expect(error(20) < 0.2 * error(1) && error(40) < error(20))
        #expect(BoostedTrees().importance(latents: [[1, 1, 1]], factors: [[1, 2, 3]]) == [[0]])
    }

    @Test func `rank correlations`() {
        #expect(Disentanglement.rankCorrelation([1, 2, 3, 4], [10, 20, 25, 100]) == 1)
        #expect(Disentanglement.rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1]) == -1)
        #expect(abs((Disentanglement.rankCorrelation([1, 2, 2, 4], [1, 3, 2, 4]) ?? 0) - 0.948683) < 1e-6)
        #expect(Disentanglement.rankCorrelation([1, 1], [2, 3]) == nil && Disentanglement.rankCorrelation([1], [1]) == nil)
    }
}
