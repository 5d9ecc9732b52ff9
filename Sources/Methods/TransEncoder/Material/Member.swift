import Datasets
import Experiments
import Language

/// One of the language models that teach: the only one of self-distillation, A or B of mutual.
struct Member: Sendable {
    /// "" alone, " A" or " B" of two: what its arms are called after.
    var suffix: String
    var pretrained: PretrainedEncoder
    /// Layers of its two forms.
    var layers: Int, crossLayers: Int
    /// The word pieces of every sentence of the material.
    var pieces: [[Int32]]

    func layers(_ form: Form) -> Int { form == .bi ? layers : crossLayers }
    func arm(_ form: Form, _ cycle: Int) -> String { "\(form.rawValue)\(cycle)\(suffix)" }

    static func members(_ context: RunContext, _ settings: Settings, _ material: Material) throws -> [Member] {
        let first = try encoder(context, settings, material, name: settings.encoder, number: 0)
        func member(_ suffix: String, _ pretrained: PretrainedEncoder, _ layers: Int) throws -> Member {
            let most = pretrained.configuration.layers
            for (name, wanted) in [("layers", layers), ("cross-layers", settings.crossLayers)] where wanted > most {
                throw TransEncoderError("parameter \(name): \(wanted) is more than the \(most) layers of \(pretrained.identifier); give at most as many, or 0 for all")
            }
            for (name, tokens) in [("bi-tokens", settings.bi.tokens), ("cross-tokens", settings.cross.tokens)] where tokens > pretrained.configuration.positions {
                throw TransEncoderError("parameter \(name): \(tokens) is more than the \(pretrained.configuration.positions) positions of \(pretrained.identifier); give at most as many")
            }
            let member = Member(suffix: suffix, pretrained: pretrained, layers: layers == 0 ? most : layers, crossLayers: settings.crossLayers == 0 ? most : settings.crossLayers,
                                pieces: try material.sentences.enumerated().map { number, text in
                if number % 256 == 0 { try context.proceed() }
                return pretrained.tokenizer.pieces(text)
            })
            guard settings.isFresh || member.layers == member.crossLayers else {
                throw TransEncoderError("parameter fresh: models that go on from each other need equal layers, and the bi-encoder has \(member.layers), the cross-encoder \(member.crossLayers); set layers and cross-layers alike, or fresh to yes")
            }
            return member
        }
        // The default of the standard plan is MiniLM's; an encoder with fewer layers is taken whole.
        func fitting(_ layers: Int, _ pretrained: PretrainedEncoder) -> Int { pretrained.isPretrained ? layers : min(layers, pretrained.configuration.layers) }
        guard settings.distillation == .mutual else { return [try member("", first, fitting(settings.layers, first))] }
        let other = try settings.second == "auto" || settings.second.isEmpty
            ? (first.isPretrained ? first : encoder(context, settings, material, name: "small", number: 1)) : encoder(context, settings, material, name: settings.second, number: 1)
        return [try member(" A", first, fitting(settings.layers, first)), try member(" B", other, fitting(settings.secondLayers, other))]
    }

    static let standard = "all-minilm-l6-v2"

    private static func encoder(_ context: RunContext, _ settings: Settings, _ material: Material, name: String, number: Int) throws -> PretrainedEncoder {
        let isHere = context.library.entry(standard).map { $0.state != .missing } ?? false
        let wanted = name == "auto" || name.isEmpty ? (isHere ? standard : "small") : name
        guard wanted == "small" else { return try PretrainedEncoder(context.library.weights(wanted)) }
        // Its words are those of the training pairs, which is all that an unsupervised method may know.
        var seen: Set<Int> = [], texts: [String] = []
        for pair in material.training { for sentence in [material.pairs[pair].first, material.pairs[pair].second] where seen.insert(sentence).inserted { texts.append(material.sentences[sentence]) } }
        let vocabulary = try Vocabulary(of: texts), width = settings.smallWidth
        let configuration = EncoderConfiguration(words: vocabulary.count, positions: max(settings.bi.tokens, settings.cross.tokens), width: width, layers: settings.smallLayers,
                                                 heads: width.isMultiple(of: 16) ? width / 16 : width / 4, inner: 4 * width)
        return PretrainedEncoder(random: configuration, vocabulary: vocabulary, seed: context.random.stream("small encoder", number).firstValue, identifier: "small")
    }
}

import Tensors

extension RandomSource {
    /// The number that comes next, without taking it.
    var firstValue: UInt64 { var copy = self; return copy.next() }
}
