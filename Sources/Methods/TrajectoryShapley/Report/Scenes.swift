import Experiments
import Foundation

/// Explained targets as scenes to play, those with the most interaction first.
extension Trainer {
    /// Scenes sent, and of them those with the largest ψ of one neighbour; the others are spread over the rest.
    private static let sceneLimit = 40, sortedScenes = 25

    func reportScenes(_ arm: Arm, _ predictor: any Predictor, _ attributions: [TargetAttribution], _ measures: [ErrorMeasure]) throws {
        func interaction(_ place: Int) -> Double { attributions[place].real[0].givenPast.max() ?? -.infinity }
        let order = attributions.indices.sorted { (interaction($0), $1) > (interaction($1), $0) }
        let first = Array(order.prefix(Self.sortedScenes)), chosen = first + Array(order.dropFirst(Self.sortedScenes)).spread(Self.sceneLimit - first.count)
        let hasTruth = material.test.contains { $0.neighbours.contains { $0.influence != nil } }
        let unit = measures[0].unit
        var columns: [RunEvent.Table.Column] = [.init("ψ", unit: unit, digits: 3), .init("φ", unit: unit, digits: 3)]
        columns.append(.init("distance", unit: "m", digits: 1))
        if hasTruth { columns.append(.init("C", unit: "m", digits: 2)) }
        if measures.count > 1 { columns += [.init("ψ ADE", unit: "m", digits: 3), .init("φ ADE", unit: "m", digits: 3)] }

        var scenes: [RunEvent.SceneSet.Scene] = [], moments: [[Cell]] = []
        for (rank, place) in chosen.enumerated() {
            try context.proceed()
            let target = material.test[place], found = attributions[place], recording = material.dataset.recordings[target.recording]
            let forecast = try Evaluation.forecasts(predictor, material.real.part(place..<place + 1), random: context.random.stream("scene", place), proceed: context.proceed)[0].forecast
            func values(given: [Double], shapley: [Double], distance: Double, influence: Double) -> [Double] {
                [given[0], shapley[0], distance] + (hasTruth ? [influence] : []) + (measures.count > 1 ? [given[1], shapley[1]] : [])
            }
            let none = [Double](repeating: .nan, count: measures.count)
            var tracks = [path("target", .subject, target.past + target.future, target.origin, values(given: none, shapley: found.real.map { $0.values[0] }, distance: .nan, influence: .nan))]
            for (slot, neighbour) in target.neighbours.enumerated() {
                // What it did later is shown where the recording knows it, though no predictor saw it.
                let whole = neighbour.track.map { track -> [SIMD2<Double>] in
                    let first = target.firstStep - recording.tracks[track].firstStep, points = recording.tracks[track].points
                    return points[first..<min(points.count, first + target.past.count + target.future.count)].map { $0 - target.origin }
                }
                tracks.append(path(neighbour.track.map { "agent \(recording.tracks[$0].name)" } ?? "stranger", .other, whole ?? neighbour.path, target.origin,
                                   values(given: found.real.map { $0.givenPast[slot] }, shapley: found.real.map { $0.values[slot + 1] }, distance: neighbour.distance, influence: neighbour.influence ?? .nan)))
            }
            for (mode, entry) in forecast.modes.prefix(5).enumerated() {
                var track = path("mode \(mode + 1)", .prediction, entry.path, target.origin, [])
                track.firstStep = target.past.count
                track.probability = (entry.probability * 1000).rounded() / 1000
                tracks.append(track)
            }
            let game = found.real[0], best = game.givenPast.indices.max { game.givenPast[$0] < game.givenPast[$1] }
            let most = best.map { "agent \(recordingName(target, $0)) is worth \(number(game.givenPast[$0])) \(unit)" } ?? "no neighbour"
            scenes.append(.init(caption: "\(recording.name), step \(target.firstStep), agent \(recording.tracks[target.track].name): \(most); the past \(number(game.values[0])) \(unit)", present: target.past.count - 1, tracks: tracks))
            moments.append([.number(Double(rank + 1)), .text(recording.name), .number(Double(target.firstStep)), .text(recording.tracks[target.track].name), cell(best.map { game.givenPast[$0] }),
                            cell(game.social), cell(game.values[0]), .number(Double(target.neighbours.count)), cell(best.map { target.neighbours[$0].distance })])
        }
        context.emit(.scenes(.init(name: "scenes", unit: "m", step: material.dataset.step, columns: columns, scenes: scenes)))
        context.emit(.table(.init(name: "moments", columns: [.init("scene"), .init("recording"), .init("step"), .init("agent"), .init("largest ψ", unit: unit, digits: 3), .init("social score", unit: unit, digits: 3), .init("φ past", unit: unit, digits: 3), .init("neighbours"), .init("distance", unit: "m", digits: 1)], rows: moments)))
    }

    private func recordingName(_ target: Target, _ neighbour: Int) -> String {
        target.neighbours[neighbour].track.map { material.dataset.recordings[target.recording].tracks[$0].name } ?? "elsewhere"
    }

    private func number(_ value: Double) -> String { String(format: "%+.3f", value) }

    /// Whole millimetres are enough for a picture.
    private func path(_ name: String, _ role: RunEvent.SceneSet.Role, _ points: [SIMD2<Double>], _ origin: SIMD2<Double>, _ values: [Double]) -> RunEvent.SceneSet.Track {
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        return .init(name: name, role: role, x: points.map { rounded($0.x + origin.x) }, y: points.map { rounded($0.y + origin.y) }, values: values.map { $0.isNaN ? $0 : ($0 * 1e5).rounded() / 1e5 })
    }
}
