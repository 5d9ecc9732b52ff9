/// A user's own set of images with known factors: arrays of bytes in the grid's order with a list of factors, or with labels, or the pair of archives
/// (`…train_images`, `…train_labels`, `…test_images`, `…test_labels`) in which the In-Domain Generalisation Benchmark publishes its divisions.
struct FactorFiles {
    let files: DatasetFiles
    let names: [String]
    let identifier: String

    /// An array that has been found: its shape, and its bytes or where they stand.
    private struct Found {
        var name: String
        var shape: [Int]
        var bytes: StoredFactorImages.Part.Bytes
    }

    func read() throws -> FactorDataset {
        let texts = names.filter { name in [".csv", ".txt"].contains(where: { name.lowercased().hasSuffix($0) }) }
        guard texts.count <= 1 else { throw DatasetError(file: texts[1], "is one list of factors too many; give one") }
        var checksums: [(String, String)] = []
        let given = try texts.first.map { name -> FactorList in
            let file = try files.read(name, limit: 1 << 20)
            checksums.append((name, file.checksum))
            return try FactorList(file)
        }
        var images: [Found] = [], labels: [(name: String, values: [Int], width: Int)] = []
        for name in names where !texts.contains(name) { try read(name, &images, &labels, &checksums) }
        let list = names.joined(separator: ", ")
        guard let first = images.first else { throw DatasetError(file: list, "holds no array of bytes (uint8) of images N x side x side, with or without channels; save one") }
        let isPair = images.count == 2
        guard images.count <= 2, labels.isEmpty || labels.count == images.count, !isPair || !labels.isEmpty else {
            throw DatasetError(file: list, "holds \(images.count) arrays of images and \(labels.count) of labels; give one of images with at most one of labels, or both of a training and a test part")
        }
        if isPair {
            images.sort { isTraining($0.name) && !isTraining($1.name) }
            labels.sort { isTraining($0.name) && !isTraining($1.name) }
            guard isTraining(images[0].name), isTraining(labels[0].name), !isTraining(images[1].name), !isTraining(labels[1].name) else { throw DatasetError(file: list, "two arrays of images need `train` or `test` in their names, and so do their labels") }
        }
        let form = try Form(first.shape, first.name)
        for other in images.dropFirst() where try Form(other.shape, other.name) != form { throw DatasetError(file: other.name, "has images of another shape than \(first.name); give the parts of one set") }
        let counts = images.map { $0.shape[0] }, total = counts.reduce(0, +)
        for (array, found) in zip(labels, images) where array.values.count / max(1, array.width) != found.shape[0] {
            throw DatasetError(file: array.name, "has labels of \(array.values.count / max(1, array.width)) images where \(found.name) has \(found.shape[0]); give one row an image")
        }
        var notes: [String] = []
        let (factors, columns) = try factors(given, labels, &notes, list)
        let expected = elementCount(factors.map(\.size), limit: Int(Int32.max)) ?? -1
        guard expected == total else { throw DatasetError(file: list, "got \(grouped(total)) images, expected \(grouped(expected)): one for each combination of \(factors.map { "\($0.name) \($0.size)" }.joined(separator: " x "))") }
        let places = try labels.isEmpty ? nil : Self.places(labels, columns, factors, counts)
        let parts = images.map { StoredFactorImages.Part(bytes: $0.bytes, count: $0.shape[0]) }
        let stored = StoredFactorImages(parts: parts, side: form.side, channels: form.channels, isChannelFirst: form.isChannelFirst, scale: try scale(parts, form),
                                        places: places, training: isPair ? places.map { $0.map { Int($0) < counts[0] } } : nil)
        return try FactorDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), factors: factors, side: form.side, channels: form.channels,
                                 heldOutShare: given?.share ?? 0.2, source: .stored(stored), notes: notes, file: list)
    }

    private func isTraining(_ name: String) -> Bool { name.lowercased().contains("train") }

    // MARK: - Arrays

    /// Height, width and channels of images.
    private struct Form: Equatable {
        var side: Int, channels: Int, isChannelFirst: Bool

        init(_ shape: [Int], _ name: String) throws {
            let rest = Array(shape.dropFirst())
            let isFirst = rest.count == 3 && (rest[0] == 1 || rest[0] == 3) && rest[1] == rest[2]
            let sides = rest.count == 2 ? rest : isFirst ? Array(rest.dropFirst()) : Array(rest.prefix(2))
            channels = rest.count == 2 ? 1 : isFirst ? rest[0] : rest.last ?? 0
            guard sides.count == 2, sides[0] == sides[1], (1...1024).contains(sides[0]), channels == 1 || channels == 3 else {
                throw DatasetError(file: name, "has images of shape \(rest); square ones with 1 or 3 channels are read, N x side x side or N x side x side x channels")
            }
            side = sides[0]
            isChannelFirst = isFirst
        }
    }

    private func read(_ name: String, _ images: inout [Found], _ labels: inout [(name: String, values: [Int], width: Int)], _ checksums: inout [(String, String)]) throws {
        let source = try files.source(name, limit: Int.max)
        if source.count >= 4, try source.read(at: 0, count: 4) == [0x89] + Array("HDF".utf8) {
            throw DatasetError(file: source.name, "is an HDF5 file, which is not read; convert its images to NPY first (numpy.save)")
        }
        checksums.append((name, try Self.checksum(source)))
        func take(_ array: NumericArray, _ name: String) throws {
            switch (array.values, array.shape.count) {
            case (.uint8(let bytes), 3...4): images.append(Found(name: name, shape: array.shape, bytes: .memory(bytes)))
            case (_, 2):
                guard let whole = array.integers() else { throw DatasetError(file: name, "has labels that are no whole numbers; save the factors' indices") }
                labels.append((name, whole, array.shape[1]))
            case (_, 3...4): throw DatasetError(file: name, "has images of type \(array.typeName); save them as bytes (uint8)")
            // What else an archive holds, such as dSprites' metadata, is not needed.
            default: break
            }
        }
        if name.lowercased().hasSuffix(".npz") {
            let archive = try ZipArchive(source)
            // dSprites has its indices and their values, both as many rows; the indices are the labels, and its metadata are Python objects.
            let members = archive.members.filter { $0.name.hasSuffix(".npy") && $0.name != "latents_values.npy" && $0.name != "metadata.npy" }
            for member in members { try take(NPY.read(try archive.read(member), file: "\(source.name)/\(member.name)"), "\(name)/\(member.name)") }
            return
        }
        let layout = try NPY.layout(of: source)
        if layout.shape.count >= 3 {
            guard layout.isBytes else { throw DatasetError(file: name, "has images of another type than bytes; save them as uint8") }
            guard !layout.isFortranOrder else { throw DatasetError(file: name, "has images in Fortran order; save numpy.ascontiguousarray of them") }
            images.append(Found(name: name, shape: layout.shape, bytes: .file(source, offset: layout.offset)))
        } else {
            try take(NPY.read(source.readAll(), file: source.name), name)
        }
    }

    /// Of a file that is too large to be read whole, its size and its two ends.
    private static func checksum(_ source: ByteSource) throws -> String {
        if source.count <= Limits.fileBytes { return try SHA256.hexadecimal(of: source) }
        var hash = SHA256()
        hash.update(Array("\(source.count) bytes".utf8))
        hash.update(try source.read(at: 0, count: 1 << 20))
        hash.update(try source.read(at: source.count - 1 << 20, count: 1 << 20))
        return hash.hexadecimal()
    }

    /// 255 for images of zeros and ones: none of the first 256 has more than 1.
    private func scale(_ parts: [StoredFactorImages.Part], _ form: Form) throws -> UInt8 {
        guard let part = parts.first else { return 1 }
        let wanted = min(256, part.count) * form.side * form.side * form.channels
        let bytes = switch part.bytes {
        case .memory(let bytes): Array(bytes.prefix(wanted))
        case .file(let source, let offset): try source.read(at: offset, count: wanted)
        }
        return bytes.contains { $0 > 1 } ? 1 : 255
    }

    // MARK: - Labels

    /// The factors, and for each the column of its labels.
    private func factors(_ given: FactorList?, _ labels: [(name: String, values: [Int], width: Int)], _ notes: inout [String], _ file: String) throws -> ([FactorDataset.Factor], [Int]) {
        guard let width = labels.first?.width else {
            guard let given else { throw DatasetError(file: file, "has no labels and no list of factors; add a text file with a line for each factor: name, number of values") }
            let varying = given.factors.filter { $0.size > 1 }
            for factor in given.factors where factor.size == 1 { notes.append("factor \(factor.name) has one value and is left out") }
            return (varying, [])
        }
        guard labels.allSatisfy({ $0.width == width }), given.map({ $0.factors.count == width }) ?? true else {
            throw DatasetError(file: labels[0].name, "has \(width) labels an image\(given.map { " where the list names \($0.factors.count) factors" } ?? " and another part has not"); give one column a factor")
        }
        var factors: [FactorDataset.Factor] = [], columns: [Int] = []
        for column in 0..<width {
            var largest = -1
            for array in labels { for row in stride(from: column, to: array.values.count, by: width) { largest = max(largest, array.values[row]) } }
            let factor = given?.factors[column] ?? .init("factor \(column + 1)", max(0, min(largest, Int(Int32.max)) + 1))
            if factor.size <= 1 {
                notes.append("factor \(factor.name) has one value and is left out")
                continue
            }
            factors.append(factor)
            columns.append(column)
        }
        return (factors, columns)
    }

    /// For each index of the grid where its image is.
    private static func places(_ labels: [(name: String, values: [Int], width: Int)], _ columns: [Int], _ factors: [FactorDataset.Factor], _ counts: [Int]) throws -> [Int32] {
        var places = [Int32](repeating: -1, count: counts.reduce(0, +)), first = 0
        for (array, count) in zip(labels, counts) {
            for row in 0..<count {
                var index = 0
                for (factor, column) in zip(factors, columns) {
                    let value = array.values[row * array.width + column]
                    guard (0..<factor.size).contains(value) else { throw DatasetError(file: array.name, place: "row \(row), factor \(factor.name)", "has the label \(value), outside of 0 … \(factor.size - 1); mend it") }
                    index = index * factor.size + value
                }
                guard places[index] < 0 else {
                    let isOverlap = Int(places[index]) < first
                    throw DatasetError(file: array.name, place: "row \(row)", isOverlap ? "shows factors that the training part shows as well: training and test overlap; give the parts of one division"
                                       : "shows the same factors as row \(Int(places[index]) - first); each combination must come once")
                }
                places[index] = Int32(first + row)
            }
            first += count
        }
        if let missing = places.firstIndex(of: -1) { throw DatasetError(file: labels[0].name, "lacks the combination of index \(missing); each must come once") }
        return places
    }
}

/// A list of factors: a line each, name and number of values, then any of the words kept, categorical and cyclic; `share 0.2` is the share of values that a
/// division holds out.
struct FactorList {
    var factors: [FactorDataset.Factor] = []
    var share: Double?

    init(_ file: DatasetFiles.File) throws {
        guard let text = String(validating: file.bytes, as: UTF8.self) else { throw DatasetError(file: file.name, "is not UTF-8; save it as UTF-8") }
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map { String($0.reversed().trimmingPrefix(while: \.isWhitespace).reversed()) }
            guard let name = words.first, !name.isEmpty, !name.hasPrefix("#") else { continue }
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(number + 1)", sentence) }
            if name == "share" {
                guard words.count == 2, let value = Double(words[1]), value > 0, value < 1 else { throw failure("the share must be a number between 0 and 1, such as share,0.2") }
                share = value
                continue
            }
            guard words.count >= 2, let size = Int(words[1]), (1...1_000_000).contains(size) else { throw failure("a factor is a name and its number of values, such as scale,6") }
            var factor = FactorDataset.Factor(harmless(name), size)
            for word in words.dropFirst(2) {
                switch word {
                case "kept": factor.isKept = true
                case "categorical": factor.isCategorical = true
                case "cyclic": factor.isCyclic = true
                default: throw failure("“\(harmless(word))” is none of kept, categorical and cyclic")
                }
            }
            factors.append(factor)
        }
        guard (1...32).contains(factors.count) else { throw DatasetError(file: file.name, "lists \(factors.count) factors; give 1 to 32, a line each") }
    }
}
