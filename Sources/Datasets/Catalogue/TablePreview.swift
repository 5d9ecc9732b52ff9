extension DatasetCatalogue {
    /// A reader that shows one text file of a set as the table that it is, for sets whose own reader comes with the method that
    /// uses them.
    /// - Parameters:
    ///   - names: the file by the names it has in the places where the set can stand; the first that exists is read.
    static func tableOf(_ names: String..., format: DelimitedFormat = DelimitedFormat())
        -> @Sendable (DatasetFiles, String) throws -> any Dataset {
        { files, identifier in
            let name = names.first { files.contains($0) } ?? names[0]
            let file = try files.read(name)
            let others = files.names().filter { $0 != name && $0 != name + ".gz" && $0 != "SOURCE.md" }
            var notes = [DatasetPreview.Fact("shown", name)]
            if !others.isEmpty { notes.append(.init("further files", others.prefix(8).joined(separator: ", ") + (others.count > 8 ? ", …" : ""))) }
            return try TableReader.read(file.bytes, file: file.name, identifier: identifier, checksum: file.checksum, format: format, notes: notes)
        }
    }
}
