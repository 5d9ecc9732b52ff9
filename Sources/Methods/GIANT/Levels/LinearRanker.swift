import Datasets
import Tensors

/// XR-Linear (section 2.6): a linear support vector machine for each cluster of a tree and for each label, each trained on the rows that have its parent. It ranks labels with
/// what the encoder has learnt beside the words: x̂ = [X ‖ h / |h|].
package struct LinearRanker {
    package struct Options: Sendable {
        package var cost = 1.0
        /// Weights smaller than this are dropped.
        package var threshold: Float = 0.1
        package var beam = 10
        package var postProcessor = PostProcessor.hinge
        package var maximumLeaf = 16, splits = 8, minimumCodes = 8
        package init() {}
    }

    /// The machines of a level, their weights in compressed rows.
    private struct Machines {
        var starts = [0], columns: [Int32] = [], weights: [Float] = [], biases: [Float] = []
    }

    package let chain: ClusterChain
    private let levels: [Machines]
    private let machineOfLabel: [Int32]
    private let labelsOfLeaf: [[Int32]]
    private let options: Options

    /// X beside the vectors, each row of both of norm 1.
    package static func features(_ x: FeatureRows, _ vectors: NodeVectors) -> SparseFeatures {
        let unit = vectors.unitRows()
        var builder = SparseFeatures.Builder()
        for node in 0..<x.count {
            builder.append(x.row(node) + (0..<unit.width).map { (column: Int32(x.width + $0), value: unit.values[node * unit.width + $0]) })
        }
        return builder.finish(width: x.width + unit.width)
    }

    /// Grows a tree of the label embeddings of `features` and trains every machine.
    /// - Parameters:
    ///   - rows: the instances; what they are linked to in `graph` are their labels.
    ///   - proceed: called with the machines that are trained and their number; what it throws ends the work.
    package init(_ features: SparseFeatures, over graph: Adjacency, rows: [Int32], options: Options, random: RandomSource, proceed: (Int, Int) throws -> Void = { _, _ in }) throws {
        var isTraining = [Bool](repeating: false, count: graph.count)
        for row in rows { isTraining[Int(row)] = true }
        let labels = try LabelEmbeddings.aggregated(FeatureRows(features), over: graph, isTraining: isTraining) { _ in try proceed(0, graph.count) }
        let depth = try TreeShape.depth(labels: graph.count, maximumLeaf: options.maximumLeaf)
        let codes = try BisectingClusters(random: random.stream("tree")).leafCodes(labels, depth: depth) { _ in try proceed(0, graph.count) }
        let chain = try ClusterChain(codes: codes, leaves: 1 << depth, splits: options.splits, minimumCodes: options.minimumCodes)
        let leaves = chain.members(), targets = LevelTargets(chain: chain, graph: graph)
        // The machines of the labels stand in the order of the leaves.
        var machineOfLabel = [Int32](repeating: 0, count: graph.count), next: Int32 = 0
        for leaf in leaves { for label in leaf { (machineOfLabel[Int(label)], next) = (next, next + 1) } }
        var trainer = Trainer(features, options), done = 0, levels: [Machines] = []
        let total = chain.levels.reduce(graph.count, +)
        for level in 0...chain.levels.count {
            let isLabelLevel = level == chain.levels.count
            /// The parents and the positives of a row at this level, both as numbers of clusters.
            var rowsOfParent = [[Int32]](repeating: [], count: level == 0 ? 1 : chain.levels[level - 1])
            for row in rows {
                if level == 0 { rowsOfParent[0].append(row) } else { for parent in targets.clusters(of: row, at: level - 1) { rowsOfParent[Int(parent.cluster)].append(row) } }
            }
            var machines = Machines(), firstOfLeaf: Int32 = 0
            for (parent, members) in rowsOfParent.enumerated() {
                let children: Range<Int32> = isLabelLevel ? firstOfLeaf..<firstOfLeaf + Int32(leaves[parent].count) : level == 0 ? 0..<Int32(chain.levels[0]) : chain.children(of: Int32(parent), at: level - 1)
                firstOfLeaf = isLabelLevel ? children.upperBound : 0
                var positives = [[Int]](repeating: [], count: children.count)
                for (place, row) in members.enumerated() {
                    let wanted = isLabelLevel ? targets.labels(of: row).map { machineOfLabel[Int($0)] } : targets.clusters(of: row, at: level).map(\.cluster)
                    for child in wanted where children.contains(child) { positives[Int(child - children.lowerBound)].append(place) }
                }
                for child in positives {
                    try proceed(done, total)
                    done += 1
                    trainer.solve(members, positives: child, random: random.stream("machine", done), into: &machines)
                }
            }
            levels.append(machines)
        }
        self.chain = chain
        self.levels = levels
        self.machineOfLabel = machineOfLabel
        labelsOfLeaf = leaves
        self.options = options
    }

    /// Trains one machine after the other in the same arrays.
    private struct Trainer {
        let features: SparseFeatures, machine: LinearSupportVectors, threshold: Float
        var dense: [Float], isReached: [Bool]

        init(_ features: SparseFeatures, _ options: Options) {
            self.features = features
            machine = LinearSupportVectors(cost: options.cost)
            threshold = options.threshold
            dense = [Float](repeating: 0, count: features.width + 1)
            isReached = [Bool](repeating: false, count: features.width)
        }

        mutating func solve(_ rows: [Int32], positives: [Int], random: RandomSource, into machines: inout Machines) {
            defer { machines.starts.append(machines.columns.count) }
            // Without a positive the plane that refuses all has no weight.
            guard !positives.isEmpty else { machines.biases.append(-1); return }
            var signs = [Float](repeating: -1, count: rows.count)
            for place in positives { signs[place] = 1 }
            machine.solve(features, rows, signs: signs, into: &dense, random: random)
            var reached: [Int32] = []
            for row in rows {
                for entry in features.starts[Int(row)]..<features.starts[Int(row) + 1] where !isReached[Int(features.indices[entry])] {
                    isReached[Int(features.indices[entry])] = true
                    reached.append(features.indices[entry])
                }
            }
            reached.sort()
            for column in reached {
                if abs(dense[Int(column)]) >= threshold {
                    machines.columns.append(column)
                    machines.weights.append(dense[Int(column)])
                }
                dense[Int(column)] = 0
                isReached[Int(column)] = false
            }
            machines.biases.append(dense[features.width])
            dense[features.width] = 0
        }
    }

    /// The best labels of a row by beam search, without those of `excluded`.
    package func best(_ row: Int32, of features: SparseFeatures, keeping count: Int, excluding excluded: Set<Int32>) -> [BeamSearch.Kept] {
        var x = [Float](repeating: 0, count: features.width)
        for entry in features.starts[Int(row)]..<features.starts[Int(row) + 1] { x[Int(features.indices[entry])] = features.values[entry] }
        func score(_ level: Int, _ machine: Int) -> Float {
            let machines = levels[level]
            var sum = machines.biases[machine]
            for entry in machines.starts[machine]..<machines.starts[machine + 1] { sum += machines.weights[entry] * x[Int(machines.columns[entry])] }
            return sum
        }
        let beam = BeamSearch(width: options.beam, postProcessor: options.postProcessor)
        var kept = beam.top((0..<chain.levels[0]).map { score(0, $0) })
        for level in 1..<max(1, chain.levels.count) { kept = beam.next(kept, below: level - 1, of: chain) { score(level, Int($0)) } }
        let candidates = kept.flatMap { leaf in
            labelsOfLeaf[Int(leaf.cluster)].filter { !excluded.contains($0) }.map { label in
                BeamSearch.Kept(cluster: label, value: options.postProcessor.combined(options.postProcessor.value(score(chain.levels.count, Int(machineOfLabel[Int(label)]))), parent: leaf.value))
            }
        }
        return beam.best(candidates, count)
    }
}
