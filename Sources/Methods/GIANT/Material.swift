import Datasets
import Experiments
import Foundation
import Language
import Tensors

/// What a run works on, a function of the request alone: texts, training edges and rows, TF-IDF.
struct Material {
    let graph: GraphDataset
    let settings: Settings
    /// The graph without the held-out edges: what trains.
    let edges: Adjacency
    /// The held-out edges, by one of their ends.
    let heldOut: [Int32: [Int32]]
    /// Whether a node is an instance: 1 <= degree < max-degree.
    let isTraining: [Bool]
    /// R.
    let rows: [Int32]
    /// X, and the terms where there are texts.
    let features: FeatureRows
    let text: TextFeatures?
    /// A pretrained sentence encoder with the texts as its tokens, where the run uses one.
    let sentences: SentenceSource?
    /// Where rows of large graphs are kept on disk; nil: in memory.
    let folder: URL?

    init(_ context: RunContext, _ graph: GraphDataset, _ settings: Settings, _ memory: MemoryWatch) throws {
        guard graph.texts != nil || graph.features.width > 0 else {
            throw GIANTError("\(graph.identifier) has neither texts nor features; GIANT-XRT needs text.txt with a line a node")
        }
        guard graph.edgeCount > 0 else { throw GIANTError("\(graph.identifier) has no edges, so no node has a neighbourhood to predict; give edges.tsv") }
        sentences = try Self.sentences(context, graph, settings)
        guard settings.encoder != .transformer || graph.texts != nil else { throw GIANTError("parameter encoder: the transformer reads words in order, and \(graph.identifier) has no texts; take bag") }
        let (edges, heldOut) = Self.hold(graph.adjacency, share: settings.heldOut, random: context.random.stream("held-out"))
        let isTraining = (0..<graph.count).map { (1..<settings.maximumDegree).contains(edges.degree($0)) }
        rows = isTraining.indices.filter { isTraining[$0] }.map { Int32($0) }
        guard !rows.isEmpty else { throw GIANTError("no node of \(graph.identifier) has 1 … \(settings.maximumDegree - 1) edges, so nothing can train; raise max-degree") }
        folder = graph.count > Settings.largestInMemory ? context.cacheFolder.appendingPathComponent("giant-xrt") : nil
        if let texts = graph.texts {
            let text = try TextFeatures(texts, options: settings.textOptions, in: folder) { done in
                try context.proceed()
                memory.look()
                if done % 8192 == 0 { context.progress(Double(done), of: Double(texts.count), unit: "texts") }
            }
            self.text = text
            features = text.rows
        } else {
            text = nil
            features = FeatureRows(graph.features.unitRows())
        }
        self.edges = edges
        self.heldOut = heldOut
        self.isTraining = isTraining
        self.graph = graph
        self.settings = settings
    }

    /// The sentence encoder that the setting `encoder` asks for; nil where it asks for none or the graph brings vectors.
    private static func sentences(_ context: RunContext, _ graph: GraphDataset, _ settings: Settings) throws -> SentenceSource? {
        guard settings.encoder == .sentence || settings.encoder == .pretrained && graph.embeddings == nil else { return nil }
        let name = settings.weights.isEmpty || settings.weights == "auto" ? "all-minilm-l6-v2" : settings.weights
        guard let texts = graph.texts else { throw GIANTError("parameter encoder: a sentence encoder reads texts, and \(graph.identifier) has none; take bag") }
        guard settings.encoder == .sentence || settings.weights != "auto" || context.library.entry(name).map({ $0.state != .missing }) ?? false else {
            throw GIANTError("parameter encoder: a pretrained text encoder needs its vectors in embeddings.npy (<f4, a row a node) beside text.txt of \(graph.identifier), or the weights \(name) on this machine (`lathe data show \(name)`); or take bag or transformer")
        }
        return try SentenceSource(PretrainedEncoder(context.library.weights(name)), texts: texts, layers: settings.weightsLayers, proceed: context.proceed)
    }

    /// Takes a share of the edges out for monitoring; an edge whose end would lose its last neighbour stays.
    private static func hold(_ graph: Adjacency, share: Double, random: RandomSource) -> (Adjacency, [Int32: [Int32]]) {
        guard share > 0 else { return (graph, [:]) }
        var random = random, from: [Int32] = [], to: [Int32] = [], held: [Int32: [Int32]] = [:], count = 0
        var degrees = (0..<graph.count).map { Int32(graph.degree($0)) }
        from.reserveCapacity(graph.edgeCount)
        to.reserveCapacity(graph.edgeCount)
        for node in 0..<graph.count {
            for neighbour in graph.neighbours(of: node) where Int(neighbour) > node {
                // More than enough to measure with are not taken out.
                if count < largestHeldOut, random.uniform() < share, degrees[node] > 1, degrees[Int(neighbour)] > 1 {
                    count += 1
                    degrees[node] -= 1
                    degrees[Int(neighbour)] -= 1
                    held[Int32(node), default: []].append(neighbour)
                    held[neighbour, default: []].append(Int32(node))
                } else {
                    from.append(Int32(node))
                    to.append(neighbour)
                }
            }
        }
        return (Adjacency(count: graph.count, from: from, to: to), held)
    }

    /// Held-out edges of a graph at most: of a million nodes' edges 5 % would be 200,000.
    private static let largestHeldOut = 50_000

    /// X for products with tensors.
    func matrix() throws -> SparseMatrix<Float> { try features.matrix() }

    var classes: Int { graph.classNames.count }
}
