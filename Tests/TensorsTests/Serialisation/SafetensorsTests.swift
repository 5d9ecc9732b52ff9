import Foundation
import Testing
import Tensors

@Suite struct SafetensorsTests {
    static func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> Data {
        let json = Array(header.utf8)
        return Data((0..<8).map { UInt8(truncatingIfNeeded: (length ?? UInt64(json.count)) >> (8 * UInt64($0))) } + json + data)
    }

    @Test("a store comes back from its file with the same bits")
    func roundTrip() throws {
        var source = RandomSource(seed: 3)
        func store(_ scale: Float) -> ParameterStore<Float> {
            let store = ParameterStore<Float>()
            store.add("a/weight \"q\"", .normal([3, 4], deviation: scale, from: &source))
            store.add("b", .normal([5], deviation: scale, from: &source))
            store.addState("mean", .normal([2, 1, 2], deviation: scale, from: &source))
            return store
        }
        let (first, second) = (store(1), store(0))
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-\(UUID()).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        try first.save(to: url, metadata: ["epoch": "3"])
        try second.load(from: url)
        #expect(first.snapshot == second.snapshot)
        #expect(try Safetensors(contentsOf: url).metadata == ["epoch": "3"])
    }

    @Test("all element types are read")
    func elementTypes() throws {
        func read(_ type: String, _ bytes: [UInt8]) throws -> Double {
            let header = #"{"x":{"dtype":"\#(type)","shape":[1],"data_offsets":[0,\#(bytes.count)]}}"#
            return try Safetensors(Self.file(header, data: bytes), path: "f").tensor("x", as: Double.self).scalar
        }
        #expect(try read("F32", [0, 0, 0xc0, 0x3f]) == 1.5)
        #expect(try read("F64", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]) == 1.5)
        #expect(try read("F16", [0x00, 0xbe]) == -1.5)
        #expect(try read("F16", [0x01, 0x00]) == 0x1p-24)
        #expect(try read("F16", [0x00, 0x7c]) == .infinity)
        #expect(try read("BF16", [0xc0, 0x3f]) == 1.5)
        #expect(try read("I64", [0xfe, 255, 255, 255, 255, 255, 255, 255]) == -2)
        #expect(try read("I8", [0xff]) == -1)
        #expect(try read("U8", [0xff]) == 255)
        #expect(try read("U16", [1, 1]) == 257)
    }

    @Test("bad files are errors that say what and where", arguments: [
        (Data(), "has 0 bytes"),
        (Data([1, 2, 3]), "has 3 bytes"),
        (file("{}", length: 1 << 60), "claims a header of 1152921504606846976 bytes"),
        (file("{}", length: .max), "claims a header of"),
        (file("not json"), "not the JSON"),
        (file("[1]"), "not the JSON"),
        (file(#"{"x":1}"#), "not the JSON"),
        (file(#"{"x":{"dtype":"F32","shape":[1]}}"#), "no dtype, shape and data_offsets"),
        (file(#"{"x":{"dtype":"Q9","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), "element type Q9"),
        (file(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), "places \"x\""),
        (file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0]), "places \"x\""),
        (file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#, data: [0]), "places \"x\""),
        (file(#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#), "impossible shape"),
        (file(#"{"x":{"dtype":"F32","shape":[1073741824,1073741824,1073741824],"data_offsets":[0,4]}}"#), "impossible shape"),
    ])
    func badFiles(_ bytes: Data, _ expected: String) {
        #expect {
            try Safetensors(bytes, path: "weights.safetensors")
        } throws: { error in
            let text = "\(error)"
            return text.contains(expected) && text.hasPrefix("weights.safetensors ")
        }
    }

    @Test("every truncation of a file is an error or a smaller file, never a trap")
    func truncations() throws {
        let whole = try Safetensors.encoded([("a", Tensor<Float>(shape: [2, 2], [1, 2, 3, 4])), ("b", Tensor(shape: [1], [5]))])
        for length in 0..<whole.count {
            #expect(throws: SafetensorsError.self) { try Safetensors(whole.prefix(length), path: "f") }
        }
        #expect(try Safetensors(whole, path: "f").tensor("b", as: Float.self).scalars == [5])
    }

    @Test("a missing tensor, six axes and another shape are errors, and nothing is changed")
    func misfits() throws {
        let store = ParameterStore<Float>()
        store.add("a", Tensor(shape: [2], [1, 2]))
        store.add("b", Tensor(shape: [1], [3]))
        let missing = try Safetensors(Safetensors.encoded([("a", Tensor<Float>(shape: [2], [7, 8]))]), path: "f")
        #expect { try store.load(missing) } throws: { "\($0)" == "f holds no tensor \"b\"." }
        let other = try Safetensors(Safetensors.encoded([("a", Tensor<Float>(shape: [2], [7, 8])), ("b", Tensor(shape: [2], [7, 8]))]), path: "f")
        #expect { try store.load(other) } throws: { "\($0)".contains("shape [2] where the model has [1]") }
        #expect(store.snapshot == [1, 2, 3])
        let six = try Safetensors(Self.file(#"{"x":{"dtype":"U8","shape":[1,1,1,1,1,1],"data_offsets":[0,1]}}"#, data: [1]), path: "f")
        #expect(throws: SafetensorsError.self) { try six.tensor("x", as: Float.self) }
    }
}
