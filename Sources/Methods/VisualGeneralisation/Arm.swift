/// One model of a run, as the settings name it.
package struct Arm: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case supervised(Architecture)
        /// With the weight of its KL term, which counts for the beta-VAE and Ada-GVAE.
        case latent(LatentKind, beta: Double)
        /// A frozen EfficientNet-Lite of this number with a head that is trained.
        case transfer(Int)
        /// An architecture trained on another generator first, then fine-tuned whole.
        case pretrained(Architecture)
    }

    /// How the study sorts its models.
    package enum Group: String, Sendable, CaseIterable { case latent, architecture, transfer, beyond = "not in the study" }

    /// As it stands in charts.
    package var name: String
    package var kind: Kind

    package init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }

    package var group: Group {
        switch kind {
        case .latent: .latent
        case .supervised(.vit): .beyond
        case .supervised: .architecture
        case .transfer, .pretrained: .transfer
        }
    }

    /// A file's name without its ending.
    package var fileName: String {
        String(name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : $0 == "β" ? "b" : "-" })
    }

    /// The words of the setting `models`, in the order of the sheet.
    package static let words: [(word: String, help: String)] = [
        ("beta-vae", "β-VAE with a readout"), ("ada-gvae", "Ada-GVAE: pairs that differ in one factor"), ("slowvae", "SlowVAE: pairs a little apart"), ("pcl", "PCL: true pairs told from false ones"),
        ("mlp", "fully connected"), ("cnn", "the official CNN, smaller"), ("coordconv", "the CNN with planes of x and y"), ("coordinate", "a set network over pixels (stand-in for coordinate-based)"),
        ("rot-eq", "equivariant to quarter turns"), ("rot-eq-big", "the same, twice as wide"), ("stn", "spatial transformer and CNN (stand-in)"), ("resnet50", "kind of ResNet-50"), ("resnet101", "kind of ResNet-101"),
        ("densenet", "kind of DenseNet"), ("lite0", "frozen EfficientNet-Lite0, or a pretrained ResNet-50 kind"), ("lite1", "frozen EfficientNet-Lite1, or a pretrained ResNet-101 kind"),
        ("lite2", "frozen EfficientNet-Lite2, or a pretrained DenseNet kind"), ("vit", "vision transformer, not in the study"),
    ]

    private static let groups: [String: [String]] = [
        "latent": ["beta-vae", "ada-gvae", "slowvae", "pcl"], "supervised": ["mlp", "cnn", "coordconv", "coordinate", "rot-eq", "rot-eq-big", "stn", "resnet50", "resnet101", "densenet", "vit"],
        "transfer": ["lite0", "lite1", "lite2"], "all": words.map(\.word), "study": words.map(\.word).filter { $0 != "vit" },
    ]

    private static func title(_ architecture: Architecture) -> String {
        switch architecture {
        case .mlp: "MLP"
        case .cnn: "CNN"
        case .coordconv: "CoordConv"
        case .coordinate: "coordinate set"
        case .rotEq: "Rot-EQ"
        case .rotEqBig: "Rot-EQ-big"
        case .stn: "STN"
        case .resnet50: "ResNet-50 kind"
        case .resnet101: "ResNet-101 kind"
        case .densenet: "DenseNet kind"
        case .vit: "ViT"
        }
    }

    /// The models of a list of words: single ones, or latent, supervised, transfer, study (the seventeen) or all.
    /// - Parameters:
    ///   - betas: weights of the KL term; the beta-VAE and Ada-GVAE come once for each.
    ///   - hasWeights: whether a transfer entry is the network of a package; else it is pretrained on another generator.
    package static func list(_ text: String, betas: [Double], hasWeights: (Int) -> Bool) throws -> [Arm] {
        var arms: [Arm] = []
        for word in text.split(separator: ",").map({ $0.filter { $0 != " " }.lowercased() }) where !word.isEmpty {
            for single in groups[word] ?? [word] {
                for arm in try named(single, betas, hasWeights) where !arms.contains(arm) { arms.append(arm) }
            }
        }
        guard !arms.isEmpty else { throw VisualGeneralisationError("parameter models: no model is named; give at least one, such as cnn, or all") }
        return arms
    }

    private static func named(_ word: String, _ betas: [Double], _ hasWeights: (Int) -> Bool) throws -> [Arm] {
        if let architecture = Architecture(rawValue: word) { return [Arm(name: title(architecture), kind: .supervised(architecture))] }
        if let kind = LatentKind(rawValue: word) {
            let name = [LatentKind.betaVAE: "β-VAE", .adaGVAE: "Ada-GVAE", .slowVAE: "SlowVAE", .pcl: "PCL"][kind] ?? word
            guard kind == .betaVAE || kind == .adaGVAE else { return [Arm(name: name, kind: .latent(kind, beta: 1))] }
            return betas.map { Arm(name: betas.count == 1 && $0 == 1 ? name : "\(name) β \(Self.short($0))", kind: .latent(kind, beta: $0)) }
        }
        if word.count == 5, word.hasPrefix("lite"), let number = Int(word.suffix(1)), (0...2).contains(number) {
            if hasWeights(number) { return [Arm(name: "EffNet-Lite\(number), frozen", kind: .transfer(number))] }
            let architecture = [Architecture.resnet50, .resnet101, .densenet][number]
            return [Arm(name: "\(title(architecture)), pretrained (synthetic)", kind: .pretrained(architecture))]
        }
        throw VisualGeneralisationError("parameter models: “\(word.prefix(40))” is no model; give \(words.map(\.word).joined(separator: ", ")), or latent, supervised, transfer, study or all")
    }

    private static func short(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : String(value) }
}
