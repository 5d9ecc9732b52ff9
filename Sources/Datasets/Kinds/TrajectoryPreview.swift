extension TrajectoryDataset {
    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let lengths = recordings.flatMap { $0.tracks.map(\.points.count) }
        preview.facts = [
            .init("recordings", grouped(recordings.count)), .init("tracks", "\(grouped(trackCount)) of \(grouped(lengths.min() ?? 0)) to \(grouped(lengths.max() ?? 0)) steps"),
            .init("positions", grouped(count)), .init("step", "\(shortNumber(step)) s"),
            .init("example", "\(usual.observed) steps seen, the next \(usual.predicted) to predict"),
        ]
        for part in Part.allCases {
            let number = recordings.count { $0.part == part }
            if number > 0 { preview.facts.append(.init(part.rawValue, "\(grouped(number)) recordings")) }
        }
        preview.facts += folds.map { .init("fold \($0.name)", "tests on \($0.test.joined(separator: ", "))") }
        if recordings.contains(where: { !$0.influence.isEmpty }) { preview.facts.append(.init("truth", "who moves whom, in metres, is known")) }
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        let coordinates = recordings.flatMap { $0.tracks.flatMap(\.points) }
        for (name, values) in [("x, m", coordinates.map(\.x)), ("y, m", coordinates.map(\.y))] {
            var column = DatasetPreview.Column(name: name)
            column.sketch(values)
            preview.columns.append(column)
        }
        preview.rows = recordings.prefix(12).flatMap { recording in
            recording.tracks.prefix(3).compactMap { track in track.points.first.map { [shortNumber($0.x), shortNumber($0.y)] } }
        }
        // Scenes with their tracks drawn in the plane: whole recordings look like streets, short ones like the examples that they are.
        let shown = recordings.enumerated().filter { $0.element.tracks.count > 1 }.prefix(24)
        preview.examples = shown.compactMap { index, recording in
            Self.drawn(recording).map { .init(index: index, caption: "\(harmless(recording.name)): \(recording.tracks.count) tracks", thumbnail: $0) }
        }
        return preview
    }

    /// Up to sixty tracks as lines that grow brighter with time, x to the right and y upwards.
    private static func drawn(_ recording: Recording) -> Thumbnail? {
        let side = 64
        let tracks = recording.tracks.prefix(60), points = tracks.flatMap(\.points)
        guard let first = points.first else { return nil }
        var low = first, high = first
        for point in points {
            low = SIMD2(min(low.x, point.x), min(low.y, point.y))
            high = SIMD2(max(high.x, point.x), max(high.y, point.y))
        }
        let extent = max(high.x - low.x, high.y - low.y)
        guard extent.isFinite, extent > 0 else { return nil }
        var pixels = [UInt8](repeating: 0, count: side * side)
        for track in tracks {
            for (place, pair) in zip(track.points, track.points.dropFirst()).enumerated() {
                let shade = 90 + 165 * Double(place + 1) / Double(max(1, track.points.count - 1))
                for part in 0..<8 {
                    let point = pair.0 + (pair.1 - pair.0) * (Double(part) / 8)
                    let x = Int((point.x - low.x) / extent * Double(side - 1)), y = side - 1 - Int((point.y - low.y) / extent * Double(side - 1))
                    if (0..<side).contains(x), (0..<side).contains(y) { pixels[y * side + x] = UInt8(max(0, min(255, shade))) }
                }
            }
        }
        return Thumbnail(width: side, height: side, channels: 1, pixels: pixels)
    }
}
