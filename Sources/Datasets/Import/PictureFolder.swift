import Foundation

/// A folder of class-named folders of pictures, packed into IDX files: `cats/1.png`, `dogs/2.png`, …, or two such folders named
/// `train` and `test`.
struct PictureFolder {
    /// The files that stand for it: pictures and labels of each part, and the class names.
    let files: [(name: String, bytes: [UInt8])]

    /// - Throws: `DatasetError` naming the file for one that is no picture or of another size, and for a folder without classes.
    init(_ url: URL) throws {
        let top = try Self.subfolders(url)
        let trainingFolder = top.first { ["train", "training"].contains($0.lastPathComponent.lowercased()) }
        let testFolder = top.first { ["test", "val", "validation"].contains($0.lastPathComponent.lowercased()) }
        let parts: [(String, URL)] = if top.count == 2, let trainingFolder, let testFolder { [("train", trainingFolder), ("test", testFolder)] } else { [("train", url)] }

        let found = try parts.map { name, folder in (name: name, classes: try Self.subfolders(folder)) }
        let classNames = Set(found.flatMap { $0.classes.map(\.lastPathComponent) }).sorted(by: naturalOrder)
        guard classNames.count >= 2 else {
            throw DatasetError(file: url.path, "holds \(classNames.count) class folders; pictures must lie in at least two folders that are named by class")
        }
        if let odd = classNames.first(where: { $0.contains(where: \.isNewline) }) {
            throw DatasetError(file: url.path, "the class folder \(odd.debugDescription) has a line break in its name; rename it")
        }
        var packed: [(name: String, pictures: [Picture], labels: [Int])] = []
        var first: (picture: Picture, file: String)?
        var total = 0
        for part in found {
            var pictures: [Picture] = [], labels: [Int] = []
            for folder in part.classes {
                for file in try Self.visibleNames(folder).map({ folder.appendingPathComponent($0) }) {
                    let picture = try Picture.read(ByteSource(file: file).readAll(limit: 1 << 28), file: file.path)
                    if let first, picture.width != first.picture.width || picture.height != first.picture.height {
                        throw DatasetError(file: file.path, "is \(picture.width) x \(picture.height) where \(first.file) is "
                            + "\(first.picture.width) x \(first.picture.height); bring all pictures to one size")
                    }
                    first = first ?? (picture, file.path)
                    total += 3 * picture.width * picture.height
                    guard total <= Limits.fileBytes else { throw DatasetError(file: url.path, "holds more pixels than the 2 GiB that are read; take fewer or smaller pictures") }
                    pictures.append(picture)
                    labels.append(classNames.firstIndex(of: folder.lastPathComponent) ?? 0)
                }
            }
            guard !pictures.isEmpty else { throw DatasetError(file: url.path, "holds no pictures; give a folder of class-named folders of PNG, PGM or PPM files") }
            packed.append((part.name, pictures, labels))
        }
        files = Self.encode(packed, classNames)
    }

    private static func encode(_ parts: [(name: String, pictures: [Picture], labels: [Int])], _ classNames: [String]) -> [(name: String, bytes: [UInt8])] {
        let isColoured = parts.contains { $0.pictures.contains { $0.channels == 3 } }
        var files: [(name: String, bytes: [UInt8])] = []
        for part in parts {
            let pictures = isColoured ? part.pictures.map { $0.coloured() } : part.pictures
            let sizes = [pictures.count, pictures[0].height, pictures[0].width] + (isColoured ? [3] : [])
            files.append(("\(part.name)-images.idx", header(8, sizes) + pictures.flatMap(\.pixels)))
            // Labels as 32-bit numbers: a set may have more than 256 classes.
            files.append(("\(part.name)-labels.idx", header(0x0C, [part.labels.count]) + part.labels.flatMap(bigEndian)))
        }
        files.append(("classes.txt", Array((classNames.joined(separator: "\n") + "\n").utf8)))
        return files
    }

    private static func header(_ type: UInt8, _ sizes: [Int]) -> [UInt8] { [0, 0, type, UInt8(sizes.count)] + sizes.flatMap(bigEndian) }

    private static func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private static func subfolders(_ url: URL) throws -> [URL] {
        try visibleNames(url).map { url.appendingPathComponent($0) }.filter(isFolder)
    }

    private static func visibleNames(_ url: URL) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
            throw DatasetError(file: url.path, "cannot be listed; check the path and its permissions")
        }
        return names.filter { !$0.hasPrefix(".") }.sorted(by: naturalOrder)
    }
}
