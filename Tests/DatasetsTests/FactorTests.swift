import Datasets
import Foundation
import Testing

/// Images with known factors: the generators' numbers, and users' files.
@Suite struct FactorTests {
    private func image(_ generator: some FactorGenerator, _ values: [Int]) -> [Double] { generator.image(values, side: 32).map(Double.init) }
    private func pixel(_ image: [Double], _ row: Int, _ column: Int) -> [Double] { (0..<3).map { image[(row * 32 + column) * 3 + $0] } }
    private func near(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 } }

    @Test func `sprites are drawn as the sheet says`() {
        for (values, sum, centre) in [([0, 0, 0, 0, 0], 18.7778, [6.0, 6.0]), ([1, 3, 4, 7, 9], 32.5556, []), ([2, 5, 9, 15, 15], 82.0, [26.018, 25.004])] as [([Int], Double, [Double])] {
            let image = image(Sprites(), values), total = image.reduce(0, +)
            #expect(abs(total - sum) < 2e-4 * sum, "\(total)")
            guard !centre.isEmpty else {
                #expect(image[16 * 32 + 16] == 1)
                continue
            }
            let x = image.indices.reduce(0) { $0 + Double($1 % 32) * image[$1] } / total, y = image.indices.reduce(0) { $0 + Double($1 / 32) * image[$1] } / total
            #expect(abs(x - centre[0]) < 1e-3 && abs(y - centre[1]) < 1e-3)
        }
    }

    @Test func `rooms and arms are drawn as the sheet says`() {
        for (values, sum) in [([0, 3, 6, 4, 0, 7], 1025.634), ([9, 1, 4, 0, 2, 0], 1345.237), ([5, 5, 0, 7, 3, 14], 1811.271)] { #expect(abs(image(Rooms(), values).reduce(0, +) - sum) < 2e-4 * sum) }
        let room = image(Rooms(), [0, 3, 6, 4, 0, 7])
        #expect(near(pixel(room, 16, 16), [0, 0.28, 0.7]) && near(pixel(room, 26, 14), [0.93125, 0, 0]))
        for (values, sum, colour) in [([2, 0, 0, 0, 0, 0, 0], 520.222, []), ([0, 5, 1, 1, 1, 20, 20], 582.256, [0.55, 0.55, 0.55]), ([3, 3, 1, 2, 2, 39, 39], 575.562, [0.2827, 0.2077, 0.1827])] as [([Int], Double, [Double])] {
            let arm = image(RobotArm(), values)
            #expect(abs(arm.reduce(0, +) - sum) < 2e-4 * sum && (colour.isEmpty || near(pixel(arm, 16, 16), colour)))
        }
    }

    @Test(arguments: ["sprites", "rooms", "arm", "arm-camera", "faces"]) func `drawn sets open, count, and differ wherever a factor differs`(name: String) throws {
        let dataset = try DatasetLibrary(folders: []).open(name, as: FactorDataset.self)
        #expect(dataset.count == dataset.factors.reduce(1) { $0 * $1.size } && dataset.side == 32)
        for index in [0, 17, dataset.count / 2 + 5, dataset.count - 1] { #expect(dataset.index(of: dataset.values(at: index)) == index) }
        #expect(!dataset.preview().examples.isEmpty)
        let middle = dataset.factors.map { $0.size / 2 }, start = try dataset.images(at: [dataset.index(of: middle)])
        for j in dataset.factors.indices {
            var other = middle
            other[j] = middle[j] > 0 ? middle[j] - 1 : 1
            #expect(try dataset.images(at: [dataset.index(of: other)]) != start, "\(dataset.factors[j].name)")
        }
        #expect(try dataset.images(at: [3]) == dataset.images(at: [3]))
        #expect(try dataset.resized(to: 64)?.images(at: [0]).count == 64 * 64 * dataset.channels)
        #expect(throws: DatasetError.self) { try dataset.images(at: [dataset.count]) }
    }

    // MARK: - Users' files

    /// An NPY file, version 1.
    static func npy(_ type: String, _ shape: [Int], _ bytes: [UInt8], fortran: Bool = false) -> [UInt8] {
        var header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape.map(String.init).joined(separator: ", ")),), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8) + bytes
    }

    static func labels(_ rows: [[Int]]) -> [UInt8] { npy("<i8", [rows.count, rows.first?.count ?? 0], rows.flatMap { $0.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } } }) }

    /// Six images of 4 x 4, each full of its number times ten.
    private static let pictures = npy("|u1", [6, 4, 4], (0..<6).flatMap { [UInt8](repeating: UInt8(10 * $0), count: 16) })
    private static let list = Array("# mine\nsize,3\nshape,2,kept,categorical\nshare,0.3\n".utf8)

    private func failure(_ files: [(String, [UInt8])]) throws -> String {
        try withFiles(files) { urls, library in
            let error = #expect(throws: DatasetError.self) { try DatasetImport(files: urls, name: "mine", layout: .factors).add(to: library) }
            return error?.description ?? ""
        }
    }

    @Test func `images in the grid's order open with a list of factors`() throws {
        let dataset: FactorDataset = try imported(["images.npy": Self.pictures, "factors.csv": Self.list], layout: .factors, kind: .factors)
        #expect(dataset.factors == [.init("size", 3), .init("shape", 2, isKept: true, isCategorical: true)] && dataset.heldOutShare == 0.3 && dataset.side == 4)
        #expect(try dataset.images(at: [5, 0]) == [UInt8](repeating: 50, count: 16) + [UInt8](repeating: 0, count: 16))
        // The same folder opens as it lies among the data.
        try withTemporaryFolder { folder in
            let own = folder.appendingPathComponent("pictures")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            try Data(Self.pictures).write(to: own.appendingPathComponent("images.npy"))
            try Data(Self.list).write(to: own.appendingPathComponent("factors.csv"))
            #expect(try DatasetLibrary(folders: [folder]).open("pictures", as: FactorDataset.self).images(at: [4])[0] == 40)
        }
    }

    @Test func `images with labels may come in any order, constant columns are dropped, and zeros and ones become black and white`() throws {
        let order = [[0, 2, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0], [0, 2, 1], [0, 1, 0]]
        let dataset: FactorDataset = try imported(["images.npy": Self.pictures, "labels.npy": Self.labels(order)], layout: .factors, kind: .factors)
        #expect(dataset.factors.map(\.size) == [3, 2] && dataset.notes.first?.contains("one value") == true)
        #expect(try dataset.images(at: [4])[0] == 0 && dataset.images(at: [1])[0] == 10 && dataset.images(at: [5])[0] == 40)
        let bits = Self.npy("|u1", [6, 4, 4], (0..<96).map { UInt8($0 % 2) })
        let black: FactorDataset = try imported(["images.npy": bits, "factors.csv": Self.list], layout: .factors, kind: .factors)
        #expect(try Set(black.images(at: [2])) == [0, 255])
    }

    @Test func `a published pair of parts brings its division, channels first`() throws {
        func part(_ values: [UInt8]) -> [UInt8] { Self.npy("|u1", [values.count, 3, 4, 4], values.flatMap { value in (0..<48).map { value + UInt8($0 / 16) } }) }
        let files = ["a_train_images.npy": part([10, 20, 30]), "a_train_labels.npy": Self.labels([[0, 0], [0, 1], [1, 0]]),
                     "a_test_images.npy": part([40, 50, 60]), "a_test_labels.npy": Self.labels([[2, 1], [1, 1], [2, 0]])]
        let dataset: FactorDataset = try imported(files, layout: .factors, kind: .factors)
        guard case .stored(let stored) = dataset.source else { return #expect(Bool(false)) }
        #expect(stored.training == [true, true, true, false, false, false] && dataset.channels == 3)
        #expect(try Array(dataset.images(at: [5]).prefix(4)) == [40, 41, 42, 40] && dataset.images(at: [3])[0] == 50)
    }

    @Test func `what cannot be is refused with one sentence`() throws {
        let images = ("images.npy", Self.pictures), list = ("factors.csv", Self.list)
        func text(_ words: String) -> (String, [UInt8]) { ("factors.csv", Array(words.utf8)) }
        #expect(try failure([images, text("size,4\nshape,2\n")]).contains("got 6 images, expected 8"))
        #expect(try failure([images]).contains("no labels and no list of factors"))
        #expect(try failure([images, text("size\n")]).contains("line 1") && failure([images, text("size,3,odd\n")]).contains("“odd” is none of"))
        #expect(try failure([images, text("size,3\nshape,2\nshare,1\n")]).contains("between 0 and 1") && failure([images, text("size,3\nsize,2\n")]).contains("stands twice"))
        let good = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]
        var outside = good, twice = good
        outside[4][1] = -1
        twice[5] = [2, 0]
        #expect(try failure([images, list, ("labels.npy", Self.labels(outside))]).contains("row 4, factor shape") && failure([images, list, ("labels.npy", Self.labels(twice))]).contains("same factors as row 4"))
        #expect(try failure([images, list, ("labels.npy", Self.labels(Array(good.prefix(5))))]).contains("one row an image"))
        #expect(try failure([("images.npy", Self.npy("|u1", [6, 4, 4], [UInt8](repeating: 2, count: 96), fortran: true)), list]).contains("Fortran order"))
        #expect(try failure([("images.npy", Self.npy("<f4", [6, 4, 4], [UInt8](repeating: 0, count: 384))), list]).contains("another type than bytes"))
        #expect(try failure([("images.npy", Self.npy("|u1", [6, 4, 5], [UInt8](repeating: 0, count: 120))), list]).contains("square"))
        #expect(try failure([("images.h5", [0x89] + Array("HDF\r\n".utf8) + [UInt8](repeating: 0, count: 40)), list]).contains("convert its images to NPY"))
        #expect(try failure([("images.npy", Array(Self.pictures.dropLast(3))), list]).contains("cut short"))
        let part = Self.npy("|u1", [3, 4, 4], [UInt8](repeating: 9, count: 48))
        #expect(try failure([("a_train_images.npy", part), ("a_train_labels.npy", Self.labels(Array(good.prefix(3)))), ("a_test_images.npy", part), ("a_test_labels.npy", Self.labels([[1, 1], [2, 0], [0, 1]]))]).contains("training and test overlap"))
    }
}
