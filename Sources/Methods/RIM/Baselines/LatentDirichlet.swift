import Foundation
import Tensors

/// Latent Dirichlet allocation (Blei, Ng, Jordan 2003) by variational Bayes: users are documents, items words; score = E[θ_x] · E[φ].
///
/// Topic-word updates are multiplied by 1000, as in the published code, which takes nearly all of the prior away from topics.
package struct LatentDirichlet {
    private let topics: Int, items: Int
    /// Parameters of the topics' Dirichlet distributions, topic by topic.
    private var words: [Double]
    private static let wordFactor = 1000.0
    private var prior: Double { 1 / Double(topics) }

    package init(topics: Int, items: Int, random: inout RandomSource) {
        (self.topics, self.items) = (topics, items)
        // Exponential: topics that begin nearly alike stay so for many rounds.
        words = (0..<topics * items).map { _ in 0.01 - log(1 - random.uniform()) }
    }

    /// The logarithmic derivative of the gamma function, for arguments above 0.
    package static func digamma(_ x: Double) -> Double {
        var x = x, sum = 0.0
        while x < 6 {
            sum -= 1 / x
            x += 1
        }
        let f = 1 / (x * x)
        return sum + log(x) - 0.5 / x - f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f / 132))))
    }

    /// exp E[log φ], item by item, so that the topics of an item lie together.
    private var expectedWords: [Double] {
        var result = [Double](repeating: 0, count: topics * items)
        for topic in 0..<topics {
            let sum = Self.digamma(words[topic * items..<(topic + 1) * items].reduce(0, +))
            for item in 0..<items { result[item * topics + topic] = exp(Self.digamma(words[topic * items + item]) - sum) }
        }
        return result
    }

    /// γ of one document given exp E[log φ]; calls `share` with each item and its distribution over topics.
    private func document(_ own: [Int32], _ expected: [Double], share: (Int, [Double]) -> Void) -> [Double] {
        var gamma = [Double](repeating: prior + Double(own.count) / Double(topics), count: topics), phi = [Double](repeating: 0, count: topics)
        for iteration in 0..<20 {
            let sum = Self.digamma(gamma.reduce(0, +)), weights = gamma.map { exp(Self.digamma($0) - sum) }
            var next = [Double](repeating: prior, count: topics)
            for item in own {
                var total = 1e-100
                for topic in 0..<topics {
                    phi[topic] = weights[topic] * expected[Int(item) * topics + topic]
                    total += phi[topic]
                }
                for topic in 0..<topics {
                    phi[topic] /= total
                    next[topic] += phi[topic]
                }
                if iteration == 19 { share(Int(item), phi) }
            }
            gamma = next
        }
        return gamma
    }

    /// One round over all documents.
    package mutating func round(_ documents: [[Int32]], proceed: () throws -> Void) throws {
        let expected = expectedWords
        var next = [Double](repeating: prior, count: topics * items)
        for (place, own) in documents.enumerated() where !own.isEmpty {
            if place.isMultiple(of: 4) { try proceed() }
            _ = document(own, expected) { item, phi in for topic in 0..<topics { next[topic * items + item] += Self.wordFactor * phi[topic] } }
        }
        words = next
    }

    /// E[θ] of each history.
    package func mixtures(_ histories: [[Int32]], proceed: () throws -> Void) throws -> [Double] {
        let expected = expectedWords
        return try histories.enumerated().flatMap { place, own -> [Double] in
            if place.isMultiple(of: 4) { try proceed() }
            let gamma = document(own, expected) { _, _ in }, sum = gamma.reduce(0, +)
            return gamma.map { $0 / sum }
        }
    }

    /// E[φ], a row an item.
    package var itemVectors: [Double] {
        var result = [Double](repeating: 0, count: topics * items)
        for topic in 0..<topics {
            let sum = words[topic * items..<(topic + 1) * items].reduce(0, +)
            for item in 0..<items { result[item * topics + topic] = words[topic * items + item] / sum }
        }
        return result
    }
}

extension Trainer {
    func fitLatentDirichlet(_ training: TrainingEvents, name: String) throws -> FactorModel {
        var random = context.random.stream(name)
        var model = LatentDirichlet(topics: settings.topics, items: material.m, random: &random)
        let documents = training.users.map { material.trainingItems($0, training.counts[$0]) }
        for round in 1...settings.topicRounds {
            try model.round(documents, proceed: context.proceed)
            context.progress(Double(round), of: Double(settings.topicRounds), unit: "rounds of \(name)")
        }
        func mixtures(_ requests: [Request]) throws -> [Float] { try model.mixtures(requests.map(material.historyItems), proceed: context.proceed).map { Float($0) } }
        return FactorModel(link: .identity, width: settings.topics, test: try mixtures(material.split.test), validation: try mixtures(material.split.validation),
                           items: model.itemVectors.map { Float($0) }, itemBiases: [Float](repeating: 0, count: material.m))
    }
}
