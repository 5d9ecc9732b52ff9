import Datasets
import Experiments
import Foundation
import Testing

/// One event of every kind, with what JSON makes hard.
let everyKind: [RunEvent.Payload] = [
    .started(.init(request: RunRequest(method: "diva", dataset: "digits", plan: .standard, seed: .max, threads: 2, condition: "noise 40 %",
                                       values: ["rate": .real(1), "epochs": .integer(3), "sharp": .boolean(true), "path": .text("a\"b\\c\n\u{1B}[31m")]),
                   values: ["rate": .real(0.1), "steps": .integer(-5)], datasetChecksum: "ab12", build: "b", machine: "m")),
    .stage(.init(name: "träining 🎯", index: 1, of: 3)),
    .progress(.init(done: 0.5, total: .infinity, unit: "steps")),
    .metric(.init(series: "loss/train", unit: "nat", steps: [0, 1e300, -0.0], values: [.nan, -.infinity, 0.1 + 0.2])),
    .metric(.init(series: "", steps: [], values: [])),
    .table(.init(name: "t", columns: [.init("a", unit: "%", digits: 2), .init("b")],
                 rows: [[.text("nan"), .number(.nan)], [.empty, .number(3)], [.text(""), .number(-.infinity)], []])),
    .distribution(.init(name: "d", unit: "u", groups: [.init(name: "clean", values: [1, 2.5]), .init(name: "noisy", values: [])], marker: 0.25,
                        markerName: "eps", step: 4)),
    .distribution(.init(name: "d", groups: [])),
    .matrix(.init(name: "m", unit: "", rows: ["a", "b"], columns: ["c"], values: [1, .nan], step: 2)),
    .weights(.init(name: "w", step: 3, identifiers: [7, 9], values: [0.5, -1],
                   attributes: [.init(name: "label", values: [.text("cat"), .empty])])),
    .images(.init(name: "i", items: [.init(identifier: 1, caption: "one", thumbnail: Thumbnail(width: 2, height: 1, channels: 3, pixels: [0, 255, 1, 2, 3, 4])),
                                     .init(identifier: -2, caption: "", thumbnail: nil)])),
    .graph(.init(name: "g", nodes: [.init(label: "x", group: 2, value: .nan, x: 0, y: 1), .init(label: "y")], edges: [[0, 1]], step: 0)),
    .scenes(.init(name: "s", unit: "m", step: 0.4, columns: [.init("ψ", unit: "nats", digits: 3)], scenes: [
        .init(caption: "one", present: 1, tracks: [.init(name: "a", role: .subject, x: [0, 1, 2], y: [0, 0.5, -1], values: [.nan]), .init(name: "b", role: .other, firstStep: 1, x: [3], y: [4], values: [0.25]),
                                                   .init(name: "mode", role: .prediction, firstStep: 2, x: [2.5], y: [0], probability: 0.75)]),
        .init(caption: "", present: 0, tracks: []),
    ])),
    .note(.init("line one\nline two\t\u{0}\u{7F}")), .warning(.init("careful")), .checkpoint(.init(name: "epoch 3", bytes: 12)), .artifact(.init(name: "policy.json", bytes: 9, checksum: "0f")),
    .finished(.init(results: [.init(name: "error", arm: "ours", unit: "%", value: .nan, better: .lower, baseline: "plain"),
                              .init(name: "auc", arm: "", value: 1, better: .higher)], seconds: 1.25)),
    .failed(.init("it broke")), .cancelled(.init("stopped")),
]

/// Equality in which NaN equals NaN: the text of both.
func text(_ events: [RunEvent]) -> [String] { events.map(\.jsonLine) }

@Suite struct RunEventTests {
    @Test func `every kind comes back as it went, on one line`() throws {
        for (index, payload) in everyKind.enumerated() {
            let event = RunEvent(sequence: index, time: 1_764_066_000.123456, payload: payload)
            let line = event.jsonLine
            #expect(!line.contains("\n") && !line.contains("\u{1B}"))
            let back = try RunEvent(jsonLine: line)
            #expect(back.jsonLine == line)
            if case .started = payload { #expect(back == event) } else { #expect("\(back)" == "\(event)") }
            #expect(back.sequence == index && back.time == event.time)
        }
    }

    @Test func `Foundation's coders carry the same object`() throws {
        for payload in everyKind {
            let event = RunEvent(sequence: 3, time: 5.5, payload: payload)
            let back = try JSONDecoder().decode(RunEvent.self, from: JSONEncoder().encode(event))
            if case .started = payload { continue }  // Foundation writes 1.0 as 1: a real parameter becomes a whole one there.
            #expect("\(back)" == "\(event)")
        }
    }

    @Test func `a real parameter stays real and a whole one whole`() throws {
        let start = RunEvent.RunStart(request: RunRequest(method: "m", dataset: "d", plan: .smoke, values: ["a": .real(1), "b": .integer(1)]),
                                      values: [:], datasetChecksum: "", build: "", machine: "")
        let back = try RunEvent(jsonLine: RunEvent(sequence: 0, time: 0, payload: .started(start)).jsonLine)
        #expect(back.payload == .started(start))
    }

    @Test(arguments: [
        #"{"v":1,"n":4,"t":2.5,"kind":"hologram","shape":[1,2,{"deep":null}],"x":1e400}"#,
        #"{"v":2,"n":4,"t":2.5,"kind":"metric","series":"x","lanes":[[1]]}"#,
    ])
    func `an unknown kind or a newer version is kept as it came`(line: String) throws {
        let event = try RunEvent(jsonLine: line)
        guard case .unknown(let kind, let json) = event.payload else { return #expect(Bool(false), "\(event)") }
        #expect(line.contains(kind) && json == line)
        #expect(event.jsonLine == line)
        var moved = event
        moved.sequence = 9
        let back = try RunEvent(jsonLine: moved.jsonLine)
        #expect(back.sequence == 9 && back.time == 2.5)
        let coded = try JSONDecoder().decode(RunEvent.self, from: JSONEncoder().encode(RunEvent(jsonLine: line.replacingOccurrences(of: ",\"x\":1e400", with: ""))))
        #expect(coded.payload.kind == kind && coded.sequence == 4)
    }

    @Test(arguments: [
        ("", "ends too early"), ("[]", "object"), ("{}", "“kind”"), (#"{"kind":"note"}"#, "“v”"), (#"{"v":1,"n":-1,"t":0,"kind":"note","text":""}"#, "from 0"),
        (#"{"v":1,"n":0,"t":0,"kind":"note"}"#, "“text”"), (#"{"v":1,"n":0,"t":"x","kind":"note","text":""}"#, "“t”"),
        (#"{"v":1,"n":0.5,"t":0,"kind":"note","text":""}"#, "“n”"), (#"{"v":1,"n":99999999999999999999,"t":0,"kind":"note","text":""}"#, "“n”"),
        (#"{"v":1,"n":0,"t":0,"kind":"metric","series":"a","steps":[1],"values":[]}"#, "1 steps but 0 values"),
        (#"{"v":1,"n":0,"t":0,"kind":"matrix","name":"a","rows":["x"],"columns":["y"],"values":[1,2]}"#, "do not fit"),
        (#"{"v":1,"n":0,"t":0,"kind":"graph","name":"a","nodes":[],"edges":[[0,1]]}"#, "edge"),
        (#"{"v":1,"n":0,"t":0,"kind":"images","name":"a","items":[{"identifier":1,"width":9999999,"height":9999999,"channels":1,"pixels":"AA=="}]}"#, "do not fit"),
        (#"{"v":1,"n":0,"t":0,"kind":"weights","name":"a","step":0,"identifiers":[1],"values":[1],"attributes":[{"name":"l","values":[]}]}"#, "attribute"),
        ("{\"v\":1,\"n\":0,\"t\":0,\"kind\":\"note\",\"text\":\"\u{1}\"}", "control character"), (#"{"v":1}x"#, "after the end"),
        (String(repeating: "[", count: 100_000), "deeper"), (#"{"a":01}"#, "begin with 0"), (#"{"a":"\ud8"#, "hexadecimal"),
    ])
    func `what is no event is refused with a sentence that names the place`(line: String, word: String) {
        let error = #expect(throws: (any Error).self) { try RunEvent(jsonLine: line) }
        #expect("\(error as Any)".contains(word), "\(error as Any)")
    }

    @Test func `numbers are read exactly as Swift reads them`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
            guard value.isFinite else { continue }
            #expect(try JSONValue(parsing: value.description).double?.bitPattern == value.bitPattern)
            let short = (Double(Int.random(in: -99_999_999...99_999_999, using: &generator)) / 1e4)
            #expect(try JSONValue(parsing: short.description).double == short)
        }
        for text in ["0", "-0.0", "123456789012345678", "9007199254740993", "1e22", "1e23", "4.9e-324", "1.7976931348623157e308", "123456789012345678901234567890", "0.1e-7"] {
            #expect(try JSONValue(parsing: text).double == Double(text))
        }
    }

    @Test func `texts of all sorts come back`() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83c\udfaf\ud800x\/\b""#) == .text("é🎯\u{FFFD}x/\u{8}"))
        #expect(throws: (any Error).self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: (any Error).self) { try JSONValue(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func `every cut and many changed bytes give an event or an error, never a trap`() throws {
        var generator = SystemRandomNumberGenerator()
        for payload in everyKind {
            let bytes = RunEvent(sequence: 1, time: 2, payload: payload).jsonBytes
            for end in bytes.indices { #expect(throws: (any Error).self) { try RunEvent(jsonLine: bytes[..<end]) } }
            for _ in 0..<400 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &generator) { changed[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator) }
                if let event = try? RunEvent(jsonLine: changed) { _ = try? RunEvent(jsonLine: event.jsonBytes) }
            }
        }
    }
}
