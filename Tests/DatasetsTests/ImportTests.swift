import Datasets
import Foundation
import Tensors
import Testing

@Suite struct ImportTests {
    private let csv = "width,height,label\n" + (0..<20).map { "\($0),\($0 * 2).5,\($0 % 2 == 0 ? "even" : "odd")" }.joined(separator: "\n") + "\n"

    private func leftovers(_ library: DatasetLibrary) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: library.userFolder.path)) ?? []
    }

    private func failure(_ add: DatasetImport, _ library: DatasetLibrary) -> String {
        let before = leftovers(library)
        let error = #expect(throws: DatasetError.self) { try add.add(to: library) }
        #expect(leftovers(library) == before, "something was left behind")
        return error?.description ?? ""
    }

    @Test func `a table with a label column becomes features that open under their name`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            let entry = try DatasetImport(files: urls, name: "my-shapes").add(to: library)
            #expect(entry.identifier == "my-shapes" && entry.kind == .features && entry.state == .present && entry.rows == 20)
            let features = try library.features("my-shapes")
            #expect(features.dimension == 2 && features.classNames == ["even", "odd"] && features.featureNames == ["width", "height"])
            #expect(features.doubles().prefix(4) == [0, 0.5, 1, 2.5])
            #expect(library.entries().contains { $0.identifier == "my-shapes" })
            #expect(DatasetLibrary(folders: library.folders).entry("my-shapes")?.origin.hasPrefix("added by the user, 20") == true)
        }
    }

    @Test func `files and folders are for the user alone`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            _ = try DatasetImport(files: urls).add(to: library)
            let folder = library.userFolder.appendingPathComponent("shapes")
            func mode(_ url: URL) throws -> Int? { try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int }
            #expect(try mode(folder) == 0o700)
            for name in ["shapes.csv", "dataset.json"] { #expect(try mode(folder.appendingPathComponent(name)) == 0o600) }
            #expect(leftovers(library) == ["shapes"])
        }
    }

    @Test func `a table without a label stays a table, and --as table keeps one that has one`() throws {
        try withFiles([("words.csv", Array("a,b\nx,1\ny,2\n".utf8)), ("shapes.csv", Array(csv.utf8))]) { urls, library in
            let words = try DatasetImport(files: [urls[0]]).add(to: library)
            let shapes = try DatasetImport(files: [urls[1]], layout: .table).add(to: library)
            #expect(words.kind == .table && shapes.kind == .table)
            #expect(try library.table("shapes").count == 20)
        }
    }

    @Test func `arrays, IDX pairs and CIFAR batches are taken in`() throws {
        var record = [UInt8](repeating: 9, count: 3073)
        record[0] = 3
        let files = try ["features.npz", "pictures.npz", "images.idx", "labels.idx"].map { ($0, try fixture($0)) } + [("batch.bin", record)]
        try withFiles(files) { urls, library in
            #expect(try DatasetImport(files: [urls[0]], name: "f").add(to: library).kind == .features)
            #expect(try library.features("f").labels == [1, 0])
            #expect(try DatasetImport(files: [urls[1]], name: "p").add(to: library).kind == .images)
            let pictures = try library.images("p")
            #expect(pictures.classNames == ["3", "5"] && pictures.training.labels == [0, 1] && pictures.test?.labels == [1] && pictures.width == 4)
            #expect(try DatasetImport(files: [urls[2], urls[3]], name: "i").add(to: library).rows == 2)
            #expect(try library.images("i").height == 3)
            #expect(try DatasetImport(files: [urls[4]], name: "c").add(to: library).kind == .images)
            #expect(try library.images("c").training.labels == [3])
        }
    }

    @Test func `weights are taken in, from safetensors and from PyTorch`() throws {
        let files = try ["strides.pth", "arrays.safetensors"].map { ($0, try fixture($0)) }
        try withFiles(files) { urls, library in
            #expect(try DatasetImport(files: [urls[0]]).add(to: library).kind == .weights)
            #expect(try library.weights("strides")["tail"]?.floats == [6, 7, 8, 9])
            let entry = try DatasetImport(files: [urls[1]], name: "net", layout: .weights).add(to: library)
            #expect(entry.kind == .weights && entry.rows == 3)
            #expect(try library.weights("net")["half"]?.floats == [1.5, -2])
        }
    }

    @Test func `features come from a safetensors file of two arrays`() throws {
        let entries: [(name: String, tensor: Tensor<Float>)] = [("X", Tensor(shape: [2, 3], [0, 1, 2, 3, 4, 5])), ("y", Tensor(shape: [2], [1, 0]))]
        try withFiles([("f.safetensors", [UInt8](Safetensors.encoded(entries)))]) { urls, library in
            _ = try DatasetImport(files: urls, layout: .features).add(to: library)
            let features = try library.features("f")
            #expect(features.floats() == [0, 1, 2, 3, 4, 5] && features.labels == [1, 0] && features.dimension == 3)
        }
    }

    @Test func `names that are taken or not usable are refused`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            for name in ["digits", "fashion", "cora"] { #expect(failure(DatasetImport(files: urls, name: name), library).contains("already")) }
            for name in ["", "../x", "a/b", ".hidden", "-x", "ä", "a b", String(repeating: "x", count: 65)] {
                #expect(failure(DatasetImport(files: urls, name: name), library).contains("no usable name"), "\(name)")
            }
            _ = try DatasetImport(files: urls, name: "mine").add(to: library)
            #expect(failure(DatasetImport(files: urls, name: "mine"), library).contains("already"))
            #expect(try library.features("mine").count == 20)
        }
    }

    @Test func `a folder that came into being meanwhile is not overwritten`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            let taken = library.userFolder.appendingPathComponent("mine")
            try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
            try Data("kept".utf8).write(to: taken.appendingPathComponent("notes.txt"))
            #expect(failure(DatasetImport(files: urls, name: "mine"), library).contains("exists already"))
            #expect(try String(contentsOf: taken.appendingPathComponent("notes.txt"), encoding: .utf8) == "kept")
        }
    }

    @Test func `files that do not hold what the layout says are refused with their place`() throws {
        let files: [(String, [UInt8])] = [
            ("nan.csv", Array("a,label\n1,x\nnan,y\n3,x\n,y\n".utf8)), ("ragged.csv", Array("a,label\n1,x\n2\n".utf8)), ("cut.bin", [1, 2, 3]),
            ("odd.dat", [1]), ("text.csv", Array("a,b,label\n1,q,x\n2,r,y\n".utf8)), ("one.npy", Array(try fixture("c-f4.npy").prefix(100))),
        ]
        try withFiles(files) { urls, library in
            #expect(failure(DatasetImport(files: [urls[0]], layout: .features), library).contains("row 2, column a"))
            #expect(failure(DatasetImport(files: [urls[1]]), library).contains("line 3"))
            #expect(failure(DatasetImport(files: [urls[2]]), library).contains("3073"))
            #expect(failure(DatasetImport(files: [urls[3]]), library).contains("--as"))
            #expect(failure(DatasetImport(files: [urls[4]], layout: .features), library).contains("column b is not numeric"))
            #expect(failure(DatasetImport(files: [urls[5]]), library).contains("cut short"))
            #expect(failure(DatasetImport(files: [urls[4]], layout: .features, labelColumn: "zz"), library).contains("has no column zz"))
            #expect(failure(DatasetImport(files: []), library).contains("no file"))
            #expect(failure(DatasetImport(files: [urls[0].deletingLastPathComponent().appendingPathComponent("absent.csv")]), library).contains("No such file"))
            #expect(failure(DatasetImport(files: [urls[0], urls[0]], layout: .idx), library).contains("twice"))
        }
    }

    @Test func `a data folder that cannot be written gives one sentence`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8)), ("plain", [1])]) { urls, _ in
            for place in [urls[1].appendingPathComponent("data"), URL(fileURLWithPath: "/proc/lathe-data")] {
                let error = #expect(throws: DatasetError.self) { try DatasetImport(files: [urls[0]]).add(to: DatasetLibrary(folders: [place])) }
                #expect(error?.description.contains("XDG_DATA_HOME") == true)
            }
        }
    }

    /// Needs a small file system of its own: `mount -t tmpfs -o size=1m tmpfs DIR`, then `LATHE_TEST_SMALL_DISK=DIR`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LATHE_TEST_SMALL_DISK"] != nil, "needs LATHE_TEST_SMALL_DISK, a folder on a disk of 1 MiB"))
    func `a full disk gives one sentence and leaves nothing behind`() throws {
        let small = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["LATHE_TEST_SMALL_DISK"]))
        try withFiles([("large.csv", Array(("a,b\n" + String(repeating: "1,2\n", count: 1 << 20)).utf8))]) { urls, _ in
            let library = DatasetLibrary(folders: [small.appendingPathComponent("data")])
            let error = #expect(throws: DatasetError.self) { try DatasetImport(files: urls).add(to: library) }
            #expect(error?.description.contains("No space left on device") == true)
            #expect(leftovers(library).isEmpty)
        }
    }

    @Test func `a set whose files were changed or whose description is damaged says so`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            _ = try DatasetImport(files: urls, name: "mine").add(to: library)
            let folder = library.userFolder.appendingPathComponent("mine")
            try Data((csv + "1,2,odd\n").utf8).write(to: folder.appendingPathComponent("shapes.csv"))
            let changed = #expect(throws: DatasetError.self) { try library.open("mine") }
            #expect(changed?.description.contains("were changed") == true)

            let description = folder.appendingPathComponent("dataset.json")
            let text = try String(contentsOf: description, encoding: .utf8)
            for (from, to, expected) in [("\"version\" : 1", "\"version\" : 99", "newer Lathe"), ("\"name\" : \"shapes.csv\"", "\"name\" : \"../../x\"", "not in its folder"),
                                         ("{", "[", "no description"), ("\"layout\"", "\"layer\"", "lacks parts")] {
                try Data(text.replacingOccurrences(of: from, with: to).utf8).write(to: description)
                let error = #expect(throws: DatasetError.self) { try library.open("mine") }
                #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
                #expect(library.entries().contains { $0.identifier == "mine" })
            }
        }
    }

    @Test func `copies that a killed import left are removed a day later`() throws {
        try withFiles([("shapes.csv", Array(csv.utf8))]) { urls, library in
            let old = library.userFolder.appendingPathComponent(".adding-old"), new = library.userFolder.appendingPathComponent(".adding-new")
            for url in [old, new] { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -100_000)], ofItemAtPath: old.path)
            _ = try DatasetImport(files: urls, name: "mine").add(to: library)
            #expect(leftovers(library).sorted() == [".adding-new", "mine"])
        }
    }
}
