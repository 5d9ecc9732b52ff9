import Datasets
import Experiments
import Foundation
import Tensors

/// The targets that train, validate and are explained.
struct Material {
    let dataset: TrajectoryDataset
    let cutting: TargetCutting
    let states: AgentStates
    let training: [Target], validation: [Target]
    /// All test targets, or those that are explained.
    let test: [Target]
    let real: PlayedTargets, null: PlayedTargets, stranger: PlayedTargets
    let slots: Int
    let notes: [String], warnings: [String]

    /// Validation needs no more than this.
    private static let validationTargets = 300

    init(_ context: RunContext, _ settings: Settings) throws {
        let dataset = try context.library.open(context.request.dataset, as: TrajectoryDataset.self)
        let usual = dataset.usual
        let cutting = TargetCutting(observed: settings.observed == 0 ? usual.observed : settings.observed, predicted: settings.predicted == 0 ? usual.predicted : settings.predicted,
                                    neighbours: settings.neighbours == 0 ? usual.neighbours : settings.neighbours, radius: settings.radius == 0 ? usual.radius : settings.radius)
        guard cutting.observed >= 2 else { throw TrajectoryError("parameter observed: a velocity takes two steps; give at least 2") }
        // One player more than neighbours is the past, one more the stranger.
        guard settings.estimator != .exact || cutting.neighbours + 2 <= CoalitionGame.most else {
            throw TrajectoryError("parameter estimator: exact computes all coalitions of up to \(CoalitionGame.most) players, and \(cutting.neighbours) neighbours with the past and a stranger are \(cutting.neighbours + 2); set estimator to perm, or neighbours to \(CoalitionGame.most - 2)")
        }
        let division = try Division(dataset, settings)
        var scenes: [String: Int] = [:]
        func targets(_ recordings: [Int], _ stride: Int, _ steps: (TrajectoryDataset.Recording) -> Range<Int>) throws -> [Target] {
            var targets: [Target] = []
            for place in recordings { targets += try cutting.targets(dataset.recordings[place], at: place, stride: stride, steps: steps(dataset.recordings[place]), scenes: &scenes, proceed: context.proceed) }
            return targets
        }
        training = try targets(division.training, settings.trainingStride) { division.trainingSteps($0) }
        let validating = try targets(division.validation, settings.trainingStride) { division.validationSteps($0) }
        let testing = try targets(division.test, settings.testStride) { division.testSteps($0) }
        for (part, targets) in [("training", training), ("validation", validating), ("test", testing)] where targets.isEmpty {
            throw TrajectoryError("\(dataset.identifier): no \(part) target is left; an agent must be there for \(cutting.observed + cutting.predicted) steps in a row, so take fewer observed or predicted steps, another fold or a smaller stride")
        }
        validation = validating.spread(Self.validationTargets)
        test = testing.spread(settings.targets == 0 ? testing.count : settings.targets)
        let random = context.random.stream("players")
        var meanPast = [SIMD2<Double>](repeating: .zero, count: cutting.observed)
        for target in training { for step in meanPast.indices { meanPast[step] += target.past[step] / Double(training.count) } }
        func played(_ targets: [Target]) -> PlayedTargets { PlayedTargets(targets, past: settings.pastRemoval, neighbours: settings.neighbourRemoval, meanPast: meanPast, random: random) }
        real = played(test)
        null = played(test.withNeighboursExchanged(random: random.stream("exchange")))
        stranger = played(test.withStranger(random: random.stream("inserted")))
        slots = max(1, [training, validation, test].joined().map(\.neighbours.count).max() ?? 0)
        states = AgentStates(step: dataset.step, positionScale: usual.scales.position, velocityScale: usual.scales.velocity, accelerationScale: usual.scales.acceleration)
        self.dataset = dataset
        self.cutting = cutting
        let alone = test.count { $0.neighbours.isEmpty }
        notes = dataset.notes + [
            "\(training.count) training, \(validation.count) validation and \(test.count) test targets\(division.name.isEmpty ? "" : ", fold \(division.name)"); \(cutting.observed) steps of \(dataset.step) s seen, \(cutting.predicted) predicted",
        ]
        var warnings: [String] = []
        if Double(alone) > 0.3 * Double(test.count) { warnings.append("\(percent(Double(alone) / Double(test.count))) of the test targets have no neighbour; their social score is 0") }
        if Set(test.map(\.scene)).count < 2 { warnings.append("all test targets are of one scene, so there is no interval over scenes and no exchange of neighbours; take more test scenes") }
        self.warnings = warnings
    }
}

/// Which recordings train, validate and test.
private struct Division {
    var training: [Int] = [], validation: [Int] = [], test: [Int] = []
    var name = ""
    private enum Form { case parts, folds, time }
    private var form: Form

    init(_ dataset: TrajectoryDataset, _ settings: Settings) throws {
        let recordings = dataset.recordings
        if recordings.contains(where: { $0.part != nil }) {
            form = .parts
            guard settings.fold.isEmpty, settings.training.isEmpty else { throw TrajectoryError("parameter fold: \(dataset.identifier) divides its recordings itself; leave fold and training empty") }
            func part(_ part: TrajectoryDataset.Part, _ limit: Int) -> [Int] {
                let found = recordings.indices.filter { recordings[$0].part == part }
                return limit == 0 ? found : Array(found.prefix(limit))
            }
            training = part(.training, settings.trainingScenes)
            validation = part(.validation, 0)
            test = part(.test, settings.testScenes)
        } else if dataset.folds.isEmpty {
            form = .time
            guard settings.fold.isEmpty, settings.training.isEmpty else { throw TrajectoryError("parameter fold: \(dataset.identifier) has no folds, so each recording is divided in time; leave fold and training empty") }
            training = Array(recordings.indices)
            (validation, test) = (training, training)
        } else {
            form = .folds
            guard let fold = settings.fold.isEmpty ? dataset.folds.first : dataset.folds.first(where: { $0.name == settings.fold }) else {
                throw TrajectoryError("parameter fold: \(dataset.identifier) has no fold “\(settings.fold.prefix(40))”; give \(dataset.folds.map(\.name).joined(separator: ", "))")
            }
            name = fold.name
            let tested = Set(fold.test), named = settings.training.split(separator: ",").map { $0.drop { $0 == " " } }.map { String($0.reversed().drop { $0 == " " }.reversed()) }
            for word in named where !recordings.contains(where: { $0.group == word }) {
                throw TrajectoryError("parameter training: \(dataset.identifier) has no recording “\(word.prefix(40))”; give \(recordings.map(\.group).joined(separator: ", "))")
            }
            test = recordings.indices.filter { tested.contains(recordings[$0].group) }
            training = recordings.indices.filter { named.isEmpty ? !tested.contains(recordings[$0].group) : named.contains(recordings[$0].group) }
            validation = training
        }
        guard form != .time else { return }
        // A recording that is on both sides, by name or by content, would make memory look like foresight.
        for place in test {
            if let twin = training.first(where: { $0 == place || recordings[$0].tracks == recordings[place].tracks }) {
                throw TrajectoryError("\(dataset.identifier): the test recording \(recordings[place].name) is among the training recordings\(twin == place ? "" : " as \(recordings[twin].name)"); leave it out on one side")
            }
        }
    }

    private func steps(_ recording: TrajectoryDataset.Recording) -> Range<Int> {
        let first = recording.tracks.map(\.firstStep).min() ?? 0
        return first..<max(first, recording.tracks.map { $0.firstStep + $0.points.count }.max() ?? 0)
    }

    func trainingSteps(_ recording: TrajectoryDataset.Recording) -> Range<Int> {
        let all = steps(recording)
        switch form {
        case .parts: return all
        case .folds: return all.lowerBound..<min(all.upperBound, max(all.lowerBound, recording.validationStep ?? all.upperBound))
        case .time: return all.lowerBound..<all.lowerBound + all.count * 6 / 10
        }
    }

    func validationSteps(_ recording: TrajectoryDataset.Recording) -> Range<Int> {
        let all = steps(recording)
        switch form {
        case .parts: return all
        case .folds: return min(all.upperBound, max(all.lowerBound, recording.validationStep ?? all.upperBound))..<all.upperBound
        case .time: return all.lowerBound + all.count * 6 / 10..<all.lowerBound + all.count * 75 / 100
        }
    }

    func testSteps(_ recording: TrajectoryDataset.Recording) -> Range<Int> {
        let all = steps(recording)
        return form == .time ? all.lowerBound + all.count * 75 / 100..<all.upperBound : all
    }
}

/// A share for a sentence; one that is none stays a word.
func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }

extension Array {
    /// At most so many elements, spread evenly.
    func spread(_ limit: Int) -> [Element] { count <= limit ? self : (0..<limit).map { self[$0 * count / limit] } }
}
