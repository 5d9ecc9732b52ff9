import Datasets
import Experiments
import Foundation
import GraphRelationalDA
import Tensors
import Testing

/// Whole runs of small size.
@Suite(.serialized) struct MethodTests {
    var smoke: RunRequest { GraphRelationalDAMethod().runs(for: .smoke, dataset: nil)[0] }

    @Test func `the smoke plan passes its acceptance, reports every part and finds the same twice`() throws {
        let first = try run(smoke), second = try run(smoke)
        #expect(first.results == second.results && first.events == second.events)
        let summary = StudySummary(identifier: "s", method: "grda", plan: .smoke, runs: [.init(identifier: "r", request: smoke, state: .finished, results: first.results)])
        let rows = GraphRelationalDAMethod().acceptance(for: summary)
        #expect(rows.count == 7)
        for row in rows { #expect(row.passed, "\(row.name): \(row.measured ?? .nan), wanted \(row.target)") }
        for arm in ["source-only", "source-only without z", "DANN", "CDANN", "ADDA", "MDD", "CIDA-like", "SENTRY", "GRDA slot", "GRDA all", "GRDA slot-shared"] {
            let losses = first.points("L_f/\(arm)")
            #expect(losses.count == 30 && (losses.last ?? 9) < losses[0], "\(arm)")
            #expect(first.value("target accuracy", arm) != nil && first.value("L1 accuracy", arm) != nil)
        }
        for table in ["facts", "by level", "domains", "difference to source-only", "predicted classes on targets", "points"] { #expect(first.table(table)?.rows.isEmpty == false, "\(table)") }
        #expect(first.points("L_D/chance N ln 2").allSatisfy { abs($0 - 6 * log(2.0)) < 1e-12 })
        // Rows are shuffled, so the shared pairing gives nothing away here.
        #expect(first.warnings.isEmpty, "\(first.warnings)")
    }

    @Test func `without weight, GRDA is source-only bit for bit, and D's rate does not reach the encoder`() throws {
        let values: [String: ParameterValue] = ["arms": .text("source-only, grda"), "pairing": .text("slot"), "lambda": .real(0)]
        let free = try run(request(values))
        for name in ["target accuracy", "source accuracy", "L1 accuracy", "final L_f"] { #expect(free.value(name, "GRDA slot") == free.value(name, "source-only")) }
        #expect(free.points("L_f/GRDA slot") == free.points("L_f/source-only"))
        let other = try run(request(values.merging(["discriminator-rate": .real(1e-4)]) { $1 }))
        #expect(other.points("L_f/GRDA slot") == free.points("L_f/GRDA slot") && other.points("L_D/GRDA slot") != free.points("L_D/GRDA slot"))
    }

    @Test func `the discriminator's first gradient does not depend on the weight`() throws {
        // With one step an epoch, the losses of epoch 1 are at the start; those of epoch 2 show D after one step and E after another: with a frozen
        // encoder (its rate nearly nothing) only D's gradient is left, and it must not change with λ.
        func losses(_ lambda: Double) throws -> [Double] {
            try run(request(["arms": .text("grda"), "pairing": .text("slot"), "lambda": .real(lambda), "rate": .real(1e-7), "batch": .integer(20), "epochs": .integer(6), "group": .integer(6)])).points("L_D/GRDA slot")
        }
        let one = try losses(1), half = try losses(0.5)
        #expect(zip(one, half).allSatisfy { abs($0 - $1) < 1e-4 } && abs(one[0] - one[5]) > 1e-4)
    }

    @Test func `labels of targets reach no training number, in any pairing and for any method`() throws {
        try withTemporaryFolder { folder in
            var random = SystemRandomNumberGenerator()
            let set = try SpiralDomains.small.generate(identifier: "x", seed: 2)
            guard case .classified(_, let inputs, let labels, _) = set.content, let roles = set.tasks.first?.roles else { return #expect(Bool(false), "classes are expected") }
            func files(_ isTrue: Bool) -> [String: String] {
                let points = labels.indices.flatMap { domain in labels[domain].indices.map { row -> String in
                    let label = isTrue || roles[domain] == .source ? labels[domain][row] : Int.random(in: 0...1, using: &random)
                    return "\(domain),\(inputs[domain][2 * row]),\(inputs[domain][2 * row + 1]),\(label)\n"
                } }
                let edges = (0..<6).flatMap { a in set.adjacency.neighbours(of: a).filter { $0 > a }.map { "\(a)\t\($0)\n" } }
                return ["points.csv": "domain,x1,x2,y\n" + points.joined(), "edges.tsv": edges.joined(), "domains.csv": "domain,role\n" + roles.enumerated().map { "\($0),\($1.rawValue)\n" }.joined()]
            }
            let asked = request(["epochs": .integer(4)], dataset: "mine")
            let honest = try run(asked, library: library(files(true), in: folder.appendingPathComponent("a")))
            let changed = try run(asked, library: library(files(false), in: folder.appendingPathComponent("b")))
            #expect(honest.value("target accuracy", "source-only") != changed.value("target accuracy", "source-only"))
            for arm in ["source-only", "DANN", "CDANN", "ADDA", "MDD", "CIDA-like", "SENTRY", "GRDA slot", "GRDA all", "GRDA slot-shared"] {
                for series in ["L_f/\(arm)", "L_D/\(arm)", "adversary loss/\(arm)"] { #expect(honest.points(series) == changed.points(series), "\(series)") }
                #expect(honest.value("source accuracy", arm) == changed.value("source accuracy", arm))
            }
        }
    }

    @Test func `a run that goes on from any checkpoint says the same as one that was never stopped`() throws {
        let asked = request(["epochs": .integer(6), "arms": .text("source-only, adda, grda"), "pairing": .text("slot")])
        let whole = try run(asked)
        #expect(whole.checkpoints.count > 15)
        for place in [0, 3, 7, 8, 12, whole.checkpoints.count - 1] {
            let checkpoint = whole.checkpoints[place]
            let rest = try run(asked, restoring: checkpoint.state)
            #expect(rest.results == whole.results, "\(checkpoint.name)")
            #expect(Array(whole.events.dropFirst(checkpoint.events)) == rest.events, "\(checkpoint.name)")
        }
        #expect(throws: CheckpointError.self) { try run(asked, restoring: Data("no checkpoint".utf8)) }
        // So is one of other settings, at whatever place its numbers are read: networks, finished outputs, epochs, the embedding.
        for (place, values) in [(whole.checkpoints.count - 1, ["head-size": ParameterValue.integer(4)]), (whole.checkpoints.count - 1, ["arms": .text("source-only, grda, adda")]),
                                (12, ["epochs": .integer(1)]), (3, ["width": .integer(24)]), (whole.checkpoints.count - 1, ["arms": .text("source-only")])] {
            var other = asked
            other.values.merge(values) { $1 }
            #expect(throws: CheckpointError.self, "\(values)") { try run(other, restoring: whole.checkpoints[place].state) }
        }
        // And one of another data set.
        var elsewhere = asked
        elsewhere.dataset = "dg-15"
        #expect(throws: CheckpointError.self) { try run(elsewhere, restoring: whole.checkpoints[whole.checkpoints.count - 1].state) }
    }

    @Test func `a run stops where it is asked to`() throws {
        let whole = try run(request(["epochs": .integer(3)]))
        for place in [1, whole.proceeds / 2, whole.proceeds] {
            let sink = RecordingSink(stopAt: place)
            #expect(throws: RunCancelled.self) { try run(request(["epochs": .integer(3)]), sink: sink) }
            #expect(sink.proceeds == place)
        }
    }

    @Test func `two threads find what one finds`() throws {
        let asked = request(["epochs": .integer(2), "arms": .text("dann, grda"), "pairing": .text("every"), "width": .integer(64)], dataset: "dg-15")
        let before = Parallel.threads
        defer { Parallel.threads = before }
        Parallel.threads = 1
        let one = try run(asked)
        Parallel.threads = 2
        let two = try run(asked)
        #expect(one.results == two.results && one.events == two.events)
    }

    @Test(arguments: [
        (["arms": ParameterValue.text("magic")], "arms"), (["arms": .text(" , ")], "at least one"), (["arms": .text("ridge")], "none is left"), (["task": .text("up")], "no task"),
        (["sources": .text("99")], "no domain"), (["sources": .text("0,1,2,3,4,5")], "no target is left"), (["sources": .text("nearest x of 0")], "no number of domains"),
        (["embed": .text("file")], "embed-file"), (["embed": .text("spectral"), "embed-size": .integer(6)], "embed-size"), (["head": .text("signed"), "head-size": .integer(3)], "even number"),
        (["embed": .text("file"), "embed-file": .text("/nowhere/z.csv")], "/nowhere/z.csv"),
        (["arms": .text("grda"), "lambda": .real(1000), "rate": .real(1), "discriminator-rate": .real(1)], ""),
    ])
    func `settings that cannot be end in one sentence`(values: [String: ParameterValue], part: String) throws {
        guard !part.isEmpty else { _ = try? run(request(values)); return }
        do {
            try run(request(values))
            #expect(Bool(false), "\(values) should be refused")
        } catch {
            #expect("\(error)".contains(part) && !"\(error)".contains("\n"), "\(error)")
        }
    }

    @Test func `graphs that GRDA cannot play are refused, and DANN plays on`() throws {
        let points = "domain,x1,x2,y\n" + (0..<3).flatMap { d in (0..<8).map { "\(d),\($0 % 2).\($0)\(d),\(d),\($0 % 2)\n" } }.joined()
        let roles = "domain,role\n0,source\n1,target\n2,target\n"
        for (edges, part) in [("0 1\n1 2\n0 2\n", "self-pairs"), ("# none\n", "no edge")] {
            try withTemporaryFolder { folder in
                let library = try library(["points.csv": points, "edges.tsv": edges, "domains.csv": roles], in: folder)
                let error = #expect(throws: GRDAError.self) { try run(request(["arms": .text("grda")], dataset: "mine"), library: library) }
                #expect(error?.description.contains(part) == true && error?.description.contains("dann") == true)
                #expect(try run(request(["arms": .text("dann"), "epochs": .integer(2)], dataset: "mine"), library: library).results.isEmpty == false)
                if part == "self-pairs" {
                    let played = try run(request(["arms": .text("grda"), "self-pairs": .boolean(true), "head": .text("signed"), "epochs": .integer(3)], dataset: "mine"), library: library)
                    #expect(played.points("L_D/GRDA slot").count == 3)
                }
                // Eight samples a domain where ten are asked for.
                #expect(try run(request(["arms": .text("dann"), "epochs": .integer(1)], dataset: "mine"), library: library).warnings.contains { $0.contains("takes 8 of each domain instead of 10") })
            }
        }
        // Without roles the sources are asked for, and the nearest by hops may be taken.
        try withTemporaryFolder { folder in
            let library = try library(["points.csv": points, "edges.tsv": "0 1\n1 2\n"], in: folder)
            let error = #expect(throws: GRDAError.self) { try run(request(dataset: "mine"), library: library) }
            #expect(error?.description.contains("nearest 3 of 0") == true)
            let found = try run(request(["sources": .text("nearest 2 of 0"), "arms": .text("grda"), "epochs": .integer(2)], dataset: "mine"), library: library)
            #expect(found.table("domains")?.rows.map { $0[1] } == [.text("source"), .text("source"), .text("target")])
        }
    }

    @Test func `embeddings of every kind are read and used`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("z.csv")
            try Data(("domain,a,b\n" + (0..<6).map { "\($0),\(Double($0) / 5),\(1 - Double($0) / 5)\n" }.joined()).utf8).write(to: file)
            for embed in ["learned", "spectral", "onehot", "coordinates", "file"] {
                let found = try run(request(["embed": .text(embed), "embed-file": .text(file.path), "arms": .text("grda"), "epochs": .integer(2)]))
                #expect(found.value("L_g", "embedding") != nil, "\(embed)")
            }
        }
    }
}
