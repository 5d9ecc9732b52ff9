import Foundation
import Layers
import PSAGAN
import Tensors
import Testing

/// The computed numbers of section 8.
@Suite struct FixtureTests {
    func expect(_ values: [Double], _ wanted: [Double], within tolerance: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(values.count == wanted.count && zip(values, wanted).allSatisfy { abs($0 - $1) <= tolerance }, "\(values) is not \(wanted)", sourceLocation: sourceLocation)
    }

    @Test func `check 1: spectral normalisation takes one power step and passes its gradient`() throws {
        let store = ParameterStore<Double>()
        // The weight lies [inputs, outputs], the transpose of the sheet's.
        let weight = store.add("weight", Tensor(shape: [2, 2], [1, 3, 2, 4])), vector = store.addState("vector", Tensor(shape: [2], [1, 0]))
        try Tape<Double>().differentiate(store) {
            let normal = try weight.tensor.spectrallyNormalised(vector: vector, updating: true)
            expect(normal.scalars, [0.185058, 0.555175, 0.370117, 0.740233])
            return try (normal * Tensor(shape: [2, 2], [1, 0, 0, 0])).sum()
        }
        expect(vector.value.scalars, [0.413803, 0.910366])
        expect([1 / 0.185058], [5.403702], within: 1e-4)
        expect(weight.gradient.scalars, [0.178721, -0.013943, -0.012675, -0.027885])
        // One row: sigma is the norm after one step, whatever u.
        let row = ParameterStore<Double>(), line = row.add("w", Tensor(shape: [3, 1], [3, 4, 12])), u = row.addState("u", Tensor(shape: [1], [1]))
        expect(try line.tensor.spectrallyNormalised(vector: u, updating: true).scalars, [3, 4, 12].map { $0 / 13 })
    }

    @Test func `check 2: pooling and both ways of upsampling`() throws {
        let x = Tensor<Double>(shape: [1, 4, 1], [1, 3, 2, 6])
        #expect(try x.pooled(to: 2).scalars == [2, 4])
        #expect(try x.resized(length: 8, .linear).scalars == [1, 1.5, 2.5, 2.75, 2.25, 3, 5, 6])
        #expect(try x.resized(length: 8, .nearest).scalars == [1, 1, 3, 3, 2, 2, 6, 6])
    }

    @Test func `check 3: self-attention along time`() throws {
        var random = RandomSource(seed: 1)
        let store = ParameterStore<Double>(), attention = TemporalAttention<Double>("a", channels: 2, size: 1, in: store, from: &random)
        // Channels are the last axis; queries, keys and values lie side by side.
        let h = Tensor<Double>(shape: [1, 3, 2], [1, 0, 0, 2, -1, 1])
        attention.projection.weight.assign(Tensor(shape: [2, 3], [1, 0.5, 1, 0.5, -1, 1]))
        attention.projection.bias?.assign(Tensor(shape: [3], repeating: 0))
        attention.output.weight.assign(Tensor(shape: [1, 2], [1, -1]))
        attention.output.bias?.assign(Tensor(shape: [2], repeating: 0))
        #expect(try attention(h).scalars == h.scalars)
        attention.gain.assign(Tensor(shape: [1], [0.5]))
        expect(try attention.weights(h).scalars, [0.821409, 0.067425, 0.111166, 0.821409, 0.067425, 0.111166, 0.138723, 0.484190, 0.377087])
        expect(try attention(h).scalars, [1.478130, -0.478130, 0.478130, 1.521870, -0.446449, 0.446449])
    }

    @Test func `checks 4 and 5: least squares and moments`() throws {
        let real = Tensor<Double>(shape: [3], [0.8, 1.2, 0.5]), fake = Tensor<Double>(shape: [3], [0.1, -0.3, 0.6])
        expect([try AdversarialLoss.discriminator(real: real, fake: fake).scalar, try AdversarialLoss.generator(fake: fake).scalar], [0.131667, 0.443333])
        let synthetic = Tensor<Double>(shape: [2, 4, 1], [0, 1, 2, 3, 1, 1, 2, 0]), windows = Tensor<Double>(shape: [2, 4, 1], [0, 2, 2, 4, 0, 1, 0, 3])
        expect([try MomentLoss.paired(fake: synthetic, real: windows).scalar, try MomentLoss.batch(fake: synthetic, real: windows).scalar], [0.719858, 0.726760])
    }

    @Test func `check 6: the distance of two clouds`() throws {
        typealias Cloud = FrechetDistance.Cloud
        func one(_ mean: [Double], _ covariance: [[Double]]) -> Cloud { Cloud(mean: mean, covariance: Matrix(covariance)) }
        expect([try FrechetDistance.between(one([1, 0], [[2, 0.5], [0.5, 1]]), one([0, 1], [[1, 0], [0, 3]]))], [2.808853])
        expect([try FrechetDistance.between(Cloud(Matrix([[0, 0], [1, 0], [0, 1], [1, 1]])), Cloud(Matrix([[0, 0], [2, 0], [0, 1], [2, 1]])))], [0.583333])
        expect([try FrechetDistance.between(one([1], [[4]]), one([0], [[1]]))], [2])
        var random = RandomSource(seed: 2)
        let a = Matrix(rows: 60, columns: 5, values: (0..<300).map { _ in random.normal() }), b = Matrix(rows: 50, columns: 5, values: (0..<250).map { _ in 0.3 + 2 * random.normal() })
        let whole = try FrechetDistance.between(Cloud(a), Cloud(b))
        #expect(abs(try FrechetDistance.between(Cloud(a), Cloud(a))) < 1e-9)
        #expect(abs(try FrechetDistance.between(Cloud(b), Cloud(a)) - whole) < 1e-9 * whole)
        let turn = try Matrix(rows: 5, columns: 5, values: (0..<25).map { _ in random.normal() }).qr().orthogonal
        #expect(abs(try FrechetDistance.between(Cloud(a.multiplied(by: turn)), Cloud(b.multiplied(by: turn))) - whole) < 1e-9 * whole)
        #expect(abs(try FrechetDistance.between(Cloud(3.0 * a), Cloud(3.0 * b)) - 9 * whole) < 1e-8 * whole)
        #expect(throws: PSAGANError.self) { try FrechetDistance.between(one([.nan], [[.nan]]), one([0], [[1]])) }
    }

    @Test func `check 7: the triplet loss in its three forms`() throws {
        let a = Tensor<Double>(shape: [1, 2], [1, 0]), p = Tensor<Double>(shape: [1, 2], [0.5, 0.5]), n = Tensor<Double>(shape: [2, 2], [-1, 1, 2, 0])
        let mean = try TripletLoss.mean(anchors: a, positives: p, negatives: n).scalar
        expect([mean, try TripletLoss.mean(anchors: a, positives: p, negatives: n, sums: true).scalar, try TripletLoss.mean(anchors: a, positives: p, negatives: n, hasExtraTerm: true).scalar - mean],
               [1.694172, 2.914267, 1.003204])
        let zeros = Tensor<Double>(shape: [3, 2], repeating: 0)
        expect([try TripletLoss.mean(anchors: zeros, positives: zeros, negatives: zeros).scalar], [1.386294])
    }

    @Test func `check 8: weight normalisation and causality`() throws {
        expect(try Tensor<Double>.weightNormalised(direction: Tensor(shape: [1, 2, 1], [3, 4]), gain: Tensor(shape: [1], [2])).scalars, [1.2, 1.6])
        var random = RandomSource(seed: 3)
        let encoder = SequenceEncoder<Float>(EncoderShape(channels: 4, depth: 3, reduced: 5, output: 3), random: &random)
        #expect(EncoderShape(depth: 4).receptiveField == 125 && EncoderShape(depth: 10).receptiveField == 8189)
        let values = (0..<40).map { _ in Float(random.normal()) }
        let before = try encoder.features(Tensor(shape: [1, 40, 1], values)).scalars
        for t in [0, 17, 39] {
            var changed = values
            changed[t] += 1
            let after = try encoder.features(Tensor(shape: [1, 40, 1], changed)).scalars
            #expect(after.prefix(5 * t) == before.prefix(5 * t) && after[5 * t..<5 * t + 5] != before[5 * t..<5 * t + 5])
        }
    }

    @Test func `check 10: time features`() {
        // 2024-03-13 17:00, a Wednesday, the 73rd day.
        let moment = 86_400.0 * 19_795 + 17 * 3600
        expect(Array(CalendarFeatures.full.features(start: moment, index: 0).prefix(4)), [0.239130, -0.166667, -0.1, -0.302740])
        expect([CalendarFeatures.full.features(start: moment, index: 0)[4], CalendarFeatures.full.features(start: moment, index: 98)[4]], [0.301030, 2])
        #expect(CalendarFeatures.full.features(start: moment - 98 * 3600, index: 98).prefix(4) == CalendarFeatures.full.features(start: moment, index: 0).prefix(4))
    }

    @Test func `check 11: when blocks come and how they fade in`() {
        let schedule = GrowthSchedule(points: [5, 10, 15], fade: 2)
        let wanted: [(Int, Int, Double)] = [(1, 0, 1), (5, 0, 1), (6, 1, 0.5), (7, 1, 1), (10, 1, 1), (11, 2, 0.5), (16, 3, 0.5), (17, 3, 1), (40, 3, 1)]
        for (epoch, depth, alpha) in wanted { #expect(schedule.depth(epoch) == depth && schedule.alpha(epoch) == alpha, "epoch \(epoch)") }
        let short = GrowthSchedule(epochs: 800, resolutions: 4)
        #expect((0..<4).map { k in (0..<800).count { short.depth($0) == k } } == [160, 160, 160, 320])
        #expect(short.alpha(160) == 1 / 80.0 && short.alpha(239) == 1 && short.alpha(0) == 1)
        let grown = GrowthSchedule.grown(resolutions: 4)
        #expect(grown.depth(0) == 3 && grown.alpha(0) == 1)
    }

    @Test func `check 12: GARCH, and its fit finds what it was made with`() {
        let errors = [0.1, -0.2, 0.3], model = GARCH(omega: 0.01, a: 0.1, b: 0.8, start: 0.042222222222)
        expect(model.variances(errors), [0.042222, 0.044778, 0.049822])
        expect([model.negativeLogLikelihood(errors)], [-0.409975])
        var random = RandomSource(seed: 4)
        let made = GARCH(omega: 0.02, a: 0.2, b: 0.7, start: 0.2).simulate(6000, &random), fitted = GARCH(fitting: made)
        #expect(fitted.isFitted && abs(fitted.a - 0.2) < 0.05 && abs(fitted.b - 0.7) < 0.08 && fitted.a + fitted.b < 1, "\(fitted)")
        #expect(!GARCH(fitting: []).omega.isNaN)
    }

    @Test func `check 13: the bias of a distance`() throws {
        var random = RandomSource(seed: 5)
        for (d, n, wanted) in [(16, 512, 0.372), (16, 2048, 0.074), (80, 512, 6.76)] {
            func sample() -> FrechetDistance.Cloud { .init(Matrix(rows: n, columns: d, values: (0..<n * d).map { _ in random.normal() })) }
            let distance = try FrechetDistance.between(sample(), sample())
            #expect(abs(distance - wanted) < 0.15 * wanted, "d \(d), n \(n): \(distance)")
        }
    }

    @Test func `the networks have the published numbers of parameters`() {
        var random = RandomSource(seed: 6)
        for (window, generator, discriminator) in [(16, 7529, 7122), (64, 19_057, 13_658), (256, 30_585, 20_194)] {
            let shape = NetworkShape(window: window, series: 7)
            #expect(Generator<Float>(shape, random: &random).parameters.parameterCount == generator + 70)
            #expect(Discriminator<Float>(shape, random: &random).parameters.parameterCount == discriminator + 70)
        }
    }

    @Test func `check 9: errors of forecasts`() {
        let truth: [[Double]] = [[1, 2, 3], [10, 0, 5]], forecast: [[Double]] = [[1, 3, 2], [8, 1, 5]]
        expect([ForecastMetrics.normalisedDeviation(truth, forecast), ForecastMetrics.normalisedError(truth, forecast)], [0.238095, 0.308607])
        // The median's loss is the normalised deviation.
        expect([ForecastMetrics.quantileLoss(truth, forecast, 0.5)], [0.238095])
        #expect(([1, 2, 4] as [Double]).quantile(0.5) == 2 && ([1, 2, 4] as [Double]).quantile(0.75) == 3 && ([] as [Double]).quantile(0.5).isNaN)
        // Leaving one out of independent values: the error of their mean.
        expect([ForecastMetrics.jackknife(4) { $0.map { [1.0, 2, 4, 7][$0] }.reduce(0, +) / Double($0.count) } ?? 0], [1.322876])
    }

    @Test func `check 12: Student's likelihood, the pulling-apart term, the VAE's divergence and a recurrent unit`() throws {
        func one(_ value: Double) -> Tensor<Double> { Tensor(shape: [1], [value]) }
        expect(try StudentLikelihood.losses(one(1.2), place: one(1), scale: one(0.5), freedom: one(4)).scalars, [0.385734])
        expect(try StudentLikelihood.losses(one(1.2), place: one(1), scale: one(0.5), freedom: one(1e7)).scalars, [0.305791], within: 1e-5)
        expect([StudentLikelihood.digamma(1), StudentLikelihood.digamma(0.5), StudentLikelihood.digamma(10)], [-0.577215664902, -1.963510026021, 2.251752589067], within: 1e-8)
        expect([try BaselineLoss.pulling(Tensor<Double>(shape: [3, 2], [1, 0, 1, 1, 0, 2])).scalar], [0.333333])
        expect([try BaselineLoss.divergence(mean: one(0.5), logVariance: one(log(0.25))).scalar], [0.443147])
        // Weights of one unit: gates in the order reset, update, new.
        let h = try Tensor<Double>(shape: [1, 1, 1], [1]).gru(.init(input: Tensor(shape: [1, 3], [0.5, -0.3, 0.8]), recurrent: Tensor(shape: [1, 3], [0.2, 0.4, 0.6])), initial: Tensor(shape: [1, 1], [0.5]))
        expect(h.scalars, [0.635935])
    }
}
