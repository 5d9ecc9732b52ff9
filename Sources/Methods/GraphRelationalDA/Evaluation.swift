import Datasets
import Foundation

/// The metric of section 2.8 from outputs of every evaluated sample: accuracy in percent, or the squared error summed over the outputs and
/// averaged over the samples, in normalised units.
struct Evaluation: Sendable {
    /// One a domain; nil where nothing is known.
    var values: [Double?]
    /// The mean over classes of the share found, one a domain; empty for numbers.
    var balanced: [Double?] = []
    /// Shares of the predicted classes over the targets' samples.
    var predictedShares: [Double] = []

    /// - Parameter outputs: [domains, slots, C] row by row, `slots` the size of the largest domain.
    init(_ outputs: [Float], _ material: Material) {
        let samples = material.samples, width = samples.outputs
        let slots = samples.evaluationSlots
        guard outputs.count == material.count * slots * width else {
            values = [Double?](repeating: nil, count: material.count)
            return
        }
        func row(_ domain: Int, _ slot: Int) -> ArraySlice<Float> { outputs[((domain * slots + slot) * width)..<((domain * slots + slot + 1) * width)] }
        guard samples.isClassification else {
            values = samples.evaluation.enumerated().map { domain, rows in
                var sum = 0.0, counted = 0
                for slot in 0..<rows.count {
                    let wanted = rows.outputs[slot * width..<(slot + 1) * width]
                    guard !wanted.contains(where: \.isNaN) else { continue }
                    counted += 1
                    sum += zip(row(domain, slot), wanted).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
                }
                return counted > 0 ? sum / Double(counted) : nil
            }
            return
        }
        var shares = [Double](repeating: 0, count: width), total = 0.0
        values = []
        for (domain, rows) in samples.evaluation.enumerated() {
            var found = [Int](repeating: 0, count: width), counts = found
            for slot in 0..<rows.count {
                let choice = Self.choice(row(domain, slot)), label = Int(rows.labels[slot])
                if material.roles[domain] == .target {
                    shares[choice] += 1
                    total += 1
                }
                guard label >= 0 else { continue }
                counts[label] += 1
                if choice == label { found[label] += 1 }
            }
            let known = counts.reduce(0, +)
            values.append(known > 0 ? 100 * Double(found.reduce(0, +)) / Double(known) : nil)
            let recalls = counts.indices.filter { counts[$0] > 0 }.map { 100 * Double(found[$0]) / Double(counts[$0]) }
            balanced.append(recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count))
        }
        predictedShares = shares.map { $0 / max(1, total) }
    }

    /// The place of the largest entry.
    static func choice(_ row: ArraySlice<Float>) -> Int {
        var best = row.startIndex
        for place in row.indices where row[place] > row[best] { best = place }
        return best - row.startIndex
    }

    /// The unweighted mean over domains; nil where none of them has a value.
    func mean(_ domains: [Int]) -> Double? { Self.mean(domains.compactMap { values[$0] }) }
    func balancedMean(_ domains: [Int]) -> Double? { balanced.isEmpty ? nil : Self.mean(domains.compactMap { balanced[$0] }) }

    static func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
}
