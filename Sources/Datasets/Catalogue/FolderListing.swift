import Foundation

/// What stands in the search folders, each listed once.
struct FolderListing {
    private let folders: [(url: URL, names: Set<String>)]

    init(_ folders: [URL]) {
        self.folders = folders.map { url in
            (url, Set((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []))
        }
    }

    /// Where the data set of this identifier stands, if it is at this place.
    func find(_ identifier: String, at place: DatasetSource.Place, systemRoot: URL) -> DatasetFiles? {
        switch place {
        case .embedded: return DatasetFiles(root: .embedded(identifier))
        case .system(let path, let files):
            let url = systemRoot.appendingPathComponent(path)
            return holds(DatasetFiles(folder: url), files)
        case .folder(let names, let files):
            for folder in folders {
                for name in names where folder.names.contains(name) {
                    let url = folder.url.appendingPathComponent(name)
                    if isFolder(url), let found = holds(DatasetFiles(root: .folder(url, boundary: folder.url)), files) { return found }
                }
                if names.contains(folder.url.lastPathComponent),
                   let found = holds(DatasetFiles(root: .folder(folder.url, boundary: folder.url)), files) { return found }
            }
            return nil
        case .archive(let prefix, let suffix, let memberPrefix):
            for folder in folders {
                // The last in order is the newest version.
                if let name = folder.names.filter({ $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }).max() {
                    return DatasetFiles(root: .archive(folder.url.appendingPathComponent(name), prefix: memberPrefix, boundary: folder.url))
                }
            }
            return nil
        case .file(let names):
            for folder in folders {
                if let name = names.first(where: { folder.names.contains($0) && isFile(folder.url.appendingPathComponent($0)) }) {
                    return DatasetFiles(root: .single(folder.url.appendingPathComponent(name), boundary: folder.url))
                }
            }
            return nil
        }
    }

    /// A folder of the right name that lacks a file, with that file: why a set that seems to be there is not.
    func incomplete(_ places: [DatasetSource.Place], systemRoot: URL) -> (folder: URL, file: String)? {
        for place in places {
            let candidates: [URL], files: [String]
            switch place {
            case .folder(let names, let needed):
                candidates = folders.flatMap { folder in names.filter(folder.names.contains).map { folder.url.appendingPathComponent($0) } }
                files = needed
            case .system(let path, let needed): (candidates, files) = ([systemRoot.appendingPathComponent(path)], needed)
            default: continue
            }
            for url in candidates where isFolder(url) {
                let found = DatasetFiles(folder: url)
                if let file = files.first(where: { !found.contains($0) }) { return (url, file) }
            }
        }
        return nil
    }

    private func holds(_ files: DatasetFiles, _ names: [String]) -> DatasetFiles? {
        names.allSatisfy(files.contains) ? files : nil
    }
}
