import Foundation
import Tensors

/// Generates domains on a spiral: domain i has an angle θ_i; its class 0 lies around r(cos θ, sin θ), its class 1 around the opposite
/// point. Domains of near angles are joined more often: with p = cos(θ_i - θ_j), never below `threshold`, else with probability p.
/// The domains of the smallest angles are the sources (the layout of DG-15 and DG-60; Xu et al., ICLR 2022).
public struct SpiralDomains: Sendable {
    public var domains: Int
    /// Angles are uniform in [0, span).
    public var span: Double
    /// r = 1 + growth θ.
    public var growth: Double
    public var threshold: Double
    public var samples: Int
    public var sources: Int
    /// The share of class 0. At ½ a cloud is symmetric, and unlabelled points cannot tell the two labellings apart.
    public var firstShare: Double = 0.5

    public static let fifteen = SpiralDomains(domains: 15, span: .pi, growth: 2 / .pi, threshold: 0.5, samples: 100, sources: 6)
    public static let sixty = SpiralDomains(domains: 60, span: 2 * .pi, growth: 3 / .pi, threshold: 0.2, samples: 100, sources: 6)
    public static let skewed = SpiralDomains(domains: 15, span: .pi, growth: 2 / .pi, threshold: 0.5, samples: 100, sources: 6, firstShare: 0.75)
    public static let small = SpiralDomains(domains: 6, span: .pi, growth: 2 / .pi, threshold: 0.5, samples: 20, sources: 3)

    /// - Throws: `DatasetError` when no draw of a thousand gives a connected graph.
    public func generate(identifier: String, seed: UInt64) throws -> DomainDataset {
        let root = RandomSource(seed: seed).stream("spiral domains")
        for attempt in 0..<1000 {
            var random = root.stream("graph", attempt)
            let angles = (0..<domains).map { _ in span * random.uniform() }
            var from: [Int32] = [], to: [Int32] = []
            for a in 0..<domains {
                for b in (a + 1)..<domains {
                    let p = cos(angles[a] - angles[b])
                    if p >= threshold, random.uniform() < p {
                        from.append(Int32(a))
                        to.append(Int32(b))
                    }
                }
            }
            let adjacency = Adjacency(count: domains, from: from, to: to)
            let first = angles.indices.sorted { (angles[$0], $0) < (angles[$1], $1) }.prefix(sources)
            guard isConnected(adjacency, Set(0..<domains)), isConnected(adjacency, Set(first)), adjacency.edgeCount < domains * (domains - 1) / 2 else { continue }
            return try dataset(identifier, seed, angles, adjacency, Set(first), root)
        }
        throw DatasetError(file: identifier, "no connected graph was drawn in a thousand attempts; take more domains or a lower threshold")
    }

    private func isConnected(_ adjacency: Adjacency, _ nodes: Set<Int>) -> Bool {
        guard let start = nodes.min() else { return false }
        var seen = [start], known: Set<Int> = [start]
        while let node = seen.popLast() {
            for neighbour in adjacency.neighbours(of: node) where nodes.contains(Int(neighbour)) && known.insert(Int(neighbour)).inserted { seen.append(Int(neighbour)) }
        }
        return known == nodes
    }

    private func dataset(_ identifier: String, _ seed: UInt64, _ angles: [Double], _ adjacency: Adjacency, _ first: Set<Int>, _ root: RandomSource) throws -> DomainDataset {
        let zeros = Int((firstShare * Double(samples)).rounded())
        var inputs: [[Double]] = [], labels: [[Int]] = []
        for domain in 0..<domains {
            var random = root.stream("points", domain)
            let r = 1 + growth * angles[domain]
            // Rows come shuffled, so that no place in a domain tells a class.
            let order = random.permutation(samples)
            var points = [Double](repeating: 0, count: 2 * samples), classes = [Int](repeating: 0, count: samples)
            for place in 0..<samples {
                let label = place < zeros ? 0 : 1, sign = label == 0 ? 1.0 : -1
                var offset = (random.normal(), random.normal())
                while offset.0 * offset.0 + offset.1 * offset.1 >= 1 { offset = (random.normal(), random.normal()) }
                points[2 * order[place]] = sign * r * cos(angles[domain]) + offset.0
                points[2 * order[place] + 1] = sign * r * sin(angles[domain]) + offset.1
                classes[order[place]] = label
            }
            inputs.append(points)
            labels.append(classes)
        }
        let places = MapPositions.unit(angles.map { ((1 + growth * $0) * cos($0), (1 + growth * $0) * sin($0)) })
        return try DomainDataset(
            identifier: identifier, checksum: SHA256.hexadecimal(of: Array("\(identifier) \(seed) version 1".utf8)),
            domains: (0..<domains).map { .init(name: String($0), position: places[$0], coordinates: [angles[$0]]) }, adjacency: adjacency,
            tasks: [.init(name: "smallest angles", roles: (0..<domains).map { first.contains($0) ? .source : .target })],
            content: .classified(width: 2, inputs: inputs, labels: labels, classNames: ["0", "1"]), notes: ["generated, seed \(seed)"])
    }
}

/// `log` of the C library; inside a type that has a `log` of its own the name would be hidden.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
