import Experiments

/// One generator of a run: PSA-GAN with some switches, or a baseline that is trained too.
package struct Arm: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case progressive(GeneratorVariant)
        case timeVAE, timeGAN, energyBased
    }

    /// As it was asked for: a name and its switches, such as "psa-gan no-ml".
    package var name: String
    package var kind: Kind

    package static let main = "psa-gan", conditional = "psa-gan-c", withoutMoments = "psa-gan no-ml", multiNoise = "psa-gan multi-noise"

    /// The switches of PSA-GAN; nil for a baseline.
    package var variant: GeneratorVariant? { if case .progressive(let variant) = kind { variant } else { nil } }

    /// The switches of the official ablations, all eight combinations.
    static let ablations = ["psa-gan", "psa-gan no-sa", "psa-gan no-ml", "psa-gan no-fade", "psa-gan no-sa no-ml", "psa-gan no-sa no-fade", "psa-gan no-ml no-fade", "psa-gan no-sa no-ml no-fade"]

    package static let words: [(word: String, help: String)] = [
        ("no-ml", "without the moment loss"), ("no-sa", "without self-attention"), ("no-fade", "new blocks count at once"), ("no-growth", "all blocks from the start"),
        ("multi-noise", "noise into every block, moments over the batch"), ("batch-moments", "moments over the batch"), ("hour-weekday", "no calendar beyond the week"),
        ("harmonic", "sine and cosine of day and week"), ("nearest", "nearest upsampling"),
    ]

    /// Reads a list such as "psa-gan, psa-gan no-ml, psa-gan-c".
    /// - Parameter base: what an arm without switches has.
    /// - Throws: `PSAGANError` for a word that is none.
    package static func parse(_ text: String, base: GeneratorVariant) throws -> [Arm] {
        let entries = text.split(separator: ",").map { $0.split(whereSeparator: { $0 == " " || $0 == "+" }).map(String.init) }.filter { !$0.isEmpty }
        let expanded = entries.flatMap { $0 == ["ablations"] ? ablations.map { $0.split(separator: " ").map(String.init) } : [$0] }
        var arms: [Arm] = []
        for words in expanded {
            let arm = try Arm(words, base: base)
            if !arms.contains(where: { $0.name == arm.name }) { arms.append(arm) }
        }
        guard !arms.isEmpty else { throw PSAGANError("parameter arms: “\(text)” names no generator; give psa-gan, or psa-gan with switches, separated by commas") }
        return arms
    }

    private init(_ words: [String], base: GeneratorVariant) throws {
        let switches = words.dropFirst()
        name = ([words[0]] + Self.words.map(\.word).filter(switches.contains)).joined(separator: " ")
        var variant = base
        switch words[0] {
        case Self.main: break
        case Self.conditional: variant.hasContext = true
        case "timevae", "timegan", "ebgan":
            guard switches.isEmpty else { throw PSAGANError("parameter arms: \(words[0]) has no switches; leave “\(switches.joined(separator: " "))” out") }
            kind = words[0] == "timevae" ? .timeVAE : words[0] == "timegan" ? .timeGAN : .energyBased
            return
        default: throw PSAGANError("parameter arms: “\(words[0])” is no generator; give psa-gan, psa-gan-c, timevae, timegan or ebgan, or ablations for all eight of psa-gan")
        }
        for word in switches {
            switch word {
            case "no-ml": variant.hasMomentLoss = false
            case "no-sa": variant.hasAttention = false
            case "no-fade": variant.hasFade = false
            case "no-growth": variant.hasGrowth = false
            case "multi-noise": (variant.noise, variant.moments) = (.multi, .batch)
            case "batch-moments": variant.moments = .batch
            case "hour-weekday": variant.calendar = .hourWeekday
            case "harmonic": variant.calendar = .harmonic
            case "nearest": variant.upsampling = .nearest
            default: throw PSAGANError("parameter arms: “\(word)” is no switch of \(words[0]); there are \(Self.words.map(\.word).joined(separator: ", "))")
            }
        }
        kind = .progressive(variant)
    }
}
