import Datasets
import Experiments
import Layers
import Tensors

/// The scaled feature matrices of a run.
struct Features {
    let training: Matrix
    let validation: Matrix
    let test: Matrix
    let copies: [Matrix]

    init(_ context: RunContext, _ settings: Settings, examples: Examples, split: Split, copies pictures: [Pictures], isReporting: Bool) throws {
        let raw: (training: Matrix, validation: Matrix, test: Matrix, copies: [Matrix])
        switch settings.features {
        case .pixels:
            func inputs(_ rows: [Int]) throws -> Matrix {
                let first = try examples.inputs(Array(rows.prefix(1)))
                return try Matrix.stacking(rows: rows.count, columns: first.columns, proceed: context.proceed) { try examples.inputs(Array(rows[$0])) }
            }
            raw = (try inputs(split.training), try inputs(split.validation), try inputs(split.test), pictures.map { $0.matrix() })
        case .fourier:
            let training = try examples.inputs(split.training)
            let map = try FourierFeatures(training: training, count: settings.fourierCount, scale: settings.fourierScale,
                                          random: context.random.stream("fourier"))
            try context.proceed()
            func mapped(_ count: Int, _ inputs: (Range<Int>) throws -> Matrix) throws -> Matrix {
                try Matrix.stacking(rows: count, columns: map.count, proceed: context.proceed) { map.applied(to: try inputs($0)) }
            }
            raw = (try mapped(training.rows) { training.rows($0) }, try mapped(split.validation.count) { try examples.inputs(Array(split.validation[$0])) },
                   try mapped(split.test.count) { try examples.inputs(Array(split.test[$0])) },
                   try pictures.map { copies in try mapped(copies.count) { copies.subset($0).matrix() } })
        case .sentence:
            let texts = try examples.texts(for: "features=sentence"), network = try SentenceFeatures(context, texts, weights: settings.weights, isReporting: isReporting)
            let (n, v) = (split.training.count, split.validation.count)
            let all = try network.features(split.training + split.validation + split.test)
            raw = (all.rows(0..<n), all.rows(n..<n + v), all.rows(n + v..<all.rows), [])
        case .efficientnet, .cnn:
            let images = try examples.pictures(for: "features=\(settings.features.rawValue)")
            let network = try NetworkFeatures(context, settings, images: images, split: split, isReporting: isReporting)
            // In one go, so that the cache is read once.
            let (n, v) = (split.training.count, split.validation.count)
            let all = try network.features(split.training + split.validation + split.test)
            raw = (all.rows(0..<n), all.rows(n..<n + v), all.rows(n + v..<all.rows),
                   try zip(settings.transforms, pictures).map { try network.features(split.training, of: $1, transform: $0) })
        }
        try context.proceed()
        let scaling = try FeatureScaling(training: raw.training)
        func scaled(_ raw: Matrix) throws -> Matrix {
            try Matrix.stacking(rows: raw.rows, columns: scaling.dimension, proceed: context.proceed) { scaling.applied(to: raw.rows($0)) }
        }
        training = try scaled(raw.training)
        validation = try scaled(raw.validation)
        test = try scaled(raw.test)
        copies = try raw.copies.map(scaled)
    }
}

/// Features by a network, through the cache.
private struct NetworkFeatures {
    let context: RunContext
    let images: ImageDataset
    let isReporting: Bool
    let identity: String
    let dimension: Int
    let makeExtractor: () throws -> any FeatureExtractor

    init(_ context: RunContext, _ settings: Settings, images: ImageDataset, split: Split, isReporting: Bool) throws {
        (self.context, self.images, self.isReporting) = (context, images, isReporting)
        switch settings.features {
        case .efficientnet:
            let side = settings.side == 0 ? min(512, 4 * max(images.width, images.height)) : settings.side
            let weights = try context.library.weights("efficientnet-lite0")
            identity = "efficientnet-lite0 v1|\(images.checksum)|\(weights.checksum)|side \(side)"
            dimension = EfficientNetLite.featureCount
            makeExtractor = { try EfficientNetExtractor(weights, side: side) }
        default:
            let rows = split.others
            identity = "cnn v1|\(images.checksum)|seed \(context.request.seed)|\(SHA256.hexadecimal(of: Array("\(rows)".utf8)))|epochs \(settings.cnnEpochs)"
                + (settings.cnnAugmentation.map { "|augmentation \(SHA256.hexadecimal(of: Array("\($0)".utf8)))" } ?? "")
            dimension = SmallConvolutionalNetwork.featureCount
            makeExtractor = {
                let pictures = try Pictures(images, rows: rows)
                let labels = rows.map { images.label(at: $0) ?? 0 }
                return try SmallConvolutionalNetwork(training: pictures, labels: labels, classes: images.classNames.count, epochs: settings.cnnEpochs, augmentation: settings.cnnAugmentation,
                                                     random: context.random.stream("cnn"), report: { done, total, loss in
                    guard isReporting else { return }
                    context.progress(done, of: total, unit: "steps of the network")
                    context.metric("network loss/training", step: done, value: loss, unit: "nats")
                }, proceed: context.proceed)
            }
        }
    }

    func features(_ rows: [Int]) throws -> Matrix {
        try extract(rows, identity: identity, named: "pictures through the network") { try Pictures(images, rows: $0) }
    }

    func features(_ rows: [Int], of pictures: Pictures, transform: PictureTransform) throws -> Matrix {
        let place = Dictionary(rows.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        // A shift is random, so its pictures belong to the seed.
        let key = identity + "|\(transform.rawValue)" + (transform == .shift ? "|seed \(context.request.seed)" : "")
        return try extract(rows, identity: key, named: transform.rawValue) { part in
            let size = pictures.width * pictures.height * pictures.channels
            let bytes = part.flatMap { row -> ArraySlice<UInt8> in
                let i = place[row] ?? 0
                return pictures.pixels[i * size..<(i + 1) * size]
            }
            return Pictures(width: pictures.width, height: pictures.height, channels: pictures.channels, maximum: pictures.maximum, pixels: bytes)
        }
    }

    private func extract(_ rows: [Int], identity: String, named name: String, pictures: @escaping ([Int]) throws -> Pictures) throws -> Matrix {
        guard !rows.isEmpty else { return Matrix(rows: 0, columns: dimension) }
        let cache = FeatureCache(folder: context.cacheFolder, identity: identity, dimension: dimension)
        return try CachedExtraction(cache: cache, makeExtractor: makeExtractor, pictures: pictures).features(rows, progress: { done, total in
            if isReporting { context.progress(Double(done), of: Double(total), unit: name) }
        }, warn: { if isReporting { context.warning($0) } }, proceed: context.proceed)
    }
}
