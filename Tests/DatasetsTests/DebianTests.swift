import Datasets
import Foundation
import Testing

/// Graphs made of Debian's package indices.
@Suite struct DebianTests {
    func added(_ files: [String: String], layout: DatasetLayout? = .debian) throws -> GraphDataset {
        try added(files.mapValues { Array($0.utf8) }, layout: layout)
    }

    func added(_ files: [String: [UInt8]], layout: DatasetLayout? = .debian) throws -> GraphDataset { try imported(files, layout: layout, kind: .textGraph) }

    func failure(_ text: String, layout: DatasetLayout? = .debian) -> String {
        #expect(throws: DatasetError.self) { try added(["Packages": text], layout: layout) }?.description ?? ""
    }

    static let index = """
        Package: zeta
        Source: common (1.2)
        Section: contrib/math
        Depends: alpha (>= 2) | beta, virtual-one, virtual-two, zeta, nothing:any
        Description: short zeta
        Description-md5: 11

        Package: alpha
        Section: math
        Provides: virtual-one (= 3), virtual-two
        Recommends: beta [amd64] | zeta
        Description: short alpha
         A line
         .
         \tof \u{A0} more.

        Package: beta
        Source: common
        Section: games
        Provides: virtual-two
        Pre-Depends: alpha:any
        Description: short beta

        Package: beta
        Section: oldlibs
        Description: a second version

        """

    @Test func `packages, first alternatives, only providers and source groups make the graph`() throws {
        let translation = "Package: zeta\nDescription-md5: 11\nDescription-en: short zeta\n The long one.\n"
        let graph = try added(["Packages": Self.index, "Translation-en": translation], layout: nil)
        #expect(graph.identifier == "debian-big" && (0..<3).map { graph.names?[$0] } == ["alpha", "beta", "zeta"])
        #expect((0..<3).map { graph.texts?[$0] } == ["short alpha A line of more.", "short beta", "short zeta The long one."])
        // zeta–alpha twice over (directly and as the only provider), alpha–beta in both directions; virtual-two has two providers.
        #expect(Array(graph.adjacency.neighbours(of: 0)) == [1, 2] && graph.edgeCount == 2)
        #expect(graph.groups == [0, 1, 1])
        #expect(graph.classNames.isEmpty && graph.labels == [-1, -1, -1])
        #expect(graph.notes == ["1 links to virtual packages go to the only provider", "1 links to virtual packages of several providers were left out",
                                "1 links to packages that are not described were left out", "1 further stanzas of a package that was there already were left out"])
    }

    @Test func `sections of enough packages are the classes, of dpkg's status only what is installed`() throws {
        var text = ""
        for number in 0..<12 {
            text += "Package: p\(number)\nStatus: \(number == 3 ? "deinstall ok config-files" : "install ok installed")\nSection: \(number < 7 ? "net" : "web")\n"
                + "Depends: p0\nDescription: number \(number)\n\n"
        }
        let graph = try added(["status": text], layout: nil)
        #expect(graph.count == 11 && graph.classNames == ["net", "web"] && graph.labels.count { $0 == 0 } == 6 && graph.edgeCount == 10)
        #expect(graph.notes == ["1 packages that are not installed were left out"])
    }

    @Test func `ten sections, every alternative, the largest part`() throws {
        let text = """
            Package: one
            Section: web
            Suggests: none | two
            Description: 1

            Package: two
            Section: mail
            Description: 2

            Package: two-doc
            Section: mail
            Depends: two
            Description: 3

            Package: three
            Section: admin
            Depends: one
            Description: 4

            Package: four
            Section: mail
            Description: 5
            """
        let graph = try added(["Packages": text], layout: .debianTen)
        #expect(graph.count == 2 && graph.edgeCount == 1 && graph.classNames == ["mail", "web"] && graph.labels == [1, 0])
        #expect(failure("Package: three\nSection: admin\n", layout: .debianTen).contains("has no package of the sections database"))
    }

    @Test func `long descriptions are cut at a blank before 480 characters`() throws {
        let words = Array(repeating: "abcdefghi", count: 60).joined(separator: " ")
        let exact = String(repeating: "y", count: 470) + " z23456789"
        func stanza(_ name: String, _ text: String) -> String { "Package: \(name)\nSection: x\nDescription: \(text)\n\n" }
        let graph = try added(["Packages": stanza("a1", words) + stanza("b1", String(repeating: "z", count: 600)) + stanza("c1", exact)
            + stanza("d1", exact) + stanza("e1", exact + "é")])
        #expect((0..<5).map { graph.texts?[$0].count } == [479, 480, 480, 480, 470])
        #expect(try added(["Packages": stanza("a1", exact + " more")]).texts?[0].count == 470)
    }

    @Test func `bad control text is named with file and line, packed files with the way to unpack them`() throws {
        #expect(failure("Package: a\nSection: x\nnonsense\n").contains("Packages, line 3: is neither `Name: value` nor a continuation"))
        #expect(failure(" continued\n").contains("Packages, line 1: continues a field where none has begun"))
        #expect(failure("\n\nSection: x\nDescription: y\n").contains("Packages, line 3: the stanza that begins here names no package"))
        #expect(failure("Package: a b/c\nPackage: d\n").contains("Packages, line 2: gives the field Package a second time"))
        #expect(failure("Package: ../../etc\nSection: x\n").contains("line 1: the stanza that begins here names no package"))
        #expect(failure("").contains("describes no package"))
        #expect(failure("Package: a\nDescription-md5: 1\nDescription-en: only translated\n").contains("describes no package"))
        func packed(_ bytes: [UInt8]) -> String { #expect(throws: DatasetError.self) { try added(["Packages.x": bytes]) }?.description ?? "" }
        #expect(packed([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]).contains("is packed with xz, which is not read; unpack it with `xz -dk FILE`"))
        #expect(packed([0x04, 0x22, 0x4D, 0x18, 0x64]).contains("is packed with lz4, which is not read; unpack it with `/usr/lib/apt/apt-helper cat-file FILE"))
        #expect(packed(Array("Package: a\nSection: x\nDescription: ".utf8) + [0xFF, 0xFE, 0x0A]).contains("line 1: the stanza that begins here has a value that is not UTF-8"))
    }

    /// LATHE_TEST_DEBIAN names a folder with the files Packages and Translation-en of Debian 12.15 (bookworm, main, amd64).
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LATHE_TEST_DEBIAN"] != nil, "LATHE_TEST_DEBIAN is not set"))
    func `the whole index has the counts of the sheet, and its ten sections are the graph that ships`() throws {
        let source = URL(fileURLWithPath: ProcessInfo.processInfo.environment["LATHE_TEST_DEBIAN"] ?? "")
        let files = ["Packages", "Translation-en"].map(source.appendingPathComponent)
        try withTemporaryFolder { folder in
            let library = DatasetLibrary(folders: [folder])
            let start = ContinuousClock.now
            _ = try DatasetImport(files: files, layout: .debian).add(to: library)
            print("imported in \(start.duration(to: .now))")
            let big = try library.open("debian-big", as: GraphDataset.self)
            let degrees = (0..<big.count).map(big.degree)
            print(big.preview().facts.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
            #expect(big.count == 63_436 && big.edgeCount == 290_591 && big.classNames.count == 50 && big.labels.count { $0 < 0 } == 355)
            #expect(degrees.count { $0 == 0 } == 3100 && degrees.max() == 21_809 && Set(big.groups).count == 34_169)
            _ = try DatasetImport(files: files, layout: .debianTen).add(to: library)
            let small = try library.open("debian-ten", as: GraphDataset.self), shipped = try DatasetLibrary(folders: []).open("debian-packages", as: GraphDataset.self)
            // What ships was made from an index in which one section had two packages fewer and one description was another.
            let names = Dictionary(uniqueKeysWithValues: (0..<small.count).map { (small.names?[$0] ?? "", $0) }), shared = try (0..<shipped.count).map { try #require(names[shipped.names?[$0] ?? ""]) }
            #expect(small.count == 2747 && small.edgeCount == 4471)
            #expect(shared.indices.count { small.texts?[shared[$0]] != shipped.texts?[$0] } == 1 && shared.map { small.labels[$0] } == shipped.labels)
            #expect(shared.indices.count { small.degree(shared[$0]) != shipped.degree($0) } == 2)
        }
    }
}
