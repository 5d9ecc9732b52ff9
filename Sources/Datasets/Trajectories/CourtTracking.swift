/// Reads a basketball game as one table of (play, clock, player, x, y in feet), thinned to a step of 0.52 s: ten players and the ball.
enum CourtTracking {
    static let metresPerFoot = 0.3048
    private static let step = 0.52, tolerance = 0.1
    private static let usual = TrajectoryDataset.Usual(observed: 5, predicted: 8, neighbours: 10)
    /// Plays at the end that test, and those before them that validate.
    private static let testPlays = 12, validationPlays = 4

    private struct Moment {
        var clock: Double
        var positions: [Int: SIMD2<Double>] = [:]
    }

    static let read: @Sendable (DatasetFiles, String) throws -> any Dataset = { files, identifier in
        let file = try files.read("game_0021500492.csv")
        let plays = try plays(file)
        var pieces: [(play: Int, moments: [Moment])] = [], cut = 0
        for (play, moments) in plays {
            // The clock runs down.
            var piece: [Moment] = []
            for moment in moments.sorted(by: { $0.clock > $1.clock }) {
                if let last = piece.last, abs(last.clock - moment.clock - step) > tolerance || Set(last.positions.keys) != Set(moment.positions.keys) {
                    pieces.append((play, piece))
                    piece = []
                    cut += 1
                }
                // A moment without the ball or a player joins nothing.
                if moment.positions.count == 11, moment.positions[-1] != nil { piece.append(moment) }
            }
            pieces.append((play, piece))
        }
        let length = usual.observed + usual.predicted
        let long = pieces.filter { $0.moments.count >= length }
        var order: [Int] = []
        for piece in long where order.last != piece.play { order.append(piece.play) }
        let test = Set(order.suffix(testPlays)), validation = Set(order.dropLast(testPlays).suffix(validationPlays))
        var recordings: [TrajectoryDataset.Recording] = []
        for (place, piece) in long.enumerated() {
            let ids = piece.moments.first.map { $0.positions.keys.sorted() } ?? []
            let tracks = ids.map { id in
                TrajectoryDataset.Track(name: id == -1 ? "ball" : "\(id)", firstStep: 0, points: piece.moments.compactMap { $0.positions[id] }, isAgent: id != -1)
            }
            let part: TrajectoryDataset.Part = test.contains(piece.play) ? .test : validation.contains(piece.play) ? .validation : .training
            recordings.append(.init(name: "play \(piece.play), part \(place + 1)", group: "play \(piece.play)", part: part, tracks: tracks))
        }
        return try TrajectoryDataset(
            identifier: identifier, checksum: file.checksum, step: step, recordings: recordings, usual: usual,
            notes: ["\(grouped(plays.count)) plays, \(grouped(order.count)) with \(length) steps in a row; cut \(grouped(cut)) times at gaps and substitutions"], file: file.name)
    }

    /// The moments of each play, plays in the order of the file.
    private static func plays(_ file: DatasetFiles.File) throws -> [(play: Int, moments: [Moment])] {
        let text = try DelimitedText(file: file.name, bytes: file.bytes, format: DelimitedFormat(delimiter: ",", header: .present))
        let wanted = ["event", "game_clock", "player", "x_ft", "y_ft"]
        let columns = wanted.compactMap { text.header?.firstIndex(of: $0) }
        guard columns.count == wanted.count else { throw DatasetError(file: file.name, place: "line 1", "lacks one of the columns \(wanted.joined(separator: ", ")); give them in a header") }
        var order: [Int] = [], moments: [Int: [Double: Moment]] = [:]
        var reader = text.rows()
        while let row = try reader.next() {
            func failure(_ sentence: String) -> DatasetError { DatasetError(file: file.name, place: "line \(row.line)", sentence) }
            var numbers: [Double] = []
            for (column, name) in zip(columns, wanted) {
                guard row.fields.indices.contains(column), let number = text.number(row.fields[column]), number.isFinite, abs(number) < 1e12 else { throw failure("\(name) is no finite number; mend it") }
                numbers.append(number)
            }
            guard let play = Int(exactly: numbers[0]), let player = Int(exactly: numbers[2]) else { throw failure("event and player must be whole numbers; mend the line") }
            if moments[play] == nil { order.append(play) }
            let position = metresPerFoot * SIMD2(numbers[3], numbers[4])
            guard moments[play, default: [:]][numbers[1], default: Moment(clock: numbers[1])].positions.updateValue(position, forKey: player) == nil else {
                throw failure("the player \(player) comes twice at this moment of play \(play); leave one row out")
            }
        }
        return order.map { play in (play, Array((moments[play] ?? [:]).values)) }
    }
}
