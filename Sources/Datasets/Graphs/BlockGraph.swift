import Foundation
import Tensors

/// Generates block graphs: nodes of a class are joined more often, and degrees follow a power law.
///
/// Edge k joins a node drawn by weight with another of its class (`inside` of the edges) or of any class; the weight of a node is
/// u^(-1 / (exponent - 1)) with u uniform, which makes degrees fall as degree^-exponent (Chung and Lu 2002). Nodes of low weight
/// get few edges or none: head, tail and isolated nodes as in a real graph.
public struct BlockGraph: Sendable {
    public var classes: Int
    public var nodesPerClass: Int
    /// The mean degree wanted.
    public var meanDegree: Double
    /// The share of edges whose second end is drawn from the class of the first.
    public var inside: Double
    /// The exponent of the degree distribution; above 2.
    public var exponent: Double
    /// Binary features: so many belong to each class.
    public var featuresPerClass: Int
    /// How often a node has a feature of its own class and one of another.
    public var own: Double, other: Double
    /// Nodes of each class that are training and validation nodes of the public split.
    public var trainingPerClass: Int, validationPerClass: Int

    public static let powerLaw = BlockGraph(classes: 5, nodesPerClass: 600, meanDegree: 4, inside: 0.85, exponent: 2.5, featuresPerClass: 60,
                                            own: 0.06, other: 0.025, trainingPerClass: 20, validationPerClass: 60)

    public func generate(identifier: String, seed: UInt64) throws -> GraphDataset {
        let count = classes * nodesPerClass
        let root = RandomSource(seed: seed)
        var random = root.stream("block graph")
        let order = random.permutation(count)
        let labels = (0..<count).map { order[$0] % classes }
        var cumulative: [[Double]] = [], members: [[Int]] = []
        for label in 0..<classes {
            members.append((0..<count).filter { labels[$0] == label })
            var sum = 0.0
            cumulative.append(members[label].map { _ in
                sum += weight(&random)
                return sum
            })
        }
        func draw(_ label: Int, _ random: inout RandomSource) -> Int {
            let sums = cumulative[label], target = random.uniform() * (sums.last ?? 0)
            var low = 0, high = sums.count - 1
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < target { low = middle + 1 } else { high = middle }
            }
            return members[label][low]
        }
        var from: [Int32] = [], to: [Int32] = []
        for _ in 0..<Int(meanDegree * Double(count) / 2) {
            let label = random.integer(below: classes)
            let second = random.uniform() < inside ? label : random.integer(below: classes)
            from.append(Int32(draw(label, &random)))
            to.append(Int32(draw(second, &random)))
        }
        return try Self.dataset(identifier: identifier, adjacency: Adjacency(count: count, from: from, to: to), labels: labels, classes: classes,
                                featuresPerClass: featuresPerClass, own: own, other: other, trainingPerClass: trainingPerClass,
                                validationPerClass: validationPerClass, random: root)
    }

    private func weight(_ random: inout RandomSource) -> Double {
        // One heavy node must not take all edges of its class.
        min(pow(1 - random.uniform(), -1 / (exponent - 1)), Double(nodesPerClass) / 8)
    }

    /// Independent edges of two probabilities, as the smoke plan of Cold Brew asks for: 150 nodes in three classes, 0.15 inside and
    /// 0.01 across, 30 binary features, ten nodes of each class labelled.
    public static func small(identifier: String, seed: UInt64) throws -> GraphDataset {
        let root = RandomSource(seed: seed)
        var random = root.stream("small block graph")
        let labels = (0..<150).map { $0 / 50 }
        var from: [Int32] = [], to: [Int32] = []
        for a in 0..<150 {
            for b in (a + 1)..<150 where random.uniform() < (labels[a] == labels[b] ? 0.15 : 0.01) {
                from.append(Int32(a))
                to.append(Int32(b))
            }
        }
        return try dataset(identifier: identifier, adjacency: Adjacency(count: 150, from: from, to: to), labels: labels, classes: 3, featuresPerClass: 10,
                           own: 0.3, other: 0.1, trainingPerClass: 10, validationPerClass: 10, random: root)
    }

    private static func dataset(identifier: String, adjacency: Adjacency, labels: [Int], classes: Int, featuresPerClass: Int, own: Double, other: Double,
                                trainingPerClass: Int, validationPerClass: Int, random root: RandomSource) throws -> GraphDataset {
        var random = root.stream("features")
        var builder = SparseFeatures.Builder()
        for label in labels {
            for column in 0..<classes * featuresPerClass where random.uniform() < (column / featuresPerClass == label ? own : other) {
                builder.add(column: Int32(column), value: 1)
            }
            _ = builder.endRow()
        }
        var split = [GraphDataset.Part](repeating: .test, count: labels.count)
        random = root.stream("split")
        var taken = [Int](repeating: 0, count: classes)
        for node in random.permutation(labels.count) {
            let place = taken[labels[node]]
            if place < trainingPerClass { split[node] = .training } else if place < trainingPerClass + validationPerClass { split[node] = .validation }
            taken[labels[node]] += 1
        }
        let words = "\(identifier) \(root.seed) version 1"
        return try GraphDataset(identifier: identifier, checksum: SHA256.hexadecimal(of: Array(words.utf8)), adjacency: adjacency,
                                features: builder.finish(width: classes * featuresPerClass), labels: labels,
                                classNames: (0..<classes).map { "block \($0 + 1)" }, publicSplit: split, notes: ["generated, seed \(root.seed)"])
    }
}
