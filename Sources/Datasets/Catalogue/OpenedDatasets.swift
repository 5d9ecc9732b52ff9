import Foundation
import Synchronization

/// The last opened data sets, at most four and at most 512 MiB, so that the runs of a study read them once.
final class OpenedDatasets: Sendable {
    private struct Item: Sendable {
        var identifier: String
        var stamp: String
        var dataset: any Dataset
    }

    private let items = Mutex<[Item]>([])
    private let countLimit = 4
    private let byteLimit = 512 << 20

    /// The data set opened under that identifier from files in that state; nil when it is not kept.
    subscript(identifier: String, stamp: String) -> (any Dataset)? {
        items.withLock { items in
            guard let index = items.firstIndex(where: { $0.identifier == identifier && $0.stamp == stamp }) else { return nil }
            let item = items.remove(at: index)
            items.append(item)
            return item.dataset
        }
    }

    func keep(_ dataset: any Dataset, _ identifier: String, _ stamp: String) {
        guard dataset.memoryBytes <= byteLimit else { return }
        items.withLock { items in
            items.removeAll { $0.identifier == identifier }
            items.append(Item(identifier: identifier, stamp: stamp, dataset: dataset))
            while items.count > countLimit || items.reduce(0, { $0 + $1.dataset.memoryBytes }) > byteLimit { items.removeFirst() }
        }
    }
}

extension DatasetFiles {
    /// Changes when any of the files is replaced or written to: path, size and time of each.
    var stamp: String {
        switch root {
        case .embedded: return "embedded"
        case .folder(let url, _):
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? []
            return names.map { Self.stamp(url.appendingPathComponent($0)) }.joined(separator: ";")
        case .archive(let url, _, _), .single(let url, _): return Self.stamp(url)
        }
    }

    private static func stamp(_ url: URL) -> String {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return url.path }
        return "\(url.path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ino)"
    }
}
