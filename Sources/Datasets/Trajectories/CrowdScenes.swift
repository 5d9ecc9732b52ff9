import Foundation
import Tensors

/// Generates scenes of five walkers who push each other away and step to the right, after the social-force model (Helbing and Molnár,
/// "Social force model for pedestrian dynamics", Physical Review E 51, 1995), with the true influence of everyone on everyone:
///
///     acc_i = (v0 e_i - v_i) / 0.5 + strength Σ_j 3 exp((0.6 - d) / 0.8) (0.1 + 0.45 (1 + cos φ)) (n + r / 2)
///
/// n points from j to i, r to the right of i's heading, φ is the angle between the heading and the direction to j. Semi-implicit Euler with
/// steps of 0.1 s, speed at most 1.3 v0; every fourth step is kept, twenty in all, with noise of 1 cm.
public struct CrowdScenes: Sendable {
    public enum Family: Sendable, Equatable {
        /// Two pairs on a collision course and a loner; who will meet whom cannot be told from who is near.
        case pairs
        /// All cross one centre: neighbours tell where the crowd meets without being its cause.
        case flow
    }

    public var family: Family
    /// g of the forces; 0: nobody interacts.
    public var strength: Double
    public var trainingScenes: Int, validationScenes: Int, testScenes: Int

    public static let interacting = CrowdScenes(family: .pairs, strength: 1, trainingScenes: 1500, validationScenes: 50, testScenes: 60)
    public static let independent = CrowdScenes(family: .pairs, strength: 0, trainingScenes: 1500, validationScenes: 50, testScenes: 60)
    public static let flow = CrowdScenes(family: .flow, strength: 1, trainingScenes: 1500, validationScenes: 50, testScenes: 60)

    public static let agents = 5, steps = 20, observed = 8
    private static let substeps = 4, h = 0.1
    static let noise = 0.01

    public init(family: Family, strength: Double, trainingScenes: Int, validationScenes: Int, testScenes: Int) {
        self.family = family
        self.strength = strength
        self.trainingScenes = trainingScenes
        self.validationScenes = validationScenes
        self.testScenes = testScenes
    }

    public func generate(identifier: String, seed: UInt64) throws -> TrajectoryDataset {
        let root = RandomSource(seed: seed).stream("crowd scenes")
        var recordings: [TrajectoryDataset.Recording] = []
        for (part, count) in [(TrajectoryDataset.Part.training, trainingScenes), (.validation, validationScenes), (.test, testScenes)] {
            for place in 0..<count {
                var random = root.stream(part.rawValue, place)
                recordings.append(recording(part, place, &random))
            }
        }
        return try TrajectoryDataset(
            identifier: identifier, checksum: SHA256.hexadecimal(of: Array("\(identifier) \(seed) version 1".utf8)), step: 0.4, recordings: recordings,
            usual: .init(neighbours: Self.agents - 1), notes: ["generated, seed \(seed)"])
    }

    private func recording(_ part: TrajectoryDataset.Part, _ place: Int, _ random: inout RandomSource) -> TrajectoryDataset.Recording {
        let scene = Walkers(self, &random)
        let path = scene.walked()
        let tracks = path.indices.map { agent in
            TrajectoryDataset.Track(name: "\(agent)", firstStep: 0, points: path[agent].map { $0 + Self.noise * SIMD2(random.normal(), random.normal()) })
        }
        return .init(name: "\(part.rawValue) \(place)", part: part, tracks: tracks, influence: part == .test ? scene.influence(path) : [])
    }

    /// The walkers of a scene at a moment.
    private struct Walkers {
        var positions: [SIMD2<Double>] = [], velocities: [SIMD2<Double>] = []
        var goals: [SIMD2<Double>] = [], speeds: [Double] = []
        let strength: Double
        let factor: Double

        init(_ scenes: CrowdScenes, _ random: inout RandomSource) {
            strength = scenes.strength
            factor = scenes.family == .pairs ? 3 : 2
            var starts: [(position: SIMD2<Double>, heading: SIMD2<Double>, speed: Double)] = []
            func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
            func speed() -> Double { min(1.9, max(0.8, 1.3 + 0.2 * random.normal())) }
            switch scenes.family {
            case .pairs:
                for _ in 0..<2 {
                    let meeting = SIMD2(between(-8, 8), between(-8, 8)), time = between(3.4, 6.4)
                    let first = between(0, 2 * .pi), second = first + between(.pi / 3, 5 * .pi / 3)
                    for angle in [first, second] {
                        let heading = SIMD2(cos(angle), sin(angle)), v0 = speed()
                        starts.append((meeting - heading * v0 * time + 0.2 * SIMD2(random.normal(), random.normal()), heading, v0))
                    }
                }
                let angle = between(0, 2 * .pi)
                starts.append((SIMD2(between(-8, 8), between(-8, 8)), SIMD2(cos(angle), sin(angle)), speed()))
            case .flow:
                for _ in 0..<CrowdScenes.agents {
                    let angle = between(0, 2 * .pi), position = between(3, 7) * SIMD2(cos(angle), sin(angle))
                    let target = -position * between(1, 1.6) + SIMD2(random.normal(), random.normal())
                    starts.append((position, CrowdScenes.unit(target - position), speed()))
                }
            }
            for place in random.permutation(starts.count) {
                let start = starts[place]
                positions.append(start.position)
                velocities.append(start.heading * start.speed)
                goals.append(start.position + 60 * start.heading)
                speeds.append(start.speed)
            }
        }

        /// The positions of each walker at the kept steps.
        func walked() -> [[SIMD2<Double>]] {
            var walkers = self, path = positions.map { [$0] }
            for _ in 1..<CrowdScenes.steps {
                walkers.advance(without: nil)
                for agent in path.indices { path[agent].append(walkers.positions[agent]) }
            }
            return path
        }

        /// One kept step.
        /// - Parameter pair: (j, i) whose force from j on i does not act.
        mutating func advance(without pair: (from: Int, on: Int)?) {
            for _ in 0..<CrowdScenes.substeps {
                let forces = positions.indices.map { agent -> SIMD2<Double> in
                    let wanted: SIMD2<Double> = speeds[agent] * CrowdScenes.unit(goals[agent] - positions[agent])
                    return (wanted - velocities[agent]) / 0.5 + push(on: agent, without: pair?.on == agent ? pair?.from : nil)
                }
                for agent in positions.indices {
                    var velocity = velocities[agent] + CrowdScenes.h * forces[agent]
                    let speed = CrowdScenes.length(velocity), limit = 1.3 * speeds[agent]
                    if speed > limit { velocity *= limit / speed }
                    velocities[agent] = velocity
                    positions[agent] += CrowdScenes.h * velocity
                }
            }
        }

        private func push(on agent: Int, without left: Int?) -> SIMD2<Double> {
            guard strength != 0 else { return .zero }
            let heading = CrowdScenes.unit(velocities[agent]), right = SIMD2(heading.y, -heading.x)
            var sum = SIMD2<Double>.zero
            for other in positions.indices where other != agent && other != left {
                let between = positions[agent] - positions[other], distance = CrowdScenes.length(between)
                let away = CrowdScenes.unit(between), towards = -(heading * away).sum()
                let size: Double = factor * exp((0.6 - distance) / 0.8) * (0.1 + 0.45 * (1 + towards))
                let direction: SIMD2<Double> = away + 0.5 * right
                sum += size * direction
            }
            return strength * sum
        }

        /// C_ij: the mean displacement of i's future points, noise left out, when j's force on i is switched off from the last observed step on.
        func influence(_ path: [[SIMD2<Double>]]) -> [[Double]] {
            var seen = self
            for _ in 1..<CrowdScenes.observed { seen.advance(without: nil) }
            return positions.indices.map { on in
                positions.indices.map { from in
                    guard from != on else { return 0 }
                    var walkers = seen, sum = 0.0
                    for step in CrowdScenes.observed..<CrowdScenes.steps {
                        walkers.advance(without: (from, on))
                        sum += CrowdScenes.length(walkers.positions[on] - path[on][step])
                    }
                    return sum / Double(CrowdScenes.steps - CrowdScenes.observed)
                }
            }
        }
    }

    private static func length(_ vector: SIMD2<Double>) -> Double { (vector * vector).sum().squareRoot() }
    /// The vector's direction; zero has none.
    private static func unit(_ vector: SIMD2<Double>) -> SIMD2<Double> {
        let length = length(vector)
        return length > 0 ? vector / length : .zero
    }
}
