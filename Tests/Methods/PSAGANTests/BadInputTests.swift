import Datasets
import Experiments
import Foundation
import PSAGAN
import Testing

/// Section 9: what a user's series and settings can be, and the one sentence for each.
@Suite(.serialized) struct BadInputTests {
    /// Two hundred hours a letter: columns of an hourly table.
    static func table(series: Int = 3, steps: Int = 400, step: Int = 3600, value: (Int, Int) -> String = { series, t in String(10 + Double(series + 1) * sin(Double(t) * 0.26) + Double(t % 7)) }) -> String {
        "date," + (1...series).map { "s\($0)" }.joined(separator: ",") + "\n"
            + (0..<steps).map { t in "\(1_704_067_200 + t * step)," + (0..<series).map { value($0, t) }.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }

    func run(_ text: String, _ values: [String: ParameterValue] = [:]) throws -> RecordingSink {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("psa-gan-\(UUID().uuidString)"), own = folder.appendingPathComponent("etth")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: own.appendingPathComponent("ETTh1.csv"))
        var request = MethodTests.quick(values)
        request.dataset = "etth"
        return try MethodTests.run(request, library: DatasetLibrary(folders: [folder]))
    }

    func sentence(_ text: String = BadInputTests.table(), _ values: [String: ParameterValue] = [:]) -> String {
        do {
            _ = try run(text, values)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func `a user's series run`() throws {
        #expect(try run(Self.table()).results.contains { $0.name.hasPrefix("FD fit") })
    }

    @Test func `the smallest plan runs on the year that ships, of which it reads the first weeks`() throws {
        let sink = try MethodTests.run(RunRequest(method: "psa-gan", dataset: "auckland-pedestrians", plan: .smoke, threads: 1, values: ["steps": .integer(6)]))
        #expect(!sink.results.isEmpty)
    }

    @Test func `what is wrong in a file is named with file and line`() {
        #expect(sentence(Self.table { series, t in t == 7 && series == 1 ? "x" : "\(t)" }).contains("ETTh1.csv, line 9: column s2 holds \"x\""))
        #expect(sentence(Self.table { series, t in t == 7 && series == 1 ? "inf" : "\(t)" }).contains("line 9: column s2 is not finite"))
        let rows = Self.table().split(separator: "\n").map(String.init)
        #expect(sentence((rows[0..<50] + rows[51...]).joined(separator: "\n")).contains("line 51: comes 7200 s after line 50"))
        #expect(sentence((rows[0..<50] + rows[49...]).joined(separator: "\n")).contains("repeats that of line"))
        #expect(sentence((rows[0..<50] + [rows[50] + ",1"]).joined(separator: "\n")).contains("line 51: has 5 cells where 4 are expected"))
    }

    @Test func `what the data cannot give is said in a sentence`() throws {
        #expect(sentence(Self.table(step: 900)).contains("has steps of 900 s where PSA-GAN takes hours"))
        #expect(sentence(Self.table(series: 1)).contains("has 1 series of at least"))
        #expect(sentence(Self.table(steps: 200)).contains("has 0 series of at least"))
        #expect(sentence(values: ["hold-out": .integer(20)]).contains("20 steps are fewer than 60"))
        #expect(sentence(values: ["window": .integer(24)]).contains("24 is no power of two"))
        #expect(sentence(values: ["context": .integer(17)]).contains("17 is longer than the window of 16"))
        #expect(sentence(values: ["growth": .text("5, 3")]).contains("rising epochs"))
        #expect(sentence(values: ["arms": .text("gan")]).contains("“gan” is no generator"))
        #expect(sentence(values: ["arms": .text("psa-gan fast")]).contains("“fast” is no switch"))
        #expect(sentence(values: ["arms": .text("timevae no-ml")]).contains("timevae has no switches"))
        #expect(sentence(values: ["arms": .text(" , ")]).contains("names no generator"))
        #expect(sentence(values: ["gaps": .text("0")]).contains("parameter gaps") && sentence(values: ["gaps": .text("many")]).contains("is no list"))
        #expect(sentence(values: ["task": .text("stretches"), "stretches": .text("150")]).contains("a stretch of 150 h does not fit"))
        #expect(sentence(values: ["task": .text("low-data"), "low-shares": .text("0.1")]).contains("fewer than 240 h"))
        let flat = try run(Self.table { series, t in series == 2 ? "4" : "\(t % 24)" })
        #expect(flat.payloads.contains { if case .warning(let message) = $0 { message.text.contains("s3 never changes while training") } else { false } })
    }

    func sentence(values: [String: ParameterValue]) -> String { sentence(Self.table(), values) }

    @Test func `numbers without bounds stop with stage and step`() {
        #expect(sentence(Self.table { series, t in t % 2 == 0 ? "1.7e308" : "-1.7e308" }).contains("not finite at step 1 of the stage embedder"))
        #expect(sentence(Self.table { series, t in t == 399 ? "1e300" : "\(t % 24)" }).contains("not finite"))
        // A rate that is much too large may learn badly or end in a sentence; neither may trap.
        _ = sentence(values: ["rate": .real(1), "moment-weight": .real(1000), "steps": .integer(60)])
    }

    @Test func `other kinds of data are refused with what it takes`() {
        let entry = DatasetLibrary(folders: []).entry("digits")
        #expect(entry.map { if case .refused(let text) = PSAGANMethod().accepts($0) { text.contains("PSA-GAN takes hourly series") } else { false } } == true)
    }
}
