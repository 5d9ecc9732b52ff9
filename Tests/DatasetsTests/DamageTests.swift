import Datasets
import Foundation
import Tensors
import Testing

/// Every reader on cut and corrupt files: a sentence or a value, never a trap, a hang or a large allocation.
@Suite struct DamageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let fixture: String
        /// Whether every strict prefix must be refused (a table of text may be cut between rows unnoticed).
        var isCutNoticed = true
        let read: @Sendable ([UInt8]) throws -> Void
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "gzip", fixture: "table.csv.gz") { _ = try Gzip.decompress(ByteSource(name: "x", bytes: $0), limit: 1 << 20) },
        Case(name: "zip", fixture: "two-methods.zip") { try readAll($0) },
        Case(name: "zip64", fixture: "zip64.zip") { try readAll($0) },
        Case(name: "NPZ", fixture: "features.npz") { _ = try NPY.readArchive(ByteSource(name: "x", bytes: $0)) },
        Case(name: "NPY version 1", fixture: "fortran-f8.npy") { _ = try NPY.read($0, file: "x") },
        Case(name: "NPY version 2", fixture: "version2-i8.npy") { _ = try NPY.read($0, file: "x") },
        Case(name: "NPY text", fixture: "text.npy") { _ = try NPY.read($0, file: "x") },
        Case(name: "IDX pictures", fixture: "images.idx") { _ = try IDX.read($0, file: "x") },
        Case(name: "IDX floats", fixture: "floats.idx") { _ = try IDX.read($0, file: "x") },
        Case(name: "PyTorch", fixture: "strides.pth") { _ = try LegacyPyTorch.read($0, file: "x") },
        Case(name: "safetensors", fixture: "arrays.safetensors") { _ = try SafetensorsArrays.read($0, file: "x") },
        Case(name: "PNG colour", fixture: "colour.png") { _ = try Picture.read($0, file: "x") },
        Case(name: "PNG palette", fixture: "palette.png") { _ = try Picture.read($0, file: "x") },
        Case(name: "PPM", fixture: "palette.ppm") { _ = try Picture.read($0, file: "x") },
        Case(name: "CSV", fixture: "table.csv", isCutNoticed: false) { _ = try TableReader.readColumns($0, file: "x") },
        Case(name: "ragged CSV", fixture: "table.csv", isCutNoticed: false) {
            _ = try TableReader.read($0, file: "x", identifier: "x", checksum: "", format: DelimitedFormat(allowsRaggedRows: true)).preview()
        },
    ]

    private static func readAll(_ bytes: [UInt8]) throws {
        let archive = try ZipArchive(ByteSource(name: "x", bytes: bytes))
        for member in archive.members { _ = try archive.read(member, limit: 1 << 20) }
    }

    @Test(arguments: cases)
    func `the whole file is read`(item: Case) throws { try item.read(fixture(item.fixture)) }

    @Test(arguments: cases)
    func `a file cut at any byte gives one sentence`(item: Case) throws {
        let whole = try fixture(item.fixture)
        for count in 0..<whole.count {
            do {
                try item.read(Array(whole.prefix(count)))
                #expect(!item.isCutNoticed, "\(item.name) cut at \(count) was read without a word")
            } catch {
                check(error, "\(item.name) cut at \(count)")
            }
        }
    }

    @Test(arguments: cases)
    func `random changed bytes give a sentence or a value`(item: Case) throws {
        let whole = try fixture(item.fixture)
        var random = RandomSource(seed: 11).stream(item.name)
        for round in 0..<3000 {
            var bytes = whole
            for _ in 0...(round % 4) { bytes[random.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            // Now and then a whole word of ones: sizes far beyond the file.
            if round % 5 == 0 {
                let start = random.integer(below: max(1, bytes.count - 8))
                for i in start..<min(bytes.count, start + 8) { bytes[i] = 0xFF }
            }
            do { try item.read(bytes) } catch { check(error, "\(item.name) round \(round)") }
        }
    }

    @Test(arguments: cases)
    func `random bytes behind a right beginning give a sentence or a value`(item: Case) throws {
        let whole = try fixture(item.fixture)
        var random = RandomSource(seed: 12).stream(item.name)
        for _ in 0..<1000 {
            let keep = random.integer(below: whole.count)
            let bytes = whole.prefix(keep) + (0..<random.integer(below: 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            do { try item.read(Array(bytes)) } catch { check(error, item.name) }
        }
    }

    private func check(_ error: any Error, _ what: String) {
        guard let error = error as? DatasetError else {
            Issue.record("\(what): \(type(of: error)) instead of DatasetError")
            return
        }
        #expect(!error.description.contains("\n") && error.description.count < 1000, "\(what): \(error)")
    }

    @Test func `pickles that nest, loop or refer to nothing neither hang nor exhaust the stack`() {
        let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        let nested = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]   // (((…)))
        let selfList: [UInt8] = [0x80, 2, 0x5D, 0x71, 0, 0x28, 0x68, 0, 0x65, 0x2E]   // a list that holds itself
        let marks = [0x80, 2] + [UInt8](repeating: 0x28, count: 100_000) + [0x2E]
        let listChain = [0x80, 2] + (0..<100_000).flatMap { _ in [0x5D, 0x28] as [UInt8] } + [UInt8](repeating: 0x65, count: 99_999) + [0x2E]
        for pickle in [nested, selfList, marks, listChain, [0x2E], [0x65, 0x2E], [0x75], [0x62], [0x52], [0x51]] {
            #expect(throws: DatasetError.self) { try LegacyPyTorch.read(pickle, file: "x") }
            #expect(throws: DatasetError.self) { try LegacyPyTorch.read(magic + pickle, file: "x") }
        }
    }

    @Test func `an axis of one element may have any stride, and an offset with it does not overflow`() throws {
        func text(_ value: String) -> [UInt8] { [0x58, UInt8(value.utf8.count), 0, 0, 0] + Array(value.utf8) }
        func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
        let largest: [UInt8] = [0x8A, 8] + [UInt8](repeating: 0xFF, count: 7) + [0x7F]
        var file: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        file += [0x80, 2, 0x4D, 0xE9, 3, 0x2E, 0x80, 2, 0x7D, 0x2E]
        file += [0x80, 2, 0x7D] + text("w") + global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage")
        file += global("torch", "FloatStorage") + text("0") + text("cpu") + [0x4B, 2, 0x74, 0x51]
        file += [0x4B, 1, 0x4B, 1, 0x85] + largest + [0x85, 0x74, 0x52, 0x73, 0x2E]   // offset 1, shape (1), stride 2^63 - 1
        file += [0x80, 2, 0x5D, 0x28] + text("0") + [0x65, 0x2E]
        file += [2, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0x80, 0x3F]
        #expect(try LegacyPyTorch.read(file, file: "x") == [WeightsFile.Tensor(name: "w", shape: [1], values: .float32([1]))])
    }

    @Test func `files cut behind the reader's back give a sentence`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a.bin")
            try Data([1, 2, 3, 4]).write(to: url)
            let source = try ByteSource(file: url)
            #expect(truncate(url.path, 2) == 0)
            let error = #expect(throws: DatasetError.self) { try source.readAll() }
            #expect(error?.description.contains("became shorter") == true)
            #expect(throws: DatasetError.self) { try source.read(at: 3, count: Int.max) }
            #expect(throws: DatasetError.self) { try source.read(at: -1, count: 1) }
        }
    }

    @Test func `folders, pipes and missing files are refused, not waited for`() throws {
        try withTemporaryFolder { folder in
            let pipe = folder.appendingPathComponent("pipe.csv")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            #expect(throws: DatasetError.self) { try ByteSource(file: pipe) }
            #expect(throws: DatasetError.self) { try ByteSource(file: folder) }
            #expect(throws: DatasetError.self) { try ByteSource(file: folder.appendingPathComponent("none")) }
            #expect(DatasetLibrary(folders: [folder]).entry("pipe") == nil)
        }
    }

    /// Small sets of each layout of text.
    static let sets: [DatasetLayout: [String: String]] = [
        .debian: ["Packages": DebianTests.index],
        .wordnet: ["data.noun": WordNetTests.nouns, "index.noun": "entity n 1 1 ~ 1 1 00001740\n"],
        .events: ["own.csv": "user,item,rating,time\na,\"x\",3,2014-04-07T12:51:09.500+02:00\nb,y,,2014-04-07T10:51:09.5Z\nb,x,1e3,1969-12-31T23:59:59Z\n"],
        .series: ["load.csv": "date,a,b\n2016-07-01 00:00,1,5\n2016-07-01 00:15,2e3,5\n2016-07-01 00:30,-3.5,5\n"],
        .domains: ["samples.csv": "domain,price,y\nnorth,1,0\nnorth,2.5,1\neast,1,0\nsouth,3,\n", "graph.gal": "3\n0 1\n1\n1 2\n0 2\n2 1\n1\n",
                   "roles.csv": "domain,role,pos_x,pos_y\nnorth,source,1,2\neast,source,3,4\nsouth,target,5,-1e2\n"],
        .graph: ["nodes.tsv": "# note: made by hand\n0\t0\ta\tg\n1\t-1\tb\th\n2\t1\tc\tg\n", "edges.tsv": "0\t1\n1\t2\n", "text.txt": "one\n\ntwo \u{E9}\n",
                 "features.txt": "# width 9\n1 3:2.5\n\n8\n", "splits.tsv": "0\tt-\n1\tvs\n2\tst\n", "classes.txt": "x\ny\n"],
    ]

    @Test(arguments: sets.keys.sorted { $0.rawValue < $1.rawValue })
    func `any cut or altered byte of a set in text gives a set that can be shown, or one sentence`(layout: DatasetLayout) throws {
        let files = try #require(Self.sets[layout]).mapValues { Array($0.utf8) }
        let names = files.keys.sorted()
        try withTemporaryFolder { folder in
            func read() throws {
                _ = try layout.read(DatasetFiles(folder: folder), names: names, identifier: "mine", labelColumn: nil).preview()
            }
            for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
            try read()
            for (name, bytes) in files {
                let file = folder.appendingPathComponent(name)
                func check(_ altered: [UInt8]) throws {
                    try Data(altered).write(to: file)
                    do { try read() } catch { #expect(error is DatasetError && !"\(error)".contains("\n"), "\(error)") }
                }
                for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 9)) {
                    try check(Array(bytes[..<place]))
                    for mask: UInt8 in [0x9A, 0x03] {
                        var altered = bytes
                        altered[place] ^= mask
                        try check(altered)
                    }
                }
                try Data(bytes).write(to: file)
            }
        }
    }
}
