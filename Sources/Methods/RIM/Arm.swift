/// A model that says which item, before an intensity says whether anything happens at all.
package enum BaseModel: String, Sendable, CaseIterable, Codable {
    case gru, transformer, itempop, rand, als, lmf, bprItem = "bpr-item", bprUser = "bpr-user", bpr, graphconv, graphconvExtra = "graphconv-extra", lda

    package var name: String {
        switch self {
        case .gru: "GRU"
        case .transformer: "Transformer"
        case .itempop: "ItemPop"
        case .rand: "Rand"
        case .als: "ALS"
        case .lmf: "LogisticMF"
        case .bprItem: "BPR-Item"
        case .bprUser: "BPR-User"
        case .bpr: "BPR"
        case .graphconv: "GraphConv"
        case .graphconvExtra: "GraphConv-Extra"
        case .lda: "LDA"
        }
    }

    /// Whether its scores are compared within a user only, so that an intensity of the user belongs to it.
    package var takesIntensity: Bool { self == .gru || self == .transformer || self == .itempop }

    /// Whether there is something to train.
    package var isFitted: Bool { self != .itempop && self != .rand }
}

/// λ(x) · p(y|x): a base with an intensity, or a baseline by itself.
package struct Arm: Sendable, Hashable {
    package var base: BaseModel
    package var intensity: UserIntensity

    package init(_ base: BaseModel, _ intensity: UserIntensity = .none) {
        (self.base, self.intensity) = (base, intensity)
    }

    package var name: String { intensity == .none ? base.name : "\(base.name) × \(intensity.name)" }

    /// Reads words separated by commas.
    /// - Throws: `RIMError` that names the parameter and the word.
    static func words<Word: RawRepresentable & CaseIterable>(_ text: String, parameter: String, as: Word.Type) throws -> [Word] where Word.RawValue == String, Word: Equatable {
        var found: [Word] = []
        for word in text.split(separator: ",").map({ $0.filter { $0 != " " }.lowercased() }) where !word.isEmpty {
            guard let value = Word(rawValue: word) else {
                throw RIMError("parameter \(parameter): “\(word.prefix(40))” is not known; give \(Word.allCases.map(\.rawValue).joined(separator: ", ")), separated by commas")
            }
            if !found.contains(value) { found.append(value) }
        }
        return found
    }

    /// Reads pairs such as “gru*hp, als”.
    static func list(_ text: String, parameter: String) throws -> [Arm] {
        try text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }.reduce(into: []) { arms, pair in
            let parts = pair.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, let base = try words(parts[0], parameter: parameter, as: BaseModel.self).first else {
                throw RIMError("parameter \(parameter): “\(pair.prefix(40))” is no model; give such as gru*hp or als, separated by commas")
            }
            let intensity = try parts.count == 2 ? words(parts[1], parameter: parameter, as: UserIntensity.self).first ?? .none : .none
            let arm = Arm(base, intensity)
            if !arms.contains(arm) { arms.append(arm) }
        }
    }
}
