import Datasets
import Tensors

/// The edges of the link-prediction variant (section 4): which are seen, and which are asked for.
///
/// The edges that isolation removed are the test. Of the others a tenth validates and a tenth shows how connected nodes fare; neither
/// carries messages nor teaches, so that a graph network cannot read off what it is asked.
package struct LinkSplit: Sendable {
    /// A node, one of its neighbours, and the nodes that the neighbour is ranked among; none of them is joined to the node.
    package struct Question: Sendable, Equatable {
        package var node: Int, neighbour: Int, others: [Int]
        package init(node: Int, neighbour: Int, others: [Int]) {
            self.node = node
            self.neighbour = neighbour
            self.others = others
        }
    }

    /// The most edges that validate, and that are asked of connected nodes: a large graph needs no more for a steady mean.
    private static let askedLimit = 20_000

    /// What carries messages and teaches.
    package let seen: Adjacency
    /// Both ends of each seen edge, the lower first.
    package let edges: [(Int32, Int32)]
    /// Nodes with a seen edge: where the other ends of unjoined pairs are drawn while training, so that no isolated node is taught to be far.
    package let taught: [Int32]
    package let validation: [Question], isolation: [Question], connected: [Question]

    /// - Parameters:
    ///   - reduced: `graph` without the edges of isolated nodes.
    ///   - negatives: how many nodes each neighbour is ranked among.
    package init(_ graph: Adjacency, reduced: Adjacency, isolated: Set<Int>, negatives: Int, random: RandomSource) throws {
        let kept = Self.edges(reduced)
        var order = random.stream("held-out edges"), orientation = random.stream("asked end"), draws = random.stream("others")
        let places = order.permutation(kept.count), part = min(kept.count / 10, Self.askedLimit)
        guard part > 0 else { throw ColdBrewError("\(kept.count) edges are left without those of isolated nodes, where links need 10; take a smaller fraction, or task distil") }
        func questions(_ asked: [(Int, Int)]) -> [Question] {
            asked.compactMap { node, neighbour in Self.others(of: node, negatives, graph, &draws).map { Question(node: node, neighbour: neighbour, others: $0) } }
        }
        /// Either end may be the one that is asked about.
        func turned(_ places: ArraySlice<Int>) -> [(Int, Int)] {
            places.map { kept[$0] }.map { orientation.next() & 1 == 0 ? (Int($0), Int($1)) : (Int($1), Int($0)) }
        }
        validation = questions(turned(places[..<part]))
        connected = questions(turned(places[part..<2 * part]))
        isolation = questions(isolated.sorted().flatMap { node in graph.neighbours(of: node).map { (node, Int($0)) } })
        guard !isolation.isEmpty, !validation.isEmpty, !connected.isEmpty else {
            throw ColdBrewError("no edge of an isolated node, or none of the others, can be ranked among \(negatives) nodes that are not its neighbours; take a larger fraction, or fewer negatives")
        }
        let taken = places[(2 * part)...].map { kept[$0] }
        seen = Adjacency(count: graph.count, from: taken.map(\.0), to: taken.map(\.1))
        edges = Self.edges(seen)
        let seen = seen
        taught = (0..<graph.count).filter { seen.degree($0) > 0 }.map { Int32($0) }
    }

    private static func edges(_ graph: Adjacency) -> [(Int32, Int32)] {
        (0..<graph.count).flatMap { node in graph.neighbours(of: node).filter { $0 > node }.map { (Int32(node), $0) } }
    }

    /// Nodes that are not joined to `node`, drawn with replacement; nil where fewer than `count`, or fewer than one in fifty, are not.
    private static func others(of node: Int, _ count: Int, _ graph: Adjacency, _ random: inout RandomSource) -> [Int]? {
        let unjoined = graph.count - 1 - graph.degree(node)
        guard unjoined >= count, unjoined >= graph.count / 50 else { return nil }
        let joined = Set(graph.neighbours(of: node))
        var others: [Int] = []
        while others.count < count {
            let drawn = random.integer(below: graph.count)
            if drawn != node, !joined.contains(Int32(drawn)) { others.append(drawn) }
        }
        return others
    }
}

/// How far up a node's true neighbours come by their inner product with it.
package enum LinkRanking {
    /// The mean of 1 / rank in percent. Among equal scores the rank is the middle one: a model that says the same of all nodes gains nothing by it.
    /// - Parameter rows: one row of `width` numbers a node.
    package static func meanReciprocalRank(_ rows: [Float], width: Int, _ questions: [LinkSplit.Question]) -> Double {
        func score(_ a: Int, _ b: Int) -> Float {
            var sum: Float = 0
            for column in 0..<width { sum += rows[a * width + column] * rows[b * width + column] }
            return sum
        }
        let sum = questions.reduce(0.0) { sum, question in
            let own = score(question.node, question.neighbour), others = question.others.map { score(question.node, $0) }
            return sum + 1 / (1 + Double(others.count { $0 > own }) + Double(others.count { $0 == own }) / 2)
        }
        return 100 * sum / Double(max(1, questions.count))
    }
}
