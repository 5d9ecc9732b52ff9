import Experiments
import Tensors

/// The measures of one generator on one sample of windows.
struct FidelityRow: Sendable {
    var distance: Double, relative: Double, marginal: Double, autocorrelation: Double, roughness: Double, conditional: Double
}

/// Measures generators against real windows, with the floor and the controls beside them.
struct FidelityMeter {
    let ruler: Ruler
    let length: Int
    let sample: WindowSample
    private let cloud: FrechetDistance.Cloud
    let embedding: Matrix
    private let curve: [Double]
    private let step: Double
    private let proceed: () throws -> Void

    init(_ ruler: Ruler, _ sample: WindowSample, length: Int, proceed: @escaping () throws -> Void) throws {
        self.ruler = ruler
        self.length = length
        self.sample = sample
        self.proceed = proceed
        embedding = try ruler.embed(sample.real, length: length, proceed: proceed)
        cloud = FrechetDistance.Cloud(embedding)
        curve = Fidelity.autocorrelation(sample.real, length: length, lags: Fidelity.lags(length))
        step = Fidelity.meanStep(sample.real, length: length)
    }

    var trace: Double { cloud.trace }

    func distance(_ windows: [Float]) throws -> Double { try FrechetDistance.between(cloud, FrechetDistance.Cloud(ruler.embed(windows, length: length, proceed: proceed))) }

    func row(_ windows: [Float]) throws -> FidelityRow {
        let distance = try distance(windows), own = Fidelity.autocorrelation(windows, length: length, lags: curve.count)
        try proceed()
        return FidelityRow(
            distance: distance, relative: distance / max(1e-12, trace), marginal: Fidelity.marginalDistance(windows, sample.real),
            autocorrelation: zip(own, curve).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(max(1, curve.count)),
            roughness: Fidelity.meanStep(windows, length: length) / max(1e-12, step), conditional: Fidelity.conditionalError(windows, sample.real))
    }
}
