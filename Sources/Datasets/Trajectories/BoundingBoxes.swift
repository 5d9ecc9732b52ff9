/// Reads the Stanford Drone Dataset's own annotations: boxes in pixels at 30 frames a second, with a scale of metres per pixel.
enum BoundingBoxes {
    private static let framesPerStep = 12, scene = "quad"

    static let read: @Sendable (DatasetFiles, String) throws -> any Dataset = { files, identifier in
        let scaleFile = try files.read("estimated_scales.yaml")
        let scales = try scales(scaleFile)
        var recordings: [TrajectoryDataset.Recording] = [], checksums = [("estimated_scales.yaml", scaleFile.checksum)], notes: [String] = []
        for video in (0...3).map({ "video\($0)" }) {
            let file = try files.read("\(video)/annotations.txt")
            guard let scale = scales[video], scale > 0 else { throw DatasetError(file: scaleFile.name, "has no scale of \(scene), \(video); add one in metres per pixel") }
            let read = try tracks(file, scale: scale)
            checksums.append(("\(video)/annotations.txt", file.checksum))
            if read.holes > 0 { notes.append("\(video): \(grouped(read.holes)) holes, tracks cut there") }
            let last = read.tracks.map { $0.firstStep + $0.points.count }.max() ?? 0
            recordings.append(.init(name: video, validationStep: last * 4 / 5, tracks: read.tracks))
        }
        return try TrajectoryDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), step: 0.4, recordings: recordings,
                                     folds: recordings.map { .init(name: $0.name, test: [$0.name]) }, usual: .init(radius: 6), notes: notes)
    }

    /// Centres of the boxes that are in view, in metres, at every twelfth frame.
    private static func tracks(_ file: DatasetFiles.File, scale: Double) throws -> (tracks: [TrajectoryDataset.Track], holes: Int) {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(delimiter: " ", quoting: DelimitedFormat.Quoting.none, header: .absent))
        var reader = text.rows(), paths: [Int: [Int: SIMD2<Double>]] = [:]
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(row.line)", sentence) }
            guard row.fields.count == 10 else { throw failure("has \(row.fields.count) fields where ten are expected (track, four sides, frame, three marks, class); mend the line") }
            var numbers: [Double] = []
            for field in row.fields.prefix(7) {
                guard let number = text.number(field), abs(number) <= 1e9 else { throw failure("“\(harmless(String(text.text(field).prefix(40))))” is no finite number; mend it") }
                numbers.append(number)
            }
            guard let track = Int(exactly: numbers[0]), let frame = Int(exactly: numbers[5]), frame >= 0 else { throw failure("track and frame must be whole numbers, the frame not negative; mend the line") }
            guard numbers[6] == 0, frame.isMultiple(of: framesPerStep) else { continue }
            let centre = scale / 2 * SIMD2(numbers[1] + numbers[3], numbers[2] + numbers[4])
            guard paths[track, default: [:]].updateValue(centre, forKey: frame / framesPerStep) == nil else { throw failure("the track \(track) comes twice in frame \(frame); leave one row out") }
        }
        var tracks: [TrajectoryDataset.Track] = [], holes = 0
        for track in paths.keys.sorted() {
            let cut = TrajectoryDataset.Track.cut("\(track)", paths[track] ?? [:])
            holes += cut.count - 1
            tracks += cut
        }
        return (tracks, holes)
    }

    /// The scale of each video of the scene: three levels of indented names (scene, video, `scale: NUMBER`).
    private static func scales(_ file: DatasetFiles.File) throws -> [String: Double] {
        var scales: [String: Double] = [:], inScene = false, video = ""
        for (place, line) in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first else { continue }
            if line.first != " " { inScene = first == "\(scene):"
            } else if inScene, words.count == 1, first.hasSuffix(":") { video = String(first.dropLast())
            } else if inScene, first == "scale:" {
                guard words.count == 2, let scale = Double(words[1]), scale.isFinite else { throw DatasetError(file: file.name, place: "line \(place + 1)", "the scale is no finite number; give metres per pixel") }
                scales[video] = scale
            }
        }
        return scales
    }
}
