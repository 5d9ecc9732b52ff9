import Datasets
import Foundation

/// Data that is not shipped; tests that need it skip where it is absent.
package enum Places {
    /// The folder of `LATHE_TEST_DATA`, else `shared/data` beside one of the folders above this file; nil when there is none.
    package static let folder: URL? = {
        if let path = ProcessInfo.processInfo.environment["LATHE_TEST_DATA"] { return existing(URL(fileURLWithPath: path)) }
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            if let found = existing(place.appendingPathComponent("shared/data")) { return found }
        }
        return nil
    }()

    /// The test data, the folders of `LATHE_DATA` and the user's.
    package static let library: DatasetLibrary = {
        let environment = ProcessInfo.processInfo.environment
        var folders = (environment["LATHE_DATA"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        if let folder { folders.append(folder) }
        return DatasetLibrary(folders: folders + [DatasetLibrary(environment: environment).userFolder])
    }()

    package static let hasMiniLM = library.entry("all-minilm-l6-v2")?.state == .present
    package static let hasGolden = hasMiniLM && library.entry("minilm-golden")?.state == .present
    package static let hasTestSets = hasGolden && ["stsbenchmark", "sts-semeval", "sick"].allSatisfy { library.entry($0)?.state == .present }

    private static func existing(_ url: URL) -> URL? { FileManager.default.fileExists(atPath: url.path) ? url : nil }
}
