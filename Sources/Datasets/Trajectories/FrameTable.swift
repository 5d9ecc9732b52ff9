/// A table of frame, agent, x, y in metres, one row a position (the layout of ETH and UCY, and of TrajNet's Stanford Drone scenes).
struct FrameTable {
    /// Frames from step to step; nil: the smallest difference between two frames.
    var framesPerStep: Int?

    private struct Row {
        var frame: Int, agent: Int, position: SIMD2<Double>
    }

    /// The tracks of a file by its frames; an agent that is missing at a step between two others becomes two tracks.
    /// - Returns: the tracks, the number of holes, and the first frame.
    /// - Throws: `DatasetError` with the line for a field that is no number, a frame off the step, or a repeated (frame, agent).
    func tracks(_ file: DatasetFiles.File) throws -> (tracks: [TrajectoryDataset.Track], holes: Int, firstFrame: Int) {
        let rows = try rows(file)
        guard let first = rows.map(\.row.frame).min() else { throw DatasetError(file: file.name, "has no rows; give lines of frame, agent, x and y") }
        let step = try framesPerStep ?? smallestStep(rows.map(\.row.frame), file.name)
        var paths: [Int: [Int: SIMD2<Double>]] = [:]
        for (line, row) in rows {
            guard (row.frame - first).isMultiple(of: step) else {
                throw DatasetError(file: file.name, place: "line \(line)", "the frame \(row.frame) is no multiple of the step of \(step) frames from \(first); mend it or leave the row out")
            }
            guard paths[row.agent, default: [:]].updateValue(row.position, forKey: (row.frame - first) / step) == nil else {
                throw DatasetError(file: file.name, place: "line \(line)", "the agent \(row.agent) comes twice in frame \(row.frame); leave one row out")
            }
        }
        var tracks: [TrajectoryDataset.Track] = [], holes = 0
        for agent in paths.keys.sorted() {
            let cut = TrajectoryDataset.Track.cut("\(agent)", paths[agent] ?? [:])
            holes += cut.count - 1
            tracks += cut
        }
        return (tracks, holes, first)
    }

    private func smallestStep(_ frames: [Int], _ file: String) throws -> Int {
        let sorted = Set(frames).sorted()
        guard let step = zip(sorted.dropFirst(), sorted).map({ $0 - $1 }).min() else { throw DatasetError(file: file, "has one frame only; give at least two") }
        return step
    }

    private func rows(_ file: DatasetFiles.File) throws -> [(line: Int, row: Row)] {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(quoting: DelimitedFormat.Quoting.none))
        var reader = text.rows(), result: [(line: Int, row: Row)] = []
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(row.line)", sentence) }
            // A trailing delimiter leaves an empty field.
            let fields = row.fields.last.map { text.isMissing($0) } == true ? Array(row.fields.dropLast()) : row.fields
            guard fields.count == 4 else { throw failure("has \(fields.count) fields where frame, agent, x and y are expected; mend the line") }
            var numbers: [Double] = []
            for (field, name) in zip(fields, ["frame", "agent", "x", "y"]) {
                guard let number = text.number(field), number.isFinite else { throw failure("the \(name) “\(harmless(String(text.text(field).prefix(40))))” is no finite number; mend it") }
                numbers.append(number)
            }
            guard let frame = Int(exactly: numbers[0]), abs(frame) <= 1_000_000_000, let agent = Int(exactly: numbers[1]), abs(agent) <= 1_000_000_000 else {
                throw failure("frame and agent must be whole numbers of at most nine digits; mend the line")
            }
            guard abs(numbers[2]) <= 1e6, abs(numbers[3]) <= 1e6 else { throw failure("the position is more than 1,000 km away; give metres") }
            result.append((row.line, Row(frame: frame, agent: agent, position: SIMD2(numbers[2], numbers[3]))))
        }
        return result
    }
}

extension TrajectoryDataset.Track {
    /// Pieces without a hole of an agent that is known at some steps.
    static func cut(_ name: String, _ points: [Int: SIMD2<Double>], isAgent: Bool = true) -> [TrajectoryDataset.Track] {
        var pieces: [TrajectoryDataset.Track] = []
        for step in points.keys.sorted() {
            guard let point = points[step] else { continue }
            if let last = pieces.last, last.firstStep + last.points.count == step { pieces[pieces.count - 1].points.append(point) } else {
                pieces.append(TrajectoryDataset.Track(name: pieces.isEmpty ? name : "\(name)+\(pieces.count)", firstStep: step, points: [point], isAgent: isAgent))
            }
        }
        return pieces
    }
}

/// Sets of several frame tables, one recording a file.
enum FrameTables {
    /// The first frame that validates, as the usual split of the training scenes has it.
    private static let validationFrames = ["biwi_eth": 10_240, "biwi_hotel": 14_400, "crowds_zara01": 7110, "crowds_zara02": 8420, "crowds_zara03": 6030, "students001": 3550, "students003": 4320, "uni_examples": 5940]

    static let pedestrians: @Sendable (DatasetFiles, String) throws -> any Dataset = { files, identifier in
        let required = ["biwi_eth", "biwi_hotel", "crowds_zara01", "crowds_zara02", "students001", "students003"]
        // These two only train, and not everyone has them.
        let further = ["crowds_zara03", "uni_examples"].filter { files.contains("\($0).txt") }
        return try read(files, (required + further).map { "\($0).txt" }, framesPerStep: 10, identifier: identifier, validation: validationFrames, folds: [
            .init(name: "zara1", test: ["crowds_zara01"]), .init(name: "zara2", test: ["crowds_zara02"]), .init(name: "eth", test: ["biwi_eth"]),
            .init(name: "hotel", test: ["biwi_hotel"]), .init(name: "univ", test: ["students001", "students003"]),
        ])
    }

    static let drone: @Sendable (DatasetFiles, String) throws -> any Dataset = { files, identifier in
        let names = ["bookstore_0", "coupa_3", "deathCircle_1", "hyang_5"]
        return try read(files, names.map { "\($0).txt" }, framesPerStep: 12, identifier: identifier, validation: [:], folds: names.map { .init(name: $0, test: [$0]) })
    }

    /// A user's own tables.
    static func own(_ files: DatasetFiles, _ names: [String], identifier: String) throws -> any Dataset {
        let leaves = names.map(stem)
        return try read(files, names, framesPerStep: nil, identifier: identifier, validation: [:], folds: leaves.count > 1 ? leaves.map { .init(name: $0, test: [$0]) } : [])
    }

    private static func stem(_ name: String) -> String {
        var name = name
        for ending in [".gz", ".txt", ".csv", ".tsv"] where name.lowercased().hasSuffix(ending) { name = String(name.dropLast(ending.count)) }
        return name
    }

    private static func read(_ files: DatasetFiles, _ names: [String], framesPerStep: Int?, identifier: String, validation: [String: Int], folds: [TrajectoryDataset.Fold]) throws -> TrajectoryDataset {
        var recordings: [TrajectoryDataset.Recording] = [], checksums: [(name: String, checksum: String)] = [], notes: [String] = []
        for name in names {
            let file = try files.read(name), stem = stem(name)
            let read = try FrameTable(framesPerStep: framesPerStep).tracks(file)
            checksums.append((name, file.checksum))
            if read.holes > 0 { notes.append("\(stem): \(grouped(read.holes)) holes, tracks cut there") }
            // Without a known split the last fifth in time validates.
            let last = read.tracks.map { $0.firstStep + $0.points.count }.max() ?? 0
            let step = validation[stem].flatMap { frame in framesPerStep.map { max(0, frame - read.firstFrame + $0 - 1) / $0 } } ?? last * 4 / 5
            recordings.append(.init(name: stem, validationStep: step, tracks: read.tracks))
        }
        if framesPerStep == nil { notes.append("one step is taken as 0.4 s") }
        return try TrajectoryDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), step: 0.4, recordings: recordings, folds: folds, usual: .init(radius: 6), notes: notes)
    }
}
