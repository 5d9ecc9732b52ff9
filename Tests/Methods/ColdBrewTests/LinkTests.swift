import ColdBrew
import Datasets
import Experiments
import Foundation
import Testing
import Tensors

/// The link-prediction variant.
@Suite(.serialized) struct LinkTests {
    @Test func `the mean reciprocal rank of a worked example, ties in the middle`() {
        // Scores of node 0 with nodes 1 ... 4: 2, 1, 3, 1.
        let rows: [Float] = [1, 0, 2, 0, 1, 5, 3, 1, 1, 0]
        func rank(_ neighbour: Int, _ others: [Int]) -> Double { LinkRanking.meanReciprocalRank(rows, width: 2, [.init(node: 0, neighbour: neighbour, others: others)]) }
        #expect(rank(3, [1, 2, 4]) == 100)
        #expect(rank(1, [2, 3, 4]) == 50)
        // One of three is above, one is equal: rank 2.5.
        #expect(abs(rank(2, [1, 4, 4]) - 100 / 3) < 1e-9)
        let both = LinkRanking.meanReciprocalRank(rows, width: 2, [.init(node: 0, neighbour: 3, others: [1]), .init(node: 0, neighbour: 1, others: [3])])
        #expect(both == 75)
    }

    @Test func `asked edges carry no message, and no other node of a question is a neighbour`() throws {
        let graph = try DatasetLibrary(folders: []).open("small-blocks", as: GraphDataset.self)
        let isolated = Set(DegreeGroups(degrees: (0..<graph.count).map(graph.degree), rule: .paper, random: RandomSource(seed: 1)).isolation)
        let reduced = graph.adjacency.removingEdges(of: isolated)
        let links = try LinkSplit(graph.adjacency, reduced: reduced, isolated: isolated, negatives: 20, random: RandomSource(seed: 1))
        #expect(links.validation.count == reduced.edgeCount / 10 && links.connected.count == links.validation.count)
        #expect(links.seen.edgeCount == reduced.edgeCount - 2 * (reduced.edgeCount / 10) && links.edges.count == links.seen.edgeCount)
        #expect(links.isolation.count == isolated.reduce(0) { $0 + graph.degree($1) } && links.isolation.allSatisfy { isolated.contains($0.node) })
        for question in links.validation + links.connected + links.isolation {
            let joined = Set(graph.adjacency.neighbours(of: question.node))
            #expect(joined.contains(Int32(question.neighbour)) && !links.seen.neighbours(of: question.node).contains(Int32(question.neighbour)))
            #expect(question.others.count == 20 && question.others.allSatisfy { $0 != question.node && !joined.contains(Int32($0)) })
        }
        #expect(links.taught.allSatisfy { !isolated.contains(Int($0)) })
        #expect(throws: ColdBrewError.self) { try LinkSplit(graph.adjacency, reduced: reduced, isolated: isolated, negatives: 1000, random: RandomSource(seed: 1)) }
        let path = FixtureTests.path(6)
        #expect(throws: ColdBrewError.self) { try LinkSplit(path, reduced: path, isolated: [], negatives: 1, random: RandomSource(seed: 1)) }
    }

    @Test func `links are learnt where edges follow features, the same twice, and a run goes on from its checkpoint`() throws {
        let method = ColdBrewMethod()
        var request = method.runs(for: .smoke, dataset: nil)[0]
        request.values["task"] = .text("links")
        func run(_ state: Data? = nil) throws -> RecordingSink {
            let sink = RecordingSink()
            try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: []),
                                        cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink))
            return sink
        }
        let first = try run()
        // Chance is 17.4 %. The MLP, taught by edges alone, hardly rises above it on isolated nodes here.
        for arm in ["student", "MLP 256", "teacher", "GCN", "GraphSAGE"] { #expect((first.result("connected MRR", arm: arm) ?? 0) > 24, "\(arm): \(String(describing: first.result("connected MRR", arm: arm)))") }
        for arm in ["student", "ξ₁ alone", "student, ê only"] { #expect((first.result("isolation MRR", arm: arm) ?? 0) > 24, "\(arm): \(String(describing: first.result("isolation MRR", arm: arm)))") }
        for stage in ["GCN", "teacher", "ξ₂", "MLP 256"] {
            let values = first.points("loss/\(stage)").values
            #expect((values.last ?? .infinity) < (values.first ?? 0), "\(stage)")
        }
        #expect(first.results.first?.name == "isolation MRR" && first.results.first?.arm == "student")
        let kept = try #require(first.checkpoints.first { $0.name == "neighbours" })
        #expect(try run(kept.state).results == first.results)
        request.values["width"] = .integer(9)
        #expect(throws: ColdBrewError.self) { try run(kept.state) }
    }
}
