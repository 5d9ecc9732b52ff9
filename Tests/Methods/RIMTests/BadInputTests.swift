import Datasets
import Experiments
import Foundation
import RIM
import Testing

/// Section 9: what a user's table can be, and the one sentence for each.
struct BadInputTests {
    func run(_ text: String, _ values: [String: ParameterValue] = [:], file: String = "shop.csv") throws -> RecordingSink {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rim-\(UUID().uuidString)")
        let data = folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let location = folder.appendingPathComponent(file)
        try text.write(to: location, atomically: true, encoding: .utf8)
        let library = DatasetLibrary(folders: [data])
        _ = try DatasetImport(files: [location], name: "shop", layout: .events).add(to: library)
        let method = RIMMethod()
        let request = RunRequest(method: "rim", dataset: "shop", plan: .smoke, values: ["dual-epochs": .integer(5), "multipliers": .text("0.5")].merging(values) { $1 })
        let sink = RecordingSink()
        let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library, cacheFolder: folder, restoredState: nil, sink: sink)
        try method.train(context)
        return sink
    }

    func sentence(_ text: String, _ values: [String: ParameterValue] = [:], file: String = "shop.csv") -> String {
        do {
            _ = try run(text, values, file: file)
            return "no error"
        } catch { return "\(error)" }
    }

    /// Twelve users, each with an event in each of ten weeks, items in turn.
    func shop(_ line: (Int, Int) -> String) -> String {
        "user,item,time\n" + (0..<12).flatMap { user in (0..<10).map { week in line(user, week) + "\n" } }.joined()
    }

    var weekly: String { shop { "u\($0),i\(($0 * 3 + $1) % 15),\(7 * $1 + $0 % 5)" } }

    @Test func `a user's table runs, sorted or not, with dates or numbers`() throws {
        #expect((try run(weekly)).result("UserRec precision", arm: "GRU × HP") != nil)
        let lines = weekly.split(separator: "\n")
        let turned = ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n"
        let (a, b) = try (#require(run(turned).result("ΣΛ/ΣY", arm: "HP")), #require(run(weekly).result("ΣΛ/ΣY", arm: "HP")))
        #expect(abs(a - b) < 1e-4)
        let dated = shop { "u\($0),i\(($0 * 3 + $1) % 15),2024-0\(1 + $1 / 4)-\(String(format: "%02d", 1 + 7 * ($1 % 4) + $0 % 5))" }
        #expect((try run(dated, ["test-start": .text("2024-03-01"), "horizon": .real(7 * 86_400)])).result("UserRec precision", arm: "GRU") != nil)
    }

    @Test func `what is wrong in the table is named with file and line`() {
        #expect(sentence(weekly + "u1,i1,soon\n").contains("shop.csv, line 122: the time \"soon\""))
        #expect(sentence(weekly + ",i1,5\n").contains("shop.csv, line 122: has no user"))
        #expect(sentence(weekly + "u1,,5\n").contains("shop.csv, line 122: has no item"))
        #expect(sentence(weekly + "u1,i1\n").contains("shop.csv, line 122: has 2 fields"))
        #expect(sentence(weekly + "u1,i1,inf\n").contains("shop.csv, line 122: the time \"inf\""))
        #expect(sentence("user,thing,time\na,x,5\nb,y,6\n").contains("shop.csv, line 1: names no columns"))
        #expect(sentence("user,item,time\na,x,5\na,y,6\n").contains("at least two of each"))
        #expect(sentence("user,item,time\na,x,2014-04-07T10:00Z\nb,y,2014-04-07T10:00\n").contains("line 3: names no time zone"))
    }

    @Test func `what the data cannot give is said in a sentence`() {
        #expect(sentence(shop { "u\($0),i\($1),5" }).contains("fall on one moment"))
        #expect(sentence(shop { "u\($0),i\($1),\($0)" }, ["split": .text("user")]).contains("the median of the users' spans) is 0"))
        #expect(sentence(weekly, ["test-start": .text("2005-06-15")]).contains("is no number in units of the file"))
        #expect(sentence(weekly, ["test-start": .text("-4")]).contains("is outside of the events"))
        #expect(sentence(weekly, ["test-start": .text("60"), "horizon": .real(1e-6)]).contains("no event falls into the horizon"))
        #expect(sentence(weekly, ["test-start": .text("1"), "horizon": .real(7)]).contains("the validation part has 0 requests"))
        // Every item of the test is new.
        #expect(sentence(shop { "u\($0),i\($1 == 9 ? 100 + $0 : $1),\(7 * $1)" }, ["test-start": .text("62"), "horizon": .real(10)]).contains("no item that is taken within the test's horizon has a training event"))
    }

    @Test func `one event a user leaves Hawkes nothing to fit`() throws {
        // Each user's second event comes just when the user is tested.
        let text = "user,item,time\n" + (0..<12).map { "u\($0),i\($0 % 3),\($0)\nu\($0),i\(($0 + 1) % 3),\($0 + 5)\n" }.joined()
        #expect(sentence(text, ["split": .text("user")]).contains("no user has two events before the end of training"))
        #expect((try run(text, ["split": .text("user"), "intensities": .text("none, pop, ema"), "matching": .text("gru*ema")])).result("UserRec precision", arm: "GRU × EMA") != nil)
    }

    @Test func `repeats, empty requests and coincident times are warned of, with their shares`() throws {
        let text = "user,item,time\n" + (0..<12).flatMap { user in (0..<10).map { week in "u\(user),i\((user + week) % 4),\(user < 8 && week > 7 ? 3 : 7 * (week / 2) + 7)\n" } }.joined()
        let warnings = (try run(text, ["test-start": .text("34"), "horizon": .real(8)])).payloads.compactMap { if case .warning(let message) = $0 { message.text } else { nil } }
        #expect(warnings.contains { $0.contains("% of the requests have no event within the horizon") })
        #expect(warnings.contains { $0.contains("% of the target events repeat an item of the history") })
        #expect(warnings.contains { $0.contains("% of the events fall on the moment of an earlier one") })
        let long = "user,item,time\n" + (0..<4).flatMap { user in (0..<40).map { "u\(user),i\((user + 7 * $0) % 25),\($0)\n" } }.joined()
        let more = (try run(long, ["truncation": .integer(10)])).payloads.compactMap { if case .warning(let message) = $0 { message.text } else { nil } }
        #expect(more.contains { $0.contains("4 users have more than 10 training events") })
    }

    @Test func `users without history are left out, and numbers near the largest do not trap`() throws {
        let late = weekly + "newcomer,i1,69\nnewcomer,i2,70\n"
        #expect((try run(late)).result("UserRec precision", arm: "GRU") != nil)
        _ = sentence("user,item,time\na,x,-1.7e308\nb,y,1.7e308\na,y,0\nb,x,1e308\n")
        _ = sentence("user,item,time\na,x,-1.7e308\nb,y,1.7e308\na,y,0\nb,x,1e308\n", ["split": .text("user")])
        _ = sentence(weekly, ["horizon": .real(1e15), "test-start": .text("60")])
        _ = sentence(weekly, ["jitter": .real(1), "hawkes-lowest": .real(-9), "hawkes-highest": .real(9)])
    }
}
