import Datasets
import Experiments
import Foundation
import GIANT
import Testing

/// The pitfalls of section 10 of the sheet: one sentence each, or a warning with a count.
@Suite(.serialized) struct BadInputTests {
    /// A folder `toy` of 40 nodes on a ring, two classes.
    func run(texts: [String]? = nil, textData: Data? = nil, labels: (Int) -> Int = { $0 % 2 }, classes: String? = nil, embeddings: Data? = nil, _ values: [String: ParameterValue] = [:]) throws -> RecordingSink {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("giant-bad-\(UUID().uuidString)"), place = root.appendingPathComponent("toy")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: place.appendingPathComponent(name)) }
        let topics = [["gear", "wheel", "motor", "brake"], ["leaf", "root", "bark", "moss"]]
        var ordinary: [String] = []
        for node in 0..<40 {
            var words: [String] = []
            for number in 0..<5 { words.append(topics[node % 2][(node / 2 + number) % 4]) }
            ordinary.append(words.joined(separator: " "))
        }
        let lines: String = (texts ?? ordinary).joined(separator: "\n") + "\n"
        try (textData ?? Data(lines.utf8)).write(to: place.appendingPathComponent("text.txt"))
        try write((0..<40).map { "\($0)\t\(labels($0))\n" }.joined(), "nodes.tsv")
        try write((0..<40).map { "\($0)\t\(($0 + 2) % 40)\n" }.joined(), "edges.tsv")
        if let classes { try write(classes, "classes.txt") }
        if let embeddings { try embeddings.write(to: place.appendingPathComponent("embeddings.npy")) }
        let method = GIANTMethod(), sink = RecordingSink()
        let request = RunRequest(method: "giant-xrt", dataset: "toy", plan: .smoke, seed: 1, threads: 1,
                                 values: ["arms": .text("giant"), "max-leaf": .integer(8), "downstream-epochs": .integer(2), "epochs": .text("1")].merging(values) { $1 })
        try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: [root]),
                                    cacheFolder: root.appendingPathComponent("cache"), restoredState: nil, sink: sink))
        return sink
    }

    func sentence(_ body: () throws -> RecordingSink) -> String {
        do {
            _ = try body()
            return ""
        } catch { return "\(error)" }
    }

    static func npy(_ type: String, _ shape: String, bytes: Int) -> Data {
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
        return Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]) + Data(header.utf8) + Data(count: bytes)
    }

    @Test func `files that do not fit together name the file, both numbers or the line`() {
        let short = sentence { try run(texts: ["one", "two"]) }
        #expect(short.contains("text.txt") && short.contains("2 lines") && short.contains("40"), "\(short)")
        let broken = sentence { try run(textData: Data(Array(repeating: Array("wheel gear\n".utf8), count: 6).joined()) + Data([0xFF, 0x0A])) }
        #expect(broken.contains("text.txt") && broken.contains("7") && broken.contains("UTF-8"), "\(broken)")
        let rows = sentence { try run(embeddings: Self.npy("<f4", "(39, 2)", bytes: 39 * 8)) }
        #expect(rows.contains("embeddings.npy") && rows.contains("39") && rows.contains("40"), "\(rows)")
        let type = sentence { try run(embeddings: Self.npy("<f8", "(40, 2)", bytes: 40 * 16)) }
        #expect(type.contains("embeddings.npy") && type.contains("float32"), "\(type)")
    }

    @Test func `texts without a term that survives name the limits of document frequency`() {
        let unique = sentence { try run(texts: (0..<40).map { "only\($0)" }) }
        #expect(unique.contains("2 texts or more") && unique.contains("50 %"), "\(unique)")
    }

    @Test func `settings out of range name the parameter`() {
        for (name, value) in [("max-leaf", ParameterValue.integer(1)), ("splits", .integer(1)), ("man-clusters", .integer(0)), ("max-active", .integer(0))] {
            let found = sentence { try run([name: value]) }
            #expect(found.contains(name), "\(name): \(found)")
        }
        let odd = sentence { try run(["encoder": .text("transformer"), "width": .integer(33)]) }
        #expect(odd.contains("width") && odd.contains("33"), "\(odd)")
    }

    @Test func `empty and repeated texts and a class that nobody trains are counted, and the run goes on`() throws {
        let sink = try run(texts: (0..<40).map { $0 == 3 ? "" : $0 % 2 == 0 ? "gear wheel" : "leaf root" }, classes: "even\nodd\nnever\n")
        let said = sink.payloads.compactMap { payload in
            switch payload {
            case .note(let message), .warning(let message): message.text
            default: nil
            }
        }.joined(separator: "\n")
        #expect(said.contains("1 texts are empty") && said.contains("37 texts repeat"), "\(said)")
        #expect(said.contains("1 nodes have no term"), "\(said)")
        #expect(said.contains("the class never has no training node"), "\(said)")
    }
}
